package keras_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// backupRun is what a child process is told to train.
type backupRun struct {
	Dir     string
	Freq    any // save_freq
	Double  bool
	KillAt  int // batches after which the process kills itself; 0 means never
	Seed    int
	Steps   int // steps_per_epoch
	Shuffle any
	Result  string // file for what was trained
}

// killer ends its process like a power cut.
type killer struct {
	callbacks.Base
	left int
}

func (k *killer) OnTrainBatchEnd(int, callbacks.Logs) error {
	if k.left--; k.left != 0 {
		return nil
	}
	p, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	if err := p.Kill(); err != nil { // SIGKILL
		return err
	}
	select {}
}

// trained is what must be the same bits with and without an interruption.
type trained struct {
	Weights [][]uint32
	Loss    []uint64 // of the epochs of the last run
	Metrics map[string][]uint64
}

func (b backupRun) train() (*trained, error) {
	keras.SetRandomSeed(b.Seed)
	m := keras.NewSequential()
	m.Add(layers.Dense{Units: 8, Activation: "relu", InputShape: []int{4}})
	m.Add(layers.Dropout{Rate: 0.3})
	m.Add(layers.BatchNormalization{})
	m.Add(layers.Dense{Units: 1, Activation: "sigmoid"})
	if err := m.Compile(keras.Compile{
		Loss: "binary_crossentropy", Optimizer: optimizers.Adam{AMSGrad: true, UseEMA: true, GradientAccumulationSteps: 2},
		Metrics: []any{"accuracy", metrics.AUC{}},
	}); err != nil {
		return nil, err
	}
	x, y := tensor.New(tensor.Float32, 50, 4), tensor.New(tensor.Float32, 50, 1)
	for i := range x.Size() {
		x.Float32s()[i] = float32(math.Sin(float64(i * i)))
	}
	for i := range y.Size() {
		y.Float32s()[i] = float32(i % 2)
	}
	f := keras.Fit{BatchSize: 6, Epochs: 5, Verbose: keras.Silent, Shuffle: b.Shuffle, StepsPerEpoch: b.Steps, ValidationData: keras.Data{X: x, Y: y}}
	if b.Dir != "" {
		f.Callbacks = append(f.Callbacks, callbacks.BackupAndRestore{BackupDir: b.Dir, SaveFreq: b.Freq, DoubleCheckpoint: b.Double}, &killer{left: b.KillAt})
	}
	h, err := m.Fit(x, y, f)
	if err != nil {
		return nil, err
	}
	t := &trained{Metrics: map[string][]uint64{}}
	for _, w := range m.GetWeights() {
		var bits []uint32
		for _, v := range w.Float32s() {
			bits = append(bits, math.Float32bits(v))
		}
		t.Weights = append(t.Weights, bits)
	}
	for k, values := range h.History {
		for _, v := range values {
			t.Metrics[k] = append(t.Metrics[k], math.Float64bits(v))
		}
	}
	return t, nil
}

const backupChild = "KERASGO_TEST_BACKUP"

// TestBackupChild is not a test: it is the process that is killed.
func TestBackupChild(t *testing.T) {
	text := os.Getenv(backupChild)
	if text == "" {
		t.Skip("runs in a process of its own")
	}
	var b backupRun
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	if f, ok := b.Freq.(float64); ok {
		b.Freq = int(f)
	}
	got, err := b.train()
	if err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.Result, out, 0o600); err != nil {
		t.Fatal(err)
	}
}

// child trains in another process and reports whether that was killed.
func (b backupRun) child(t *testing.T) (killed bool) {
	t.Helper()
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Args[0], "-test.run=^TestBackupChild$")
	c.Env = append(os.Environ(), backupChild+"="+string(text))
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == -1 {
		return true
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return false
}

// A process that is killed, also twice, and started again ends with the bits of one
// that never was.
func TestBackupAndRestore(t *testing.T) {
	for name, b := range map[string]struct {
		backupRun
		kills []int // batches after which to kill, counted in each process
	}{
		"epochs":                          {backupRun{Freq: "epoch"}, []int{13, 11}},
		"batches":                         {backupRun{Freq: 4, Double: true}, []int{6, 15, 9}},
		"the last batch of an epoch":      {backupRun{Freq: 9}, []int{10}},
		"every batch, in order":           {backupRun{Freq: 1, Shuffle: false}, []int{5, 8}},
		"epochs that begin within a pass": {backupRun{Freq: "epoch", Steps: 5}, []int{8, 7}},
		"batches of such epochs":          {backupRun{Freq: 2, Steps: 7, Shuffle: "batch"}, []int{4, 11}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := b.backupRun
			whole.Seed = 5
			want, err := whole.train()
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			b.Dir, b.Result = filepath.Join(dir, "backup"), filepath.Join(dir, "result.json")
			for i, k := range b.kills {
				b.KillAt, b.Seed = k, 5+i // a backup brings its seed with it
				if !b.child(t) {
					t.Fatalf("process %d was not killed", i)
				}
				if _, err := os.Stat(filepath.Join(b.Dir, "latest.weights.h5")); err != nil {
					t.Fatal(err)
				}
			}
			b.KillAt, b.Seed = 0, 99
			if b.child(t) {
				t.Fatal("killed")
			}
			text, err := os.ReadFile(b.Result)
			if err != nil {
				t.Fatal(err)
			}
			var got trained
			if err := json.Unmarshal(text, &got); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want.Weights, got.Weights); d != "" {
				t.Errorf("weights (-never killed +killed):\n%s", d)
			}
			for k, all := range want.Metrics { // also of the epoch in which it was killed
				if n := len(got.Metrics[k]); n == 0 || n > len(all) {
					t.Errorf("%s: the last process has logged %d epochs of %d", k, n, len(all))
				} else if d := cmp.Diff(all[len(all)-n:], got.Metrics[k]); d != "" {
					t.Errorf("%s (-never killed +killed):\n%s", k, d)
				}
			}
			if _, err := os.Stat(b.Dir); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the backup is still there: %v", err)
			}
		})
	}
}

// A damaged backup is an error, or, with double_checkpoint, no loss.
func TestBackupDamaged(t *testing.T) {
	for _, double := range []bool{false, true} {
		b := backupRun{Dir: filepath.Join(t.TempDir(), "backup"), Freq: "epoch", Double: double, KillAt: 24, Result: os.DevNull}
		if !b.child(t) {
			t.Fatal("not killed")
		}
		file := filepath.Join(b.Dir, "latest.weights.h5")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text[:len(text)/2], 0o600); err != nil {
			t.Fatal(err)
		}
		b.KillAt = 0
		_, err = b.train()
		if double && err != nil {
			t.Error(err)
		}
		if !double && (err == nil || !bytes.Contains([]byte(err.Error()), []byte("latest.weights.h5"))) {
			t.Errorf("error %v names no file", err)
		}
	}
}
