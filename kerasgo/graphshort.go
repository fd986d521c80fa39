package keras

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// graphShort returns a functional model's arguments in the form that decodeGraph
// reads: {inputs, nodes, outputs}. What that form can't say is returned in Keras's
// config: names with slashes or brackets, inputs under names of their own.
func (m *Model) graphShort(full bool) (*spec.Object, error) {
	w := &graphWriter{model: m, full: full, names: map[*call]string{}}
	calls := w.order()
	if !w.nameNodes(calls) || m.inputKeys != nil {
		return m.functionalConfig()
	}
	o := spec.NewObject()
	if !m.autoName {
		o.Set("name", m.name)
	}
	if !m.trainable {
		o.Set("trainable", false)
	}
	inputs, nodes := spec.NewObject().Lines(), spec.NewObject().Lines()
	for _, s := range m.inputs {
		in, err := w.input(s.call.layer)
		if err != nil {
			return nil, err
		}
		inputs.Set(s.call.layer.name, in)
		w.above = s.call
	}
	for _, c := range calls {
		node, err := w.node(c)
		if err != nil {
			return nil, err
		}
		nodes.Set(w.names[c], node)
		w.above = c
	}
	o.Set("inputs", inputs)
	o.Set("nodes", nodes)
	outputs := make([]any, len(m.outputs))
	byName := spec.NewObject()
	for i, s := range m.outputs {
		if outputs[i] = w.ref(s); m.outputKeys != nil {
			byName.Set(m.outputKeys[i], outputs[i])
		}
	}
	switch o.Set("outputs", outputs); {
	case m.outputKeys != nil:
		o.Set("outputs", byName)
	case len(outputs) == 1:
		o.Set("outputs", outputs[0])
	}
	if !m.ownOrder() {
		order := make([]any, len(m.layers))
		for i, l := range m.layers {
			order[i] = l.name
		}
		o.Set("order", order)
	}
	return o, nil
}

// ownOrder reports whether the layers stand in the order that the graph gives them.
func (m *Model) ownOrder() bool {
	probe := &Model{inputs: m.inputs, outputs: m.outputs, names: map[string]int{}}
	met, err := probe.walk()
	if err != nil {
		return false
	}
	probe.orderLayers(met)
	return slices.Equal(probe.layers, m.layers)
}

type graphWriter struct {
	model *Model
	full  bool
	names map[*call]string // of nodes
	above *call            // the node or input written before
}

// order returns the calls, inputs left out, so that what a call needs and earlier calls
// of its layer come before it.
func (w *graphWriter) order() []*call {
	byLayer := map[*Layer][]*call{}
	for _, c := range w.model.calls {
		byLayer[c.layer] = append(byLayer[c.layer], c)
	}
	var list []*call
	done := map[*call]bool{}
	var visit func(c *call)
	visit = func(c *call) {
		if done[c] {
			return
		}
		done[c] = true
		for _, s := range c.in {
			visit(s.call)
		}
		for _, o := range byLayer[c.layer] {
			if o.index < c.index {
				visit(o)
			}
		}
		if !c.layer.inputLayer() {
			list = append(list, c)
		}
	}
	for _, c := range w.model.calls {
		visit(c)
	}
	return list
}

// nameNodes gives each call a name: the layer's for its first one. It reports whether
// the names can be written.
func (w *graphWriter) nameNodes(calls []*call) bool {
	used := map[string]bool{}
	for _, l := range w.model.layers {
		_, index := parseIndex(l.name)
		if used[l.name] || index || strings.ContainsAny(l.name, "/[]") {
			return false
		}
		used[l.name] = true
	}
	for _, s := range w.model.inputs {
		w.names[s.call] = s.call.layer.name
	}
	first := map[*Layer]bool{}
	for _, c := range calls {
		name := c.layer.name
		for k := 1; first[c.layer] && used[name]; k++ {
			name = c.layer.name + "_call" + strconv.Itoa(k)
		}
		w.names[c], used[name], first[c.layer] = name, true, true
	}
	return true
}

// ref names an output of a node.
func (w *graphWriter) ref(s *Symbol) any {
	if s.index > 0 {
		return w.names[s.call] + "[" + strconv.Itoa(s.index) + "]"
	}
	return w.names[s.call]
}

// input writes an input: its shape, if nothing else is to be said.
func (w *graphWriter) input(l *Layer) (any, error) {
	d := l.desc.(layers.InputLayer)
	shape, err := d.FullShape()
	if err != nil {
		return nil, err
	}
	o := spec.NewObject()
	if shape[0] == tensor.Unknown {
		o.Set("shape", shapeList(shape[1:]))
	} else {
		o.Set("batch_shape", shapeList(shape))
	}
	if d.DType != "float32" {
		o.Set("dtype", d.DType)
	} else if shape[0] == tensor.Unknown {
		return shapeList(shape[1:]), nil
	}
	return o, nil
}
