package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/operations"
	"github.com/kerasgo/kerasgo/spec"
)

// KerasVersion is the version of Keras whose field set files are written in. The
// oldest set that holds everything is written, so that Keras 3.0 and later load it.
const KerasVersion = "3.15.1"

// ToJSON returns the model's description as Keras's to_json writes it, without
// weights.
func (m *Model) ToJSON() (string, error) {
	o, err := m.config(true)
	if err != nil {
		return "", err
	}
	return string(spec.JSON(o, 0)), nil
}

// ToYAML returns the model's layers in kerasgo's short YAML form: what stands
// under "model:" in a spec. Arguments at their default are left out. A graph of
// calls is written as named nodes, or with Keras's config under Functional if there
// are slashes or brackets in the layers' names.
func (m *Model) ToYAML() (string, error) {
	short, err := m.ShortKeras(false)
	if err != nil {
		return "", err
	}
	return string(spec.YAML(short)), nil
}

func isInput(v any) bool {
	_, ok := v.(layers.InputLayer)
	return ok
}

// withInputShape returns the description with the input's shape in it, when that
// says all there is to say about the input.
func (l *Layer) withInputShape(in *Layer) (any, bool) {
	s, ok := in.inputShape()
	if !ok || l.desc == nil || !in.autoName || inputDType(in) != "float32" || s[0] != tensor.Unknown || slices.Contains(s[1:], tensor.Unknown) {
		return nil, false
	}
	c := &Layer{desc: l.desc}
	if _, has := l.inputShapeField(); !has {
		return nil, false
	}
	c.setField("InputShape", []int(s[1:]))
	return c.desc, true
}

// shapeList writes a shape as JSON has it: null for lengths that are not known.
func shapeList(s tensor.Shape) []any {
	out := make([]any, len(s))
	for i, d := range s {
		if d != tensor.Unknown {
			out[i] = d
		}
	}
	return out
}

// config returns the model as Keras serializes it.
func (m *Model) config(withCompile bool) (*spec.Object, error) {
	if m.err != nil {
		return nil, m.err
	}
	if m.impl != nil {
		return m.subclassConfig(withCompile)
	}
	o := spec.NewObject("module", "keras", "class_name", "Sequential", "config", nil, "registered_name", nil)
	var config *spec.Object
	var err error
	if m.sequential {
		config, err = m.sequentialConfig()
		if err == nil && len(m.inputs) > 0 {
			o.Set("build_config", spec.NewObject("input_shape", shapeList(m.inputs[0].shape)))
		}
	} else {
		o.Set("module", "keras.src.models.functional")
		o.Set("class_name", "Functional")
		o.Set("registered_name", "Functional")
		config, err = m.functionalConfig()
		if err == nil {
			o.Set("build_config", spec.NewObject("input_shape", nil))
		}
	}
	if err != nil {
		return nil, err
	}
	o.Set("config", config)
	return o, m.addCompile(o, withCompile)
}

func (m *Model) sequentialConfig() (*spec.Object, error) {
	list := []any{}
	for i, l := range m.stack {
		var c *call
		if i < len(m.calls) {
			c = m.calls[i]
		}
		e, err := l.entry(c)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	c := spec.NewObject("name", m.name, "trainable", m.trainable, "dtype", m.policy, "layers", list)
	if len(m.inputs) > 0 {
		c.Set("build_input_shape", shapeList(m.inputs[0].shape))
	}
	return c, nil
}

// entry returns a layer as a model's config lists it, given its first call, if
// there is one.
func (l *Layer) entry(first *call) (*spec.Object, error) {
	if l.model != nil {
		o, err := l.model.config(false)
		if err != nil {
			return nil, err
		}
		// Models without a name of their own have the same until they are in another model.
		if c := o.Obj("config"); c != nil && c.Str("name") != "" {
			c.Set("name", l.name)
		}
		return o, nil
	}
	e, err := spec.Serialize(l.desc)
	if err != nil {
		return nil, fmt.Errorf("keras: layer %q: %w", l.name, err)
	}
	if l.inputLayer() {
		if s, ok := l.inputShape(); ok { // however it was given
			e.Obj("config").Set("batch_shape", shapeList(s))
		}
		return e, nil
	}
	var in []*Symbol
	if first != nil && !isOperation(l.desc) {
		in, _ = apart(first.manner, first.in)
	}
	_, byName := l.desc.(layers.ArgumentTaker)
	switch {
	case first != nil && firstOnly(l.desc):
		e.Set("build_config", spec.NewObject("input_shape", shapeList(in[0].shape)))
	case byName && in != nil:
		o := spec.NewObject()
		for i, s := range in {
			if name := l.argument(first.manner, i); !strings.HasSuffix(name, "_mask") {
				o.Set(name+"_shape", shapeList(s.shape))
			}
		}
		e.Set("build_config", spec.NewObject("shapes_dict", o))
	case len(in) == 1:
		e.Set("build_config", spec.NewObject("input_shape", shapeList(in[0].shape)))
	case len(in) > 1:
		var shapes []any
		for _, s := range in {
			shapes = append(shapes, shapeList(s.shape))
		}
		if _, ok := l.desc.(layers.StateTaker); ok {
			e.Set("build_config", spec.NewObject("shapes_dict",
				spec.NewObject("sequences_shape", shapes[0], "initial_state_shape", shapes[1:])))
			break
		}
		e.Set("build_config", spec.NewObject("input_shape", shapes))
	}
	return e, nil
}

// firstOnly reports whether Keras builds the layer for its first input alone.
func firstOnly(d any) bool {
	_, ok := d.(layers.BuiltByFirst)
	return ok
}

func (m *Model) functionalConfig() (*spec.Object, error) {
	// Only the calls inside the model count: a shared layer may have others.
	node := map[*call]int{}
	byLayer := map[*Layer][]*call{}
	for _, c := range m.calls {
		byLayer[c.layer] = append(byLayer[c.layer], c)
	}
	for _, list := range byLayer {
		slices.SortFunc(list, func(a, b *call) int { return a.index - b.index })
		for i, c := range list {
			node[c] = i
		}
	}
	ref := func(s *Symbol) []any { return []any{s.call.layer.name, node[s.call], s.index} }
	tensorOf := func(s *Symbol) any {
		return spec.NewObject("class_name", "__keras_tensor__", "config",
			spec.NewObject("shape", shapeList(s.shape), "dtype", s.dtypeName(), "keras_history", ref(s)))
	}
	list := []any{}
	for _, l := range m.layers {
		var first *call
		if calls := byLayer[l]; len(calls) > 0 {
			first = calls[0]
		}
		e, err := l.entry(first)
		if err != nil {
			return nil, err
		}
		nodes := []any{}
		for _, c := range byLayer[l] {
			if len(c.in) == 0 {
				continue
			}
			if op, ok := l.desc.(operations.Operation); ok {
				nodes = append(nodes, c.operationNode(op, tensorOf))
				continue
			}
			in, masks := apart(c.manner, c.in)
			var args []any
			for _, s := range in {
				args = append(args, tensorOf(s))
			}
			kwargs := spec.NewObject()
			if _, ok := l.desc.(layers.StateTaker); ok && len(args) > 1 {
				kwargs.Set("initial_state", args[1:])
				args = args[:1]
			}
			if _, ok := l.desc.(layers.ArgumentTaker); ok {
				args = c.byName(args, kwargs)
			} else if len(args) > 1 {
				args = []any{args} // layers of several inputs take a list
			}
			for _, o := range c.options {
				kwargs.Set(o, true)
			}
			if c.training != nil {
				kwargs.Set("training", *c.training)
			}
			if len(masks) > 0 {
				list := make([]any, len(masks))
				for i, s := range masks {
					list[i] = tensorOf(s)
				}
				kwargs.Set("mask", maskList(c.manner, list))
			}
			nodes = append(nodes, spec.NewObject("args", args, "kwargs", kwargs))
		}
		e.Set("name", l.name)
		e.Set("inbound_nodes", nodes)
		list = append(list, e)
	}
	ends := func(ss []*Symbol, keys []string) any {
		if keys != nil {
			o := spec.NewObject()
			for i, k := range keys {
				o.Set(k, ref(ss[i]))
			}
			return o
		}
		if len(ss) == 1 {
			return ref(ss[0])
		}
		var out []any
		for _, s := range ss {
			out = append(out, ref(s))
		}
		return out
	}
	return spec.NewObject("name", m.name, "trainable", m.trainable, "layers", list,
		"input_layers", ends(m.inputs, m.inputKeys), "output_layers", ends(m.outputs, m.outputKeys)), nil
}
