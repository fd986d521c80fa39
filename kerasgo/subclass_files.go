package keras

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// groups lists the weights as Keras walks the attributes of a model: by name, private ones
// last, and among them "layers", the list of all, by which those are reached whose
// attribute comes later. Each layer is in the file once.
func (s *subclass) groups(m *Model, prefix string, seen map[*Layer]bool) []varGroup {
	attrs := slices.Clone(s.attrs)
	if c, ok := spec.ClassOf(s.value); !ok || c.Kind != "layer" { // Python's layers have no such attribute
		attrs = append(attrs, attr{name: "layers", list: true, layers: m.layers})
	}
	key := func(name string) string {
		if strings.HasPrefix(name, "_") {
			return "~" + name
		}
		return name
	}
	slices.SortFunc(attrs, func(a, b attr) int { return strings.Compare(key(a.name), key(b.name)) })
	var out []varGroup
	for _, a := range attrs {
		switch {
		case a.optimizer != nil:
			out = append(out, varGroup{path: prefix + a.name, name: nameOf(a.optimizer.optimizer), optimizer: a.optimizer})
		case a.list:
			out = append(out, containerGroups(prefix+a.name+"/", a.layers, seen)...)
		case len(a.layers) > 0:
			out = append(out, a.layers[0].groups(prefix+a.name, seen)...)
		}
	}
	return out
}

// subclassConfig returns the model as Keras serializes an object of a registered class.
func (m *Model) subclassConfig(withCompile bool) (*spec.Object, error) {
	v := reflect.ValueOf(m.impl.value).Elem()
	if _, ok := spec.ClassOf(m.impl.value); !ok {
		return nil, fmt.Errorf("%s is not registered; call spec.Register[%s](\"package\", spec.OfKind(\"model\")) in an init function to save the whole model, or use SaveWeights", v.Type(), v.Type().Name())
	}
	o, err := spec.Serialize(v.Interface())
	if err != nil {
		return nil, fmt.Errorf("keras: model %q: %w", m.name, err)
	}
	if c := o.Obj("config"); c != nil {
		if _, ok := c.Get("name"); ok {
			c.Set("name", m.name)
		}
		if _, ok := c.Get("trainable"); ok {
			c.Set("trainable", m.trainable)
		}
	}
	o.Set("module", nil)
	if len(m.inputs) > 0 {
		var shape any
		switch {
		case m.impl.byName:
			byName := spec.NewObject()
			for i, n := range m.inputNames() {
				byName.Set(n, shapeList(m.inputs[i].shape))
			}
			shape = byName
		case len(m.inputs) == 1:
			shape = shapeList(m.inputs[0].shape)
		default:
			var list []any
			for _, s := range m.inputs {
				list = append(list, shapeList(s.shape))
			}
			shape = list
		}
		o.Set("build_config", spec.NewObject("input_shape", shape))
	}
	return o, m.addCompile(o, withCompile)
}

// decodeSubclass makes a model of a registered struct that was read from a description;
// nil when the struct is none.
func decodeSubclass(n *spec.Node, v any) (*Model, spec.Errors) {
	if reflect.TypeOf(v).Kind() != reflect.Struct {
		return nil, nil
	}
	p := reflect.New(reflect.TypeOf(v))
	p.Elem().Set(reflect.ValueOf(v))
	m := NewSubclass(p.Interface())
	if m.err != nil {
		return nil, wrong(n, spec.CodeType, "%v", unscoped(m.err))
	}
	shape := n.Get("build_config").Get("input_shape")
	if shape == nil || shape.Kind == spec.Null {
		return m, nil
	}
	names, specs, errs := inputShapes(shape)
	if len(errs) > 0 {
		return nil, errs
	}
	if err := m.setInputs(names, specs); err != nil {
		return nil, wrong(shape, spec.CodeShape, "%v", unscoped(err))
	}
	return m, nil
}

// inputShapes reads a shape, a list of shapes or a mapping of them.
func inputShapes(n *spec.Node) (names []string, specs []graph.Spec, errs spec.Errors) {
	add := func(name string, n *spec.Node) {
		var d struct {
			Shape []int `keras:"shape,shape"`
		}
		key := &spec.Node{Kind: spec.String, Value: "shape", Pos: n.Pos}
		errs = append(errs, spec.DecodeStruct(&spec.Node{Kind: spec.Mapping, Pos: n.Pos, Pairs: []spec.Pair{{Key: key, Val: n}}}, &d)...)
		names, specs = append(names, name), append(specs, graph.Spec{DType: tensor.Float32, Shape: d.Shape})
	}
	switch {
	case n.Kind == spec.Mapping:
		for _, p := range slices.SortedFunc(slices.Values(n.Pairs), func(a, b spec.Pair) int { return strings.Compare(a.Key.Value, b.Key.Value) }) {
			add(p.Key.Value, p.Val)
		}
	case n.Kind == spec.Sequence && len(n.Items) > 0 && n.Items[0].Kind == spec.Sequence:
		for _, item := range n.Items {
			add("", item)
		}
	default:
		add("", n)
	}
	if len(specs) == 0 {
		errs = wrong(n, spec.CodeShape, "input_shape has no shapes")
	}
	return names, specs, errs
}
