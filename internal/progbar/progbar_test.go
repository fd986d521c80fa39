package progbar

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type event struct {
	Kind     string
	NS       int64
	Index    int
	Current  int
	Finalize bool
	Logs     [][2]string
}

// logs parses the recorded values.
func (e event) logs(t *testing.T) []Log {
	var logs []Log
	for _, l := range e.Logs {
		v, err := strconv.ParseFloat(l[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		logs = append(logs, Log{l[0], v})
	}
	return logs
}

type recording struct {
	Keras string
	Bars  []struct {
		Name, Unit             string
		Target, Width, Verbose int
		Dynamic                bool
		Events                 []event
		Out                    string
	}
	Sessions []struct {
		Name                   string
		Verbose, Epochs, Steps int
		Events                 []event
		Out                    string
	}
}

func readRecording(t *testing.T) recording {
	t.Helper()
	f, err := os.Open("testdata/progbar.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var r recording
	if err := json.NewDecoder(z).Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

// fakeClock is a clock the test moves.
type fakeClock struct{ ns int64 }

func (c *fakeClock) now() time.Time { return time.Unix(1000, c.ns) }

func TestBarWritesKerasBytes(t *testing.T) {
	r := readRecording(t)
	if len(r.Bars) < 40 {
		t.Fatalf("only %d recorded bars", len(r.Bars))
	}
	for _, c := range r.Bars {
		t.Run(c.Name, func(t *testing.T) {
			mode := Line
			if c.Verbose == 1 {
				mode = Static
				if c.Dynamic {
					mode = Dynamic
				}
			}
			var out bytes.Buffer
			clock := &fakeClock{}
			b := New(Options{Out: &out, Target: c.Target, Mode: mode, Width: c.Width, Unit: c.Unit, Now: clock.now})
			for _, e := range c.Events {
				clock.ns = e.NS
				if err := b.Update(e.Current, e.logs(t), e.Finalize); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(c.Out, out.String()); diff != "" {
				t.Errorf("(-Keras +ours):\n%s", diff)
			}
		})
	}
}

func TestLoggerWritesKerasBytes(t *testing.T) {
	r := readRecording(t)
	for _, c := range r.Sessions {
		t.Run(fmt.Sprintf("%s verbose %d", c.Name, c.Verbose), func(t *testing.T) {
			var out bytes.Buffer
			clock := &fakeClock{}
			l := &Logger{Out: &out, Mode: []Mode{Silent, Dynamic, Line}[c.Verbose], Epochs: c.Epochs, Steps: c.Steps, Now: clock.now}
			inFit := false
			for _, e := range c.Events {
				clock.ns = e.NS
				var err error
				switch kind := e.Kind; {
				case kind == "train_begin":
					inFit = true
				case strings.HasPrefix(kind, "test_") && inFit: // validation is silent
				case strings.HasSuffix(kind, "_begin"):
					err = l.EpochBegin(e.Index)
				case strings.HasSuffix(kind, "batch_end"):
					err = l.BatchEnd(e.Index, e.logs(t))
				case strings.HasSuffix(kind, "_end"):
					err = l.EpochEnd(e.logs(t))
				default:
					t.Fatalf("unknown event %q", kind)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(c.Out, out.String()); diff != "" {
				t.Errorf("(-Keras +ours):\n%s", diff)
			}
		})
	}
}

func TestLineHasNoControlCharacters(t *testing.T) {
	var out bytes.Buffer
	t.Setenv("GONB_PIPE", "")
	mode := Auto(&out)
	l := &Logger{Out: &out, Mode: mode, Epochs: 2, Steps: 3}
	for epoch := range 2 {
		for batch := range 3 {
			if batch == 0 {
				if err := l.EpochBegin(epoch); err != nil {
					t.Fatal(err)
				}
			}
			if err := l.BatchEnd(batch, Sorted(map[string]float64{"loss": 1, "accuracy": 0.5})); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.EpochEnd(Sorted(map[string]float64{"loss": 1, "accuracy": 0.5})); err != nil {
			t.Fatal(err)
		}
	}
	if strings.ContainsAny(out.String(), "\b\r\x1b") {
		t.Errorf("control characters in %q", out.String())
	}
	if got := strings.Count(out.String(), "\n"); got != 4 {
		t.Errorf("%d lines, want 4: %q", got, out.String())
	}
	if !strings.Contains(out.String(), "accuracy: 0.5000 - loss: 1.0000") {
		t.Errorf("logs not sorted: %q", out.String())
	}
}

func TestAuto(t *testing.T) {
	t.Setenv("GONB_PIPE", "")
	f, err := os.Create(t.TempDir() + "/log")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := Auto(f); got != Line {
		t.Errorf("file: mode %d, want Line", got)
	}
	t.Setenv("GONB_PIPE", "/tmp/pipe")
	if got := Auto(f); got != Dynamic {
		t.Errorf("notebook: mode %d, want Dynamic", got)
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken pipe")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteErrorIsReturned(t *testing.T) {
	l := &Logger{Out: brokenWriter{}, Epochs: 2, Steps: 1}
	for name, err := range map[string]error{
		"EpochBegin": l.EpochBegin(0), "BatchEnd": l.BatchEnd(0, nil), "EpochEnd": l.EpochEnd(nil),
	} {
		if !errors.Is(err, errBroken) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestUpdateDoesNotAllocateWhenHidden(t *testing.T) {
	clock := &fakeClock{}
	b := New(Options{Target: 10, Now: clock.now})
	logs := []Log{{"loss", 1}}
	if err := b.Update(1, logs, false); err != nil {
		t.Fatal(err)
	}
	clock.ns++
	if n := testing.AllocsPerRun(100, func() { _ = b.Update(2, logs, false) }); n != 0 {
		t.Errorf("%v allocations per hidden update", n)
	}
}
