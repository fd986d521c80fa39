package keras_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
)

// outputCase is a recorded model with what Keras printed while it was used.
type outputCase struct {
	Name    string
	Model   string
	Compile json.RawMessage
	Seed    int
	Weights [][]int
	Actions []struct {
		Do, Out string
		Args    json.RawMessage
	}
}

// tick lets the time go on before every batch, as the recorder does.
type tick struct {
	callbacks.Base
	now *time.Time
}

func (c *tick) OnTrainBatchBegin(int, callbacks.Logs) error {
	*c.now = c.now.Add(120 * time.Millisecond)
	return nil
}

func (c *tick) OnTestBatchBegin(int, callbacks.Logs) error {
	*c.now = c.now.Add(30 * time.Millisecond)
	return nil
}

func (c *tick) OnPredictBatchBegin(int, callbacks.Logs) error {
	*c.now = c.now.Add(30 * time.Millisecond)
	return nil
}

// TestOutput holds the printed bytes of Fit, Evaluate and Predict, messages of
// callbacks included, against Keras on a terminal.
func TestOutput(t *testing.T) {
	t.Setenv("GONB_PIPE", "x") // a notebook: as on a terminal
	replayOutput(t, func(string) bool { return true }, func(verbose int) int { return verbose })
}

// TestOutputOffTerminal writes to what is no terminal: verbose 1 prints the plain
// lines of verbose 2.
func TestOutputOffTerminal(t *testing.T) {
	t.Setenv("GONB_PIPE", "")
	replayOutput(t, func(name string) bool { return strings.HasSuffix(name, "verbose 2") }, func(int) int { return 1 })
}

func replayOutput(t *testing.T, wanted func(name string) bool, verbosity func(recorded int) int) {
	for _, c := range golden[outputCase](t, "output.json.gz") {
		if !wanted(c.Name) {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			m := decodeModel(t, c.Model)
			if err := m.Compile(decodeCompile(t, c.Compile)); err != nil {
				t.Fatal(err)
			}
			if err := m.Build(); err != nil {
				t.Fatal(err)
			}
			start(t, m, c.Weights, c.Seed)
			now := time.Unix(1000, 0)
			keras.SetClock(m, func() time.Time { return now })
			for _, a := range c.Actions {
				var args callArgs
				parse(t, a.Args, &args)
				x, y := arrays(t, args.X), arrays(t, args.Y)
				var out bytes.Buffer
				var err error
				verbose := verbosity(args.Verbose)
				if verbose == 0 {
					verbose = keras.Silent
				}
				switch a.Do {
				case "fit":
					f := args.fit(t)
					f.Callbacks = append([]any{&tick{now: &now}}, decodeCallbacks(t, args.Callbacks, "")...)
					f.Verbose, f.Out = verbose, &out
					_, err = m.Fit(x, y, f)
				case "evaluate":
					_, err = m.Evaluate(x, y, keras.Evaluate{BatchSize: args.Batch, Steps: args.Steps, Verbose: verbose, Out: &out, Callbacks: []any{&tick{now: &now}}})
				case "predict":
					_, err = m.Predict(x, keras.Predict{BatchSize: args.Batch, Steps: args.Steps, Verbose: verbose, Out: &out, Callbacks: []any{&tick{now: &now}}})
				}
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(a.Out, out.String()); diff != "" {
					t.Errorf("%s (-Keras +got):\n%s", a.Do, diff)
				}
			}
		})
	}
}
