package oracle_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/kerasgo/constraints"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/kerasgo/regularizers"
	"github.com/kerasgo/kerasgo/spec"
)

// functionCase is a recorded function of one array; gen/functions.py says more.
type functionCase struct {
	Kind      string          `json:"kind"`
	Name      string          `json:"name"`     // activations: the string
	Function  string          `json:"function"` // activations: the function's own name
	String    string          `json:"string"`   // the string that stands for Object
	Object    json.RawMessage `json:"object"`
	Input     *array          `json:"input"`
	Output    *array          `json:"output"`
	Cotangent *array          `json:"cotangent"`
	Gradient  *array          `json:"gradient"`
}

func TestFunctions(t *testing.T) {
	errs := largest{}
	errs.log(t)
	for i, c := range load[functionCase](t, "functions.json.gz") {
		t.Run(fmt.Sprintf("%s/%s%s/%d", c.Kind, c.Name, c.String, i), func(t *testing.T) {
			obj := object(t, c)
			switch c.Kind {
			case "activation":
				if class, ok := spec.ClassOf(obj); !ok || class.Name != c.Function {
					t.Errorf("%q is not the function %s", c.Name, c.Function)
				}
				f := obj.(activations.Func)
				differentiate(t, c, f, errs)
			case "regularizer":
				differentiate(t, c, obj.(regularizers.Regularizer).Penalty, errs)
			case "constraint":
				differentiate(t, c, obj.(constraints.Constraint).Apply, errs)
			case "initializer":
				if c.Output == nil {
					return // random: the distributions are tested beside the initializers
				}
				got, err := obj.(initializers.Initializer).Initialize(tensor.Shape(c.Output.Shape), rng.New(1, 2))
				if err != nil {
					t.Fatal(err)
				}
				tolerance := 0.0
				if _, ok := obj.(initializers.STFT); ok {
					tolerance = 2e-6 // cosines of float32
				}
				compare(t, "value", got, c.Output, tolerance)
			}
		})
	}
}

// object returns what the case is about, and checks that its configuration is
// Keras's and that its string gives the same.
func object(t *testing.T, c functionCase) any {
	t.Helper()
	if c.Kind == "activation" {
		v, err := spec.ResolveString("activation", c.Name)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	obj := decode(t, c.Object, c.Kind)
	if c.String != "" {
		var err error
		if obj, err = spec.ResolveString(c.Kind, c.String); err != nil {
			t.Fatal(err)
		}
	}
	ours, err := spec.Serialize(obj)
	if err != nil {
		t.Fatal(err)
	}
	var keras any
	if err := json.Unmarshal(c.Object, &keras); err != nil {
		t.Fatal(err)
	}
	sameConfig(t, c.Kind, nil, ours, keras)
	return obj
}

func differentiate(t *testing.T, c functionCase, f func(graph.Value) graph.Value, errs largest) {
	t.Helper()
	g := graph.New()
	in := c.Input.tensor(t)
	x := g.Input("x", graph.Spec{DType: in.DType(), Shape: in.Shape()})
	y := f(x)
	want := []graph.Value{y}
	if c.Gradient != nil {
		total := ops.Sum(ops.Mul(y, g.Constant(c.Cotangent.tensor(t))), nil, false)
		d := graph.Gradients(total, []graph.Value{x})[0]
		if !d.OK() {
			t.Fatal("no gradient")
		}
		want = append(want, d)
	}
	out, err := graph.Run(g, want, graph.Feeds{Inputs: map[string]*tensor.Tensor{"x": in}}, false)
	if err != nil {
		t.Fatal(err)
	}
	errs.note(c.Kind+" output", compare(t, "output", out[0], c.Output, tolerance))
	if c.Gradient != nil {
		errs.note(c.Kind+" gradient", compare(t, "gradient", out[1], c.Gradient, tolerance))
	}
}

// own are functions that Keras 3.15.1 computes wrongly or lacks; their packages test them.
var own = map[string]bool{"sparsemax": true, "hard_sigmoid_keras2": true}

// Every registered class of these kinds must have a case.
func TestFunctionsComplete(t *testing.T) {
	have := map[string]bool{}
	for _, c := range load[functionCase](t, "functions.json.gz") {
		if c.Kind == "activation" {
			have[c.Kind+c.Function] = true
			continue
		}
		class, ok := spec.ClassOf(decode(t, c.Object, c.Kind))
		if !ok {
			t.Fatalf("%s is not registered", c.Object)
		}
		have[c.Kind+class.Name] = true
	}
	for _, kind := range []string{"activation", "initializer", "regularizer", "constraint"} {
		for _, c := range spec.Classes(kind) {
			if !have[kind+c.Name] && !own[c.Name] && strings.HasPrefix(c.Module, "keras.") {
				t.Errorf("%s %s has no recorded case; add one to gen/functions.py", kind, c.Name)
			}
		}
	}
}
