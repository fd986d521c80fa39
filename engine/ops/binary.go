package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// BinaryOp applies a function of two numbers to every pair of elements, after
// broadcasting as NumPy does. A scalar operand is a constant of rank 0.
type BinaryOp struct{ Kind BinaryKind }

// Infer wants one type for both operands and shapes that broadcast.
func (o BinaryOp) Infer(in []spec) ([]spec, error) {
	name := o.Kind.String()
	if err := wantInputs(name, in, 2); err != nil {
		return nil, err
	}
	check := wantFloat
	if o.Kind.Integer() {
		check = wantNumber
	}
	if err := check(name, in...); err != nil {
		return nil, err
	}
	s, ok := tensor.Broadcast(in[0].Shape, in[1].Shape)
	if !ok {
		return nil, misfit(name, "shapes %v and %v do not broadcast", in[0].Shape, in[1].Shape)
	}
	if o.Kind.Truth() {
		return one(truthType(in[0].DType), s)
	}
	return one(in[0].DType, s)
}

// Gradient gives each operand its partial derivative, summed over the axes that
// it was broadcast along. Truth values have none.
func (o BinaryOp) Gradient(in, out, dout []value) []value {
	if o.Kind.Truth() {
		return make([]value, 2)
	}
	a, b, y, dy := in[0], in[1], out[0], dout[0]
	var da, db value
	if !isConst(a) {
		da = SumTo(o.gradientA(a, b, dy), a.Shape()...)
	}
	if !isConst(b) {
		db = SumTo(o.gradientB(a, b, y, dy), b.Shape()...)
	}
	return []value{da, db}
}

func (o BinaryOp) gradientA(a, b, dy value) value {
	switch o.Kind {
	case BinaryMul:
		return Mul(dy, b)
	case BinaryDiv:
		return Div(dy, b)
	case BinaryPow:
		return Mul(dy, Mul(b, Pow(a, SubScalar(b, 1))))
	case BinaryMaximum:
		return Where(GreaterEqual(a, b), dy, Scalar(dy, 0))
	case BinaryMinimum:
		return Where(LessEqual(a, b), dy, Scalar(dy, 0))
	}
	return dy // Add, Sub
}

func (o BinaryOp) gradientB(a, b, y, dy value) value {
	switch o.Kind {
	case BinarySub:
		return Neg(dy)
	case BinaryMul:
		return Mul(dy, a)
	case BinaryDiv:
		return Neg(Mul(dy, Div(y, b)))
	case BinaryPow: // y·log(a); 0 where the logarithm is not defined
		positive := GreaterScalar(a, 0)
		log := Where(positive, Log(Where(positive, a, Scalar(a, 1))), Scalar(a, 0))
		return Mul(dy, Mul(y, log))
	case BinaryMaximum:
		return Where(GreaterEqual(a, b), Scalar(dy, 0), dy)
	case BinaryMinimum:
		return Where(LessEqual(a, b), Scalar(dy, 0), dy)
	}
	return dy // Add
}

// Eval computes every pair in float64.
func (o BinaryOp) Eval(out, in []array) {
	f := o.Kind.Func()
	switch in[0].DType() {
	case tensor.Float32:
		zipElements[float32, float32](out[0], in[0], in[1], f)
	case tensor.Float64:
		zipElements[float64, float64](out[0], in[0], in[1], f)
	case tensor.Int32:
		if o.Kind.Truth() {
			zipElements[float32, int32](out[0], in[0], in[1], f)
		} else {
			zipElements[int32, int32](out[0], in[0], in[1], f)
		}
	case tensor.Int64:
		if o.Kind.Truth() {
			zipElements[float32, int64](out[0], in[0], in[1], f)
		} else {
			zipElements[int64, int64](out[0], in[0], in[1], f)
		}
	}
}

func zipElements[O, I number](out, a, b array, f func(a, b float64) float64) {
	y, x, z := tensor.Data[O](out), tensor.Data[I](a), tensor.Data[I](b)
	s := out.Shape()
	for w := newWalk(s, dense(s), broadcast(a.Shape(), s), broadcast(b.Shape(), s)); w.more; w.next() {
		k, i, j := w.off[0], w.off[1], w.off[2]
		for range w.n {
			y[k] = O(f(float64(x[i]), float64(z[j])))
			k += w.step[0]
			i += w.step[1]
			j += w.step[2]
		}
	}
}

func binary(k BinaryKind, a, b value) value { return graph.Apply1(BinaryOp{k}, a, b) }

// Add returns a+b.
func Add(a, b graph.Value) graph.Value { return binary(BinaryAdd, a, b) }

// Sub returns a-b.
func Sub(a, b graph.Value) graph.Value { return binary(BinarySub, a, b) }

// Mul returns a·b, element by element.
func Mul(a, b graph.Value) graph.Value { return binary(BinaryMul, a, b) }

// Div returns a/b. It wants floats.
func Div(a, b graph.Value) graph.Value { return binary(BinaryDiv, a, b) }

// Pow returns a to the power b. It wants floats. The gradient with respect to b
// is 0 where a <= 0.
func Pow(a, b graph.Value) graph.Value { return binary(BinaryPow, a, b) }

// Maximum returns the larger of a and b; the gradient goes to a on a tie.
func Maximum(a, b graph.Value) graph.Value { return binary(BinaryMaximum, a, b) }

// Minimum returns the smaller of a and b; the gradient goes to a on a tie.
func Minimum(a, b graph.Value) graph.Value { return binary(BinaryMinimum, a, b) }

// Greater returns whether a > b.
func Greater(a, b graph.Value) graph.Value { return binary(BinaryGreater, a, b) }

// GreaterEqual returns whether a >= b.
func GreaterEqual(a, b graph.Value) graph.Value { return binary(BinaryGreaterEqual, a, b) }

// Less returns whether a < b.
func Less(a, b graph.Value) graph.Value { return binary(BinaryLess, a, b) }

// LessEqual returns whether a <= b.
func LessEqual(a, b graph.Value) graph.Value { return binary(BinaryLessEqual, a, b) }

// Equal returns whether a = b.
func Equal(a, b graph.Value) graph.Value { return binary(BinaryEqual, a, b) }

// NotEqual returns whether a differs from b.
func NotEqual(a, b graph.Value) graph.Value { return binary(BinaryNotEqual, a, b) }

// And returns whether neither a nor b is 0.
func And(a, b graph.Value) graph.Value { return binary(BinaryAnd, a, b) }

// Or returns whether a or b is not 0.
func Or(a, b graph.Value) graph.Value { return binary(BinaryOr, a, b) }

var _ graph.Op = BinaryOp{}
