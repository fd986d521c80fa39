package keras

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/spec"
)

// architecture is a model's JSON without how it is compiled, which YAML does not hold.
func architecture(t *testing.T, m *Model) string {
	t.Helper()
	o, err := m.config(false)
	if err != nil {
		t.Fatal(err)
	}
	return string(spec.JSON(o, 1))
}

// sameInYAML writes a model's short form and reads it.
func sameInYAML(t *testing.T, m *Model) string {
	t.Helper()
	yaml, err := m.ToYAML()
	if err != nil {
		t.Fatal(err)
	}
	back, err := FromYAML(yaml)
	if err != nil {
		t.Fatalf("%v\n%s", err, yaml)
	}
	if diff := cmp.Diff(architecture(t, m), architecture(t, back)); diff != "" {
		t.Errorf("YAML (-want +got)\n%s\n%s", diff, yaml)
	}
	if strings.Contains(yaml, "inbound_nodes") && !inputsByName(m) {
		t.Errorf("not the short form:\n%s", yaml)
	}
	return yaml
}

// inputsByName reports whether the model, or one inside it, has inputs under names of their own,
// which the short form can't say.
func inputsByName(m *Model) bool {
	return m.inputKeys != nil || slices.ContainsFunc(m.layers, func(l *Layer) bool { return l.model != nil && inputsByName(l.model) })
}

// TestArchitectureText reads Keras's to_json of each version, writes it again and goes to YAML and back: the description stays what it is.
func TestArchitectureText(t *testing.T) {
	archives, _ := filepath.Glob("testdata/keras/*.zip")
	seen := 0
	for _, archive := range archives {
		dir := t.TempDir()
		unzip(t, archive, dir)
		records, _ := filepath.Glob(filepath.Join(dir, "*.json"))
		for _, path := range records {
			seen++
			t.Run(filepath.Base(archive)+"/"+filepath.Base(path), func(t *testing.T) {
				m, err := FromJSON(readRecording(t, path).JSON)
				if err != nil {
					t.Fatal(err)
				}
				want := architecture(t, m)
				text, err := m.ToJSON()
				if err != nil {
					t.Fatal(err)
				}
				again, err := FromJSON(text)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, architecture(t, again)); diff != "" {
					t.Errorf("JSON (-want +got)\n%s", diff)
				}
				sameInYAML(t, m)
				clone, err := CloneModel(m)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, architecture(t, clone)); diff != "" {
					t.Errorf("CloneModel (-want +got)\n%s", diff)
				}
			})
		}
	}
	if seen < 30 {
		t.Errorf("only %d recordings", seen)
	}
}

// TestOldestFields: files hold no key that Keras 3.0 does not know.
func TestOldestFields(t *testing.T) {
	for name, m := range madeInGo(t) {
		text, err := m.ToJSON()
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"DTypePolicy", "quantization_config", "renorm", "input_axes", "ragged", "optional", "loss_scale_factor", "gradient_accumulation_steps",
			"shared_object_id", "use_gate", "lora_rank"} {
			if strings.Contains(text, `"`+key) {
				t.Errorf("%s: %q in %s", name, key, text)
			}
		}
	}
}

// TestModelsInSpec: models are classes like others, wherever a layer may stand.
func TestModelsInSpec(t *testing.T) {
	const text = "Sequential: [{InputLayer: {shape: [4], name: data}}, {Sequential: {name: inner, layers: [{Dense: 3}, Flatten]}}, {Dense: 2}]"
	const want = `Sequential:
  name: sequential
  layers:
    - InputLayer: {batch_shape: [null, 4], name: data}
    - Sequential:
        name: inner
        layers:
          - Dense: {units: 3, input_shape: [4]}
          - Flatten
    - Dense: 2
`
	n, errs := spec.Parse("model.yaml", []byte(text))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for _, kind := range []string{"model", "layer"} {
		v, errs := spec.Decode(n, kind)
		if len(errs) > 0 {
			t.Fatal(kind, errs)
		}
		m, ok := v.(*Model)
		if !ok {
			t.Fatalf("%s: got %T", kind, v)
		}
		if err := m.Build(); err != nil {
			t.Fatal(err)
		}
		if got := m.CountParams(); got != 4*3+3+3*2+2 {
			t.Errorf("%d params", got)
		}
		o, err := spec.Serialize(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := FromJSON(string(spec.JSON(o, 0)))
		if err != nil {
			t.Fatal(err)
		}
		short, err := spec.Short(again, false)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(spec.YAML(short))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if _, ok := spec.Lookup("model", "Functional"); !ok {
		t.Error("Functional is not registered")
	}
}

// TestOldestArguments: every argument of a layer, optimizer, loss or schedule in a file of ours stands in one that Keras 3.0 wrote too.
func TestOldestArguments(t *testing.T) {
	dir := t.TempDir()
	unzip(t, "testdata/keras/3.0.5.zip", dir)
	records, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	for _, path := range records {
		theirs := readRecording(t, path).JSON
		m, err := FromJSON(theirs)
		if err != nil {
			t.Fatal(err)
		}
		ours, err := m.ToJSON()
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		arguments(t, theirs, func(class, key string) { known[class+" "+key] = true })
		arguments(t, ours, func(class, key string) {
			if !known[class+" "+key] {
				t.Errorf("%s: Keras 3.0 does not write %s of %s", filepath.Base(path), key, class)
			}
		})
	}
}

// arguments visits the configuration keys of all objects in a JSON text.
func arguments(t *testing.T, text string, visit func(class, key string)) {
	t.Helper()
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			class, _ := v["class_name"].(string)
			if config, ok := v["config"].(map[string]any); ok {
				for key := range config {
					visit(class, key)
				}
			}
			for _, e := range v {
				walk(e)
			}
		}
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	walk(v)
}
