package keras

import (
	"slices"

	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// maxLayers bounds what a description of a graph may hold.
const maxLayers = 20000

// decodeFunctional reads Keras's graph of layer calls.
func decodeFunctional(n, args *spec.Node) (*Model, spec.Errors) {
	if args != nil && args.Get("layers") == nil && (args.Get("inputs") != nil || args.Get("nodes") != nil) {
		return decodeGraph(n, args)
	}
	if args == nil || args.Get("layers") == nil || args.Get("layers").Kind != spec.Sequence {
		return nil, wrong(n, spec.CodeType, "Functional wants inputs, nodes and outputs, or Keras's config with layers, input_layers and output_layers")
	}
	if len(args.Get("layers").Items) > maxLayers {
		return nil, wrong(n, spec.CodeRange, "the model has more than %d layers", maxLayers)
	}
	d := &functionalDecoder{layers: map[string]*Layer{}, out: map[string][][]*Symbol{}, masks: map[string]bool{}, shift: map[string]int{}}
	var all spec.Errors
	d.findMasks(args)
	for _, item := range args.Get("layers").Items {
		all = append(all, d.layer(item)...)
	}
	for _, p := range args.Pairs {
		if !slices.Contains([]string{"name", "trainable", "dtype", "layers", "input_layers", "output_layers"}, p.Key.Value) {
			all = append(all, wrong(p.Key, spec.CodeUnknownArgument, "Functional has no argument %q", p.Key.Value)...)
		}
	}
	in, inKeys, errs := endRefs(args.Get("input_layers"), n)
	all = append(all, errs...)
	out, outKeys, errs := endRefs(args.Get("output_layers"), n)
	if all = append(all, errs...); len(all) > 0 {
		return nil, all.Sort()
	}
	d.findShift(append(slices.Clone(in), out...))
	if errs := d.connect(); len(errs) > 0 {
		return nil, errs
	}
	inputs, errs := d.ends(in, inKeys)
	if len(errs) > 0 {
		return nil, errs
	}
	outputs, errs := d.ends(out, outKeys)
	if len(errs) > 0 {
		return nil, errs
	}
	m := NewModel(inputs, outputs)
	if m.err != nil {
		return nil, wrong(n, spec.CodeShape, "%v", unscoped(m.err))
	}
	if name := args.Get("name"); name != nil && name.Value != "" {
		m.Named(name.Value)
	}
	if t := args.Get("trainable"); t != nil && t.Kind == spec.Bool {
		m.trainable = t.Bool() // the layers say it themselves
	}
	m.keepOrder(d.order)
	return m, nil
}

// keepOrder lists the layers as the file does, which is how its weights count.
func (m *Model) keepOrder(order []*Layer) {
	used := map[*Layer]bool{}
	for _, l := range m.layers {
		used[l] = true
	}
	var list []*Layer
	for _, l := range order {
		if used[l] {
			list = append(list, l)
		}
	}
	if len(list) == len(m.layers) {
		m.layers = list
	}
}

type functionalDecoder struct {
	layers map[string]*Layer
	order  []*Layer
	out    map[string][][]*Symbol // outputs by layer and call
	masks  map[string]bool        // nodes that only compute masks, which follow from the layers
	shift  map[string]int         // what the file counts a layer's calls from
	todo   []*pendingCall
}

// pendingCall is a call whose inputs may not be there yet.
type pendingCall struct {
	layer *Layer
	index int
	node  *spec.Node
	callArgs
}

func (d *functionalDecoder) layer(item *spec.Node) spec.Errors {
	if n := item.Get("name"); n != nil && d.masks[n.Value] {
		return nil
	}
	v, errs := decodeNode(withoutKeys(item, "name", "inbound_nodes"))
	if len(errs) > 0 {
		return errs
	}
	name := ""
	if n := item.Get("name"); n != nil {
		name = n.Value
	}
	l := newLayer(v, "")
	if l.err != nil {
		return wrong(item, spec.CodeType, "%v", l.err)
	}
	if name == "" {
		name = l.name
	}
	if name == "" {
		return wrong(item, spec.CodeMissing, "a layer of a Functional model needs a name")
	}
	if d.layers[name] != nil {
		return wrong(item, spec.CodeRange, "there are two layers named %q", name)
	}
	l.name, l.autoName = name, false
	l.setField("Name", name)
	d.layers[name] = l
	d.order = append(d.order, l)
	if in, ok := l.desc.(layers.InputLayer); ok {
		s := input(in, "")
		if s.err != nil {
			return wrong(item, spec.CodeShape, "%v", s.err)
		}
		l.calls, s.call.layer = s.call.layer.calls, l
		l.built = true
		d.out[name] = [][]*Symbol{{s}}
		return nil
	}
	nodes := item.Get("inbound_nodes")
	if nodes == nil || nodes.Kind != spec.Sequence {
		return wrong(item, spec.CodeMissing, "layer %q has no inbound_nodes", name)
	}
	for i, n := range nodes.Items {
		args, errs := inbound(n, l)
		if len(errs) > 0 {
			return errs
		}
		d.todo = append(d.todo, &pendingCall{l, i, n, args})
	}
	d.out[name] = make([][]*Symbol, len(nodes.Items))
	return nil
}

// decodeNode reads a layer, a nested model or an operation. In .h5 files, which name
// no modules, operations differ from layers in that they can't be trained.
func decodeNode(n *spec.Node) (any, spec.Errors) {
	if class := n.Get("class_name"); class != nil && n.Get("module") == nil && n.Get("config").Get("trainable") == nil {
		if _, ok := spec.Lookup("op", class.Value); ok {
			return spec.Decode(n, "op")
		}
	}
	return decodeLayer(n)
}

// withoutKeys returns a mapping without keys that belong to the graph around it.
func withoutKeys(n *spec.Node, keys ...string) *spec.Node {
	if n.Kind != spec.Mapping || n.Get("class_name") == nil {
		return n
	}
	c := *n
	c.Pairs = slices.DeleteFunc(slices.Clone(n.Pairs), func(p spec.Pair) bool { return slices.Contains(keys, p.Key.Value) })
	return &c
}
