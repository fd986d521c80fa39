package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// functional stands for a model that decodes itself; functionalArgs describes its arguments.
type functional struct{ name string }

type functionalArgs struct {
	Name   string `keras:"name"`
	Layers []any  `keras:"layers,pos,kind=layer"`
}

func (f *functional) SerializeKeras() (*Object, error) {
	return NewObject("class_name", "Functional", "config", NewObject("name", f.name)), nil
}

func (f *functional) ShortKeras(full bool) (any, error) {
	return NewObject("Functional", NewObject("name", f.name)), nil
}

func init() {
	Register[functionalArgs]("keras.src.models.functional", ClassName("Functional"), RegisteredName("Functional"), DecodeWith(func(n *Node) (any, Errors) {
		_, args := Head(n)
		name := args.Get("name")
		if name == nil {
			return nil, Errors{errorf(n.Pos, CodeMissing, "Functional needs name")}
		}
		return &functional{name.Value}, nil
	}))
}

// TestDecodeWith: a class with its own decoder stands wherever its kind may.
func TestDecodeWith(t *testing.T) {
	for _, text := range []string{
		"Bidirectional: {Functional: {name: f}}", "Bidirectional: {layer: {class_name: Functional, config: {name: f}}}",
	} {
		v, es := Decode(mustParse(t, text), "layer")
		if len(es) > 0 {
			t.Fatal(es)
		}
		if f, ok := v.(Bidirectional).Layer.(*functional); !ok || f.name != "f" {
			t.Fatalf("%s: got %#v", text, v)
		}
		o, err := Config(v)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(JSON(o.Obj("layer"), 0)); got != `{"class_name": "Functional", "config": {"name": "f"}}` {
			t.Errorf("Config: %s", got)
		}
		short, err := Short(v, false)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff("Bidirectional: {Functional: {name: f}}\n", string(YAML(short))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if _, es := Decode(mustParse(t, "Bidirectional: {Functional: {}}"), "layer"); len(es) != 1 || es[0].Code != CodeMissing {
		t.Errorf("the decoder's error is lost: %v", es)
	}
	if _, err := ResolveString("model", "Functional"); err == nil {
		t.Error("Functional resolves without a name")
	}
	root := mustParse(t, "model: {Functional: [Flatten, {Dense: 3}]}")
	if _, es := root.Set("--set[0]", "model.dense.units=4"); len(es) > 0 {
		t.Errorf("Set: %v", es)
	}
}
