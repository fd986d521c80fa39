package keras

import (
	"archive/zip"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// recordedArray is an array as testdata/exchange/cases.py prints it.
type recordedArray struct {
	Shape   []int     `json:"shape"`
	Data    []float32 `json:"data"`
	Ints    []int64   `json:"ints,omitempty"` // instead of data, as the others
	Strings []string  `json:"strings,omitempty"`
}

func (a recordedArray) tensor() *tensor.Tensor {
	switch {
	case a.Ints != nil:
		return tensor.From(a.Ints, a.Shape...)
	case a.Strings != nil:
		return tensor.From(a.Strings, a.Shape...)
	}
	return tensor.From(a.Data, a.Shape...)
}

func recordArray(t *tensor.Tensor) recordedArray {
	s := append([]int{}, t.Shape()...)
	return recordedArray{Shape: s, Data: slices.Clone(t.Cast(tensor.Float32).Float32s())}
}

func recordArrays(list []*tensor.Tensor) []recordedArray {
	out := []recordedArray{}
	for _, t := range list {
		out = append(out, recordArray(t))
	}
	return out
}

func tensorsOf(list []recordedArray) []*tensor.Tensor {
	var out []*tensor.Tensor
	for _, a := range list {
		out = append(out, a.tensor())
	}
	return out
}

// recording is what one side says about a model that the other side reads: what it predicts, its optimizer's variables, and the losses of
// further steps over the whole of x.
type recording struct {
	Keras     string          `json:"keras"`
	JSON      string          `json:"json"`
	X         []recordedArray `json:"x"`
	Y         []recordedArray `json:"y"`
	Predict   []recordedArray `json:"predict"`
	Optimizer []recordedArray `json:"optimizer"`
	Losses    []float64       `json:"losses"`
	Unwritten bool            `json:"unwritten"` // this Keras cannot write the model as .h5
}

func readRecording(t *testing.T, path string) (r recording) {
	t.Helper()
	readJSON(t, path, &r)
	return r
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func writeJSON(t *testing.T, path string, v any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
}

// record predicts with a model, trains it and writes what came out.
func (r recording) write(t *testing.T, m *Model, path string, steps int) {
	t.Helper()
	r.Predict, r.Optimizer = recordArrays(predictAll(t, m, tensorsOf(r.X))), nil
	for _, s := range m.optimizerState() {
		r.Optimizer = append(r.Optimizer, recordArray(s.t))
	}
	r.Losses = trainSteps(t, m, r, steps)
	writeJSON(t, path, r)
}

func predictAll(t *testing.T, m *Model, x []*tensor.Tensor) []*tensor.Tensor {
	t.Helper()
	out, err := m.PredictAll(x, Predict{Verbose: Silent})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// trainSteps trains on all samples at once and returns the loss of every step.
func trainSteps(t *testing.T, m *Model, r recording, steps int) []float64 {
	t.Helper()
	h, err := m.Fit(tensorsOf(r.X), tensorsOf(r.Y), Fit{BatchSize: r.X[0].Shape[0], Epochs: steps, Shuffle: false, Verbose: Silent})
	if err != nil {
		t.Fatal(err)
	}
	return h.History["loss"]
}

// worst is the largest difference seen, relative to values above 1.
type worst struct {
	diff float64
	at   string
}

func (w *worst) see(at string, got, want float64) {
	d := math.Abs(got-want) / max(1, math.Abs(want))
	if math.IsNaN(d) && !(math.IsNaN(got) && math.IsNaN(want)) {
		d = math.Inf(1)
	}
	if d > w.diff {
		w.diff, w.at = d, at
	}
}

func (w *worst) arrays(t *testing.T, at string, got, want []recordedArray) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d arrays, want %d", at, len(got), len(want))
	}
	for i := range got {
		if !tensor.Shape(got[i].Shape).Equal(want[i].Shape) {
			t.Fatalf("%s: array %d has shape %v, want %v", at, i, got[i].Shape, want[i].Shape)
		}
		for k := range got[i].Data {
			w.see(at, float64(got[i].Data[k]), float64(want[i].Data[k]))
		}
	}
}

// differences are those of one exchange, by what was compared.
type differences struct{ predict, optimizer, losses, weights worst }

func (d *differences) add(o differences) {
	for _, p := range []struct{ to, from *worst }{{&d.predict, &o.predict}, {&d.optimizer, &o.optimizer}, {&d.losses, &o.losses}, {&d.weights, &o.weights}} {
		if p.from.diff > p.to.diff {
			*p.to = *p.from
		}
	}
}

// check fails the test where a difference is above what float32 in another order of summation explains.
func (d *differences) check(t *testing.T) {
	t.Helper()
	for _, c := range []struct {
		what  string
		w     worst
		limit float64
	}{{"predictions", d.predict, 2e-6}, {"optimizer variables", d.optimizer, 0}, {"losses", d.losses, 1e-4}} {
		if c.w.diff > c.limit {
			t.Errorf("%s of %s differ by %.3g, at most %.3g is allowed", c.what, c.w.at, c.w.diff, c.limit)
		}
	}
}

func (d *differences) log(t *testing.T, what string) {
	t.Logf("largest differences, %s: predictions %.2g (%s), optimizer variables %.2g, losses of further steps %.2g (%s), weights after them %.2g (%s)",
		what, d.predict.diff, d.predict.at, d.optimizer.diff, d.losses.diff, d.losses.at, d.weights.diff, d.weights.at)
}

// compareTo holds a loaded model against what the writer of its file recorded.
func (r recording) compareTo(t *testing.T, m *Model, at string) differences {
	t.Helper()
	var d differences
	d.predict.arrays(t, at, recordArrays(predictAll(t, m, tensorsOf(r.X))), r.Predict)
	var state []recordedArray
	for _, s := range m.optimizerState() {
		state = append(state, recordArray(s.t))
	}
	if o := r.Optimizer; len(o) > 2 && len(o) == len(state) && len(o[2].Shape) == 0 && len(state[2].Shape) > 0 {
		r.Optimizer = slices.Concat(o[:2], o[3:], o[2:3]) // Nadam's product moved to the end after Keras 3.4
	}
	d.optimizer.arrays(t, at+" optimizer", state, r.Optimizer)
	for i, l := range trainSteps(t, m, r, len(r.Losses)) {
		d.losses.see(at, l, r.Losses[i])
	}
	return d
}

// unzip unpacks an archive of fixtures into a folder.
func unzip(t *testing.T, path, dir string) []string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var names []string
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(f.Name)), b, 0o666); err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name)
	}
	return names
}

// load loads a model and fails on errors and on warnings.
func load(t *testing.T, path string) *Model {
	t.Helper()
	m, err := LoadModelWith(path, LoadOptions{Warn: func(msg string) { t.Errorf("warning: %s", msg) }})
	if err != nil {
		t.Fatal(strings.ReplaceAll(err.Error(), "; ", "\n"))
	}
	return m
}

// describedAndFilled makes a model from text and fills it from a file of weights.
func describedAndFilled(t *testing.T, text, weights string) *Model {
	t.Helper()
	m, err := FromJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.LoadWeights(weights); err != nil {
		t.Fatal(err)
	}
	return m
}
