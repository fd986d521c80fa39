package oracle_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/applications"
	"github.com/kerasgo/kerasgo/spec"
)

// applicationCase is how Keras builds a network; gen/applications.py says what is in it.
type applicationCase struct {
	Class     string          `json:"class"`
	Args      json.RawMessage `json:"args"`
	SHA256    string          `json:"sha256"`
	Layers    int             `json:"layers"`
	Trainable int             `json:"trainable"`
	Fixed     int             `json:"fixed"`
	Output    []*int          `json:"output"`
	Error     string          `json:"error"`
}

// mostWeights bounds the networks whose weights are made only to be counted.
const mostWeights = 3e6

// Every constructor of keras.applications builds, layer for layer, what Keras does. With
// -v a failing case prints the model's lines as gen/applications.py does.
func TestApplications(t *testing.T) {
	have := map[string]bool{}
	for i, c := range load[applicationCase](t, "applications.json.gz") {
		have[c.Class] = true
		t.Run(fmt.Sprintf("%03d_%s", i, c.Class), func(t *testing.T) {
			t.Parallel()
			m, err := application(t, c).Model()
			if c.Error != "" {
				if err == nil {
					t.Fatalf("built; Keras refuses: %s", c.Error)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			shape := m.OutputShapes()[0]
			var output []*int
			for _, d := range shape {
				if d < 0 {
					output = append(output, nil)
				} else {
					output = append(output, &d)
				}
			}
			if diff := cmp.Diff(c.Output, output); diff != "" {
				t.Errorf("output shape (-Keras +kerasgo):\n%s", diff)
			}
			lines := modelLines(t, m)
			layers := len(lines) - 1
			for _, line := range lines { // Keras counts no operations
				layers -= strings.Count(line, `"module":"keras.src.ops.`)
			}
			if layers != c.Layers {
				t.Errorf("%d layers; Keras has %d", layers, c.Layers)
			}
			if got := fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(lines, "\n")))); got != c.SHA256 {
				t.Errorf("the model's description is not Keras's for %s", c.Args)
				if testing.Verbose() {
					t.Log("\n" + strings.Join(lines, "\n"))
				}
			}
			if c.Trainable+c.Fixed > mostWeights {
				return
			}
			if err := m.Build(); err != nil {
				t.Fatal(err)
			}
			trainable, fixed := 0, 0
			for _, v := range m.Weights() {
				if v.Trainable() {
					trainable += v.Shape().Size()
				} else {
					fixed += v.Shape().Size()
				}
			}
			if trainable != c.Trainable || fixed != c.Fixed {
				t.Errorf("%d trainable and %d fixed weights; Keras has %d and %d", trainable, fixed, c.Trainable, c.Fixed)
			}
		})
	}
	for _, c := range spec.Classes("model") {
		if c.Module == "keras.applications" && !have[c.Name] {
			t.Errorf("%s has no recorded case", c.Name)
		}
	}
}

// application decodes a constructor's arguments.
func application(t *testing.T, c applicationCase) applications.Application {
	t.Helper()
	n, errs := spec.Parse("recorded", fmt.Appendf(nil, `{%q: %s}`, c.Class, c.Args))
	if errs.Err() != nil {
		t.Fatal(errs)
	}
	v, errs := spec.Decode(n, "model")
	if errs.Err() != nil {
		t.Fatal(errs)
	}
	a, ok := v.(applications.Application)
	if !ok {
		t.Fatalf("%T is no application", v)
	}
	return a
}

// modelLines describes a Functional model, one line for each layer and one for the rest.
func modelLines(t *testing.T, m *keras.Model) []string {
	t.Helper()
	text, err := m.ToJSON()
	if err != nil {
		t.Fatal(err)
	}
	var o map[string]any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		t.Fatal(err)
	}
	config := normalDescription(o).(map[string]any)["config"].(map[string]any)
	var lines []string
	for _, l := range config["layers"].([]any) {
		l := l.(map[string]any)
		if l["class_name"] == "Sequential" { // whose input is named by the session
			l["config"].(map[string]any)["layers"].([]any)[0].(map[string]any)["config"].(map[string]any)["name"] = ""
		}
		lines = append(lines, canonicalText(l))
	}
	rest := map[string]any{}
	for _, k := range []string{"name", "trainable", "input_layers", "output_layers"} {
		rest[k] = config[k]
	}
	return append(lines, canonicalText(rest))
}

// newKeys are not written at their default, so that older versions of Keras read the file.
var newKeys = []string{"sparse", "ragged", "optional", "input_axes", "output_axes", "synchronized", "rms_scaling", "quantization_config", "renorm", "renorm_clipping", "mask", "training"}

// normalDescription replaces dtype policies by their names, and leaves out what follows
// from the rest.
func normalDescription(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = normalDescription(v[i])
		}
	case map[string]any:
		if v["class_name"] == "DTypePolicy" {
			return v["config"].(map[string]any)["name"]
		}
		for k := range v {
			if slices.Contains([]string{"build_config", "build_input_shape", "compile_config", "renorm_momentum"}, k) || slices.Contains(newKeys, k) && (v[k] == nil || v[k] == false) {
				delete(v, k)
				continue
			}
			v[k] = normalDescription(v[k])
		}
		if axis, ok := v["axis"].([]any); ok && len(axis) == 1 { // as which building a layer writes a number
			v["axis"] = axis[0]
		}
	}
	return v
}

// canonicalText is JSON with sorted keys and numbers as C's %.9g writes them.
func canonicalText(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var parts []string
		for k, x := range v {
			parts = append(parts, canonicalText(k)+":"+canonicalText(x))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ",") + "}"
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, canonicalText(x))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case json.Number:
		x, _ := v.Float64()
		return fmt.Sprintf("%.9g", x)
	}
	text, _ := json.Marshal(v)
	return string(text)
}
