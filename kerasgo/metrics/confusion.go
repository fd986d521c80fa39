package metrics

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
)

// Names of the state variables of the metrics that count.
const (
	truePositives  = "true_positives"
	falsePositives = "false_positives"
	trueNegatives  = "true_negatives"
	falseNegatives = "false_negatives"
)

// negInf is the threshold below every prediction that was not filtered out: Keras's
// stand-in for -∞ when top_k is used.
const negInf = -1e10

// confusion counts predictions above thresholds against true labels.
type confusion struct {
	thresholds   []float64
	topK         int  // only the k largest predictions of a sample can be positive; 0 means all
	classID      *int // look at one class only
	multiLabel   bool // one count for each threshold and label, not for each threshold
	labelWeights []float64
}

// thresholdsOr returns the thresholds, or a single one by default.
func thresholdsOr(list []float64, topK int) []float64 {
	switch {
	case len(list) > 0:
		return list
	case topK > 0:
		return []float64{negInf}
	}
	return []float64{0.5}
}

// states lists count variables of the given names.
func (q confusion) states(labels int, names ...string) []State {
	shape := tensor.Shape{len(q.thresholds)}
	if q.multiLabel {
		shape = append(shape, labels)
	}
	out := make([]State, len(names))
	for i, n := range names {
		out[i] = State{Name: n, Shape: shape}
	}
	return out
}

// update adds a batch to those of the four counts that are named in state, a map
// from count to variable. A prediction is positive when it is above the
// threshold; a label is positive when it is not 0.
func (q confusion) update(c *Context, yTrue, yPred, weight graph.Value, state map[string]string) {
	p := ops.Cast(yPred, tensor.Float32)
	p, t := losses.SameRank(p, ops.Cast(yTrue, tensor.Float32))
	if weight.OK() {
		weight = ops.ExpandDims(ops.Cast(weight, tensor.Float32), -1)
		if r := weight.Shape().Rank(); r == t.Shape().Rank()+1 {
			weight = ops.Squeeze(weight, -1)
		}
	}
	if !t.Shape().Equal(p.Shape()) {
		c.Errorf("%w: targets of shape %v do not fit predictions of shape %v", graph.ErrShape, yTrue.Shape(), yPred.Shape())
		return
	}
	if q.topK > 0 {
		p = filterTopK(p, q.topK)
	}
	if q.classID != nil {
		var ok bool
		if p, ok = column(p, *q.classID); !ok {
			c.Errorf("class_id %d is outside predictions of shape %v", *q.classID, yPred.Shape())
			return
		}
		t, _ = column(t, *q.classID)
	}
	t = ops.NotEqual(t, ops.Scalar(t, 0))
	w := q.weights(c, weight, p.Shape())
	pos, neg := t, ops.SubScalarFrom(1, t)
	if w.OK() {
		pos, neg = ops.Mul(pos, w), ops.Mul(neg, w)
	}
	if !q.multiLabel {
		p, pos, neg = flat(p), flat(pos), flat(neg)
	}
	above := q.above(p)
	tp, fp := above(pos), above(neg)
	for count, name := range state {
		switch count {
		case truePositives:
			c.Add(name, tp)
		case falsePositives:
			c.Add(name, fp)
		case falseNegatives:
			c.Add(name, ops.Sub(ops.Sum(pos, []int{0}, false), tp))
		case trueNegatives:
			c.Add(name, ops.Sub(ops.Sum(neg, []int{0}, false), fp))
		}
	}
}

// weights joins sample and label weights; the zero Value means 1.
func (q confusion) weights(c *Context, weight graph.Value, shape tensor.Shape) graph.Value {
	if weight.OK() {
		weight = ops.BroadcastTo(weight, shape...)
	}
	if q.labelWeights == nil || q.multiLabel {
		return weight
	}
	list := make([]float32, len(q.labelWeights))
	for i, v := range q.labelWeights {
		list[i] = float32(v)
	}
	labels := ops.BroadcastTo(ops.Const(c.Graph(), tensor.From(list)), shape...)
	if !weight.OK() {
		return labels
	}
	return ops.Mul(weight, labels)
}

// above returns a function that sums, for each threshold, the elements of x that
// belong to predictions above it. p and x are (n,), or (n, l) for several labels;
// the result is (thresholds,) or (thresholds, l).
func (q confusion) above(p graph.Value) func(x graph.Value) graph.Value {
	n := len(q.thresholds)
	if evenlySpaced(q.thresholds) {
		// Sort predictions into the buckets between thresholds and add the buckets up
		// from the top: one comparison for all thresholds.
		bucket := ops.SubScalar(ops.Ceil(ops.MulScalar(ops.Clip(p, 0, 1), float64(n-1))), 1)
		if q.thresholds[0] < 0 || q.thresholds[n-1] > 1 {
			bucket = ops.Relu(bucket)
		}
		// One bucket more, for what is above no threshold or is not a number.
		bucket = ops.Where(ops.GreaterScalar(bucket, -1), bucket, ops.Scalar(bucket, float64(n)))
		labels := 1
		if q.multiLabel { // each label's buckets after those of the label before
			labels = p.Shape().Last()
			first := make([]float32, labels)
			for l := range first {
				first[l] = float32(l * (n + 1))
			}
			bucket = ops.Add(bucket, ops.Const(p.Graph(), tensor.From(first)))
		}
		ids := ops.Cast(bucket, tensor.Int32)
		return func(x graph.Value) graph.Value {
			s := graph.Apply1(ops.ScatterAddOp{Rows: labels * (n + 1)}, x, ids)
			s = ops.Slice(ops.Reshape(s, labels, n+1), []int{0, 0}, []int{labels, n})
			s = ops.Flip(ops.CumSum(ops.Flip(s, -1), -1), -1)
			if q.multiLabel {
				return ops.Transpose(s, 1, 0)
			}
			return ops.Reshape(s, n)
		}
	}
	list := make([]float32, n)
	for i, v := range q.thresholds {
		list[i] = float32(v)
	}
	shape := append(tensor.Shape{n}, make([]int, p.Shape().Rank())...)
	for i := range p.Shape().Rank() {
		shape[i+1] = 1
	}
	limits := ops.Const(p.Graph(), tensor.From(list, shape...))
	is := ops.Greater(ops.ExpandDims(p, 0), limits) // (thresholds, …)
	return func(x graph.Value) graph.Value {
		return ops.Sum(ops.Mul(is, ops.ExpandDims(x, 0)), []int{1}, false)
	}
}

// evenlySpaced reports whether thresholds are i/(n-1), up to rounding.
func evenlySpaced(thresholds []float64) bool {
	n := len(thresholds)
	if n < 3 {
		return false
	}
	for i, v := range thresholds {
		even := float64(float32(i) / float32(n-1))
		if math.Abs(v-even) > losses.Epsilon+1e-5*even {
			return false
		}
	}
	return true
}

// evenThresholds returns n thresholds from 0 to 1.
func evenThresholds(n int) []float64 {
	if n == 1 {
		return []float64{0.5}
	}
	list := make([]float64, n)
	for i := range list {
		list[i] = float64(i) / float64(n-1)
	}
	return list
}

// filterTopK leaves the k largest predictions of the last axis and sets the others
// to negInf.
func filterTopK(p graph.Value, k int) graph.Value {
	_, ids := ops.TopK(p, k)
	keep := ops.Sum(ops.OneHot(ids, p.Shape().Last(), p.DType()), []int{-2}, false)
	return ops.Add(ops.Mul(p, keep), ops.MulScalar(ops.SubScalarFrom(1, keep), negInf))
}

// column returns entry id of the last axis, keeping the axis.
func column(x graph.Value, id int) (graph.Value, bool) {
	s := x.Shape().Clone()
	if id < 0 {
		id += s.Last()
	}
	if s.Rank() < 2 || id < 0 || id >= s.Last() {
		return x, false
	}
	starts := make([]int, len(s))
	starts[len(s)-1], s[len(s)-1] = id, 1
	return ops.Slice(x, starts, s), true
}

func flat(x graph.Value) graph.Value { return ops.Reshape(x, -1) }

// single returns the only entry of a vector of length 1 as a scalar, and longer
// vectors as they are.
func single(v graph.Value) graph.Value {
	if v.Shape().Rank() == 1 && v.Shape()[0] == 1 {
		return ops.Reshape(v)
	}
	return v
}

// share returns a/(a+b), or 0 where that is 0/0.
func share(a, b graph.Value) graph.Value { return losses.DivNoNaN(a, ops.Add(a, b)) }
