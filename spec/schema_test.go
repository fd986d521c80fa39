package spec

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := Schema([]Section{
		{Name: "kerasgo", Doc: "Version of the format.", Schema: NewObject("const", 1)},
		{Name: "name", Schema: NewObject("type", "string")},
		{Name: "seed", Schema: NewObject("type", "integer")},
		{Name: "data", Kind: "data"}, {Name: "model", Kind: "model"}, {Name: "compile", Value: Compile{}}, {Name: "fit", Value: &Fit{}},
		{Name: "evaluate", Schema: NewObject("type", "object")}, {Name: "save", Schema: NewObject("type", "object")},
		{Name: "run", Schema: NewObject("type", "object")}, {Name: "sweep", Schema: NewObject("type", "object")},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/schema.json", string(text))
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSchema checks the schema with an independent validator: what Decode accepts it accepts, and it finds the plain mistakes.
func TestSchema(t *testing.T) {
	s := compileSchema(t)
	validate := func(n *Node) error {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSON(n.Plain(), 0)))
		if err != nil {
			t.Fatal(err)
		}
		return s.Validate(v)
	}
	good := []string{overridable, classicModel}
	data, err := os.ReadFile("testdata/errors/mnist_cnn.yaml")
	if err != nil {
		t.Fatal(err)
	}
	mnist := string(data)
	good = append(good, strings.NewReplacer("kernal", "kernel", "Dropuot", "Dropout", "entrpy", "entropy", "epochs: ten", "epochs: 10").Replace(mnist),
		"model: {Sequential: [Flatten, {Bidirectional: {Dense: 3}}, {Bidirectional: {layer: Flatten, merge_mode: null}}, {ZeroPadding2D: [[1, 2], 3]}, {MaxPooling2D: 2}, {MaxPooling2D: }]}",
		"model: {class_name: Sequential, config: {layers: []}}",
		"compile: {optimizer: adam, loss: {a: mse, b: null}, metrics: accuracy}",
		"compile: {optimizer: {Adam: {learning_rate: {ExponentialDecay: {initial_learning_rate: 1, decay_steps: 2}}}}, metrics: [[acc]]}",
		"fit: {class_weight: {0: 1}, validation_data: x, options: {threads: 3}}", "fit:")
	for _, text := range good {
		n := mustParse(t, text)
		if es := document(n); len(es) > 0 {
			t.Errorf("Decode: %v in\n%s", es, text)
		}
		if err := validate(n); err != nil {
			t.Errorf("%v in\n%s", err, text)
		}
	}
	for _, text := range []string{
		"model: {Sequential: [Flaten]}", "model: {Sequential: [{Dens: 3}]}", "model: {Sequential: [Dense]}", "model: {Sequential: [{Dense: 0}]}", "model: {Sequential: [{Dense: {unit: 3}}]}",
		"model: {Sequential: [{MaxPooling2D: [1, 2, 3]}]}", "model: {Sequential: [{MaxPooling2D: {padding: x}}]}", "compile: {loss: x}", "fit: {epochs: x}", "fit: {epoch: 3}", "fits: {}",
		"model: {Sequential: [{Conv2D: 3}]}", "model: {Sequential: [{Dropout: 1.5}]}", "fit: {options: {threads: 0}}",
	} {
		if err := validate(mustParse(t, text)); err == nil {
			t.Errorf("accepted: %s", text)
		}
	}
	var raw map[string]any
	text, err := os.ReadFile(filepath.Join("testdata", "schema.json"))
	if err != nil || json.Unmarshal(text, &raw) != nil {
		t.Fatal("schema.json is no JSON")
	}
}

var classicModel = "model:\n  " + strings.ReplaceAll(strings.TrimSpace(classicYAML), "\n", "\n  ")
