package keras_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// edited is a model whose file is edited: two Dense layers and an LSTM with its cell inside.
func edited(t *testing.T, second int) *keras.Model {
	t.Helper()
	m := keras.NewSequential(layers.LSTM{Units: 2, InputShape: []int{3, 1}}, layers.Dense{Units: 2, Name: "a"}, layers.Dense{Units: second, Name: "b"})
	keras.Check(m.Build())
	return m
}

func TestFileEditor(t *testing.T) {
	dir := t.TempDir()
	file, changed := filepath.Join(dir, "m.keras"), filepath.Join(dir, "m.weights.h5")
	keras.Check(edited(t, 3).Save(file))
	e, err := keras.OpenFileEditor(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"layers", "layers/dense", "layers/dense_1", "layers/lstm", "layers/lstm/cell"}, e.Objects()); diff != "" {
		t.Errorf("objects:\n%s", diff)
	}
	if c, err := e.Compare(edited(t, 3)); err != nil || !c.OK() || c.Matches != 7 {
		t.Errorf("the file's own model: %+v, %v", c, err)
	}
	c, err := e.Compare(edited(t, 4))
	want := keras.Comparison{Matches: 5, Errors: []string{
		"weight layers/dense_1/0 has shape (2, 4) in the model and (2, 3) in the file", "weight layers/dense_1/1 has shape (4,) in the model and (3,) in the file"}}
	if diff := cmp.Diff(want, c); diff != "" || err != nil {
		t.Errorf("another model: %v\n%s", err, diff)
	}

	// Four outputs instead of three, an object more, and one less.
	w, err := e.Weights("dense_1")
	if err != nil || !w["0"].Shape().Equal(tensor.Shape{2, 3}) {
		t.Fatalf("weights %v, %v", w, err)
	}
	wide := map[string]*tensor.Tensor{"0": tensor.New(tensor.Float32, 2, 4), "1": tensor.From([]float32{1, 2, 3, 4})}
	for _, err := range []error{
		e.AddWeights("layers/dense_1", wide),
		e.DeleteObject("lstm"),
		e.AddObject("layers/gru", map[string]*tensor.Tensor{"0": tensor.From([]float32{5})}),
		e.AddWeights("gru", map[string]*tensor.Tensor{"1": tensor.From([]int32{6})}),
		e.DeleteWeight("gru", "1"),
		e.RenameObject("gru", "simple_rnn"),
		e.Save(changed),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if e, err = keras.OpenFileEditor(changed); err != nil {
		t.Fatal(err)
	}
	c, err = e.Compare(edited(t, 4))
	want = keras.Comparison{Matches: 4, Errors: []string{"object layers/lstm is in the model and missing from the file", "object layers/simple_rnn is in the file and missing from the model"}}
	if diff := cmp.Diff(want, c); diff != "" || err != nil {
		t.Errorf("after the changes: %v\n%s", err, diff)
	}
	got := keras.NewSequential(layers.Dense{Units: 2, InputShape: []int{2}}, layers.Dense{Units: 4})
	keras.Check(got.Build())
	if err := got.LoadWeights(changed); err != nil || !slices.Equal(got.GetWeights()[3].Float32s(), []float32{1, 2, 3, 4}) {
		t.Errorf("loaded %v, %v", got.GetWeights()[3], err)
	}

	for what, err := range map[string]error{
		"no object layers/no":                e.DeleteObject("layers/no"),
		"no object no":                       e.AddWeights("no", nil),
		"without a path":                     e.RenameObject("dense", "a/b"),
		"object layers/dense_1 already":      e.RenameObject("dense", "dense_1"),
		"object layers/dense already":        e.AddObject("layers/dense", nil),
		`no object "tops" to hold it`:        e.AddObject("tops/dense", nil),
		`has no weight "7", but ["0" "1"]`:   e.DeleteWeight("dense", "7"),
		"wanted a name that ends in .weight": e.Save(filepath.Join(dir, "x.h5")),
	} {
		if err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("got %v, want %q", err, what)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "x.keras"), []byte("no"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := keras.OpenFileEditor(filepath.Join(dir, "x.keras")); err == nil {
		t.Error("no error for a file that is none")
	}
}

// The summary of a file is what Keras's editor prints of it, but for the optimizer's name.
func TestFileEditorSummary(t *testing.T) {
	e, err := keras.OpenFileEditor("../io/kerasfile/testdata/conv.keras")
	if err != nil {
		t.Fatal(err)
	}
	want := `Keras model file '../io/kerasfile/testdata/conv.keras'
Saved with Keras 3.15.1 - date: 2026-11-24@03:58:34
Weights structure
  > layers
  │   ├─ batch_normalization
  │   │   ├─ 0: shape=(2,), dtype=float32
  │   │   ├─ 1: shape=(2,), dtype=float32
  │   │   ├─ 2: shape=(2,), dtype=float32
  │   │   └─ 3: shape=(2,), dtype=float32
  │   ├─ conv2d
  │   │   ├─ 0: shape=(3, 3, 1, 2), dtype=float32
  │   │   └─ 1: shape=(2,), dtype=float32
  │   └─ dense
  │       ├─ 0: shape=(32, 3), dtype=float32
  │       └─ 1: shape=(3,), dtype=float32
  └─ optimizer ('adam')
      ├─ 0: shape=(), dtype=int64
      ├─ 1: shape=(), dtype=float32
      ├─ 10: shape=(32, 3), dtype=float32
`
	if got := e.Summary(); !strings.HasPrefix(got, want) {
		diff := cmp.Diff(want, got)
		t.Error(diff)
	}
}
