package oracle_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/spec"
)

type callbackCase struct {
	Callback string
	Args     map[string]any
	Rate     num
	Refused  bool // the constructor raises
	Tests    bool // the epochs have a validation
	Runs     []callbackRun
}

type callbackRun struct {
	Input []struct {
		Logs    map[string]num
		Batches []map[string]num
	}
	Epochs []struct { // those that were run
		Logs map[string]num
		Rate num
	}
	Error, Stopped bool
	Out            string
	Events         []string
	Warnings       int
	Files          map[string]string
	Posts          []string
	InitialEpoch   int `json:"initial_epoch"`
	TensorBoard    [][]any
	Wait           *int
	StoppedEpoch   *int `json:"stopped_epoch"`
	BestEpoch      *int `json:"best_epoch"`
}

// rateFuncs are the functions that the recorder passes to LearningRateScheduler.
var rateFuncs = map[string]func(int, float64) float64{
	"halve": func(_ int, rate float64) float64 { return rate * 0.5 },
	"steps": func(epoch int, _ float64) float64 {
		if epoch < 2 {
			return 0.1
		}
		return 0.001
	},
	"third": func(epoch int, rate float64) float64 {
		if epoch == 0 {
			return rate
		}
		return rate / 3
	},
}

// stubModel is a model whose weights are the number of the epoch.
type stubModel struct {
	rate    float32
	stopped bool
	weights float32
	events  []string
	out     bytes.Buffer
	warned  int
	first   int // epoch that a backup goes on with
}

func (m *stubModel) StopTraining()                  { m.stopped = true }
func (m *stubModel) Stopped() bool                  { return m.stopped }
func (m *stubModel) LearningRate() (float64, error) { return float64(m.rate), nil }
func (m *stubModel) Params() callbacks.Params       { return callbacks.Params{} }
func (m *stubModel) Out() io.Writer                 { return &m.out }
func (m *stubModel) Warn(string)                    { m.warned++ }
func (m *stubModel) SetLearningRate(r float64) error {
	m.rate = float32(r)
	return nil
}
func (m *stubModel) Save(path string) error {
	m.events = append(m.events, "save "+path)
	return nil
}
func (m *stubModel) SaveWeights(path string) error {
	m.events = append(m.events, "save_weights "+path)
	return nil
}
func (m *stubModel) Weights() []*tensor.Tensor { return []*tensor.Tensor{tensor.Scalar(m.weights)} }
func (m *stubModel) SetWeights(w []*tensor.Tensor) error {
	m.weights = w[0].Float32s()[0]
	m.events = append(m.events, fmt.Sprintf("weights %g", m.weights))
	return nil
}
func (m *stubModel) MetricDirection(name string) (maximize, known bool) {
	return name == "accuracy", name == "accuracy" || name == "mse" || name == "loss"
}

// widen turns recorded float32 numbers into logs.
func widen(m map[string]num) callbacks.Logs {
	logs := callbacks.Logs{}
	for k, v := range m {
		logs[k] = float64(float32(v))
	}
	return logs
}

// TestCallbacks holds text, files, learning rates, saves and stops of scripted runs
// against Keras's.
func TestCallbacks(t *testing.T) {
	all := newTally()
	for i, c := range loadCases[callbackCase](t, "callbacks") {
		all.count[c.Callback]++
		t.Run(fmt.Sprintf("%d/%s", i, c.Callback), func(t *testing.T) {
			t.Chdir(t.TempDir())
			if c.Callback == "RemoteMonitor" {
				c.serve(t)
			}
			list, err := makeCallback(c)
			if c.Refused {
				if err == nil {
					t.Errorf("%v was accepted, Keras refuses it", c.Args)
				}
				return
			}
			if err != nil {
				t.Fatalf("%v: %v", c.Args, err)
			}
			m := &stubModel{rate: float32(c.Rate)}
			list.SetModel(m)
			for r, run := range c.Runs {
				runCallback(t, fmt.Sprintf("run %d", r), list, m, run, c.Tests)
				if b, ok := list[0].(*callbacks.TensorBoard); ok {
					compareEvents(t, run.TensorBoard, eventsOf(t, b.LogDir))
				}
			}
			if t.Failed() {
				t.Logf("%v", c.Args)
			}
		})
	}
	all.report(t)
}

// makeCallback decodes the arguments as a description would be. A schedule is a
// function, which only Go can give.
func makeCallback(c callbackCase) (callbacks.List, error) {
	if f, ok := c.Args["schedule"].(string); ok {
		return callbacks.NewList(callbacks.LearningRateScheduler{Schedule: rateFuncs[f], Verbose: int(c.Args["verbose"].(float64))})
	}
	text, err := json.Marshal(map[string]any{c.Callback: c.Args})
	if err != nil {
		return nil, err
	}
	node, errs := spec.Parse("case.json", text)
	if len(errs) > 0 {
		return nil, errs
	}
	v, errs := spec.Decode(node, "callback")
	if len(errs) > 0 {
		return nil, errs
	}
	return callbacks.NewList(v)
}

func runCallback(t *testing.T, name string, list callbacks.List, m *stubModel, run callbackRun, tests bool) {
	t.Helper()
	m.stopped, m.events, m.warned, m.first = false, nil, 0, 0
	m.out.Reset()
	epochs := 0
	err := func() error {
		if err := list.OnTrainBegin(nil); err != nil {
			return err
		}
		logs := callbacks.Logs{}
		for e, in := range run.Input {
			if err := list.OnEpochBegin(e, nil); err != nil {
				return err
			}
			m.weights = float32(e + 1)
			if tests {
				if err := errors.Join(list.OnTestBegin(nil), list.OnTestBatchBegin(0, nil), list.OnTestBatchEnd(0, nil), list.OnTestEnd(widen(in.Logs))); err != nil {
					return err
				}
			}
			for b, batch := range in.Batches {
				if err := errors.Join(list.OnTrainBatchBegin(b, nil), list.OnTrainBatchEnd(b, widen(batch))); err != nil {
					return err
				}
				if m.stopped {
					break
				}
			}
			logs = widen(in.Logs)
			if err := list.OnEpochEnd(e, logs); err != nil {
				return err
			}
			if e < len(run.Epochs) {
				equal(t, fmt.Sprintf("%s: logs after epoch %d", name, e), fmt.Sprint(widen(run.Epochs[e].Logs)), fmt.Sprint(logs))
				equal(t, fmt.Sprintf("%s: learning rate after epoch %d", name, e), float32(run.Epochs[e].Rate), m.rate)
			}
			epochs++
			if m.stopped {
				break
			}
		}
		return list.OnTrainEnd(logs)
	}()
	if (err != nil) != run.Error {
		t.Fatalf("%s: error %v, Keras raises: %v", name, err, run.Error)
	}
	equal(t, name+": epochs", len(run.Epochs), epochs)
	equal(t, name+": stopped", run.Stopped, m.stopped)
	equal(t, name+": text", run.Out, m.out.String())
	equal(t, name+": events", append([]string{}, run.Events...), append([]string{}, m.events...))
	equal(t, name+": warnings", run.Warnings, m.warned)
	files := map[string]string{}
	for f := range maps.Keys(run.Files) {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Error(err)
		}
		files[f] = string(b)
	}
	equal(t, name+": epoch of the backup", run.InitialEpoch, m.first)
	if len(run.Files) > 0 {
		equal(t, name+": files", run.Files, files)
	}
	if e, ok := list[0].(*callbacks.EarlyStopping); ok && run.Wait != nil {
		equal(t, name+": wait", *run.Wait, e.Wait)
		equal(t, name+": stopped_epoch", *run.StoppedEpoch, e.StoppedEpoch)
		equal(t, name+": best_epoch", *run.BestEpoch, e.BestEpoch)
	}
}

func equal[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-Keras +kerasgo):\n%s", what, d)
	}
}
