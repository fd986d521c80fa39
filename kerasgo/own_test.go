package keras

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// ownCase is a model of testdata/gen/own.py with its data and arguments.
type ownCase struct {
	model *Model
	x, y  any
	args  Compile
	test  bool // it can be evaluated
}

// ownArray is array of testdata/gen/own.py: splitmix64 of the index.
func ownArray(seed int, lo, hi float64, shape ...int) *tensor.Tensor {
	t := tensor.New(tensor.Float32, shape...)
	for i := range t.Float32s() {
		z := (uint64(i) + 1 + uint64(seed)*1000003) * 0x9E3779B97F4A7C15
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		z ^= z >> 31
		t.Float32s()[i] = float32(lo + (hi-lo)*float64(z>>40)/(1<<24))
	}
	return t
}

func ownCases() map[string]ownCase {
	x := func(seed int, shape ...int) *tensor.Tensor {
		return ownArray(seed, -1, 1, append([]int{12}, shape...)...)
	}
	type arrays = map[string]*tensor.Tensor
	return map[string]ownCase{
		"net": {NewSubclass(&ownNet{}), x(1, 5), []*tensor.Tensor{x(2, 1), x(3, 2)},
			Compile{Optimizer: optimizers.SGD{LearningRate: 0.1, Momentum: 0.9}, Loss: []any{"mse", "mae"}, Metrics: [][]any{{"mae"}, {"mse"}}}, true},
		"named": {NewSubclass(&ownNamed{}), arrays{"a": x(1, 2), "b": x(2, 4)}, arrays{"sum": x(3, 3), "product": x(4, 3)}, Compile{Optimizer: optimizers.SGD{LearningRate: 0.1},
			Loss: map[string]any{"sum": "mse", "product": "mae"}, Metrics: map[string][]any{"sum": {"mae"}, "product": {"mse"}}}, true},
		"vae":     {NewSubclass(&ownVAE{}), ownArray(1, 0, 1, 12, 6), x(2, 2), Compile{Optimizer: optimizers.Adam{LearningRate: 0.01}}, true},
		"gan":     {NewSubclass(&ownGAN{}), x(1, 3), x(2, 4), Compile{}, false},
		"added":   {NewSubclass(&ownAdded{}), x(1, 3), x(2, 2), Compile{Optimizer: optimizers.SGD{LearningRate: 0.1}, Loss: "mse", Metrics: []any{"mae"}}, true},
		"student": {NewSubclass(&ownStudent{}), x(1, 4), x(2, 4), Compile{Optimizer: optimizers.SGD{LearningRate: 0.1}}, false},
	}
}

// ownTrace is what own.py says of a model.
type ownTrace struct {
	Weights   []string             `json:"weights"`
	History   map[string][]float64 `json:"history"`
	Evaluate  map[string]float64   `json:"evaluate,omitempty"`
	Values    []float64            `json:"values,omitempty"`
	Predict   []recordedArray      `json:"predict"`
	Optimizer []recordedArray      `json:"optimizer,omitempty"`
}

// run trains a case as own.py does.
func (c ownCase) run(t *testing.T) (r ownTrace) {
	t.Helper()
	if err := c.model.Compile(c.args); err != nil {
		t.Fatal(err)
	}
	if _, err := c.model.PredictAll(c.x, Predict{Verbose: Silent}); err != nil {
		t.Fatal(err)
	}
	for i, v := range c.model.Weights() {
		r.Weights = append(r.Weights, v.Path())
		lo := -0.5
		if strings.Contains(v.Path(), "variance") || strings.Contains(v.Path(), "gamma") {
			lo = 0.1
		}
		if err := v.Assign(ownArray(100+i, lo, 0.9, v.Shape()...)); err != nil {
			t.Fatal(err)
		}
	}
	h, err := c.model.Fit(c.x, c.y, Fit{BatchSize: 4, Epochs: 3, Shuffle: false, Verbose: Silent})
	if err != nil {
		t.Fatal(err)
	}
	r.History = h.History
	if c.test {
		if r.Evaluate, err = c.model.EvaluateDict(c.x, c.y, Evaluate{BatchSize: 4, Verbose: Silent}); err != nil {
			t.Fatal(err)
		}
		if r.Values, err = c.model.Evaluate(c.x, c.y, Evaluate{BatchSize: 4, Verbose: Silent}); err != nil {
			t.Fatal(err)
		}
	}
	r.Predict = c.predict(t, c.model)
	return r
}

func (c ownCase) predict(t *testing.T, m *Model) []recordedArray {
	t.Helper()
	p, err := m.PredictAll(c.x, Predict{Verbose: Silent})
	if err != nil {
		t.Fatal(err)
	}
	return recordArrays(p)
}

// TestOwnModels trains subclass models with fixed weights, with Keras's steps and with
// their own, and compares every number with Keras's.
func TestOwnModels(t *testing.T) {
	var golden struct{ Cases map[string]ownTrace }
	readJSON(t, filepath.Join("testdata", "own", "steps.json"), &golden)
	for name, c := range ownCases() {
		t.Run(name, func(t *testing.T) {
			got, want := c.run(t), golden.Cases[name]
			if len(got.Weights) != len(want.Weights) {
				t.Fatalf("weights %v, want %v", got.Weights, want.Weights)
			}
			for k := range want.History {
				near(t, k, got.History[k], want.History[k], 2e-6)
			}
			if len(got.History) != len(want.History) {
				t.Errorf("logs %v, want %v", sortedKeys(got.History), sortedKeys(want.History))
			}
			for k := range want.Evaluate {
				near(t, "evaluate "+k, []float64{got.Evaluate[k]}, []float64{want.Evaluate[k]}, 2e-6)
			}
			near(t, "evaluate", got.Values, want.Values, 2e-6)
			nearArrays(t, got.Predict, want.Predict)
		})
	}
}

func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	ok := len(got) == len(want)
	for i := range got {
		ok = ok && math.Abs(got[i]-want[i]) <= tolerance*max(1, math.Abs(want[i]))
	}
	if !ok {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func nearArrays(t *testing.T, got, want []recordedArray) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d outputs, want %d", len(got), len(want))
	}
	for i := range got {
		if !slices.Equal(got[i].Shape, want[i].Shape) {
			t.Fatalf("output %d has shape %v, want %v", i, got[i].Shape, want[i].Shape)
		}
		for k, x := range got[i].Data {
			if math.Abs(float64(x-want[i].Data[k])) > 3e-6 {
				t.Fatalf("output %d: element %d is %v, want %v", i, k, x, want[i].Data[k])
			}
		}
	}
}

// TestOwnExchange loads the files of Keras's subclass models, of which the same classes
// are registered here, goes on from them, and lets Keras load ours.
func TestOwnExchange(t *testing.T) {
	for name, py := range pythons(t) {
		if name != "KERASGO_PYTHON" { // older ones walk over attributes otherwise
			continue
		}
		theirs, ours := t.TempDir(), t.TempDir()
		runPython(t, py, "../gen/own.py", "record", theirs)
		for name, c := range ownCases() {
			var want ownTrace
			readJSON(t, filepath.Join(theirs, name+".json"), &want)
			loaded := load(t, filepath.Join(theirs, name+".keras"))
			nearArrays(t, c.predict(t, loaded), want.Predict)
			if err := c.model.Compile(c.args); err != nil {
				t.Fatal(err)
			}
			c.predict(t, c.model)
			if err := c.model.LoadWeights(filepath.Join(theirs, name+".weights.h5")); err != nil {
				t.Fatal(err)
			}
			nearArrays(t, c.predict(t, c.model), want.Predict)
			// On from Keras's optimizer state, and back.
			for _, m := range []*Model{loaded, c.model} {
				if _, err := m.Fit(c.x, c.y, Fit{BatchSize: 4, Shuffle: false, Verbose: Silent}); err != nil {
					t.Fatal(name, err)
				}
			}
			nearArrays(t, c.predict(t, loaded), c.predict(t, c.model))
			r := ownTrace{Predict: c.predict(t, loaded)}
			if c.model.compiled.iteration != nil {
				for _, s := range loaded.optimizerState() {
					r.Optimizer = append(r.Optimizer, recordArray(s.t))
				}
			}
			base := filepath.Join(ours, name)
			for _, err := range []error{loaded.Save(base + ".keras"), loaded.SaveWeights(base + ".weights.h5")} {
				if err != nil {
					t.Fatal(err)
				}
			}
			writeJSON(t, base+".json", r)
		}
		runPython(t, py, "../gen/own.py", "check", ours)
		var report map[string]struct {
			Predict   float64
			Optimizer float64
		}
		readJSON(t, filepath.Join(ours, "report.txt"), &report)
		for name := range ownCases() {
			r, ok := report[name]
			if !ok || r.Predict > 3e-6 || r.Optimizer > 3e-6 {
				t.Errorf("%s in Keras: %+v", name, r)
			}
		}
		if b, err := os.ReadFile(filepath.Join(ours, "report.txt")); err == nil {
			t.Logf("kerasgo's files in Keras: %s", b)
		}
	}
}
