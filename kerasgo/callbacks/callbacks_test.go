package callbacks_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers/schedules"
)

// model is the least that callbacks need.
type model struct {
	stopped bool
	rate    float64
	out     io.Writer
}

func (m *model) StopTraining()                                 { m.stopped = true }
func (m *model) Stopped() bool                                 { return m.stopped }
func (m *model) LearningRate() (float64, error)                { return m.rate, nil }
func (m *model) SetLearningRate(r float64) error               { m.rate = r; return nil }
func (m *model) Save(string) error                             { return nil }
func (m *model) SaveWeights(string) error                      { return nil }
func (m *model) Weights() []*tensor.Tensor                     { return nil }
func (m *model) SetWeights([]*tensor.Tensor) error             { return nil }
func (m *model) MetricDirection(string) (maximize, known bool) { return false, false }
func (m *model) Params() callbacks.Params                      { return callbacks.Params{Epochs: 3, Steps: 7} }
func (m *model) Out() io.Writer                                { return m.out }

// stopAt is a callback of a user's own.
type stopAt struct {
	callbacks.Base
	Loss float64
}

func (s *stopAt) OnEpochEnd(_ int, logs callbacks.Logs) error {
	if logs["loss"] < s.Loss {
		s.Model().StopTraining()
	}
	return nil
}

func TestListCallsInOrder(t *testing.T) {
	var calls []string
	note := func(name string) *callbacks.LambdaCallback {
		say := func(hook string) func(callbacks.Logs) error {
			return func(callbacks.Logs) error { calls = append(calls, name+hook); return nil }
		}
		sayAt := func(hook string) func(int, callbacks.Logs) error {
			return func(i int, _ callbacks.Logs) error { calls = append(calls, fmt.Sprint(name, hook, i)); return nil }
		}
		return &callbacks.LambdaCallback{
			TrainBegin: say("+"), TrainEnd: say("-"), EpochBegin: sayAt("e+"), EpochEnd: sayAt("e-"),
			TrainBatchBegin: sayAt("b+"), TrainBatchEnd: sayAt("b-"),
		}
	}
	history := &callbacks.History{}
	l, err := callbacks.NewList(note("A"), note("B"), history)
	if err != nil {
		t.Fatal(err)
	}
	m := &model{out: io.Discard}
	l.SetModel(m)
	logs := callbacks.Logs{"loss": 1, "accuracy": 0.5, "learning_rate": 0.1}
	if err := errors.Join(
		l.OnTrainBegin(nil), l.OnEpochBegin(4, nil), l.OnTrainBatchBegin(0, nil), l.OnTrainBatchEnd(0, logs), l.OnTestBegin(nil), l.OnTestBatchBegin(0, nil),
		l.OnTestBatchEnd(0, nil), l.OnTestEnd(nil), l.OnEpochEnd(4, logs), l.OnTrainEnd(logs), l.OnPredictBegin(nil), l.OnPredictBatchBegin(0, nil),
		l.OnPredictBatchEnd(0, nil), l.OnPredictEnd(nil),
	); err != nil {
		t.Fatal(err)
	}
	want := "A+ B+ Ae+4 Be+4 Ab+0 Bb+0 Ab-0 Bb-0 Ae-4 Be-4 A- B-"
	if got := strings.Join(calls, " "); got != want {
		t.Errorf("calls %s, want %s", got, want)
	}
	if d := cmp.Diff([]int{4}, history.Epoch); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string][]float64{"loss": {1}, "accuracy": {0.5}, "learning_rate": {0.1}}, history.History); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"accuracy", "loss", "learning_rate"}, history.Keys()); d != "" {
		t.Error(d)
	}
	if history.Params.Steps != 7 {
		t.Errorf("params %+v", history.Params)
	}
}

func TestListStopsAtAnError(t *testing.T) {
	broken := errors.New("broken")
	l, err := callbacks.NewList(
		&callbacks.LambdaCallback{EpochEnd: func(int, callbacks.Logs) error { return broken }},
		&callbacks.LambdaCallback{EpochEnd: func(int, callbacks.Logs) error { t.Error("called after an error"); return nil }},
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.OnEpochEnd(0, nil); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func TestForms(t *testing.T) {
	shared := &callbacks.EarlyStopping{Monitor: "loss"}
	value := callbacks.EarlyStopping{Monitor: "loss"}
	l, err := callbacks.NewList("TerminateOnNaN", value, shared, stopAt{Loss: 0.5}, callbacks.List{&stopAt{Loss: 0.1}})
	if err != nil {
		t.Fatal(err)
	}
	m := &model{out: io.Discard}
	l.SetModel(m)
	for epoch, loss := range []float64{1, 2} {
		if err := l.OnEpochEnd(epoch, callbacks.Logs{"loss": loss}); err != nil {
			t.Fatal(err)
		}
	}
	if !m.stopped || shared.StoppedEpoch != 1 || value.StoppedEpoch != 0 {
		t.Errorf("stopped %v, pointer %d, value %d", m.stopped, shared.StoppedEpoch, value.StoppedEpoch)
	}
	m.stopped = false
	if err := l[3].OnEpochEnd(2, callbacks.Logs{"loss": 0.4}); err != nil || !m.stopped {
		t.Errorf("own callback: %v, stopped %v", err, m.stopped)
	}
}

func TestRefused(t *testing.T) {
	for want, item := range map[string]any{
		"callbacks: ReduceLROnPlateau: factor wants less than 1, got 1":            callbacks.ReduceLROnPlateau{Factor: new(1.0)},
		"callbacks: ModelCheckpoint: filepath \"m.txt\" must end in .keras or .h5": callbacks.ModelCheckpoint{Filepath: "m.txt"},
		"callbacks: CSVLogger: separator wants one character, got \"ab\"":          callbacks.CSVLogger{Filename: "x", Separator: "ab"},
		"callbacks: ExponentialDecay is no callback but a schedule":                schedules.ExponentialDecay{},
		"callbacks: int is no callback: embed callbacks.Base":                      3,
		"callbacks: nil is no callback":                                            nil,
		"ModelCheckpoint needs filepath":                                           callbacks.ModelCheckpoint{},
		"mode \"up\" is not one of \"auto\", \"min\", \"max\"":                     callbacks.EarlyStopping{Mode: "up"},
		"callbacks: LearningRateScheduler: schedule wants a schedule such as ExponentialDecay, or in Go a func(epoch int, rate float64) float64; got 0.1": callbacks.LearningRateScheduler{Schedule: 0.1},
	} {
		_, err := callbacks.NewList(item)
		if err == nil || err.Error() != want {
			t.Errorf("%T: error %v, want %s", item, err, want)
		}
	}
}

// TestScheduleObject: where no function can be written, a schedule is asked with the
// epoch.
func TestScheduleObject(t *testing.T) {
	l, err := callbacks.NewList(callbacks.LearningRateScheduler{
		Schedule: schedules.ExponentialDecay{InitialLearningRate: 1, DecaySteps: 1, DecayRate: 0.5}, Verbose: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	m := &model{out: &out}
	l.SetModel(m)
	logs := callbacks.Logs{}
	if err := errors.Join(l.OnEpochBegin(3, nil), l.OnEpochEnd(3, logs)); err != nil {
		t.Fatal(err)
	}
	if want := "\nEpoch 4: LearningRateScheduler setting learning rate to 0.125.\n"; out.String() != want || logs["learning_rate"] != 0.125 {
		t.Errorf("%q, logs %v", out.String(), logs)
	}
}

// TestCheckpointDirectory: a directory in the place of the file is named.
func TestCheckpointDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("m.keras", 0o777); err != nil {
		t.Fatal(err)
	}
	l, err := callbacks.NewList(callbacks.ModelCheckpoint{Filepath: "m.keras"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetModel(&model{out: io.Discard})
	err = l.OnEpochEnd(0, callbacks.Logs{"val_loss": 1})
	if want := `ModelCheckpoint: filepath "m.keras" is a directory`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
