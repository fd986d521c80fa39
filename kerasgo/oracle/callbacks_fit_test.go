package oracle_test

import (
	"encoding/json"
	"fmt"
	"io"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

type fitCase struct {
	Callback  string
	Args      map[string]any
	Optimizer json.RawMessage
	X, Y      *recording
	Start     []*recording
	Runs      []struct {
		BatchSize int `json:"batch_size"`
		Epochs    int
		Validate  bool
		After     bool // evaluate and predict too
		Seen      []struct {
			Hook    string
			Weights []*recording
		}
		History map[string][]num
		Epoch   []int
		Values  []num
		Final   []*recording
	}
}

// spy notes the weights whenever a hook is called.
type spy struct {
	callbacks.Base
	hooks   []string
	weights [][]*tensor.Tensor
}

func (s *spy) note(hook string) error {
	s.hooks, s.weights = append(s.hooks, hook), append(s.weights, s.Model().Weights())
	return nil
}

func (s *spy) OnEpochBegin(int, callbacks.Logs) error { return s.note("epoch_begin") }
func (s *spy) OnEpochEnd(int, callbacks.Logs) error   { return s.note("epoch_end") }
func (s *spy) OnTestBegin(callbacks.Logs) error       { return s.note("test_begin") }
func (s *spy) OnTestEnd(callbacks.Logs) error         { return s.note("test_end") }
func (s *spy) OnPredictBegin(callbacks.Logs) error    { return s.note("predict_begin") }
func (s *spy) OnTrainEnd(callbacks.Logs) error        { return s.note("train_end") }

// TestCallbacksInFit holds weights, as another callback sees them, and logs of whole
// runs of Fit, Evaluate and Predict against Keras's.
func TestCallbacksInFit(t *testing.T) {
	all := newTally()
	for i, c := range loadCases[fitCase](t, "callbacks_fit") {
		all.count[c.Callback]++
		t.Run(fmt.Sprintf("%d/%s", i, c.Callback), func(t *testing.T) {
			c.run(t, all)
		})
	}
	for _, c := range loadCases[callbackCase](t, "callbacks") { // TestCallbacks has them
		all.count[c.Callback]++
	}
	all.everyClass(t, "callback")
	all.report(t)
}

func (c fitCase) run(t *testing.T, all *tally) {
	m := keras.NewSequential()
	m.Add(layers.Dense{Units: 2, InputShape: []int{3}})
	if err := m.Compile(keras.Compile{Loss: "mse", Optimizer: decodeObject(t, "optimizer", c.Optimizer), Metrics: []any{"mae"}}); err != nil {
		t.Fatal(err)
	}
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	var start []*tensor.Tensor
	for _, r := range c.Start {
		start = append(start, r.tensor())
	}
	if err := m.SetWeights(start); err != nil {
		t.Fatal(err)
	}
	cb := c.pointer(t)
	x, y := c.X.tensor(), c.Y.tensor()
	for _, run := range c.Runs {
		s := &spy{}
		f := keras.Fit{BatchSize: run.BatchSize, Epochs: run.Epochs, Verbose: keras.Silent, Shuffle: false, Callbacks: []any{cb, s}}
		if run.Validate {
			f.ValidationData = keras.Data{X: x.Slice(0, 4), Y: y.Slice(0, 4)}
		}
		h, err := m.Fit(x, y, f)
		if err != nil {
			t.Fatal(err)
		}
		var values []float64
		if run.After {
			if values, err = m.Evaluate(x, y, keras.Evaluate{BatchSize: 5, Verbose: keras.Silent, Callbacks: f.Callbacks}); err != nil {
				t.Fatal(err)
			}
			if _, err := m.Predict(x, keras.Predict{Verbose: keras.Silent, Callbacks: f.Callbacks, Out: io.Discard}); err != nil {
				t.Fatal(err)
			}
		}
		var hooks []string
		for k, seen := range run.Seen {
			hooks = append(hooks, seen.Hook)
			for j, w := range seen.Weights {
				if k < len(s.weights) {
					all.compare(t, fmt.Sprintf("%s %d: weight %d", seen.Hook, k, j), s.weights[k][j], w, 1e-6)
				}
			}
		}
		equal(t, "hooks", hooks, s.hooks)
		equal(t, "epochs", run.Epoch, h.Epoch)
		logs := map[string][]num{}
		for k, vs := range h.History {
			for _, v := range vs {
				logs[k] = append(logs[k], num(v))
			}
		}
		for k, want := range run.History {
			closeTo(t, k, want, logs[k])
		}
		equal(t, "logs", len(run.History), len(logs))
		var got []num
		for _, v := range values {
			got = append(got, num(v))
		}
		closeTo(t, "values", run.Values, got)
		for k, w := range m.GetWeights() {
			all.compare(t, fmt.Sprintf("weight %d at the end", k), w, run.Final[k], 1e-6)
		}
	}
}

// pointer returns the callback as one that is kept from run to run.
func (c fitCase) pointer(t *testing.T) any {
	text, err := json.Marshal(map[string]any{c.Callback: c.Args})
	if err != nil {
		t.Fatal(err)
	}
	node, errs := spec.Parse("case.json", text)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	v, errs := spec.Decode(node, "callback")
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	list, err := callbacks.NewList(v)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

func closeTo(t *testing.T, what string, want, got []num) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%s: Keras has %v, kerasgo %v", what, want, got)
		return
	}
	for i := range want {
		if d := float64(want[i] - got[i]); d > 2e-6 || d < -2e-6 {
			t.Errorf("%s[%d]: Keras has %v, kerasgo %v", what, i, want[i], got[i])
		}
	}
}
