package ops

import (
	"math"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ReduceKind names a way to turn many numbers into one.
type ReduceKind uint8

// The reductions.
const (
	ReduceSum ReduceKind = iota
	ReduceMean
	ReduceMax
	ReduceMin
	ReduceProd
	ReduceVariance // mean of the squared distances from the mean
	reduceKinds    // how many there are
)

var reduceNames = [reduceKinds]string{"Sum", "Mean", "Max", "Min", "Prod", "Variance"}

// String returns the name of the function that applies k, such as "Sum".
func (k ReduceKind) String() string {
	if k < reduceKinds {
		return reduceNames[k]
	}
	return "Reduce?"
}

// ReduceOp reduces over Axes, which ascend; none means no axis at all. With Keep
// the axes stay, with length 1.
type ReduceOp struct {
	Kind ReduceKind
	Axes graph.Dims
	Keep bool
}

// Infer removes the axes or makes them 1. Mean and Variance want floats; Max and
// Min want at least one element.
func (o ReduceOp) Infer(in []spec) ([]spec, error) {
	name := o.Kind.String()
	if err := wantInputs(name, in, 1); err != nil {
		return nil, err
	}
	check := wantNumber
	if o.Kind == ReduceMean || o.Kind == ReduceVariance {
		check = wantFloat
	}
	if err := check(name, in...); err != nil {
		return nil, err
	}
	s := in[0].Shape
	last := -1
	for _, a := range o.Axes.List() {
		if a <= last || a >= len(s) {
			return nil, misfit(name, "axes %v do not ascend within %v", o.Axes, s)
		}
		last = a
		if s[a] == 0 && (o.Kind == ReduceMax || o.Kind == ReduceMin) {
			return nil, misfit(name, "axis %d of %v is empty", a, s)
		}
	}
	kept, removed := o.shapes(s)
	if o.Keep {
		return one(in[0].DType, kept)
	}
	return one(in[0].DType, removed)
}

// shapes returns the result's shape with the axes kept and with them removed.
func (o ReduceOp) shapes(s shape) (kept, removed shape) {
	kept, removed = s.Clone(), shape{}
	axes := o.Axes.List()
	for i, d := range s {
		if slices.Contains(axes, i) {
			kept[i] = 1
		} else {
			removed = append(removed, d)
		}
	}
	return kept, removed
}

// count returns how many elements become one.
func (o ReduceOp) count(s shape) int {
	n := 1
	for _, a := range o.Axes.List() {
		n *= s[a]
	}
	return n
}

// Gradient spreads over the reduced elements. Max and Min share it equally among
// all elements that equal the extreme, as TensorFlow does.
func (o ReduceOp) Gradient(in, out, dout []value) []value {
	x := in[0]
	s := x.Shape()
	kept, _ := o.shapes(s)
	dy, axes := Reshape(dout[0], kept...), o.Axes.List()
	switch o.Kind {
	case ReduceSum:
		return []value{BroadcastTo(dy, s...)}
	case ReduceMean:
		return []value{BroadcastTo(MulScalar(dy, 1/float64(o.count(s))), s...)}
	case ReduceMax, ReduceMin:
		if len(axes) == 0 {
			return []value{dy}
		}
		hit := Equal(x, Reshape(out[0], kept...))
		return []value{Mul(hit, Div(dy, Sum(hit, axes, true)))}
	case ReduceVariance:
		if len(axes) == 0 {
			return []value{Mul(x, Scalar(x, 0))}
		}
		centered := Sub(x, Mean(x, axes, true))
		return []value{Mul(MulScalar(dy, 2/float64(o.count(s))), centered)}
	case ReduceProd:
		return []value{graph.Apply1(ProdGradOp{o.Axes}, x, BroadcastTo(dy, s...))}
	}
	return make([]value, 1)
}

// Eval reduces in float64.
func (o ReduceOp) Eval(out, in []array) {
	switch in[0].DType() {
	case tensor.Float32:
		reduceElements[float32](o, out[0], in[0])
	case tensor.Float64:
		reduceElements[float64](o, out[0], in[0])
	case tensor.Int32:
		reduceElements[int32](o, out[0], in[0])
	case tensor.Int64:
		reduceElements[int64](o, out[0], in[0])
	}
}

func reduceElements[T number](o ReduceOp, out, in array) {
	s := in.Shape()
	kept, _ := o.shapes(s)
	x, y := tensor.Data[T](in), tensor.Data[T](out)
	acc := make([]float64, len(y))
	// each applies f to every element and the sum it goes into.
	each := func(f func(acc *float64, x float64)) {
		for w := newWalk(s, dense(s), broadcast(kept, s)); w.more; w.next() {
			i, j := w.off[0], w.off[1]
			for range w.n {
				f(&acc[j], float64(x[i]))
				i += w.step[0]
				j += w.step[1]
			}
		}
	}
	n := float64(o.count(s))
	switch o.Kind {
	case ReduceSum, ReduceMean:
		each(func(acc *float64, x float64) { *acc += x })
	case ReduceMax:
		fillElements(acc, math.Inf(-1))
		each(func(acc *float64, x float64) { *acc = max(*acc, x) })
	case ReduceMin:
		fillElements(acc, math.Inf(1))
		each(func(acc *float64, x float64) { *acc = min(*acc, x) })
	case ReduceProd:
		fillElements(acc, 1)
		each(func(acc *float64, x float64) { *acc *= x })
	case ReduceVariance:
		each(func(acc *float64, x float64) { *acc += x })
		mean := make([]float64, len(acc))
		for i := range acc {
			mean[i], acc[i] = acc[i]/n, 0
		}
		for w := newWalk(s, dense(s), broadcast(kept, s)); w.more; w.next() {
			i, j := w.off[0], w.off[1]
			for range w.n {
				d := float64(x[i]) - mean[j]
				acc[j] += d * d
				i += w.step[0]
				j += w.step[1]
			}
		}
	}
	if o.Kind == ReduceMean || o.Kind == ReduceVariance {
		for i := range acc {
			acc[i] /= n
		}
	}
	store(y, acc)
}

func reduce(k ReduceKind, x value, axes []int, keepDims bool) value {
	list, ok := axesOf(x, k.String(), axes)
	if !ok {
		return x
	}
	return graph.Apply1(ReduceOp{k, graph.MakeDims(list...), keepDims}, x)
}

// Sum returns the sum over the axes.
func Sum(x graph.Value, axes []int, keepDims bool) graph.Value {
	return reduce(ReduceSum, x, axes, keepDims)
}

// Mean returns the arithmetic mean over the axes. It wants floats.
func Mean(x graph.Value, axes []int, keepDims bool) graph.Value {
	return reduce(ReduceMean, x, axes, keepDims)
}

// Max returns the largest element over the axes. Equal ones share the gradient.
func Max(x graph.Value, axes []int, keepDims bool) graph.Value {
	return reduce(ReduceMax, x, axes, keepDims)
}

// Min returns the smallest element over the axes. Equal ones share the gradient.
func Min(x graph.Value, axes []int, keepDims bool) graph.Value {
	return reduce(ReduceMin, x, axes, keepDims)
}

// Prod returns the product over the axes.
func Prod(x graph.Value, axes []int, keepDims bool) graph.Value {
	return reduce(ReduceProd, x, axes, keepDims)
}

// Variance returns the biased variance over the axes: the mean of the squared
// distances from the mean. It wants floats.
func Variance(x graph.Value, axes []int, keepDims bool) graph.Value {
	return reduce(ReduceVariance, x, axes, keepDims)
}

// LogSumExp returns log(sum(exp(x))) over the axes without overflow.
func LogSumExp(x graph.Value, axes []int, keepDims bool) graph.Value {
	list, ok := axesOf(x, "LogSumExp", axes)
	if !ok || len(list) == 0 {
		return x
	}
	// Any finite shift is exact, so the maximum needs no gradient; an infinite
	// one would give inf-inf.
	m := Max(x, list, true)
	largest := math.MaxFloat64
	if x.DType() == tensor.Float32 {
		largest = math.MaxFloat32
	}
	m = StopGradient(Where(LessEqual(Abs(m), Scalar(m, largest)), m, Scalar(m, 0)))
	y := Add(Log(Sum(Exp(Sub(x, m)), list, true)), m)
	if keepDims || broken(y) {
		return y
	}
	_, removed := ReduceOp{Axes: graph.MakeDims(list...)}.shapes(x.Shape())
	return Reshape(y, removed...)
}

var _ graph.Op = ReduceOp{}
