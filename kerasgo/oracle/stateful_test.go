package oracle_test

import (
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// statefulCase is a model whose layers keep their state from call to call;
// gen/stateful.py says more.
type statefulCase struct {
	Model          string
	Weights, After []*array
	Steps          []struct {
		What         string
		X, Y, Output *array
		Loss         float64
	}
}

// Models with stateful layers: predicting, training and evaluating go on from the state
// that the batch before left, until it is reset.
func TestStateful(t *testing.T) {
	errs := largest{}
	errs.log(t)
	const batch = 3
	for i, c := range append(load[statefulCase](t, "stateful.json.gz"), load[statefulCase](t, "spectral_models.json.gz")...) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			m := keras.Must(keras.FromJSON(c.Model))
			keras.Check(m.Build())
			keras.Check(m.SetWeights(tensors(t, c.Weights)))
			keras.Check(m.Compile(keras.Compile{Optimizer: optimizers.SGD{LearningRate: 0.1}, Loss: "mse"}))
			for k, s := range c.Steps {
				what := fmt.Sprintf("step %d, %s", k, s.What)
				x, y := s.X.tensor(t), s.Y.tensor(t)
				var loss float64
				switch s.What {
				case "predict":
					out := keras.Must(m.Predict(x, keras.Predict{BatchSize: batch, Verbose: keras.Silent}))
					errs.note("output", compare(t, what, out, s.Output, 2e-5))
					continue
				case "fit":
					h := keras.Must(m.Fit(x, y, keras.Fit{BatchSize: batch, Shuffle: new(false), Verbose: keras.Silent}))
					loss = h.History["loss"][0]
				case "evaluate":
					loss = keras.Must(m.Evaluate(x, y, keras.Evaluate{BatchSize: batch, Verbose: keras.Silent, Out: io.Discard}))[0]
				case "reset":
					m.ResetStates()
					continue
				}
				if math.Abs(loss-s.Loss) > 1e-5*max(1, s.Loss) {
					t.Errorf("%s: loss %v, Keras has %v", what, loss, s.Loss)
				}
			}
			for j, w := range m.GetWeights() {
				errs.note("weights", compare(t, fmt.Sprint("weight ", j), w, c.After[j], 2e-5))
			}
		})
	}
}

func tensors(t *testing.T, list []*array) []*tensor.Tensor {
	out := make([]*tensor.Tensor, len(list))
	for i, a := range list {
		out[i] = a.tensor(t)
	}
	return out
}

func TestStatefulErrors(t *testing.T) {
	m := keras.NewSequential()
	m.Add(layers.LSTM{Units: 2, Stateful: true, InputShape: []int{4, 2}})
	if err := m.Build(); err == nil || !strings.Contains(err.Error(), "stateful=true wants a fixed number of samples in a batch") {
		t.Errorf("no batch size: %v", err)
	}
	x := keras.InputWith(layers.InputLayer{BatchShape: []int{3, 4, 2}})
	f := keras.NewModel(x, keras.Apply(layers.GRU{Units: 2, Stateful: true}, x))
	keras.Check(f.Build())
	if n := f.CountParams(); n != 36 {
		t.Errorf("%d parameters; the state is none, so there are 36", n)
	}
	if n := len(f.GetWeights()); n != 3 {
		t.Errorf("%d weights, the state is none", n)
	}
	if _, err := f.Predict(tensor.New(tensor.Float32, 2, 4, 2), keras.Predict{Verbose: keras.Silent}); err == nil || !strings.Contains(err.Error(), "wants shape (3, 4, 2), the data has (2, 4, 2)") {
		t.Errorf("another batch size: %v", err)
	}
}
