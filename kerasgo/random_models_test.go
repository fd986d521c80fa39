package keras

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// randomRecording is what kerasgo/oracle/gen/random_models.py says about a model.
type randomRecording struct {
	recording
	W       *recordedArray       `json:"w"`
	Test    map[string][]float64 `json:"test"`
	Weights []recordedArray      `json:"weights"`
	Slack   [2]float64           `json:"slack"` // what rounding may change of the losses and of the weights after them
	Classes []string             `json:"classes"`

	More        []moreRecorded `json:"more"`
	Tolerance   float64        `json:"tolerance"`   // of predictions: what rounding may change
	Policy      string         `json:"policy"`      // keras.config.dtype_policy
	Undescribed bool           `json:"undescribed"` // Keras itself does not make the model from its JSON and weights
}

// moreRecorded is what Keras predicts for other numbers of samples and, where the model
// leaves lengths open, for other lengths.
type moreRecorded struct {
	X       []recordedArray `json:"x"`
	Predict []recordedArray `json:"predict"`
}

// TestRandomModelsExchange holds a few random models of random_models.py against
// real Keras: predictions, loss and metrics, three training steps, and the files
// that kerasgo makes of them. KERASGO_RANDOM_MODELS=folder takes those that the
// script wrote to the folder instead.
func TestRandomModelsExchange(t *testing.T) {
	if dir := os.Getenv("KERASGO_RANDOM_MODELS"); dir != "" {
		ours := filepath.Join(dir, "ours")
		if err := os.MkdirAll(ours, 0o777); err != nil {
			t.Fatal(err)
		}
		testRandomModels(t, dir, ours)
		return
	}
	py := os.Getenv("KERASGO_PYTHON")
	if py == "" {
		t.Skip("KERASGO_PYTHON names no Python with Keras")
	}
	t.Parallel()
	theirs, ours := t.TempDir(), t.TempDir()
	script := filepath.Join("..", "..", "oracle", "gen", "random_models.py")
	runPython(t, py, script, "make", theirs, "21", "16")
	testRandomModels(t, theirs, ours)
	runPython(t, py, script, "check", ours)
	checkReport(t, filepath.Join(ours, "report.txt"))
}

func testRandomModels(t *testing.T, theirs, ours string) {
	var all, trained differences
	paths, _ := filepath.Glob(filepath.Join(theirs, "*.json"))
	agree, classes := 0, map[string]int{}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		ok := t.Run(name, func(t *testing.T) {
			var r randomRecording
			readJSON(t, path, &r)
			base := strings.TrimSuffix(path, ".json")
			m := load(t, base+".keras")
			all.add(r.checkPredictions(t, m, name))
			sameInYAML(t, m)
			if !r.Undescribed {
				r.checkPredictions(t, describedAndFilled(t, r.JSON, base+".weights.h5"), name+".weights.h5")
				r.checkYAML(t, m, filepath.Join(ours, name+".yaml"))
			}
			if !r.Unwritten {
				h5 := load(t, base+".h5")
				r.checkPredictions(t, h5, name+".h5")
				if len(r.Losses) > 0 {
					r.training(t, h5, name+".h5", func() {})
				}
			}
			save := func() { r.saveBack(t, m, filepath.Join(ours, name)) }
			if len(r.Losses) == 0 {
				save()
				return
			}
			trained.add(r.training(t, m, name, save))
		})
		if ok {
			agree++
		}
		var r randomRecording
		readJSON(t, path, &r)
		for _, c := range r.Classes {
			classes[c]++
		}
	}
	if len(paths) == 0 {
		t.Fatal("no models")
	}
	all.log(t, "random models")
	trained.log(t, "random models in training")
	t.Logf("%d of %d models agree", agree, len(paths))
	var counts []string
	for _, c := range slices.Sorted(maps.Keys(classes)) {
		counts = append(counts, fmt.Sprintf("%s %d", c, classes[c]))
	}
	t.Log("models with a class: ", strings.Join(counts, ", "))
}

// checkPredictions holds what the model predicts for every recorded batch against
// Keras's.
func (r randomRecording) checkPredictions(t *testing.T, m *Model, at string) (d differences) {
	t.Helper()
	for _, more := range append([]moreRecorded{{r.X, r.Predict}}, r.More...) {
		d.predict.arrays(t, at, recordArrays(predictAll(t, m, tensorsOf(more.X))), more.Predict)
	}
	if d.predict.diff > r.Tolerance {
		t.Errorf("predictions of %s differ by %.3g", d.predict.at, d.predict.diff)
	}
	if r.Tolerance > 0.01 {
		return differences{} // low precision: nothing to count among those of float32
	}
	return d
}

// checkYAML writes the model as YAML and holds what is made of it, with the weights of m,
// against Keras.
func (r randomRecording) checkYAML(t *testing.T, m *Model, path string) {
	t.Helper()
	text, err := m.ToYAML()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	again, err := FromYAML(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Build(); err != nil {
		t.Fatal(err)
	}
	if err := again.SetWeights(m.GetWeights()); err != nil {
		t.Fatal(err)
	}
	r.checkPredictions(t, again, filepath.Base(path))
}

// saveBack writes the model in every format, with what is to come of it in Keras.
func (r randomRecording) saveBack(t *testing.T, m *Model, base string) {
	t.Helper()
	err := errors.Join(m.Save(base+".keras"), m.SaveWeights(base+".weights.h5"))
	if !r.Unwritten {
		err = errors.Join(err, m.Save(base+".h5"))
	}
	if err != nil {
		t.Fatal(err)
	}
	if r.JSON, err = m.ToJSON(); err != nil {
		t.Fatal(err)
	}
	if n := len(r.Losses); n > 0 {
		r.Predict, r.More, r.Optimizer, r.Losses = recordArrays(predictAll(t, m, tensorsOf(r.X))), nil, stateInKeras(m), r.Losses[n/2:]
	}
	writeJSON(t, base+".json", r)
}

// stateInKeras returns the optimizer's variables in Keras's order.
func stateInKeras(m *Model) (out []recordedArray) {
	for _, s := range m.optimizerState() {
		out = append(out, recordArray(s.t))
	}
	return out
}

// training compares the optimizer's state, loss and metrics, the losses of further
// steps and the weights after them; half of the steps are done when halfway is called.
func (r randomRecording) training(t *testing.T, m *Model, at string, halfway func()) (d differences) {
	t.Helper()
	d.optimizer.arrays(t, at+" optimizer", stateInKeras(m), r.Optimizer)
	if d.optimizer.diff > 0 {
		t.Errorf("optimizer variables differ by %.3g", d.optimizer.diff)
	}
	x, y := tensorsOf(r.X), tensorsOf(r.Y)
	var o OnBatch
	if r.W != nil {
		o.SampleWeight = r.W.tensor()
	}
	values, err := m.TestOnBatch(x, y, o)
	if err != nil {
		t.Fatal(err)
	}
	r.compareTest(t, m, values)
	for i, want := range r.Losses {
		if i == len(r.Losses)/2 {
			halfway()
		}
		got, err := m.TrainOnBatch(x, y, o)
		if err != nil {
			t.Fatal(err)
		}
		near := relative(got[0], want)
		if near > r.Slack[0] {
			t.Errorf("loss of step %d is %v, Keras's %v: away by %.3g of %.3g", i, got[0], want, near, r.Slack[0])
		}
		d.losses.see(at, got[0], want)
	}
	var weights worst
	weights.arrays(t, at+" weights", recordArrays(m.GetWeights()), r.Weights)
	if weights.diff > r.Slack[1] {
		t.Errorf("weights after training differ by %.3g of %.3g", weights.diff, r.Slack[1])
	}
	d.weights = weights
	return d
}

// compareTest holds loss and metrics against Keras's, by name.
func (r randomRecording) compareTest(t *testing.T, m *Model, values []float64) {
	t.Helper()
	got := map[string]float64{}
	for i, n := range m.MetricNames() {
		if i < len(values) {
			got[n] = values[i]
		}
	}
	all := map[string]float64{}
	for name, want := range r.Test {
		for i, v := range want {
			if len(want) > 1 {
				all[fmt.Sprintf("%s_%d", name, i)] = v
			} else {
				all[name] = v
			}
		}
	}
	for name, want := range all {
		v, ok := got[name]
		if !ok {
			t.Errorf("no value %q; there are %v", name, m.MetricNames())
		} else if relative(v, want) > max(1e-4, r.Slack[0]) {
			t.Errorf("%s is %v, Keras's %v", name, v, want)
		}
	}
	if len(got) != len(all) {
		t.Errorf("%d values %v, Keras has %d %v", len(got), m.MetricNames(), len(all), slices.Sorted(maps.Keys(all)))
	}
}

func relative(got, want float64) float64 {
	var w worst
	w.see("", got, want)
	return w.diff
}
