package metrics

import (
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
)

// overlap is what the intersection-over-union metrics share: a confusion matrix with
// a row for each true class and a column for each predicted one.
type overlap struct {
	classes      int
	targets      []int // classes that are averaged over
	ignore       *int  // true class that is left out
	oneHotTrue   bool  // targets are one-hot along axis
	oneHotPred   bool  // predictions are scores along axis
	axis         *int
	wholeWeights bool // weights are cut to whole numbers, as Keras does in an integer dtype
}

const confusionMatrix = "total_confusion_matrix"

func (q overlap) state() []State {
	return []State{{Name: confusionMatrix, Shape: tensor.Shape{q.classes, q.classes}}}
}

func (q overlap) update(c *Context, yTrue, yPred, weight graph.Value) {
	axis := -1
	if q.axis != nil {
		axis = *q.axis
	}
	labels := func(x graph.Value, oneHot bool) graph.Value {
		if oneHot {
			x = ops.ArgMax(x, axis)
		}
		return flat(ops.Cast(x, tensor.Int32))
	}
	t, p := labels(yTrue, q.oneHotTrue), labels(yPred, q.oneHotPred)
	if !t.Shape().Equal(p.Shape()) {
		c.Errorf("%w: targets of shape %v do not fit predictions of shape %v", graph.ErrShape, yTrue.Shape(), yPred.Shape())
		return
	}
	// Labels outside the classes have an empty one-hot row and so count nowhere.
	rows, columns := ops.OneHot(t, q.classes, tensor.Float32), ops.OneHot(p, q.classes, tensor.Float32)
	if q.ignore != nil {
		keep := ops.NotEqual(t, ops.Scalar(t, float64(*q.ignore)))
		rows = ops.Mul(rows, ops.ExpandDims(keep, -1))
	}
	if weight.OK() {
		if q.wholeWeights {
			weight = ops.Cast(weight, tensor.Int32)
		}
		weight = ops.BroadcastTo(flat(ops.Cast(weight, tensor.Float32)), t.Shape()...)
		rows = ops.Mul(rows, ops.ExpandDims(weight, -1))
	}
	c.Add(confusionMatrix, ops.MatMulT(rows, columns, true, false))
}

// result is the mean over the target classes that occur of
// right / (true + predicted - right).
func (q overlap) result(c *Context) graph.Value {
	m := c.State(confusionMatrix)
	eye := tensor.New(tensor.Float32, q.classes, q.classes)
	for i := range q.classes {
		eye.SetFloat64At(i*q.classes+i, 1)
	}
	ids := make([]int32, len(q.targets))
	for i, t := range q.targets {
		ids[i] = int32(t)
	}
	pick := func(v graph.Value) graph.Value { return ops.Gather(v, ops.Const(c.Graph(), tensor.From(ids))) }
	right := ops.Sum(ops.Mul(m, ops.Const(c.Graph(), eye)), []int{1}, false)
	union := ops.Sub(ops.Add(ops.Sum(m, []int{0}, false), ops.Sum(m, []int{1}, false)), right)
	right, union = pick(right), pick(union)
	valid := ops.GreaterScalar(union, 1e-9)
	iou := ops.Mul(ops.Div(right, ops.AddScalar(union, losses.Epsilon)), valid)
	return ops.Div(ops.Sum(iou, nil, false), ops.AddScalar(ops.Sum(valid, nil, false), losses.Epsilon))
}

// inRange reports target classes that do not exist.
func (q overlap) inRange() error {
	for _, t := range q.targets {
		if t < 0 || t >= q.classes {
			return fmt.Errorf("target class id %d is out of range [0, %d)", t, q.classes)
		}
	}
	return nil
}

// whole reports whether a dtype is an integer type.
func whole(dtype string) bool { return strings.HasPrefix(dtype, "int") }

// all lists the classes 0..n-1.
func all(n int) []int {
	ids := make([]int, n)
	for i := range ids {
		ids[i] = i
	}
	return ids
}
