package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// maxLayers bounds what a description of a graph may hold.
const maxLayers = 20000

// decodeFunctional reads Keras's graph of layer calls.
func decodeFunctional(n, args *spec.Node) (*Model, spec.Errors) {
	if args == nil || args.Get("layers") == nil || args.Get("layers").Kind != spec.Sequence {
		return nil, wrong(n, spec.CodeType, "Functional wants Keras's config with layers, input_layers and output_layers")
	}
	if len(args.Get("layers").Items) > maxLayers {
		return nil, wrong(n, spec.CodeRange, "the model has more than %d layers", maxLayers)
	}
	d := &functionalDecoder{layers: map[string]*Layer{}, out: map[string][][]*Symbol{}, masks: map[string]bool{}, shift: map[string]int{}}
	var all spec.Errors
	for _, item := range args.Get("layers").Items {
		all = append(all, d.layer(item)...)
	}
	for _, p := range args.Pairs {
		if !slices.Contains([]string{"name", "trainable", "dtype", "layers", "input_layers", "output_layers"}, p.Key.Value) {
			all = append(all, wrong(p.Key, spec.CodeUnknownArgument, "Functional has no argument %q", p.Key.Value)...)
		}
	}
	in, errs := endRefs(args.Get("input_layers"), n)
	all = append(all, errs...)
	out, errs := endRefs(args.Get("output_layers"), n)
	if all = append(all, errs...); len(all) > 0 {
		return nil, all.Sort()
	}
	d.findShift(append(slices.Clone(in), out...))
	if errs := d.connect(); len(errs) > 0 {
		return nil, errs
	}
	inputs, errs := d.ends(in)
	if len(errs) > 0 {
		return nil, errs
	}
	outputs, errs := d.ends(out)
	if len(errs) > 0 {
		return nil, errs
	}
	m := NewModel(symbolList(inputs), symbolList(outputs))
	if m.err != nil {
		return nil, wrong(n, spec.CodeShape, "%v", unscoped(m.err))
	}
	if name := args.Get("name"); name != nil && name.Value != "" {
		m.Named(name.Value)
	}
	if t := args.Get("trainable"); t != nil && t.Kind == spec.Bool && !t.Bool() {
		m.SetTrainable(false)
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

// callArgs is what a layer is called with.
type callArgs struct {
	refs   []tensorRef
	masks  []tensorRef
	named  map[string]tensorRef // arguments of an ArgumentTaker after the positional ones
	kwargs Kwargs               // options
}

// tensorRef names an output of a call: keras_history.
type tensorRef struct {
	layer       string
	node, index int
	at          *spec.Node
}

func (d *functionalDecoder) layer(item *spec.Node) spec.Errors {
	if name, ok := maskNode(item); ok {
		d.masks[name] = true
		return nil
	}
	v, errs := decodeLayer(withoutKeys(item, "name", "inbound_nodes"))
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

// maskOps are the ops by which Keras stores how it computes masks: those of
// Embedding and Masking, and what merging layers make of them.
var maskOps = []string{"NotEqual", "Any", "ConvertToTensor", "OnesLike", "ZerosLike", "ExpandDims", "LogicalOr", "Concatenate", "Squeeze"}

// maskNode recognises such an op. In .h5 files, which name no modules, the op
// Concatenate differs from the layer in that it can't be trained.
func maskNode(item *spec.Node) (name string, ok bool) {
	module, class := item.Get("module"), item.Get("class_name")
	if item.Get("name") == nil || class == nil || !slices.Contains(maskOps, class.Value) {
		return "", false
	}
	op := module == nil && item.Get("config").Get("trainable") == nil
	if module != nil {
		op = strings.HasPrefix(module.Value, "keras.src.ops.")
	}
	return item.Get("name").Value, op
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

// inbound reads one call: {"args": […], "kwargs": {…}} of Keras 3, or the list
// [["layer", node, tensor, {…}], …] of Keras 1 and 2.
func inbound(n *spec.Node, l *Layer) (a callArgs, errs spec.Errors) {
	a.named, a.kwargs = map[string]tensorRef{}, Kwargs{}
	if n.Kind == spec.Sequence {
		for _, i := range n.Items {
			r, ok := refOf(i)
			if !ok {
				return a, wrong(i, spec.CodeType, "wanted [layer, node, tensor]")
			}
			a.refs = append(a.refs, r)
			if len(i.Items) > 3 {
				errs = append(errs, a.keywords(i.Items[3], l)...)
			}
		}
		return a, errs
	}
	if names, ok := l.desc.(layers.ArgumentTaker); ok && n.Get("args") != nil {
		errs = a.positional(n.Get("args"), names.Arguments())
	} else {
		a.refs, errs = tensorRefs(n.Get("args"))
	}
	return a, append(errs, a.keywords(n.Get("kwargs"), l)...)
}

// positional reads inputs whose places have names.
func (a *callArgs) positional(args *spec.Node, names []string) (errs spec.Errors) {
	for i, n := range args.Items {
		if i >= len(names) {
			return append(errs, wrong(n, spec.CodeRange, "the layer is called with more than %d arguments", len(names))...)
		}
		errs = append(errs, a.name(names[i], n)...)
	}
	return errs
}

// name reads an argument of that name; null leaves it out.
func (a *callArgs) name(name string, n *spec.Node) spec.Errors {
	refs, errs := tensorRefs(n)
	if len(refs) > 1 {
		return append(errs, wrong(n, spec.CodeType, "%s: one tensor is wanted, not %d", name, len(refs))...)
	}
	for _, r := range refs {
		a.named[name] = r
	}
	return errs
}

// keywords reads what a call was given beside its inputs.
func (a *callArgs) keywords(kw *spec.Node, l *Layer) (errs spec.Errors) {
	if kw == nil {
		return nil
	}
	var names, options []string
	if t, ok := l.desc.(layers.ArgumentTaker); ok {
		names = t.Arguments()
	}
	if t, ok := l.desc.(layers.OptionTaker); ok {
		options = t.Options()
	}
	for _, p := range kw.Pairs {
		switch k := p.Key.Value; {
		case p.Val.Kind == spec.Null:
		case p.Val.Kind == spec.Bool && (k == "training" || slices.Contains(options, k)):
			a.kwargs[k] = p.Val.Bool()
		case slices.Contains(names, k):
			errs = append(errs, a.name(k, p.Val)...)
		case k == "initial_state": // inputs after the first
			refs, es := tensorRefs(p.Val)
			a.refs, errs = append(a.refs, refs...), append(errs, es...)
		case k == "mask":
			refs, es := tensorRefs(p.Val)
			a.masks, errs = append(a.masks, refs...), append(errs, es...)
		default:
			errs = append(errs, wrong(p.Key, spec.CodeUnsupported, "the call argument %q is not supported", k)...)
		}
	}
	return errs
}

// tensorRefs reads the tensors in a call's argument, however nested.
func tensorRefs(n *spec.Node) (refs []tensorRef, errs spec.Errors) {
	if n == nil || n.Kind == spec.Null {
		return nil, nil
	}
	if r, ok := refOf(n); ok { // as older versions write keywords
		return []tensorRef{r}, nil
	}
	if n.Kind == spec.Sequence {
		for _, i := range n.Items {
			r, es := tensorRefs(i)
			refs, errs = append(refs, r...), append(errs, es...)
		}
		return refs, errs
	}
	if h := n.Get("class_name"); h != nil && h.Value == "__keras_tensor__" {
		if r, ok := refOf(n.Get("config").Get("keras_history")); ok {
			return []tensorRef{r}, nil
		}
		return nil, wrong(n, spec.CodeType, "a tensor without keras_history")
	}
	return nil, wrong(n, spec.CodeUnsupported, "a layer called with an argument that is no tensor is not supported")
}

func refOf(n *spec.Node) (tensorRef, bool) {
	if n == nil || n.Kind != spec.Sequence || len(n.Items) < 3 {
		return tensorRef{}, false
	}
	a, ok1 := n.Items[1].Int()
	b, ok2 := n.Items[2].Int()
	return tensorRef{n.Items[0].Value, a, b, n}, ok1 && ok2 && n.Items[0].Kind == spec.String
}

// findShift finds the layers whose calls the file counts from 1, as older versions
// do for nested models: they refer to a call beyond the last.
func (d *functionalDecoder) findShift(ends []tensorRef) {
	see := func(refs []tensorRef) {
		for _, r := range refs {
			if l := d.layers[r.layer]; l != nil && l.model != nil && r.node == len(d.out[r.layer]) {
				d.shift[r.layer] = 1
			}
		}
	}
	see(ends)
	for _, p := range d.todo {
		see(p.refs)
		for _, r := range p.named {
			see([]tensorRef{r})
		}
	}
}

// connect makes the calls, each once its inputs are there.
func (d *functionalDecoder) connect() spec.Errors {
	for len(d.todo) > 0 {
		var later []*pendingCall
		for _, p := range d.todo {
			// Calls of a shared layer are made in order, so that their numbers hold.
			ready := p.index == 0 || d.out[p.layer.name][p.index-1] != nil
			var in []*Symbol
			if ready {
				var errs spec.Errors
				if in, ready, errs = d.resolve(p.refs); len(errs) == 0 && ready {
					ready, errs = d.resolveNamed(p)
				}
				if len(errs) > 0 {
					return errs
				}
			}
			if !ready {
				later = append(later, p)
				continue
			}
			if errs := d.call(p, in); len(errs) > 0 {
				return errs
			}
		}
		if len(later) == len(d.todo) {
			return wrong(later[0].node, spec.CodeType, "layer %q depends on itself or on a layer that is missing", later[0].layer.name)
		}
		d.todo = later
	}
	return nil
}

func (d *functionalDecoder) call(p *pendingCall, in []*Symbol) spec.Errors {
	for _, r := range p.masks {
		// A mask that Keras derived is derived again; any other is an argument.
		if !d.masks[r.layer] {
			return wrong(r.at, spec.CodeUnsupported, "a mask passed to a layer is not supported")
		}
	}
	s := p.layer.applyWith("", p.kwargs, in)
	if s.err != nil {
		return spec.Errors{{Pos: p.node.Pos, Code: spec.CodeShape, Msg: fmt.Sprintf("%s: %v", p.layer.name, unscoped(s.err)), Err: s.err}}
	}
	d.out[p.layer.name][p.index] = s.call.out
	return nil
}

func (d *functionalDecoder) resolve(refs []tensorRef) (in []*Symbol, ready bool, errs spec.Errors) {
	for _, r := range refs {
		s, ok, errs := d.symbol(r)
		if len(errs) > 0 || !ok {
			return nil, false, errs
		}
		in = append(in, s)
	}
	return in, true, nil
}

// resolveNamed stores the arguments by name among the call's keywords. A mask that
// Keras derived is derived again.
func (d *functionalDecoder) resolveNamed(p *pendingCall) (ready bool, errs spec.Errors) {
	for name, r := range p.named {
		if d.masks[r.layer] && strings.HasSuffix(name, "_mask") && name != "attention_mask" {
			continue
		}
		s, ok, errs := d.symbol(r)
		if len(errs) > 0 || !ok {
			return false, errs
		}
		p.kwargs[name] = s
	}
	return true, nil
}

func (d *functionalDecoder) symbol(r tensorRef) (*Symbol, bool, spec.Errors) {
	l := d.layers[r.layer]
	switch {
	case d.masks[r.layer]:
		return nil, false, wrong(r.at, spec.CodeUnsupported, "%q, a computed mask, as the input of a layer is not supported", r.layer)
	case l == nil:
		return nil, false, wrong(r.at, spec.CodePath, "there is no layer named %q", r.layer)
	}
	calls := d.out[r.layer]
	k := r.node - d.shift[r.layer]
	if k < 0 || k >= len(calls) {
		return nil, false, wrong(r.at, spec.CodeRange, "layer %q is called %d times; there is no call %d", r.layer, len(calls), r.node)
	}
	if calls[k] == nil {
		return nil, false, nil
	}
	if r.index < 0 || r.index >= len(calls[k]) {
		return nil, false, wrong(r.at, spec.CodeRange, "layer %q has no output %d", r.layer, r.index)
	}
	return calls[k][r.index], true, nil
}

// endRefs reads input_layers or output_layers: one reference, a list, or a map.
func endRefs(n, parent *spec.Node) (refs []tensorRef, errs spec.Errors) {
	if n == nil {
		return nil, wrong(parent, spec.CodeMissing, "Functional wants input_layers and output_layers")
	}
	items := slices.Clone(n.Items)
	if _, ok := refOf(n); ok {
		items = []*spec.Node{n}
	}
	for _, p := range n.Pairs {
		items = append(items, p.Val)
	}
	for _, i := range items {
		r, ok := refOf(i)
		if !ok {
			return nil, wrong(i, spec.CodeType, "wanted [layer, node, tensor]")
		}
		refs = append(refs, r)
	}
	return refs, nil
}

func (d *functionalDecoder) ends(refs []tensorRef) (out []*Symbol, errs spec.Errors) {
	for _, r := range refs {
		s, ready, errs := d.symbol(r)
		if len(errs) > 0 {
			return nil, errs
		}
		if !ready {
			return nil, wrong(r.at, spec.CodeType, "layer %q was not called", r.layer)
		}
		out = append(out, s)
	}
	return out, nil
}
