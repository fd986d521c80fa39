package keras

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// FromJSON makes a model, without weights, from the text of Keras's to_json or of
// a config.json. Nothing in it is executed; Lambda and classes that are not
// registered are refused by name.
func FromJSON(text string) (*Model, error) { return fromText("config.json", text) }

// FromYAML makes a model, without weights, from kerasgo's short form
// ("Sequential: […]") or from Keras's long form in YAML.
func FromYAML(text string) (*Model, error) { return fromText("model.yaml", text) }

func fromText(name, text string) (*Model, error) {
	n, errs := spec.Parse(name, []byte(text))
	if err := errs.Err(); err != nil {
		return nil, err
	}
	m, errs := Decode(n)
	return m, errs.Err()
}

// Decode makes a model from a parsed description: one of the short forms, or
// Keras's JSON of a Sequential or Functional model, compiled when it says how. All
// mistakes are returned, each with its place.
func Decode(n *spec.Node) (*Model, spec.Errors) {
	m, errs := decodeModel(n)
	if len(errs) > 0 {
		return nil, errs
	}
	if c := n.Get("compile_config"); c != nil && len(c.Pairs) > 0 {
		if errs := m.decodeCompile(c); len(errs) > 0 {
			return nil, errs
		}
	}
	return m, nil
}

func wrong(n *spec.Node, code, format string, args ...any) spec.Errors {
	return spec.Errors{{Pos: n.Pos, Code: code, Msg: fmt.Sprintf(format, args...)}}
}

// isModel reports whether a node describes a model rather than a layer.
func isModel(n *spec.Node) bool {
	head, _ := spec.Head(n)
	return head != nil && slices.Contains([]string{"Sequential", "Functional", "Model"}, head.Value)
}

func decodeModel(n *spec.Node) (*Model, spec.Errors) {
	head, args := spec.Head(n)
	if head == nil {
		return nil, wrong(n, spec.CodeType, "a model is wanted: Sequential with a list of layers, or Keras's JSON")
	}
	switch head.Value {
	case "Sequential":
		return decodeSequential(n, args)
	case "Functional", "Model":
		return decodeFunctional(n, args)
	}
	_, errs := spec.Decode(n, "model")
	if len(errs) == 0 {
		errs = wrong(head, spec.CodeUnknownClass, "%q is no model; use Sequential or Functional", head.Value)
	}
	return nil, errs
}

// decodeSequential reads {layers: […], name: …} or just the list.
func decodeSequential(n, args *spec.Node) (*Model, spec.Errors) {
	m := &Model{name: "sequential", autoName: true, sequential: true, trainable: true, seed: globalSeed(), names: map[string]int{}}
	list := args
	if args != nil && args.Kind == spec.Mapping {
		var errs spec.Errors
		for _, p := range args.Pairs {
			switch p.Key.Value {
			case "layers":
			case "name":
				m.Named(p.Val.Value)
			case "trainable":
				m.trainable = p.Val.Bool()
			case "dtype", "build_input_shape":
			default:
				errs = append(errs, wrong(p.Key, spec.CodeUnknownArgument, "Sequential has no argument %q", p.Key.Value)...)
			}
		}
		if len(errs) > 0 {
			return nil, errs
		}
		list = args.Get("layers")
	}
	if list == nil || list.Kind != spec.Sequence {
		return nil, wrong(n, spec.CodeType, "Sequential wants a list of layers")
	}
	var all spec.Errors
	var decoded []any
	for _, item := range list.Items {
		v, errs := decodeLayer(item)
		all = append(all, errs...)
		decoded = append(decoded, v)
	}
	if len(all) > 0 {
		return nil, all.Sort()
	}
	for i, v := range decoded {
		m.add(v, "")
		if m.err != nil {
			return nil, spec.Errors{shapeError(list.Items[i], m, m.err)}
		}
	}
	return m, nil
}

// decodeLayer reads a layer or a nested model.
func decodeLayer(n *spec.Node) (any, spec.Errors) {
	if isModel(n) {
		return decodeModel(n)
	}
	v, errs := spec.Decode(n, "layer")
	if len(errs) > 0 {
		return nil, errs
	}
	if _, ok := v.(layers.Layer); !ok {
		return nil, wrong(n, spec.CodeType, "a layer is wanted")
	}
	return v, nil
}

// shapeError locates an error that a layer raised when it was added.
func shapeError(n *spec.Node, m *Model, err error) *spec.Error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner // without the Go caller's place
		if _, ok := err.(interface{ Is(error) bool }); ok {
			break
		}
	}
	head, _ := spec.Head(n)
	if head == nil {
		head = n
	}
	return &spec.Error{Pos: head.Pos, Code: spec.CodeShape, Msg: head.Value + ": " + err.Error(), Err: err}
}

// decodeFunctional reads Keras's graph of layer calls.
func decodeFunctional(n, args *spec.Node) (*Model, spec.Errors) {
	if args == nil || args.Get("layers") == nil || args.Get("layers").Kind != spec.Sequence {
		return nil, wrong(n, spec.CodeType, "Functional wants Keras's config with layers, input_layers and output_layers")
	}
	d := &functionalDecoder{layers: map[string]*Layer{}, out: map[string][][]*Symbol{}}
	var all spec.Errors
	for _, item := range args.Get("layers").Items {
		all = append(all, d.layer(item)...)
	}
	if len(all) > 0 {
		return nil, all.Sort()
	}
	if errs := d.connect(); len(errs) > 0 {
		return nil, errs
	}
	in, errs := d.ends(args.Get("input_layers"), n)
	if len(errs) > 0 {
		return nil, errs
	}
	out, errs := d.ends(args.Get("output_layers"), n)
	if len(errs) > 0 {
		return nil, errs
	}
	m := NewModel(symbolList(in), symbolList(out))
	if m.err != nil {
		return nil, wrong(n, spec.CodeShape, "%v", unscoped(m.err))
	}
	if name := args.Get("name"); name != nil && name.Value != "" {
		m.Named(name.Value)
	}
	if t := args.Get("trainable"); t != nil {
		m.trainable = t.Bool()
	}
	m.keepOrder(d.order)
	return m, nil
}

// keepOrder lists the layers as the file does, which is how its weights count.
func (m *Model) keepOrder(order []*Layer) {
	var list []*Layer
	for _, l := range order {
		if slices.Contains(m.layers, l) {
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
	todo   []pendingCall
}

// pendingCall is a call whose inputs may not be there yet.
type pendingCall struct {
	layer *Layer
	index int
	node  *spec.Node
	refs  []tensorRef
}

type tensorRef struct {
	layer       string
	node, index int
	at          *spec.Node
}

func (d *functionalDecoder) layer(item *spec.Node) spec.Errors {
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
		refs, errs := inboundRefs(n)
		if len(errs) > 0 {
			return errs
		}
		d.todo = append(d.todo, pendingCall{l, i, n, refs})
	}
	d.out[name] = make([][]*Symbol, len(nodes.Items))
	return nil
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

// inboundRefs reads one call: {"args": […], "kwargs": {…}} of Keras 3, or the
// list [["layer", node, tensor, {…}], …] of Keras 1 and 2.
func inboundRefs(n *spec.Node) ([]tensorRef, spec.Errors) {
	var refs []tensorRef
	var errs spec.Errors
	var walk func(n *spec.Node)
	walk = func(n *spec.Node) {
		if h := n.Get("class_name"); h != nil && h.Value == "__keras_tensor__" {
			hist := n.Get("config").Get("keras_history")
			if r, ok := refOf(hist); ok {
				refs = append(refs, r)
			} else {
				errs = append(errs, wrong(n, spec.CodeType, "a tensor without keras_history")...)
			}
			return
		}
		if n.Kind == spec.Sequence {
			for _, i := range n.Items {
				walk(i)
			}
			return
		}
		if n.Kind != spec.Null {
			errs = append(errs, wrong(n, spec.CodeUnsupported, "a layer called with an argument that is no tensor is not supported")...)
		}
	}
	if n.Kind == spec.Sequence {
		for _, i := range n.Items {
			r, ok := refOf(i)
			if !ok {
				return nil, wrong(i, spec.CodeType, "wanted [layer, node, tensor]")
			}
			refs = append(refs, r)
		}
		return refs, nil
	}
	if args := n.Get("args"); args != nil {
		walk(args)
	}
	if kw := n.Get("kwargs"); kw != nil {
		for _, p := range kw.Pairs {
			switch k := p.Key.Value; {
			case p.Val.Kind == spec.Null, k == "training" && !p.Val.Bool():
			case k == "mask":
				errs = append(errs, wrong(p.Key, spec.CodeUnsupported, "a mask passed to a layer is not supported")...)
			default:
				errs = append(errs, wrong(p.Key, spec.CodeUnsupported, "the call argument %q is not supported", k)...)
			}
		}
	}
	return refs, errs
}

func refOf(n *spec.Node) (tensorRef, bool) {
	if n == nil || n.Kind != spec.Sequence || len(n.Items) < 3 {
		return tensorRef{}, false
	}
	a, ok1 := n.Items[1].Int()
	b, ok2 := n.Items[2].Int()
	return tensorRef{n.Items[0].Value, a, b, n}, ok1 && ok2 && n.Items[0].Kind == spec.String
}

// connect makes the calls, each once its inputs are there.
func (d *functionalDecoder) connect() spec.Errors {
	for len(d.todo) > 0 {
		var later []pendingCall
		for _, p := range d.todo {
			in, ready, errs := d.resolve(p.refs)
			if len(errs) > 0 {
				return errs
			}
			// Calls of a shared layer are made in order, so that their numbers hold.
			if !ready || p.index > 0 && d.out[p.layer.name][p.index-1] == nil {
				later = append(later, p)
				continue
			}
			s := p.layer.apply("", in)
			if s.err != nil {
				return spec.Errors{{Pos: p.node.Pos, Code: spec.CodeShape, Msg: fmt.Sprintf("%s: %v", p.layer.name, unscoped(s.err)), Err: s.err}}
			}
			d.out[p.layer.name][p.index] = s.call.out
		}
		if len(later) == len(d.todo) {
			return wrong(later[0].node, spec.CodeType, "layer %q depends on itself or on a layer that is missing", later[0].layer.name)
		}
		d.todo = later
	}
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

func (d *functionalDecoder) symbol(r tensorRef) (*Symbol, bool, spec.Errors) {
	l := d.layers[r.layer]
	if l == nil {
		return nil, false, wrong(r.at, spec.CodeUnknownClass, "there is no layer named %q", r.layer)
	}
	calls := d.out[r.layer]
	// Older files count the calls of nested models from 1.
	k := r.node
	if l.model != nil && k == len(calls) && k > 0 {
		k--
	}
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

// ends reads input_layers or output_layers: one reference, a list, or a map.
func (d *functionalDecoder) ends(n, parent *spec.Node) ([]*Symbol, spec.Errors) {
	if n == nil {
		return nil, wrong(parent, spec.CodeMissing, "Functional wants input_layers and output_layers")
	}
	items := n.Items
	if _, ok := refOf(n); ok {
		items = []*spec.Node{n}
	}
	for _, p := range n.Pairs {
		items = append(items, p.Val)
	}
	var out []*Symbol
	for _, i := range items {
		r, ok := refOf(i)
		if !ok {
			return nil, wrong(i, spec.CodeType, "wanted [layer, node, tensor]")
		}
		s, ready, errs := d.symbol(r)
		if len(errs) > 0 {
			return nil, errs
		}
		if !ready {
			return nil, wrong(i, spec.CodeType, "layer %q was not called", r.layer)
		}
		out = append(out, s)
	}
	return out, nil
}

// decodeCompile reads a compile_config and compiles the model.
func (m *Model) decodeCompile(n *spec.Node) spec.Errors {
	var c Compile
	if errs := spec.DecodeStruct(n, &c); len(errs) > 0 {
		return errs
	}
	for _, f := range []*any{&c.Loss, &c.LossWeights, &c.Metrics, &c.WeightedMetrics} {
		*f = goValue(*f)
	}
	if err := m.Compile(c); err != nil {
		return wrong(n, spec.CodeType, "%v", err)
	}
	return nil
}

// goValue turns a free-form value of a description into plain Go lists and maps.
func goValue(v any) any {
	switch v := v.(type) {
	case *spec.Object:
		m := map[string]any{}
		for _, k := range v.Keys() {
			x, _ := v.Get(k)
			m[k] = goValue(x)
		}
		return m
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = goValue(x)
		}
		return out
	}
	return v
}
