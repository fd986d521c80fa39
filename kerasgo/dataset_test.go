package keras_test

import (
	"errors"
	"math"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// cutBatches is a Dataset over arrays.
type cutBatches struct {
	x, y, w *tensor.Tensor
	batch   int
	n       int // what Len returns
	ends    atomic.Int32
	running atomic.Int32
	most    atomic.Int32
	fail    int // batch that fails
}

func (s *cutBatches) Len() int { return s.n }

func (s *cutBatches) GetItem(i int) (keras.Data, error) {
	s.most.Store(max(s.most.Load(), s.running.Add(1)))
	defer s.running.Add(-1)
	if s.fail > 0 && i == s.fail {
		return keras.Data{}, errors.New("the disk is gone")
	}
	from := i * s.batch % s.x.Len()
	to := min(from+s.batch, s.x.Len())
	d := keras.Data{X: s.x.Slice(from, to)}
	if s.y != nil {
		d.Y = s.y.Slice(from, to)
	}
	if s.w != nil {
		d.SampleWeight = s.w.Slice(from, to)
	}
	return d, nil
}

func (s *cutBatches) OnEpochEnd() {
	if s.running.Load() != 0 {
		panic("a batch is being made")
	}
	s.ends.Add(1)
}

func regressionData(n int) (x, y *tensor.Tensor) {
	x, y = tensor.New(tensor.Float32, n, 3), tensor.New(tensor.Float32, n, 1)
	for i := range n {
		for k := range 3 {
			x.Float32s()[3*i+k] = float32(math.Sin(float64(7*i + 3*k)))
		}
		y.Float32s()[i] = x.Float32s()[3*i] - x.Float32s()[3*i+2]
	}
	return x, y
}

func regression(t *testing.T) *keras.Model {
	t.Helper()
	keras.SetRandomSeed(3)
	m := keras.NewSequential()
	m.Add(layers.Dense{Units: 4, Activation: "tanh"})
	m.Add(layers.Dropout{Rate: 0.2})
	m.Add(layers.Dense{Units: 1})
	if err := m.Compile(keras.Compile{Loss: "mse", Optimizer: "adam", Metrics: []any{"mae"}}); err != nil {
		t.Fatal(err)
	}
	return m
}

// The batches of a Dataset train to the bits of the same batches cut from arrays, with
// any number of workers.
func TestDatasetEqualsArrays(t *testing.T) {
	x, y := regressionData(23)
	w := tensor.New(tensor.Float32, 23)
	for i := range 23 {
		w.Float32s()[i] = float32(i%4) / 2
	}
	for _, workers := range []int{0, 1, 4} {
		a, b := regression(t), regression(t)
		f := keras.Fit{Epochs: 3, Verbose: keras.Silent, Shuffle: false}
		g := f
		f.BatchSize, f.SampleWeight, f.ValidationData = 5, w, keras.Data{X: x, Y: y}
		set, val := &cutBatches{x: x, y: y, w: w, batch: 5, n: 5}, &cutBatches{x: x, y: y, batch: 5, n: 5}
		g.ValidationData.X = val
		want, err := a.Fit(x, y, f)
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.Fit(keras.PyDataset{Dataset: set, Workers: workers, MaxQueueSize: 3}, nil, g)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want.History, got.History); d != "" {
			t.Errorf("%d workers (-arrays +Dataset):\n%s", workers, d)
		}
		if set.ends.Load() != 3 || val.ends.Load() != 3 || int(set.most.Load()) > max(workers, 1) {
			t.Errorf("%d workers: %d and %d ends of epochs, %d calls at a time", workers, set.ends.Load(), val.ends.Load(), set.most.Load())
		}
		va, err1 := a.Evaluate(x, y, keras.Evaluate{BatchSize: 5, Verbose: keras.Silent})
		vb, err2 := b.Evaluate(val, nil, keras.Evaluate{Verbose: keras.Silent})
		if d := cmp.Diff(va, vb); d != "" || err1 != nil || err2 != nil {
			t.Errorf("Evaluate: %v %v\n%s", err1, err2, d)
		}
		pa, err1 := a.Predict(x, keras.Predict{Verbose: keras.Silent})
		pb, err2 := b.Predict(set, keras.Predict{Verbose: keras.Silent})
		if err1 != nil || err2 != nil || !cmp.Equal(pa.Float32s(), pb.Float32s()) {
			t.Errorf("Predict: %v %v", err1, err2)
		}
		if p, err := a.PredictOnBatch(x); err != nil || p.Len() != x.Len() {
			t.Errorf("PredictOnBatch: %v", err)
		}
	}
}

// Without end the batches go on from epoch to epoch; shuffled, the batches of a finite
// Dataset come in another order in each epoch, but the same for the same seed.
func TestDatasetOrder(t *testing.T) {
	x, y := regressionData(40)
	endless := &cutBatches{x: x, y: y, batch: 5, n: -1}
	h, err := regression(t).Fit(endless, nil, keras.Fit{Epochs: 2, StepsPerEpoch: 6, Verbose: keras.Silent})
	if err != nil {
		t.Fatal(err)
	}
	double := regression(t)
	xx, yy := tensor.New(tensor.Float32, 60, 3), tensor.New(tensor.Float32, 60, 1)
	copy(xx.Float32s()[copy(xx.Float32s(), x.Float32s()):], x.Float32s())
	copy(yy.Float32s()[copy(yy.Float32s(), y.Float32s()):], y.Float32s())
	want, err := double.Fit(xx, yy, keras.Fit{Epochs: 2, StepsPerEpoch: 6, BatchSize: 5, Verbose: keras.Silent, Shuffle: false})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want.History, h.History); d != "" {
		t.Errorf("without end (-arrays +Dataset):\n%s", d)
	}
	run := func(shuffle any) map[string][]float64 {
		h, err := regression(t).Fit(&cutBatches{x: x, y: y, batch: 5, n: 8}, nil, keras.Fit{Epochs: 2, Verbose: keras.Silent, Shuffle: shuffle})
		if err != nil {
			t.Fatal(err)
		}
		return h.History
	}
	if !cmp.Equal(run(nil), run(true)) || cmp.Equal(run(nil), run(false)) {
		t.Error("the order of the batches")
	}
}

// A backup within an epoch goes on with the next batch.
func TestDatasetBackup(t *testing.T) {
	x, y := regressionData(40)
	for _, n := range []int{8, -1} {
		fit := func(m *keras.Model, c ...any) (*keras.History, error) {
			f := keras.Fit{Epochs: 3, Verbose: keras.Silent, Callbacks: c}
			if n < 0 {
				f.StepsPerEpoch = 7
			}
			return m.Fit(&cutBatches{x: x, y: y, batch: 5, n: n}, nil, f)
		}
		whole := regression(t)
		if _, err := fit(whole); err != nil {
			t.Fatal(err)
		}
		backup := callbacks.BackupAndRestore{BackupDir: t.TempDir(), SaveFreq: 1}
		left := 11
		stop := &callbacks.LambdaCallback{TrainBatchEnd: func(int, callbacks.Logs) error {
			if left--; left == 0 {
				return errors.New("stop")
			}
			return nil
		}}
		if _, err := fit(regression(t), backup, stop); err == nil {
			t.Fatal("it did not stop")
		}
		m := regression(t)
		if _, err := fit(m, backup); err != nil {
			t.Fatal(err)
		}
		for i, w := range m.GetWeights() {
			if !cmp.Equal(whole.GetWeights()[i].Float32s(), w.Float32s()) {
				t.Errorf("Len %d: weight %d is another", n, i)
			}
		}
	}
}

func TestDatasetErrors(t *testing.T) {
	x, y := regressionData(20)
	set := func(n int) *cutBatches { return &cutBatches{x: x, y: y, batch: 5, n: n} }
	failing := set(4)
	failing.fail = 2
	for want, c := range map[string]struct {
		x, y any
		f    keras.Fit
	}{
		"y must be nil when x is a Dataset":        {set(4), y, keras.Fit{}},
		"sample weights must be nil":               {set(4), nil, keras.Fit{SampleWeight: y}},
		"batch_size must not be given":             {set(4), nil, keras.Fit{BatchSize: 5}},
		"validation_split works for arrays only":   {set(4), nil, keras.Fit{ValidationSplit: 0.5}},
		"steps_per_epoch must be given":            {set(-1), nil, keras.Fit{}},
		"the Dataset has no batches":               {set(0), nil, keras.Fit{}},
		"batch 2 of the Dataset: the disk is gone": {failing, nil, keras.Fit{}},
		"validation_steps must be given":           {set(4), nil, keras.Fit{ValidationData: keras.Data{X: set(-1)}}},
		"validation_batch_size must not be given":  {set(4), nil, keras.Fit{ValidationData: keras.Data{X: set(2)}, ValidationBatchSize: 3}},
		"both must not be negative":                {keras.PyDataset{Dataset: set(4), Workers: -1}, nil, keras.Fit{}},
	} {
		c.f.Verbose = keras.Silent
		if _, err := regression(t).Fit(c.x, c.y, c.f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// fresh makes batches that exist nowhere else.
type fresh struct{ n int }

func (f fresh) Len() int { return f.n }

func (f fresh) GetItem(int) (keras.Data, error) {
	return keras.Data{X: tensor.New(tensor.Float32, 1000, 64), Y: tensor.New(tensor.Float32, 1000, 1)}, nil
}

// 128 MB of rows go through Evaluate, and twice as many do not need more memory.
func TestDatasetMemory(t *testing.T) {
	m := keras.NewSequential()
	m.Add(layers.Dense{Units: 1})
	if err := m.Compile(keras.Compile{Loss: "mse"}); err != nil {
		t.Fatal(err)
	}
	const batches = 500
	var most [2]uint64
	look := &callbacks.LambdaCallback{TestBatchEnd: func(batch int, _ callbacks.Logs) error {
		if batch%50 == 0 {
			var s runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&s)
			most[batch*2/batches] = max(most[batch*2/batches], s.HeapAlloc)
		}
		return nil
	}}
	if _, err := m.Evaluate(fresh{batches}, nil, keras.Evaluate{Verbose: keras.Silent, Callbacks: []any{look}}); err != nil {
		t.Fatal(err)
	}
	if first, second := most[0], most[1]; second > first+(8<<20) {
		t.Errorf("%d bytes in use in the first half, %d in the second", first, second)
	}
}
