package keras_test

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	keras "github.com/kerasgo/kerasgo/kerasgo"
)

// textModel is what testdata/text/record.py says of a model with vocabularies.
type textModel struct {
	Inputs       map[string][][]any         `json:"inputs"`
	Output       [][]float64                `json:"output"`
	Vocabularies map[string]json.RawMessage `json:"vocabularies"`
}

func textModels(t *testing.T) map[string]textModel {
	t.Helper()
	raw, err := os.ReadFile("testdata/text/predictions.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Keras  string
		Models map[string]textModel
	}
	parse(t, raw, &file)
	if file.Keras == "" || len(file.Models) < 3 {
		t.Fatalf("the record is incomplete")
	}
	return file.Models
}

// data returns the inputs as tensors of the types that their names have in record.py.
func (m textModel) data() map[string]*tensor.Tensor {
	x := map[string]*tensor.Tensor{}
	for name, rows := range m.Inputs {
		n, k := len(rows), len(rows[0])
		var words []string
		var numbers []int64
		var floats []float32
		for _, row := range rows {
			for _, v := range row {
				switch v := v.(type) {
				case string:
					words = append(words, v)
				case float64:
					numbers, floats = append(numbers, int64(v)), append(floats, float32(v))
				}
			}
		}
		switch {
		case words != nil:
			x[name] = tensor.From(words, n, k)
		case name == "code":
			x[name] = tensor.From(numbers, n, k)
		default:
			x[name] = tensor.From(floats, n, k)
		}
	}
	return x
}

func (m textModel) check(t *testing.T, what string, model *keras.Model) {
	t.Helper()
	var x any = m.data()
	out, err := model.Predict(x, keras.Predict{BatchSize: 2, Verbose: keras.Silent})
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for i, row := range m.Output {
		for k, want := range row {
			if got := out.At(i, k); !(math.Abs(got-want) <= 1e-5*max(1, math.Abs(want))) {
				t.Errorf("%s: output %d, %d is %v, Keras has %v", what, i, k, got, want)
			}
		}
	}
}

func assetsOf(t *testing.T, path string) map[string]string {
	t.Helper()
	a, err := kerasfile.OpenArchive(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	out := map[string]string{}
	for _, name := range a.Assets() {
		b, err := a.Asset(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(b)
	}
	return out
}

// TestVocabulariesInFiles loads Keras's models with vocabularies, saves them, and finds
// the same assets in the archives and the same predictions.
func TestVocabulariesInFiles(t *testing.T) {
	for name, want := range textModels(t) {
		t.Run(name, func(t *testing.T) {
			theirs, ours := filepath.Join("testdata", "text", name+".keras"), filepath.Join(t.TempDir(), "m.keras")
			m, err := keras.LoadModel(theirs)
			if err != nil {
				t.Fatal(err)
			}
			want.check(t, "loaded", m)
			if err := m.Save(ours); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(assetsOf(t, theirs), assetsOf(t, ours)); diff != "" {
				t.Errorf("assets (-Keras +ours):\n%s", diff)
			}
			if m, err = keras.LoadModel(ours); err != nil {
				t.Fatal(err)
			}
			want.check(t, "saved and loaded", m)
			if err := m.Save(filepath.Join(t.TempDir(), "m.h5")); err == nil || !strings.Contains(err.Error(), "use .keras") {
				t.Errorf("a .h5 file loses the vocabulary: %v", err)
			}
		})
	}
}

// TestVocabulariesExchange lets real Keras load what was saved here.
func TestVocabulariesExchange(t *testing.T) {
	py := os.Getenv("KERASGO_PYTHON")
	if py == "" {
		t.Skip("KERASGO_PYTHON names no Python with Keras")
	}
	dir := t.TempDir()
	for name, want := range textModels(t) {
		m, err := keras.LoadModel(filepath.Join("testdata", "text", name+".keras"))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".json"), raw, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := m.Save(filepath.Join(dir, name+".keras")); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(py, "-B", "testdata/text/record.py", dir)
	cmd.Env = append(os.Environ(), "KERAS_BACKEND=tensorflow", "TF_CPP_MIN_LOG_LEVEL=3", "CUDA_VISIBLE_DEVICES=-1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
