package experiment_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/applications"
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
	"github.com/kerasgo/kerasgo/spec"
)

// A network of keras.applications is a model, or a layer of a Sequential.
func TestApplications(t *testing.T) {
	t.Parallel()
	const network = "MobileNetV2: {input_shape: [32, 32, 3], alpha: 0.35, include_top: false, pooling: avg, trainable: false}"
	for name, c := range map[string]struct {
		model   string
		outputs int
		err     string
	}{
		"model":          {"{" + network + "}", 1280, ""},
		"layer":          {"{Sequential: [{" + network + "}, {Dense: 3}]}", 3, ""},
		"in a model":     {"{Sequential: [{Sequential: [{" + network + "}, {Dense: 3}]}, {Dense: 2}]}", 2, ""},
		"too small":      {"{MobileNetV2: {input_shape: [16, 32, 3]}}", 0, "at least 32"},
		"too small, in":  {"{Sequential: [{MobileNetV2: {input_shape: [16, 32, 3]}}]}", 0, "at least 32"},
		"wrong argument": {"{VGG16: {alpha: 1}}", 0, `VGG16 has no argument "alpha"`},
		"misspelt":       {"{MobilNetV2: {alpha: 1}}", 0, "such as MobileNetV2"},
	} {
		e, errs := experiment.Parse("spec.yaml", []byte("kerasgo: 1\nmodel: "+c.model), nil)
		if len(errs) == 0 {
			_, errs = e.Build()
		}
		if c.err != "" {
			if err := errs.Err(); err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v; wanted %q", name, err, c.err)
			}
			continue
		}
		if errs.Err() != nil {
			t.Errorf("%s: %v", name, errs)
			continue
		}
		short, err := e.Resolved(false)
		if err != nil {
			t.Fatal(err)
		}
		again, errs := experiment.Parse("spec.yaml", spec.YAML(short), nil)
		if errs.Err() != nil {
			t.Errorf("%s: written as\n%s%v", name, spec.YAML(short), errs)
			continue
		}
		m, errs := again.Build()
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		if out := m.OutputShapes()[0].Last(); out != c.outputs {
			t.Errorf("%s: %d outputs; wanted %d", name, out, c.outputs)
		}
	}
}

// The weights' path starts from the folder of the spec file.
func TestApplicationWeights(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	network := applications.MobileNetV2{InputShape: []int{32, 32, 3}, Alpha: 0.35, IncludeTop: new(false), Pooling: "avg"}
	source := keras.Must(network.Model())
	keras.Check(source.SaveWeights(filepath.Join(dir, "net.weights.h5")))
	saved := source.GetWeights()
	const text = "MobileNetV2: {input_shape: [32, 32, 3], alpha: 0.35, include_top: false, pooling: avg, weights: net.weights.h5}"
	for _, model := range []string{"{" + text + "}", "{Sequential: [{" + text + "}]}"} {
		e, errs := experiment.Parse(filepath.Join(dir, "spec.yaml"), []byte("kerasgo: 1\nmodel: "+model), nil)
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		m, errs := e.Build()
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		keras.Check(m.Build())
		for i, w := range m.GetWeights() {
			if !slices.Equal(saved[i].Float32s(), w.Float32s()) {
				t.Fatalf("%s: weight %d is not the saved one", model, i)
			}
		}
	}
}
