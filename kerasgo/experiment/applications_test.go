package experiment_test

import (
	"strings"
	"testing"

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
