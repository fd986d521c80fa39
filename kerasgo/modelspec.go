package keras

import (
	"reflect"

	"github.com/kerasgo/kerasgo/spec"
)

// Sequential is a model whose layers follow one another: a list of layers in a
// spec, the same list in the config of Keras's files.
type sequentialArgs struct {
	Layers          []any  `keras:"layers,pos,kind=layer"` // in order; models are layers too
	Name            string `keras:"name"`                  // empty means "sequential"
	Trainable       *bool  `keras:"trainable,default=true"`
	DType           string `keras:"dtype"`
	BuildInputShape []int  `keras:"build_input_shape,shape"` // what Keras's files tell; the layers say it already
}

// Functional is a model whose layers are joined in any way: inputs, named nodes and
// outputs; or, as Keras's files describe it, layers with the calls that feed them.
//
//	Functional:
//	  inputs: {image: [28, 28, 1], extra: [4]}
//	  nodes:
//	    conv:  {Conv2D: {filters: 8, kernel_size: 3}, from: image}
//	    mean:  {ops.Mean: {axis: [1, 2]}}
//	    both:  {Concatenate: {}, from: [mean, extra]}
//	    digit: {Dense: {units: 10, activation: softmax}}
//	  outputs: digit
//
// A node is a layer, an operation (ops.Mean) or the call of an earlier node's layer
// ({call: conv, from: other}). Without from it is called with the node above;
// "name[1]" is a node's second output. What a call takes by name stands under with:
// {attention_mask: mask, use_causal_mask: true}. Operations also take numbers, lists,
// indices as Python writes them ("1:-1", "...") and {array: [[1, 2]], dtype: float32}.
type functionalArgs struct {
	Inputs       any    `keras:"inputs"`            // name: shape, or name: {shape: …, dtype: …}
	Nodes        any    `keras:"nodes"`             // name: {Class: arguments, from: names, with: arguments by name}
	Outputs      any    `keras:"outputs"`           // the name of a node, a list of names, or names for losses and logs: {p: node, q: other}
	Order        any    `keras:"order"`             // all layers by name, where a file had them in another order than Keras's by depth
	Layers       []any  `keras:"layers,kind=layer"` // Keras's form: each with a name and inbound_nodes
	InputLayers  any    `keras:"input_layers"`      // Keras's form: [layer, call, output], a list or a map of such
	OutputLayers any    `keras:"output_layers"`     // the same
	Name         string `keras:"name"`              // empty means "functional"
	Trainable    *bool  `keras:"trainable,default=true"`
	DType        string `keras:"dtype"`
}

func init() {
	decode := spec.DecodeWith(func(n *spec.Node) (any, spec.Errors) { return Decode(n) })
	spec.Register[sequentialArgs]("keras", spec.ClassName("Sequential"), decode)
	spec.Register[functionalArgs]("keras.src.models.functional", spec.ClassName("Functional"), spec.RegisteredName("Functional"), spec.Aliases("Model"), decode)
}

// SerializeKeras returns the model as Keras's files hold it inside another object:
// {module, class_name, config, registered_name}.
func (m *Model) SerializeKeras() (*spec.Object, error) { return m.config(false) }

// ShortKeras returns the model in kerasgo's short form: {Sequential: [layers]}, or,
// for a graph, {Functional: {inputs, nodes, outputs}}. Full keeps what is at its
// default.
func (m *Model) ShortKeras(full bool) (any, error) {
	if m.err != nil {
		return nil, m.err
	}
	if m.impl != nil {
		return spec.Short(reflect.ValueOf(m.impl.value).Elem().Interface(), full)
	}
	if !m.sequential {
		c, err := m.graphShort(full)
		if err != nil {
			return nil, err
		}
		return spec.NewObject("Functional", c), nil
	}
	list, err := spec.Short(m.shortList(), full)
	if err != nil {
		return nil, err
	}
	args := spec.NewObject()
	if !m.autoName {
		args.Set("name", m.name)
	}
	if !m.trainable {
		args.Set("trainable", false)
	}
	if m.policy != "float32" { // it decides about loss scaling
		args.Set("dtype", m.policy)
	}
	if args.Len() == 0 {
		return spec.NewObject("Sequential", list), nil
	}
	args.Set("layers", list)
	return spec.NewObject("Sequential", args), nil
}

// shortList returns a Sequential's layers; the first one carries the input's
// shape where that is all there is to say about the input.
func (m *Model) shortList() []any {
	list := []any{}
	for i, l := range m.stack {
		switch {
		case i == 0 && l.inputLayer() && len(m.stack) > 1:
			if next, ok := m.stack[1].withInputShape(l); ok {
				list = append(list, next)
				continue
			}
		case i == 1 && len(list) == 1 && !isInput(list[0]):
			continue // it carries the input's shape
		}
		list = append(list, l.Description())
	}
	return list
}

var (
	_ spec.Serializer = (*Model)(nil)
	_ spec.ShortForm  = (*Model)(nil)
)
