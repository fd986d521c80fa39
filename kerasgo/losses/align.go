package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Epsilon keeps logarithms and quotients finite; it is Keras's epsilon().
const Epsilon = 1e-7

// Align converts the targets to the type of the predictions and gives both the
// same rank where they differ by one trailing axis of length 1: (n,) and (n, 1)
// both become (n, 1), higher ranks lose the axis.
func Align(yTrue, yPred graph.Value) (graph.Value, graph.Value) {
	return SameRank(ops.Cast(yTrue, yPred.DType()), yPred)
}

// SameRank is Align's rule for ranks alone; it also joins values and their weights.
func SameRank(a, b graph.Value) (graph.Value, graph.Value) {
	ra, rb := a.Shape().Rank(), b.Shape().Rank()
	switch {
	case ra == rb+1 && a.Shape().Last() == 1:
		if rb == 1 {
			return a, ops.ExpandDims(b, -1)
		}
		return ops.Squeeze(a, -1), b
	case rb == ra+1 && b.Shape().Last() == 1:
		if ra == 1 {
			return ops.ExpandDims(a, -1), b
		}
		return a, ops.Squeeze(b, -1)
	}
	return a, b
}

// ExpandTo appends axes of length 1 to w where its shape is a leading part of
// shape, so that (n,) weighs the samples of (n, t).
func ExpandTo(w graph.Value, shape tensor.Shape) graph.Value {
	s := w.Shape()
	if s.Rank() >= shape.Rank() {
		return w
	}
	for i, d := range s {
		if d != shape[i] && d != 1 {
			return w
		}
	}
	long := s.Clone()
	for len(long) < len(shape) {
		long = append(long, 1)
	}
	return ops.Reshape(w, long...)
}

// sameShape records an error when targets and predictions differ in shape.
func sameShape(name string, yTrue, yPred graph.Value) {
	if !yTrue.Shape().Equal(yPred.Shape()) {
		yPred.Graph().Errorf("%w: %s wants targets of shape %v, got %v", graph.ErrShape, name, yPred.Shape(), yTrue.Shape())
	}
}

// axisOf returns the axis that d points at, or -1 for nil.
func axisOf(d *int) int {
	if d == nil {
		return -1
	}
	return *d
}

// smooth mixes the labels with the uniform distribution over n classes.
func smooth(y graph.Value, s float64, n int) graph.Value {
	if s == 0 {
		return y
	}
	return ops.AddScalar(ops.MulScalar(y, 1-s), s/float64(n))
}

// last is the axis that regression losses reduce.
var last = []int{-1}

// lastMean is the mean over the last axis. A scalar per sample stays as it is.
func lastMean(x graph.Value) graph.Value { return ops.Mean(x, last, false) }

// orElse returns what p points at, or d for nil.
func orElse(p *float64, d float64) float64 {
	if p == nil {
		return d
	}
	return *p
}

// oneMinus returns 1-x.
func oneMinus(x graph.Value) graph.Value { return ops.SubScalarFrom(1, x) }
