package keras_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
)

// TestMetricNames: names and order of what Evaluate returns, as Keras 3.15.1 has
// them for the same arguments, where names occur twice and metrics have several
// values. (Keras keeps several values of a metric in one array.)
func TestMetricNames(t *testing.T) {
	x, y := tensor.New(tensor.Float32, 4, 3), tensor.New(tensor.Float32, 4, 1)
	head := func(name string) layers.Dense { return layers.Dense{Units: 1, Activation: "sigmoid", Name: name} }
	one := func() *keras.Model { return keras.NewSequential(keras.Input(3), head("a")) }
	two := func() *keras.Model {
		in := keras.Input(3)
		return keras.NewModel(in, keras.List(keras.Apply(head("a"), in), keras.Apply(head("b"), in)))
	}
	for name, c := range map[string]struct {
		model   func() *keras.Model
		compile keras.Compile
		want    []string
	}{
		"one output": {one, keras.Compile{
			Metrics:         []any{"mae", metrics.MeanAbsoluteError{}, metrics.AUC{NumThresholds: 3}, "accuracy"},
			WeightedMetrics: []any{"mae", "mae", metrics.AUC{NumThresholds: 3}, metrics.BinaryAccuracy{Name: "accuracy"}},
		}, []string{"loss", "mae", "mean_absolute_error", "auc", "accuracy", "mae", "mae", "auc_1", "accuracy", "weighted_accuracy", "weighted_mae", "weighted_mae_1"}},
		"thresholds": {one, keras.Compile{Metrics: []any{metrics.Recall{Thresholds: []float64{0.2, 0.7}}, "mse"}}, []string{"loss", "recall_0", "recall_1", "mse"}},
		"two outputs": {two, keras.Compile{
			Metrics:         [][]any{{"mse", "mae"}, {metrics.Precision{}, "mae"}},
			WeightedMetrics: [][]any{{"mae", "mae"}, {metrics.Precision{}, "mae"}},
		}, []string{"loss", "a_loss", "b_loss", "a_mae", "a_mse", "a_weighted_mae", "a_weighted_mae_1", "b_mae", "b_precision", "b_precision_1", "b_weighted_mae"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := c.model()
			c.compile.Loss = "mse"
			if err := m.Compile(c.compile); err != nil {
				t.Fatal(err)
			}
			targets := []*tensor.Tensor{y, y}[:len(m.OutputShapes())]
			values, err := m.TestOnBatch(x, targets)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, m.MetricNames()); d != "" {
				t.Error(d)
			}
			if len(values) != len(c.want) {
				t.Errorf("%d values, want %d", len(values), len(c.want))
			}
		})
	}
}
