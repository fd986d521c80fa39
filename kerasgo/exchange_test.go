package keras

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// pythons are the Pythons with real Keras that the exchange tests use, by the
// variable that names them.
func pythons(t *testing.T) map[string]string {
	found := map[string]string{}
	for _, name := range []string{"KERASGO_PYTHON", "KERASGO_PYTHON_OLD", "KERASGO_PYTHON_OLDEST"} {
		if py := os.Getenv(name); py != "" {
			found[name] = py
		}
	}
	if len(found) == 0 {
		t.Skip("KERASGO_PYTHON names no Python with Keras")
	}
	return found
}

func runPython(t *testing.T, py, script string, args ...string) {
	t.Helper()
	cmd := exec.Command(py, append([]string{"-B", filepath.Join("testdata", "exchange", script)}, args...)...)
	cmd.Env = append(os.Environ(), "KERAS_BACKEND=tensorflow", "TF_CPP_MIN_LOG_LEVEL=3", "CUDA_VISIBLE_DEVICES=-1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
}

// TestExchange lets real Keras write every case of testdata/exchange/cases.py, loads it, trains on, writes it in each format and lets Keras load
// that; models made in Go go the same way. Both sides predict, hold the same optimizer variables and then train to the same losses.
func TestExchange(t *testing.T) {
	for name, py := range pythons(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // a Python spends most of its time on one core
			theirs, ours := t.TempDir(), t.TempDir()
			runPython(t, py, "record.py", theirs)
			testKerasFiles(t, theirs, name)
			records, _ := filepath.Glob(filepath.Join(theirs, "*.json"))
			for _, path := range records {
				r := readRecording(t, path)
				m := load(t, strings.TrimSuffix(path, ".json")+".keras")
				trainSteps(t, m, r, 3)
				r.saveAll(t, m, filepath.Join(ours, filepath.Base(path)))
			}
			for name, m := range madeInGo(t) {
				made := readyToTrain(m)
				trainSteps(t, m, made, 3)
				made.saveAll(t, m, filepath.Join(ours, name+".json"))
			}
			runPython(t, py, "check.py", ours)
			checkReport(t, filepath.Join(ours, "report.txt"))
		})
	}
}

// saveAll saves the model in each format and records what it does next.
func (r recording) saveAll(t *testing.T, m *Model, path string) {
	t.Helper()
	base := strings.TrimSuffix(path, ".json")
	for _, err := range []error{m.Save(base + ".keras"), m.Save(base + ".h5"), m.SaveWeights(base + ".weights.h5")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if r.JSON, err = m.ToJSON(); err != nil {
		t.Fatal(err)
	}
	r.write(t, m, path, 20)
}

func checkReport(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var report map[string]struct {
		Predict, Optimizer, Losses float64
		Warnings                   []string
		Error                      string
		JSON                       *bool
	}
	if err := json.Unmarshal(b, &report); err != nil {
		t.Fatal(err)
	}
	if len(report) == 0 {
		t.Fatal("nothing was checked")
	}
	var all differences
	for _, name := range slices.Sorted(maps.Keys(report)) {
		r := report[name]
		if r.Error != "" {
			t.Errorf("Keras can't load %s: %s", name, r.Error)
			continue
		}
		if len(r.Warnings) > 0 && !strings.HasSuffix(name, ".h5") {
			t.Errorf("Keras warns of %s: %v", name, r.Warnings)
		}
		d := differences{predict: worst{r.Predict, name}, optimizer: worst{r.Optimizer, name}, losses: worst{r.Losses, name}}
		d.check(t)
		all.add(d)
	}
	all.log(t, "files of kerasgo in Keras")
}

// madeInGo are compiled models that no file described before.
func madeInGo(t *testing.T) map[string]*Model {
	t.Helper()
	cnn := NewSequential(
		layers.Conv2D{Filters: 4, KernelSize: [2]int{3, 3}, InputShape: []int{8, 8, 1}, KernelRegularizer: "l2"},
		layers.BatchNormalization{},
		layers.Activation{Activation: "relu"},
		layers.MaxPooling2D{},
		layers.Dropout{Rate: 0},
		layers.Flatten{},
		layers.Dense{Units: 3, Activation: "softmax"})
	a, b := Input(4), Input(3)
	shared := Share(layers.Dense{Units: 5, Activation: "elu"})
	u, v := shared.Call(a), shared.Call(Apply(layers.Dense{Units: 4}, b))
	inner := NewSequential(layers.Dense{Units: 6, InputShape: []int{5}}, layers.LayerNormalization{})
	w := Apply(inner, Apply(layers.Average{}, u, v))
	merged := NewModel(List(a, b), List(
		Apply(layers.Dense{Units: 2, Name: "first"}, Apply(layers.Concatenate{}, u, w)),
		Apply(layers.Dense{Units: 1, Name: "second"}, w)))
	models := map[string]*Model{"go_cnn": cnn, "go_merged": merged}
	for _, err := range []error{
		cnn.Compile(Compile{Loss: "categorical_crossentropy", Optimizer: optimizers.Adamax{}, Metrics: []any{"accuracy"}}),
		merged.Compile(Compile{Loss: []any{"mse", "mae"}, LossWeights: []float64{1, 0.5}, Optimizer: optimizers.SGD{Momentum: 0.9}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return models
}

// readyToTrain makes data for a model: sixteenths, and rows that sum to 1 where
// there is a softmax.
func readyToTrain(m *Model) (r recording) {
	const samples = 8
	array := func(s tensor.Shape, k int) recordedArray {
		s = s.Clone()
		s[0] = samples
		a := recordedArray{Shape: s, Data: make([]float32, s.Size())}
		for i := range a.Data {
			a.Data[i] = float32((i*7+k*3+i*i%11)%33-16) / 16
		}
		return a
	}
	for k, s := range m.InputShapes() {
		r.X = append(r.X, array(s, k))
	}
	for k, s := range m.OutputShapes() {
		y := array(s, k+5)
		if s.Last() == 3 { // classes
			for i := range y.Data {
				y.Data[i] = 0
				if i%3 == i/3*2%3 {
					y.Data[i] = 1
				}
			}
		}
		r.Y = append(r.Y, y)
	}
	return r
}
