package workloads

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo"
)

// A Workload is a model, how it is trained and on what.
type Workload struct {
	Name    string // on the command line
	Title   string // in tables
	Batch   int    // samples of a training step
	Batches int    // training batches in an epoch: enough that the data does not stay in the cache
	Loss    string
	Metrics []string
	Model   func() (*keras.Model, error)                 // not compiled; an error says what kerasgo lacks
	Data    func(n int) (x, y *tensor.Tensor, err error) // n samples, the same ones every time
}

// all is in the order of the tables.
var all = []Workload{cnn, cnnBF16, mlp, lstm, resNet, depthwise, transformer, text}

// All returns the workloads in the order of the tables.
func All() []Workload { return slices.Clone(all) }

// Find returns the workload of that name.
func Find(name string) (Workload, error) {
	var names []string
	for _, w := range all {
		if w.Name == name {
			return w, nil
		}
		names = append(names, w.Name)
	}
	return Workload{}, fmt.Errorf("no workload %q; there are %s", name, strings.Join(names, ", "))
}

// ErrNotAvailable is wrapped by errors about workloads that kerasgo has no layers for.
var ErrNotAvailable = errors.New("not available")

// optimizer is the same for all, so that it is not what differs.
const optimizer = "adam"

// Compiled returns the model, ready to be trained.
func (w Workload) Compiled() (*keras.Model, error) {
	m, err := w.Model()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", w.Name, ErrNotAvailable, err)
	}
	metrics := make([]any, len(w.Metrics))
	for i, name := range w.Metrics {
		metrics[i] = name
	}
	if err := m.Compile(keras.Compile{Loss: w.Loss, Optimizer: optimizer, Metrics: metrics}); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", w.Name, ErrNotAvailable, err)
	}
	return m, nil
}

// Settings are what the Python peer passes to compile, with the size of the batch.
func (w Workload) Settings() map[string]any {
	return map[string]any{"loss": w.Loss, "optimizer": optimizer, "metrics": w.Metrics, "batch": w.Batch}
}

// built returns the model, or the first mistake made in building it.
func built(m *keras.Model) (*keras.Model, error) { return m, m.Err() }
