package metrics_test

import (
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
)

// bench traces one update of a metric on constants and returns the result.
func bench(m metrics.Metric, yTrue, yPred *tensor.Tensor) (*tensor.Tensor, error) {
	g := graph.New()
	state := map[string]graph.Value{}
	for _, s := range m.State(yTrue.Shape(), yPred.Shape()) {
		state[s.Name] = ops.Fill(g, graph.Spec{Shape: s.Shape}, s.Init)
	}
	c := metrics.NewContext(g, func(n string) graph.Value { return state[n] }, func(string, graph.Value) {})
	m.Update(c, ops.Const(g, yTrue), ops.Const(g, yPred), graph.Value{})
	if err := g.Err(); err != nil {
		return nil, err
	}
	out, err := graph.Run(g, []graph.Value{m.Result(c)}, graph.Feeds{}, false)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

func zeros(shape ...int) *tensor.Tensor { return tensor.New(tensor.Float32, shape...) }

// TestRefused: what a metric can't work with is named.
func TestRefused(t *testing.T) {
	for want, c := range map[string]struct {
		metric      any
		yTrue, pred *tensor.Tensor
	}{
		"shape: CategoricalAccuracy wants targets of shape (8, 3), got (8,)":                     {"categorical_accuracy", zeros(8), zeros(8, 3)},
		"shape: SparseCategoricalAccuracy does not fit targets (8, 3) to predictions (8, 3)":     {"sparse_categorical_accuracy", zeros(8, 3), zeros(8, 3)},
		"shape: targets of shape (8, 2) do not fit predictions of shape (8, 3)":                  {"precision", zeros(8, 2), zeros(8, 3)},
		"class_id 3 is outside predictions of shape (8, 3)":                                      {metrics.Recall{ClassID: new(3)}, zeros(8, 3), zeros(8, 3)},
		"shape: AUC with multi_label wants predictions (n, labels), got (8,)":                    {metrics.AUC{MultiLabel: true}, zeros(8), zeros(8)},
		"AUC: num_labels 0 (for multi_label) and 1 label_weights do not fit predictions (8, 3)":  {metrics.AUC{LabelWeights: []float64{1}}, zeros(8, 3), zeros(8, 3)},
		"shape: F scores want targets and predictions (n, classes), got (8,) and (8,)":           {"f1_score", zeros(8), zeros(8)},
		"F scores want beta and threshold above 0":                                               {metrics.FBetaScore{Beta: new(0.0)}, zeros(8, 3), zeros(8, 3)},
		"target class id 3 is out of range [0, 3)":                                               {metrics.IoU{NumClasses: 3, TargetClassIDs: []int{1, 3}}, zeros(8), zeros(8)},
		"shape: R2Score wants targets and predictions (n, outputs), got (2, 2, 2) and (2, 2, 2)": {"r2_score", zeros(2, 2, 2), zeros(2, 2, 2)},
	} {
		m, err := metrics.Get(c.metric)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := bench(m, c.yTrue, c.pred); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	for _, v := range []any{"accuracy", "nothing", 3, losses.Huber{}, metrics.Precision{Thresholds: []float64{2}}, metrics.AUC{NumThresholds: 1}} {
		if m, err := metrics.Get(v); err == nil {
			t.Errorf("%v was accepted as %T", v, m)
		}
	}
}

// within is a metric of a user's own: how often a prediction is close to its target.
type within struct {
	metrics.Averaged
	metrics.Maximized
	Distance float64
}

func (m within) Update(c *metrics.Context, yTrue, yPred, weight graph.Value) {
	t, p := losses.Align(yTrue, yPred)
	c.Average(ops.LessEqual(ops.Abs(ops.Sub(t, p)), ops.Scalar(p, m.Distance)), weight)
}

func TestOwnMetric(t *testing.T) {
	m, err := metrics.Get(within{Distance: 1})
	if err != nil {
		t.Fatal(err)
	}
	out, err := bench(m, tensor.From([]float32{0, 0, 0, 0}, 4, 1), tensor.From([]float32{0.5, 1, 2, -3}, 4, 1))
	if err != nil {
		t.Fatal(err)
	}
	if got := out.Float64At(0); got != 0.5 {
		t.Errorf("%v, want 0.5", got)
	}
	if up, known := metrics.Direction(m); !up || !known {
		t.Error("the metric should rise")
	}
}
