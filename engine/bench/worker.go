package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/kerasgo/kerasgo/engine/bench/workloads"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/npy"
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
)

// warmUp is how many steps run before any is timed.
const warmUp = 5

// task is what a worker is told to do. The Python peers take the same flags.
type task struct {
	workload, mode string
	batch          int
	seconds        float64
	profile        bool
	policy         string
	busy           int
	export         string
}

func (t *task) flags(f *flag.FlagSet) {
	f.StringVar(&t.workload, "workload", "cnn", "`name` of the workload")
	f.StringVar(&t.mode, "mode", "train", "train: steps of Fit; predict: calls of PredictOnBatch")
	f.IntVar(&t.batch, "batch", 0, "samples of a step (default the workload's)")
	f.Float64Var(&t.seconds, "seconds", 5, "how long to measure, after warming up")
	f.BoolVar(&t.profile, "profile", false, "tell where the time goes")
	f.StringVar(&t.policy, "policy", "", "dtype `policy` of layers that name none, such as mixed_bfloat16")
	f.IntVar(&t.busy, "busy", 0, "`processes` that keep a processor each busy meanwhile")
	f.StringVar(&t.export, "export", "", "measure nothing; write model.json, settings.json, x.npy and y.npy for a peer into `folder`")
}

// worker runs one workload in this process and prints one line of JSON.
func worker(args []string, out, messages io.Writer) error {
	var t task
	f := flag.NewFlagSet("worker", flag.ContinueOnError)
	f.SetOutput(messages)
	t.flags(f)
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	w, err := workloads.Find(t.workload)
	if err != nil {
		return err
	}
	if t.batch == 0 {
		t.batch = w.Batch
	}
	if t.batch < 0 || t.seconds <= 0 || t.busy < 0 {
		return errors.New("-batch and -seconds must be positive, -busy not negative")
	}
	if err := keras.SetDTypePolicy(t.policy); err != nil {
		return err
	}
	defer keras.SetDTypePolicy("")
	keras.SetRandomSeed(1)
	m, err := w.Compiled()
	if err != nil {
		return err
	}
	x, y, err := w.Data(max(t.batch, w.Batch*w.Batches))
	if err != nil {
		return err
	}
	if t.export != "" {
		return export(t.export, w, m, x, y)
	}
	idle, err := startBusy(t.busy)
	if err != nil {
		return err
	}
	defer idle()
	result, err := t.measure(m, x, y)
	if err != nil {
		return fmt.Errorf("%s: %w", w.Name, err)
	}
	if t.profile {
		for _, p := range result.Profile {
			fmt.Fprintf(messages, "%s: %d steps, %d phases\n%s", p.Mode, p.Runs, p.Phases, run.ProfileTable(p.Steps, p.Runs))
		}
	}
	return json.NewEncoder(out).Encode(result)
}

// measure trains or predicts for the given time.
func (t task) measure(m *keras.Model, x, y *tensor.Tensor) (result, error) {
	var times []float64
	var err error
	switch t.mode {
	case "train":
		times, err = t.train(m, x, y)
	case "predict":
		times, err = t.predict(m, x)
	default:
		err = fmt.Errorf("no mode %q; there are train and predict", t.mode)
	}
	if err != nil {
		return result{}, err
	}
	r := summarize(times)
	r.Contender, r.Workload, r.Mode, r.Batch, r.Threads = "kerasgo", t.workload, t.mode, t.batch, run.Default().Size()
	r.PeakMiB = ownPeakMemory()
	r.Versions = fmt.Sprintf("kerasgo, %s kernels, %s", kernel.ISA(), runtime.Version())
	r.Profile = m.Profiles()
	return r, nil
}

// train fits, a few steps to warm up and then until the time is over, and returns the milliseconds from one batch's end to the next, within an epoch.
func (t task) train(m *keras.Model, x, y *tensor.Tensor) ([]float64, error) {
	full := x.Len() / t.batch * t.batch // no short batch at the end
	fit := func(c *stepClock) error {
		_, err := m.Fit(x.Slice(0, full), y.Slice(0, full), keras.Fit{BatchSize: t.batch, Epochs: 1 << 30, Verbose: keras.Silent, Callbacks: []any{c}})
		return err
	}
	if err := fit(&stepClock{atLeast: warmUp}); err != nil {
		return nil, err
	}
	m.SetProfiling(t.profile)
	c := &stepClock{atLeast: 1, until: time.Now().Add(time.Duration(t.seconds * float64(time.Second)))}
	err := fit(c)
	return c.times, err
}

// stepClock times the steps of Fit and ends it.
type stepClock struct {
	callbacks.Base
	atLeast int       // times
	until   time.Time // when to end
	last    time.Time // when the last batch of this epoch ended
	times   []float64
}

func (c *stepClock) OnEpochBegin(int, callbacks.Logs) error {
	c.last = time.Time{}
	return nil
}

func (c *stepClock) OnTrainBatchEnd(int, callbacks.Logs) error {
	now := time.Now()
	if !c.last.IsZero() {
		c.times = append(c.times, 1e3*now.Sub(c.last).Seconds())
	}
	if len(c.times) >= c.atLeast && now.After(c.until) {
		c.Model().StopTraining()
	}
	c.last = time.Now()
	return nil
}

// predict calls PredictOnBatch on one batch after another and returns the milliseconds of each call.
func (t task) predict(m *keras.Model, x *tensor.Tensor) ([]float64, error) {
	var times []float64
	var deadline time.Time
	batches := x.Len() / t.batch
	for i := 0; i <= warmUp || time.Now().Before(deadline); i++ {
		if i == warmUp {
			deadline = time.Now().Add(time.Duration(t.seconds * float64(time.Second)))
			m.SetProfiling(t.profile)
		}
		at := i % batches * t.batch
		start := time.Now()
		if _, err := m.PredictOnBatch(x.Slice(at, at+t.batch)); err != nil {
			return nil, err
		}
		if i >= warmUp {
			times = append(times, 1e3*time.Since(start).Seconds())
		}
	}
	return times, nil
}

// export writes what a peer needs to do the same, and a saved model with one sample.
func export(dir string, w workloads.Workload, m *keras.Model, x, y *tensor.Tensor) error {
	model, err := m.ToJSON()
	if err != nil {
		return err
	}
	settings, err := json.Marshal(w.Settings())
	if err != nil {
		return err
	}
	return errors.Join(
		os.MkdirAll(dir, 0o755),
		os.WriteFile(filepath.Join(dir, "model.json"), []byte(model), 0o644),
		os.WriteFile(filepath.Join(dir, "settings.json"), settings, 0o644),
		npy.WriteFile(filepath.Join(dir, "x.npy"), x),
		npy.WriteFile(filepath.Join(dir, "y.npy"), y),
		m.Save(filepath.Join(dir, "model.keras")),
		npy.WriteFile(filepath.Join(dir, "one.npy"), x.Slice(0, 1)),
	)
}
