package internal_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/spec"
)

// wontTake are arguments of Keras's constructors that files never hold and that
// kerasgo has otherwise.
var wontTake = map[string]string{
	"layer ActivityRegularization.activity_regularizer": "it is itself one",
	"layer InputLayer.activity_regularizer":             "Keras does not apply it",
	"layer InputLayer.trainable":                        "it has no weights",
	"layer InputLayer.input_tensor":                     "keras.Input makes symbols",
}

// Every registered class of Keras takes the arguments that Keras's constructor takes:
// it has a field for each, or accepts it where it changes nothing.
func TestClassesTakeKerasArguments(t *testing.T) {
	raw, err := os.ReadFile("../kerasgo/oracle/testdata/namespace.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Namespaces map[string][]struct {
			Name      string   `json:"name"`
			Arguments []string `json:"arguments"`
		} `json:"namespaces"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, c := range spec.Classes("") {
		space, ok := strings.CutPrefix(c.Module, "keras.")
		if !ok || c.Type == nil {
			continue
		}
		for _, e := range file.Namespaces[space] {
			if e.Name != c.Name {
				continue
			}
			for _, a := range e.Arguments {
				_, field := c.Field(a)
				ignored := slices.ContainsFunc(c.Ignored, func(k string) bool { return k == a || strings.HasPrefix(k, a+"=") })
				if !field && !ignored && wontTake[c.Kind+" "+c.Name+"."+a] == "" {
					t.Errorf("%s %s: Keras's constructor takes %s", c.Kind, c.Name, a)
				}
				checked++
			}
		}
	}
	if checked < 1000 {
		t.Errorf("only %d arguments compared; is namespace.json complete?", checked)
	}
}
