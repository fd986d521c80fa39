package metrics

import (
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// AUC approximates the area under a curve by a Riemann sum over thresholds: the
// ROC curve (recall over false-positive rate), the precision-recall curve or the
// precision-recall-gain curve.
//
// Targets 0 or 1 and predictions in [0, 1], of any equal shape; (n, labels) with
// MultiLabel, which averages the areas of the labels.
type AUC struct {
	Maximized
	// number of points of the curve
	NumThresholds int `keras:"num_thresholds,pos,default=200,min=2"`
	// which curve
	Curve string `keras:"curve,default=ROC,enum=ROC|PR|PRGAIN|roc|pr|prgain"`
	// height of a strip
	SummationMethod string `keras:"summation_method,default=interpolation,enum=interpolation|majoring|minoring|Interpolation|Majoring|Minoring"`
	// one curve for each label
	MultiLabel bool `keras:"multi_label"`
	// number of labels; 0 means what the predictions have
	NumLabels int `keras:"num_labels,min=1"`
	// weight of each label; nil means 1
	LabelWeights []float64 `keras:"label_weights"`
	// predictions are logits, not probabilities
	FromLogits bool `keras:"from_logits"`
	// points of the curve between 0 and 1, instead of NumThresholds
	Thresholds []float64 `keras:"thresholds,min=0,max=1,omitdefault"`
	// name in the logs and the history
	Name string `keras:"name"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[AUC]("keras.metrics") }

func (m AUC) counts() confusion {
	var t []float64
	if m.Thresholds != nil {
		t = append(append([]float64{0}, slices.Sorted(slices.Values(m.Thresholds))...), 1)
	} else {
		t = evenThresholds(m.NumThresholds)
	}
	t[0], t[len(t)-1] = -losses.Epsilon, 1+losses.Epsilon // so that 0 and 1 are inside
	return confusion{thresholds: t, multiLabel: m.MultiLabel, labelWeights: m.LabelWeights}
}

// State lists the four counts, one number for each threshold (and label).
func (m AUC) State(yTrue, yPred tensor.Shape) []State {
	return m.counts().states(yPred.Last(), truePositives, falsePositives, trueNegatives, falseNegatives)
}

// Update adds a batch.
func (m AUC) Update(c *Context, yTrue, yPred, weight graph.Value) {
	if s := yPred.Shape(); m.MultiLabel && s.Rank() != 2 {
		c.Errorf("%w: AUC with multi_label wants predictions (n, labels), got %v", graph.ErrShape, s)
		return
	} else if n := s.Last(); m.NumLabels > 0 && (!m.MultiLabel || n != m.NumLabels) || m.LabelWeights != nil && n != len(m.LabelWeights) {
		c.Errorf("AUC: num_labels %d (for multi_label) and %d label_weights do not fit predictions %v", m.NumLabels, len(m.LabelWeights), s)
		return
	}
	if m.FromLogits {
		yPred = ops.Sigmoid(yPred)
	}
	m.counts().update(c, yTrue, yPred, weight, map[string]string{
		truePositives: truePositives, falsePositives: falsePositives, trueNegatives: trueNegatives, falseNegatives: falseNegatives,
	})
}

// Result returns the area.
func (m AUC) Result(c *Context) graph.Value {
	tp, fp, tn, fn := c.State(truePositives), c.State(falsePositives), c.State(trueNegatives), c.State(falseNegatives)
	method := strings.ToLower(m.SummationMethod)
	var x, y graph.Value
	switch curve := strings.ToUpper(m.Curve); {
	case curve == "PR" && method == "interpolation":
		return m.overLabels(interpolatedPR(tp, fp, fn))
	case curve == "PR":
		x, y = share(tp, fn), share(tp, fp)
	case curve == "PRGAIN":
		x, y = gains(tp, fp, tn, fn)
	default:
		x, y = share(fp, tn), share(tp, fn)
	}
	y0, y1 := neighbours(y)
	var height graph.Value
	switch method {
	case "minoring":
		height = ops.Minimum(y0, y1)
	case "majoring":
		height = ops.Maximum(y0, y1)
	default:
		height = ops.DivScalar(ops.Add(y0, y1), 2)
	}
	return m.overLabels(ops.Mul(ops.Sub(neighbours(x)), height))
}

// overLabels sums the strips and averages over labels.
func (m AUC) overLabels(strips graph.Value) graph.Value {
	if !m.MultiLabel {
		return ops.Sum(strips, nil, false)
	}
	areas := ops.Sum(strips, []int{0}, false)
	if m.LabelWeights == nil {
		return ops.Mean(areas, nil, false)
	}
	list, total := make([]float32, len(m.LabelWeights)), 0.0
	for i, v := range m.LabelWeights {
		list[i], total = float32(v), total+v
	}
	sum := ops.Sum(ops.Mul(areas, ops.Const(areas.Graph(), tensor.From(list))), nil, false)
	return losses.DivNoNaN(sum, ops.Scalar(sum, total))
}

// interpolatedPR returns the strips under the precision-recall curve when true and
// false positives are interpolated linearly between thresholds (Davis & Goadrich,
// 2006).
func interpolatedPR(tp, fp, fn graph.Value) graph.Value {
	p0, p1 := neighbours(ops.Add(tp, fp))
	tp0, tp1 := neighbours(tp)
	_, fn1 := neighbours(fn)
	dtp := ops.Sub(tp0, tp1)
	slope := losses.DivNoNaN(dtp, ops.MaximumScalar(ops.Sub(p0, p1), 0))
	intercept := ops.Sub(tp1, ops.Mul(slope, p1))
	both := ops.And(ops.GreaterScalar(p0, 0), ops.GreaterScalar(p1, 0))
	ratio := ops.Where(both, losses.DivNoNaN(p0, ops.MaximumScalar(p1, 0)), ops.Scalar(p1, 1))
	area := ops.Mul(slope, ops.Add(dtp, ops.Mul(intercept, ops.Log(ratio))))
	return losses.DivNoNaN(area, ops.MaximumScalar(ops.Add(tp1, fn1), 0))
}

// gains returns recall gain and precision gain (Flach & Kull, 2015).
func gains(tp, fp, tn, fn graph.Value) (recall, precision graph.Value) {
	scale := losses.DivNoNaN(ops.Add(tp, fn), ops.Add(tn, fp))
	none := ops.EqualScalar(tp, 0)
	gain := func(wrong graph.Value) graph.Value {
		return ops.SubScalarFrom(1, ops.Mul(scale, losses.DivNoNaN(wrong, tp)))
	}
	recall = ops.Where(none, ops.Scalar(tp, 0), gain(fn))
	return ops.MaximumScalar(recall, 0), ops.Where(none, ops.Scalar(tp, 1), gain(fp))
}

// neighbours returns x without its last and without its first row.
func neighbours(x graph.Value) (first, second graph.Value) {
	starts, size := make([]int, x.Shape().Rank()), x.Shape().Clone()
	size[0]--
	first = ops.Slice(x, starts, size)
	starts = slices.Clone(starts)
	starts[0] = 1
	return first, ops.Slice(x, starts, size)
}

var _ Metric = AUC{}
