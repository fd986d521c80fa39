package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// GRUGatesOp is what a gated recurrent unit (Cho et al., 2014) whose reset gate comes
// after the product does in a step once the products with its kernels are there:
//
//	z, r = sigmoid(x₀ + p₀), sigmoid(x₁ + p₁)
//	a    = tanh(x₂ + r·p₂)
//	next = z·h + (1-z)·a
//
// x₀ … x₂ being the parts, u each, of a row of x + biasX, the projection of the input,
// and p₀ … p₂ those of p + biasH, the projection of h. Inputs x and p (n, 3u), biasX and
// biasH (3u) and h (n, u). Outputs next (n, u) and for the gradient z, r, a and p₂ side
// by side, (n, 4u).
type GRUGatesOp struct{}

// GRUGatesGradOp is the gradient of GRUGatesOp. Inputs the second output, h and the
// gradient of next; outputs the gradients of x and p, and that part of the gradient of h
// which does not go through p.
type GRUGatesGradOp struct{}

// Infer checks that the parts have the length of the state.
func (GRUGatesOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("GRUGates", in, 5); err != nil {
		return nil, err
	}
	h, err := wantParts("GRUGates", in[4], part{in[0], 3, true}, part{in[1], 3, true}, part{in[2], 3, false}, part{in[3], 3, false})
	if err != nil {
		return nil, err
	}
	return []spec{h, partsOf(h, 4)}, nil
}

// Infer wants what the step had and gave.
func (GRUGatesGradOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("GRUGatesGrad", in, 3); err != nil {
		return nil, err
	}
	h, err := wantParts("GRUGatesGrad", in[1], part{in[0], 4, true}, part{in[2], 1, true})
	if err != nil {
		return nil, err
	}
	return []spec{partsOf(h, 3), partsOf(h, 3), h}, nil
}

// Gradient is a GRUGatesGradOp. Gradients of the second output come from second
// derivatives only.
func (o GRUGatesOp) Gradient(in, out, dout []value) []value {
	if dout[1].OK() {
		return composedGradient(o.composed, in, dout)
	}
	d := in[0].Graph().Apply(GRUGatesGradOp{}, out[1], in[4], dout[0])
	return []value{d[0], d[1], Sum(d[0], []int{0}, false), Sum(d[1], []int{0}, false), d[2]}
}

// Gradient is the derivative of the same computation written with other ops.
func (o GRUGatesGradOp) Gradient(in, _, dout []value) []value {
	return composedGradient(o.composed, in, dout)
}

func (GRUGatesOp) composed(in []value) []value {
	h := in[4]
	part := func(k int, x, bias value) value { return gate(Add(x, bias), k, h.Shape()[1]) }
	both := func(k int) value { return Add(part(k, in[0], in[2]), part(k, in[1], in[3])) }
	z, r, p := Sigmoid(both(0)), Sigmoid(both(1)), part(2, in[1], in[3])
	a := Tanh(Add(part(2, in[0], in[2]), Mul(r, p)))
	return []value{Add(Mul(z, Sub(h, a)), a), Concat(1, z, r, a, p)}
}

func (GRUGatesGradOp) composed(in []value) []value {
	h, d := in[1], in[2]
	part := func(k int) value { return gate(in[0], k, h.Shape()[1]) }
	z, r, a, p := part(0), part(1), part(2), part(3)
	sigmoid := func(d, y value) value { return Mul(d, Sub(y, Square(y))) }
	inner := Sub(d, Mul(d, z))
	inner = Sub(inner, Mul(inner, Square(a)))
	dz, dr := sigmoid(Mul(d, Sub(h, a)), z), sigmoid(Mul(inner, p), r)
	return []value{Concat(1, dz, dr, inner), Concat(1, dz, dr, Mul(inner, r)), Mul(d, z)}
}

// Eval goes through float64.
func (GRUGatesOp) Eval(out, in []array) {
	if in[0].DType() == tensor.Float32 {
		gruGates[float32](out, in)
	} else {
		gruGates[float64](out, in)
	}
}

func gruGates[T float](out, in []array) {
	x, p, biasX, biasH, h := tensor.Data[T](in[0]), tensor.Data[T](in[1]), tensor.Data[T](in[2]), tensor.Data[T](in[3]), tensor.Data[T](in[4])
	next, gates := tensor.Data[T](out[0]), tensor.Data[T](out[1])
	u := len(biasX) / 3
	for at := range h {
		row, j := at/u, at%u
		fromX := func(k int) float64 { return float64(x[(3*row+k)*u+j]) + float64(biasX[k*u+j]) }
		fromH := func(k int) float64 { return float64(p[(3*row+k)*u+j]) + float64(biasH[k*u+j]) }
		z, r := sigmoid64(fromX(0)+fromH(0)), sigmoid64(fromX(1)+fromH(1))
		a := math.Tanh(fromX(2) + r*fromH(2))
		next[at] = T(z*float64(h[at]) + (1-z)*a)
		for k, v := range [...]float64{z, r, a, fromH(2)} {
			gates[(4*row+k)*u+j] = T(v)
		}
	}
}

// Eval goes through float64.
func (GRUGatesGradOp) Eval(out, in []array) {
	if in[0].DType() == tensor.Float32 {
		gruGatesGrad[float32](out, in)
	} else {
		gruGatesGrad[float64](out, in)
	}
}

func gruGatesGrad[T float](out, in []array) {
	gates, h, d := tensor.Data[T](in[0]), tensor.Data[T](in[1]), tensor.Data[T](in[2])
	dx, dp, dh := tensor.Data[T](out[0]), tensor.Data[T](out[1]), tensor.Data[T](out[2])
	u := in[1].Shape()[1]
	for at := range h {
		row, j := at/u, at%u
		part := func(k int) float64 { return float64(gates[(4*row+k)*u+j]) }
		z, r, a, dn := part(0), part(1), part(2), float64(d[at])
		put := func(k int, x, p float64) { dx[(3*row+k)*u+j], dp[(3*row+k)*u+j] = T(x), T(p) }
		dz, inner := dn*(float64(h[at])-a)*z*(1-z), dn*(1-z)*(1-a*a)
		dr := inner * part(3) * r * (1 - r)
		put(0, dz, dz)
		put(1, dr, dr)
		put(2, inner, inner*r)
		dh[at] = T(dn * z)
	}
}

// GRUGates returns the new state of a step of a gated recurrent unit, from the
// projections x and p (n, 3u) of its input and of its state h (n, u), and their biases
// (3u).
func GRUGates(x, p, biasX, biasH, h graph.Value) graph.Value {
	if broken(x) {
		return h
	}
	return x.Graph().Apply(GRUGatesOp{}, x, p, biasX, biasH, h)[0]
}

var (
	_ graph.Op = GRUGatesOp{}
	_ graph.Op = GRUGatesGradOp{}
)
