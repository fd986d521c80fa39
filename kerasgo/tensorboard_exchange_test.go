package keras

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// TestTensorBoardExchange lets TensorFlow read the event files of a run: they hold what
// the history holds, a histogram of every weight and the model.
func TestTensorBoardExchange(t *testing.T) {
	py := os.Getenv("KERASGO_PYTHON")
	if py == "" {
		t.Skip("KERASGO_PYTHON names no Python with Keras")
	}
	t.Parallel()
	m := NewSequential(layers.Dense{Units: 4, InputShape: []int{3}, Name: "first"}, layers.Dense{Units: 2, Name: "last"})
	if err := m.Compile(Compile{Loss: "mse", Optimizer: "sgd", Metrics: []any{"mae"}}); err != nil {
		t.Fatal(err)
	}
	x, y := tensor.New(tensor.Float32, 12, 3), tensor.New(tensor.Float32, 12, 2)
	for i := range x.Size() {
		x.SetFloat64At(i, float64(i*7%11)/11)
	}
	for i := range y.Size() {
		y.SetFloat64At(i, float64(i*5%7)/7)
	}
	dir, report := t.TempDir(), filepath.Join(t.TempDir(), "report.json")
	h, err := m.Fit(x, y, Fit{Epochs: 3, BatchSize: 4, Verbose: Silent, ValidationSplit: 1. / 3, Callbacks: []any{callbacks.TensorBoard{LogDir: dir, HistogramFreq: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	runPython(t, py, "events.py", dir, report)
	var got map[string]map[string][][]any
	readJSON(t, report, &got)
	want := map[string]map[string][][]any{"train": {}, "validation": {}}
	for _, log := range []struct{ part, tag, key string }{
		{"train", "epoch_loss", "loss"}, {"train", "epoch_mae", "mae"}, {"train", "epoch_learning_rate", ""},
		{"validation", "epoch_loss", "val_loss"}, {"validation", "epoch_mae", "val_mae"},
		{"validation", "evaluation_loss_vs_iterations", "val_loss"}, {"validation", "evaluation_mae_vs_iterations", "val_mae"},
	} {
		for e := range 3 {
			step, v := float64(e), float64(float32(0.01))
			if log.key != "" {
				v = h.History[log.key][e]
			}
			if log.tag[:5] != "epoch" {
				step = float64(2 * (e + 1)) // batches of training so far
			}
			want[log.part][log.tag] = append(want[log.part][log.tag], []any{step, v, "scalars"})
		}
	}
	for _, path := range []string{"first/kernel", "first/bias", "last/kernel", "last/bias"} {
		for e := range 3 {
			tag := fmt.Sprintf("%s/%s/histogram", m.Name(), path)
			want["train"][tag] = append(want["train"][tag], []any{float64(e), []any{30., 3.}, "histograms"})
		}
	}
	want["train"]["keras"] = [][]any{{0., []any{}, "graph_keras_model"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("what TensorFlow reads (-want +got):\n%s", d)
	}
}
