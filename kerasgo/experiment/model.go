package experiment

import (
	"fmt"
	"strings"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/applications"
	"github.com/kerasgo/kerasgo/spec"
)

// Model is the section model: a Sequential with its layers, a graph of nodes, a model file, or a
// configuration in Keras's JSON.
type Model struct {
	Class  string  // Sequential, Functional or an application; empty for a file
	Name   string  // given name
	Layers []Layer // of a Sequential
	Shape  []int   // build_input_shape of a Sequential, batch axis included
	File   string  // of load_model
	Node   *spec.Node

	Application applications.Application // such as MobileNetV2; nil for other models
}

// Layer is one layer of a Sequential: a completed struct, or a model.
type Layer struct {
	Value any    // nil for a model
	Model *Model // nil for a layer
	Node  *spec.Node
}

// Class returns the name of the layer's class.
func (l Layer) Class() string {
	if l.Model != nil {
		return l.Model.Class
	}
	if c, ok := spec.ClassOf(l.Value); ok {
		return c.Name
	}
	return "layer"
}

var modelForms = []string{"Sequential", "Functional", "load_model"}

// isModel tells whether a node describes a model rather than a layer.
func isModel(n *spec.Node) bool {
	head, _ := spec.Head(n)
	if head == nil {
		return false
	}
	switch head.Value {
	case "Sequential", "Functional", "Model":
		return n.Kind == spec.Mapping
	}
	return false
}

// decodeModel reads the section model, or a model inside a Sequential.
func decodeModel(n *spec.Node) (*Model, spec.Errors) {
	m := &Model{Node: n}
	head, args := spec.Head(n)
	switch {
	case n.Kind == spec.Null:
		return nil, nil
	case head == nil || n.Kind != spec.Mapping:
		e := fail(n.Pos, spec.CodeType, "model wants one of Sequential, load_model or a configuration in Keras's JSON", "write model: {Sequential: [ … ]}")
		if n.Kind == spec.Sequence {
			e.Help = []string{"put Sequential: before the list"}
		}
		return nil, spec.Errors{e}
	}
	switch head.Value {
	case "load_model":
		if args == nil || args.Kind != spec.String {
			return nil, spec.Errors{fail(head.Pos, spec.CodeType, "load_model wants the path of a model file")}
		}
		m.File = args.Value
		return m, nil
	case "Sequential":
		m.Class = "Sequential"
		return m, m.sequential(n, head, args)
	case "Functional", "Model":
		m.Class = "Functional"
		if n.Get("class_name") == nil {
			if name := args.Get("name"); name != nil {
				m.Name = name.Value
			}
			_, errs := keras.Decode(n) // inputs, nodes and outputs
			return m, errs
		}
		return m, m.functional(head, args)
	}
	if _, ok := spec.Lookup("model", head.Value); ok {
		v, errs := spec.Decode(n, "model")
		if len(errs) > 0 {
			return nil, errs
		}
		m.Class = head.Value
		m.Application, ok = v.(applications.Application)
		if ok {
			return m, nil
		}
	}
	e := fail(head.Pos, spec.CodeUnknownClass, fmt.Sprintf("unknown model %q", head.Value), "a model is one of "+strings.Join(modelForms, ", ")+" and the applications, such as MobileNetV2")
	if s := spec.Suggest(head.Value, modelForms); s != "" {
		e.Help = []string{fmt.Sprintf("did you mean %q?", s)}
	} else if _, ok := spec.Lookup("layer", head.Value); ok {
		e.Help = []string{"a layer stands in a model: Sequential: [" + head.Value + ": …]"}
	}
	return nil, spec.Errors{e}
}

// sequentialKeys are the arguments of a Sequential.
var sequentialKeys = []string{"name", "layers", "trainable", "dtype", "build_input_shape"}

// sequential reads a list of layers, or the arguments of a Sequential.
func (m *Model) sequential(n, head, args *spec.Node) spec.Errors {
	list := args
	var errs spec.Errors
	if args != nil && args.Kind == spec.Mapping {
		list = args.Get("layers")
		for _, p := range args.Pairs {
			errs = append(errs, m.argument(p)...)
		}
		if list == nil && len(errs) == 0 {
			errs = append(errs, fail(head.Pos, spec.CodeMissing, "Sequential has no layers", "write a list: Sequential: [ … ]"))
		}
	} else if list == nil || list.Kind == spec.Null {
		return spec.Errors{fail(head.Pos, spec.CodeMissing, "Sequential has no layers", "write a list: Sequential: [ … ]")}
	}
	switch {
	case list == nil:
		return errs
	case list.Kind != spec.Sequence:
		return append(errs, fail(list.Pos, spec.CodeType, "Sequential wants a list of layers"))
	case len(list.Items) == 0:
		return append(errs, fail(list.Pos, spec.CodeMissing, "Sequential has no layers"))
	}
	for _, item := range list.Items {
		l, es := decodeLayer(item)
		errs = append(errs, es...)
		m.Layers = append(m.Layers, l)
	}
	return errs
}

// argument reads one argument of a Sequential other than its layers.
func (m *Model) argument(p spec.Pair) spec.Errors {
	switch key := p.Key.Value; key {
	case "layers":
	case "name":
		if p.Val.Kind != spec.String {
			return spec.Errors{fail(p.Val.Pos, spec.CodeType, "name wants a string")}
		}
		m.Name = p.Val.Value
	case "build_input_shape":
		var v struct {
			Shape []int `keras:"build_input_shape,shape"`
		}
		es := decodeOne(key, p.Val, &v)
		m.Shape = v.Shape
		return es
	case "trainable":
		if p.Val.Kind == spec.Bool && !p.Val.Bool() {
			return spec.Errors{fail(p.Val.Pos, spec.CodeUnsupported, "Sequential.trainable false is not supported in a spec file", "set trainable: false in its layers")}
		}
	case "dtype":
		// Keras writes it into a config.json, where each layer has its own too.
		if v := p.Val; v.Kind == spec.String && v.Value != "float32" && m.Node.Get("class_name") == nil {
			return spec.Errors{fail(v.Pos, spec.CodeUnsupported, "the dtype of a Sequential does not reach its layers, as in Keras", "write dtype_policy: "+v.Value+" at the top of the file, or dtype in the layers")}
		}
	default:
		e := fail(p.Key.Pos, spec.CodeUnknownArgument, fmt.Sprintf("Sequential has no argument %q", key))
		if s := spec.Suggest(key, sequentialKeys); s != "" {
			e.Help = []string{fmt.Sprintf("did you mean %q?", s)}
		} else if _, ok := spec.Lookup("layer", key); ok {
			e.Help = []string{"its layers are a list: put a dash before each"}
		}
		return spec.Errors{e}
	}
	return nil
}

func decodeLayer(n *spec.Node) (Layer, spec.Errors) {
	if isModel(n) {
		m, errs := decodeModel(n)
		return Layer{Model: m, Node: n}, errs
	}
	if n.Kind == spec.Null {
		return Layer{Node: n}, spec.Errors{fail(n.Pos, spec.CodeMissing, "a layer is missing here")}
	}
	v, errs := spec.Decode(n, "layer")
	return Layer{Value: v, Node: n}, errs
}

// functional checks the layers of a functional model in Keras's JSON one by one,
// so that mistakes have a place; the configuration as a whole is read when the
// model is built.
func (m *Model) functional(head, args *spec.Node) spec.Errors {
	list := args.Get("layers")
	if list == nil || list.Kind != spec.Sequence {
		return spec.Errors{fail(head.Pos, spec.CodeMissing, "the configuration of a functional model has a list of layers")}
	}
	if name := args.Get("name"); name != nil {
		m.Name = name.Value
	}
	var errs spec.Errors
	for _, item := range list.Items {
		_, es := decodeLayer(item)
		errs = append(errs, es...)
	}
	return errs
}
