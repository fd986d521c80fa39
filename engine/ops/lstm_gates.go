package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// LSTMGatesOp is what an LSTM (Hochreiter and Schmidhuber, 1997) does in a step once
// the products with its kernels are there:
//
//	i, f, a, o = sigmoid(z₀), sigmoid(z₁), tanh(z₂), sigmoid(z₃)
//	next = f·c + i·a
//	h    = o·tanh(next)
//
// z₀ … z₃ being the parts, u each, of a row of z + bias. Inputs z (n, 4u), bias (4u)
// and c (n, u). Outputs h and next, (n, u), and for the gradient i, f, a, o and
// tanh(next) side by side, (n, 5u).
type LSTMGatesOp struct{}

// LSTMGatesGradOp is the gradient of LSTMGatesOp. Inputs the third output, c and the
// gradients of h and next; outputs the gradients of z and c.
type LSTMGatesGradOp struct{}

// Infer checks that the parts have the length of the state.
func (LSTMGatesOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("LSTMGates", in, 3); err != nil {
		return nil, err
	}
	c, err := wantParts("LSTMGates", in[2], part{in[0], 4, true}, part{in[1], 4, false})
	if err != nil {
		return nil, err
	}
	return []spec{c, c, partsOf(c, 5)}, nil
}

// Infer wants what the step had and gave.
func (LSTMGatesGradOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("LSTMGatesGrad", in, 4); err != nil {
		return nil, err
	}
	c, err := wantParts("LSTMGatesGrad", in[1], part{in[0], 5, true}, part{in[2], 1, true}, part{in[3], 1, true})
	if err != nil {
		return nil, err
	}
	return []spec{partsOf(c, 4), c}, nil
}

// part is an input of a step: parts of the length of a state side by side, for each
// sample or once.
type part struct {
	spec    spec
	parts   int
	samples bool
}

// wantParts checks inputs against a state (n, u), which it returns.
func wantParts(op string, state spec, in ...part) (spec, error) {
	if len(state.Shape) != 2 {
		return spec{}, misfit(op, "wants a state of two axes, got %v", state.Shape)
	}
	for _, p := range in {
		if err := wantFloat(op, state, p.spec); err != nil {
			return spec{}, err
		}
		want := partsOf(state, p.parts).Shape
		if !p.samples {
			want = want[1:]
		}
		if !p.spec.Shape.Equal(want) {
			return spec{}, misfit(op, "with a state %v wants %v, got %v", state.Shape, want, p.spec.Shape)
		}
	}
	return state, nil
}

// partsOf is a state with so many parts side by side.
func partsOf(state spec, parts int) spec {
	return spec{DType: state.DType, Shape: shape{state.Shape[0], parts * state.Shape[1]}}
}

// Gradient is a LSTMGatesGradOp. Gradients of the third output come from second
// derivatives only.
func (o LSTMGatesOp) Gradient(in, out, dout []value) []value {
	if dout[2].OK() {
		return composedGradient(o.composed, in, dout)
	}
	d := in[0].Graph().Apply(LSTMGatesGradOp{}, out[2], in[2], orZero(dout[0], out[0]), orZero(dout[1], out[1]))
	return []value{d[0], Sum(d[0], []int{0}, false), d[1]}
}

// Gradient is the derivative of the same computation written with other ops.
func (o LSTMGatesGradOp) Gradient(in, _, dout []value) []value {
	return composedGradient(o.composed, in, dout)
}

// orZero is the gradient d of v, or zeros.
func orZero(d, v value) value {
	if d.OK() {
		return d
	}
	return Fill(v.Graph(), v.Spec(), 0)
}

// composedGradient differentiates outputs that f writes with ops that have derivatives
// of any order.
func composedGradient(f func(in []value) []value, in, dout []value) []value {
	x := make([]value, len(in))
	for i, v := range in {
		x[i] = StopGradient(v)
	}
	return in[0].Graph().Backprop(f(x), dout, x)
}

// gate returns the k-th part of x.
func gate(x value, k, units int) value {
	if x.Shape().Rank() == 1 {
		return Slice(x, []int{k * units}, []int{units})
	}
	return Slice(x, []int{0, k * units}, []int{x.Shape()[0], units})
}

func (LSTMGatesOp) composed(in []value) []value {
	z, bias, c := in[0], in[1], in[2]
	part := func(k int) value { return gate(Add(z, bias), k, c.Shape()[1]) }
	i, f, a, o := Sigmoid(part(0)), Sigmoid(part(1)), Tanh(part(2)), Sigmoid(part(3))
	next := Add(Mul(f, c), Mul(i, a))
	t := Tanh(next)
	return []value{Mul(o, t), next, Concat(1, i, f, a, o, t)}
}

func (LSTMGatesGradOp) composed(in []value) []value {
	c, dh, dnext := in[1], in[2], in[3]
	part := func(k int) value { return gate(in[0], k, c.Shape()[1]) }
	i, f, a, o, t := part(0), part(1), part(2), part(3), part(4)
	sigmoid := func(d, y value) value { return Mul(d, Sub(y, Square(y))) }
	tanh := func(d, y value) value { return Sub(d, Mul(d, Square(y))) }
	d := Add(tanh(Mul(dh, o), t), dnext)
	return []value{Concat(1, sigmoid(Mul(d, a), i), sigmoid(Mul(d, c), f), tanh(Mul(d, i), a), sigmoid(Mul(dh, t), o)), Mul(d, f)}
}

// Eval goes through float64.
func (LSTMGatesOp) Eval(out, in []array) {
	if in[0].DType() == tensor.Float32 {
		lstmGates[float32](out, in)
	} else {
		lstmGates[float64](out, in)
	}
}

func sigmoid64(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func lstmGates[T float](out, in []array) {
	z, bias, c := tensor.Data[T](in[0]), tensor.Data[T](in[1]), tensor.Data[T](in[2])
	h, next, gates := tensor.Data[T](out[0]), tensor.Data[T](out[1]), tensor.Data[T](out[2])
	u := len(bias) / 4
	for at := range c {
		row, j := at/u, at%u
		part := func(k int) float64 { return float64(z[(4*row+k)*u+j]) + float64(bias[k*u+j]) }
		i, f, a, o := sigmoid64(part(0)), sigmoid64(part(1)), math.Tanh(part(2)), sigmoid64(part(3))
		s := f*float64(c[at]) + i*a
		t := math.Tanh(s)
		h[at], next[at] = T(o*t), T(s)
		for k, v := range [...]float64{i, f, a, o, t} {
			gates[(5*row+k)*u+j] = T(v)
		}
	}
}

// Eval goes through float64.
func (LSTMGatesGradOp) Eval(out, in []array) {
	if in[0].DType() == tensor.Float32 {
		lstmGatesGrad[float32](out, in)
	} else {
		lstmGatesGrad[float64](out, in)
	}
}

func lstmGatesGrad[T float](out, in []array) {
	gates, c, dh, dnext := tensor.Data[T](in[0]), tensor.Data[T](in[1]), tensor.Data[T](in[2]), tensor.Data[T](in[3])
	dz, dc := tensor.Data[T](out[0]), tensor.Data[T](out[1])
	u := in[1].Shape()[1]
	for at := range c {
		row, j := at/u, at%u
		part := func(k int) float64 { return float64(gates[(5*row+k)*u+j]) }
		i, f, a, o, t := part(0), part(1), part(2), part(3), part(4)
		d := float64(dh[at])*o*(1-t*t) + float64(dnext[at])
		for k, v := range [...]float64{d * a * i * (1 - i), d * float64(c[at]) * f * (1 - f), d * i * (1 - a*a), float64(dh[at]) * t * o * (1 - o)} {
			dz[(4*row+k)*u+j] = T(v)
		}
		dc[at] = T(d * f)
	}
}

// LSTMGates returns the output and the new state of a step of an LSTM, from z (n, 4u),
// the sum of its products, a bias (4u) and the state c (n, u).
func LSTMGates(z, bias, c graph.Value) (h, next graph.Value) {
	if broken(z) {
		return c, c
	}
	out := z.Graph().Apply(LSTMGatesOp{}, z, bias, c)
	return out[0], out[1]
}

var (
	_ graph.Op = LSTMGatesOp{}
	_ graph.Op = LSTMGatesGradOp{}
)
