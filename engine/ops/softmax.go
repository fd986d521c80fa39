package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// SoftmaxOp computes exp(x-max)/sum(exp(x-max)) along an axis.
type SoftmaxOp struct{ Axis int }

// LogSoftmaxOp computes x-max-log(sum(exp(x-max))) along an axis.
type LogSoftmaxOp struct{ Axis int }

// Infer keeps the shape and the type.
func (o SoftmaxOp) Infer(in []spec) ([]spec, error) { return softmaxInfer("Softmax", in, o.Axis) }

// Infer keeps the shape and the type.
func (o LogSoftmaxOp) Infer(in []spec) ([]spec, error) { return softmaxInfer("LogSoftmax", in, o.Axis) }

func softmaxInfer(op string, in []spec, axis int) ([]spec, error) {
	if err := wantInputs(op, in, 1); err != nil {
		return nil, err
	}
	if err := wantFloat(op, in...); err != nil {
		return nil, err
	}
	if axis < 0 || axis >= len(in[0].Shape) {
		return nil, misfit(op, "axis %d is outside %v", axis, in[0].Shape)
	}
	return one(in[0].DType, in[0].Shape)
}

// Gradient is y·(dy - sum(dy·y)).
func (o SoftmaxOp) Gradient(in, out, dout []value) []value {
	y, dy := out[0], dout[0]
	return []value{Mul(y, Sub(dy, Sum(Mul(dy, y), []int{o.Axis}, true)))}
}

// Gradient is dy - exp(y)·sum(dy).
func (o LogSoftmaxOp) Gradient(in, out, dout []value) []value {
	y, dy := out[0], dout[0]
	return []value{Sub(dy, Mul(Exp(y), Sum(dy, []int{o.Axis}, true)))}
}

// Eval makes three passes along the axis: maximum, sum, quotient.
func (o SoftmaxOp) Eval(out, in []array) {
	divide := func(x, m, sum float64) float64 { return math.Exp(x-m) / sum }
	if out[0].DType() == tensor.Float32 {
		softmax[float32](out[0], in[0], o.Axis, divide)
	} else {
		softmax[float64](out[0], in[0], o.Axis, divide)
	}
}

// Eval makes three passes along the axis: maximum, sum, difference.
func (o LogSoftmaxOp) Eval(out, in []array) {
	subtract := func(x, m, sum float64) float64 { return x - m - math.Log(sum) }
	if out[0].DType() == tensor.Float32 {
		softmax[float32](out[0], in[0], o.Axis, subtract)
	} else {
		softmax[float64](out[0], in[0], o.Axis, subtract)
	}
}

func softmax[T float](out, in array, axis int, finish func(x, m, sum float64) float64) {
	x, y := tensor.Data[T](in), tensor.Data[T](out)
	outer, n, inner := span(in.Shape(), axis)
	for a := range outer {
		for b := range inner {
			at := a*n*inner + b
			m, sum := math.Inf(-1), 0.0
			for k := range n {
				m = max(m, float64(x[at+k*inner]))
			}
			for k := range n {
				sum += math.Exp(float64(x[at+k*inner]) - m)
			}
			for k := range n {
				y[at+k*inner] = T(finish(float64(x[at+k*inner]), m, sum))
			}
		}
	}
}

// Softmax returns exp(x)/sum(exp(x)) along an axis, without overflow.
func Softmax(x graph.Value, axis int) graph.Value {
	a, ok := axisOf(x, "Softmax", axis)
	if !ok {
		return x
	}
	return graph.Apply1(SoftmaxOp{a}, x)
}

// LogSoftmax returns log(Softmax(x, axis)), exact where that is tiny.
func LogSoftmax(x graph.Value, axis int) graph.Value {
	a, ok := axisOf(x, "LogSoftmax", axis)
	if !ok {
		return x
	}
	return graph.Apply1(LogSoftmaxOp{a}, x)
}

var (
	_ graph.Op = SoftmaxOp{}
	_ graph.Op = LogSoftmaxOp{}
)
