package keras_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// augmentation changes images at random in ways that differ in how they are computed.
var augmentation = []any{
	layers.RandomRotation{Factor: 0.1},
	layers.RandomElasticTransform{ValueRange: [2]float64{0, 1}},
	layers.RandAugment{ValueRange: [2]float64{0, 1}},
	layers.CutMix{},
}

// cnn is a small model with random numbers in its step, after the layers given.
func cnn(t testing.TB, first ...any) *keras.Model {
	t.Helper()
	keras.SetRandomSeed(7)
	m := keras.NewSequential(layers.InputLayer{Shape: []int{12, 12, 1}})
	for _, layer := range first {
		m.Add(layer)
	}
	for _, layer := range []any{
		layers.Conv2D{Filters: 8, KernelSize: [2]int{3, 3}},
		layers.BatchNormalization{},
		layers.Activation{Activation: "relu"},
		layers.MaxPooling2D{},
		layers.Flatten{},
		layers.Dense{Units: 32, Activation: "relu"},
		layers.Dropout{Rate: 0.4},
		layers.Dense{Units: 4, Activation: "softmax"},
	} {
		m.Add(layer)
	}
	if err := m.Compile(keras.Compile{Loss: "sparse_categorical_crossentropy", Optimizer: "adam", Metrics: []any{"accuracy"}}); err != nil {
		t.Fatal(err)
	}
	return m
}

func cnnData(t testing.TB) (x, y *tensor.Tensor) {
	t.Helper()
	return made{Make: "uniform", Seed: 3, Shape: []int{150, 12, 12, 1}}.tensor(t), made{Make: "ints", Seed: 4, Shape: []int{150}, Below: 4}.tensor(t)
}

// fingerprint trains a model and returns a hash of its bits.
func fingerprint(t testing.TB) string {
	t.Helper()
	m := cnn(t, augmentation...)
	x, y := cnnData(t)
	history, err := m.Fit(x, y, keras.Fit{Epochs: 2, BatchSize: 32, ValidationSplit: 0.2, Verbose: keras.Silent})
	if err != nil {
		t.Fatal(err)
	}
	h := fnv.New128a()
	for _, w := range m.GetWeights() {
		for _, v := range w.Float32s() {
			fmt.Fprintf(h, "%08x", math.Float32bits(v))
		}
	}
	for _, k := range history.Keys() {
		fmt.Fprintln(h, k, history.History[k])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// TestSameBitsForAnyThreads trains the same model in processes with different
// numbers of threads.
func TestSameBitsForAnyThreads(t *testing.T) {
	const name = "KERASGO_TEST_FINGERPRINT"
	if os.Getenv(name) != "" {
		fmt.Println("fingerprint:", fingerprint(t))
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	want := fingerprint(t)
	if again := fingerprint(t); again != want {
		t.Errorf("the same seed in the same process: %s and %s", want, again)
	}
	for _, threads := range []string{"1", "2", "3", "8"} {
		c := exec.Command(self, "-test.run=^TestSameBitsForAnyThreads$")
		c.Env = append(os.Environ(), name+"=1", "KERASGO_THREADS="+threads)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if _, got, _ := strings.Cut(string(out), "fingerprint: "); !strings.HasPrefix(got, want) {
			t.Errorf("%s threads: other bits than this process: %s", threads, out)
		}
	}
}

// TestPredictFromManyGoroutines predicts while the model is trained, which must
// not race, and afterwards, which must give every caller the same.
func TestPredictFromManyGoroutines(t *testing.T) {
	m := cnn(t)
	x, y := cnnData(t)
	predict := func(n int) (*tensor.Tensor, error) {
		return m.Predict(x.Slice(0, n), keras.Predict{BatchSize: 16, Verbose: keras.Silent})
	}
	var callers sync.WaitGroup
	stop := make(chan struct{})
	for i := range 6 { // the first calls build the model at the same time
		callers.Go(func() {
			for {
				p, err := predict(20 + i)
				if err != nil || p.Len() != 20+i {
					t.Errorf("Predict: %v, %v", p, err)
					return
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	if _, err := m.Fit(x, y, keras.Fit{Epochs: 2, Verbose: keras.Silent}); err != nil {
		t.Error(err)
	}
	if _, err := m.Evaluate(x, y, keras.Evaluate{Verbose: keras.Silent}); err != nil {
		t.Error(err)
	}
	close(stop)
	callers.Wait()
	want, err := predict(40)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 { // more callers than frames
		callers.Go(func() {
			got, err := predict(40)
			if err != nil {
				t.Error(err)
				return
			}
			for i, v := range got.Float32s() {
				if v != want.Float32s()[i] {
					t.Errorf("element %d is %v, and %v for another caller", i, v, want.Float32s()[i])
					return
				}
			}
		})
	}
	callers.Wait()
}

// TestFitIsExclusive trains twice at the same time.
func TestFitIsExclusive(t *testing.T) {
	m := cnn(t)
	x, y := cnnData(t)
	f := keras.Fit{Verbose: keras.Silent, Callbacks: []any{&onBatch{f: func() error {
		if _, err := m.Fit(x, y, keras.Fit{Out: io.Discard}); err == nil {
			return fmt.Errorf("a second Fit ran inside the first")
		}
		return nil
	}}}}
	if _, err := m.Fit(x, y, f); err != nil {
		t.Fatal(err)
	}
}

// onBatch calls a function after every batch of training.
type onBatch struct {
	callbacks.Base
	f func() error
}

func (c *onBatch) OnTrainBatchEnd(int, callbacks.Logs) error { return c.f() }

// TestStepAllocatesNothing counts the allocations of a training step.
func TestStepAllocatesNothing(t *testing.T) {
	m := cnn(t)
	x, y := cnnData(t)
	n, err := keras.StepAllocs(m, x, y, 32)
	if err != nil {
		t.Fatal(err)
	}
	if n > 0 {
		t.Errorf("%v allocations in a step", n)
	}
}

// TestCancel ends training in its third epoch: the history of the first two comes
// back with the context's error, and the model can be trained on.
func TestCancel(t *testing.T) {
	m := cnn(t)
	x, y := cnnData(t)
	ctx, cancel := context.WithCancel(context.Background())
	batches := 0
	h, err := m.Fit(x, y, keras.Fit{Epochs: 9, BatchSize: 50, Verbose: keras.Silent, Context: ctx, Callbacks: []any{&onBatch{f: func() error {
		if batches++; batches == 7 { // 3 an epoch
			cancel()
		}
		return nil
	}}}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if h == nil || len(h.Epoch) != 2 || len(h.History["loss"]) != 2 {
		t.Errorf("history %+v", h)
	}
	if batches != 7 {
		t.Errorf("%d batches ran", batches)
	}
	if _, err := m.Fit(x, y, keras.Fit{Verbose: keras.Silent}); err != nil {
		t.Error(err)
	}
}
