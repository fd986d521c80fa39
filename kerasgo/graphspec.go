package keras

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// decodeGraph reads the form of a functional model that people write: named nodes,
// each a class with its arguments and, under "from", the names of what it is called
// with, the node above it if left out.
//
//	Functional:
//	  inputs: {image: [28, 28, 1], extra: [4]}
//	  nodes:
//	    conv:  {Conv2D: {filters: 8, kernel_size: 3}, from: image}
//	    mean:  {ops.Mean: {axis: [1, 2]}}                          # an operation of keras.ops
//	    twin:  {call: conv, from: image}                           # conv again, with the same weights
//	    both:  {Concatenate: {}, from: [mean, extra]}
//	    digit: {Dense: {units: 10, activation: softmax}}
//	  outputs: digit   # or [digit, other], or {p: digit, q: other}
//
// "name[1]" is the second output of a node. Nodes may stand in any order. What a call
// takes by name stands under "with": {attention_mask: m, use_causal_mask: true}. "order"
// lists all layers as a file had them, where that is not Keras's order by depth.
// Operations take numbers and lists too, indices as Python writes them ("1:-1", "..."),
// and {array: [[1, 2]], dtype: float32}.
func decodeGraph(n, args *spec.Node) (*Model, spec.Errors) {
	g := &graphDecoder{nodes: map[string]*graphNode{}}
	var errs spec.Errors
	var outputs, order *spec.Node
	name, trainable := "", true
	for _, p := range args.Pairs {
		switch p.Key.Value {
		case "inputs":
			errs = append(errs, g.readInputs(p.Val)...)
		case "nodes":
			errs = append(errs, g.readNodes(p.Val)...)
		case "outputs":
			outputs = p.Val
		case "order":
			order = p.Val
		case "name":
			name = p.Val.Value
		case "trainable":
			trainable = p.Val.Bool()
		default:
			errs = append(errs, spec.UnknownArgument(p.Key, "Functional", "Functional", []string{"inputs", "nodes", "outputs", "order", "name", "trainable"}))
		}
	}
	if len(g.inputs) == 0 && len(errs) == 0 {
		errs = wrong(n, spec.CodeMissing, "Functional wants inputs: {name: shape}")
	}
	if outputs == nil && len(errs) == 0 {
		errs = wrong(n, spec.CodeMissing, "Functional wants outputs: the name of a node, a list of names, or a mapping of names for losses and logs to nodes")
	}
	if len(errs) > 0 {
		return nil, errs.Sort()
	}
	for _, node := range g.order { // all of them, so that every mistake is found
		errs = append(errs, g.make(node)...)
	}
	if len(errs) > 0 {
		return nil, errs.Sort()
	}
	out, errs := g.outputs(outputs)
	if len(errs) > 0 {
		return nil, errs
	}
	m := NewModel(symbolList(g.inputs), out)
	if m.err != nil {
		return nil, wrong(outputs, spec.CodeShape, "%v", unscoped(m.err))
	}
	if order != nil {
		if errs := g.keepOrder(m, order); len(errs) > 0 {
			return nil, errs
		}
	}
	if name != "" {
		m.Named(name)
	}
	if !trainable {
		m.SetTrainable(false)
	}
	return m, nil
}

func (g *graphDecoder) outputs(n *spec.Node) (out Symbols, errs spec.Errors) {
	if n.Kind == spec.Mapping {
		dict := symbolDict{}
		for _, p := range n.Pairs {
			s, es := g.symbol(p.Val)
			dict[p.Key.Value], errs = s, append(errs, es...)
		}
		return dict, errs
	}
	var list symbolList
	for _, item := range listed(n) {
		s, es := g.symbol(item)
		list, errs = append(list, s), append(errs, es...)
	}
	return list, errs
}

type graphDecoder struct {
	inputs []*Symbol
	nodes  map[string]*graphNode
	order  []*graphNode
}

type graphNode struct {
	name        *spec.Node
	class, args *spec.Node // the class and its arguments; args is what "call" names if class is nil
	from, with  *spec.Node
	before      *graphNode // the node or input above
	making      bool
	layer       *Layer
	out         []*Symbol
}

func listed(n *spec.Node) []*spec.Node {
	if n.Kind == spec.Sequence {
		return n.Items
	}
	return []*spec.Node{n}
}

func (g *graphDecoder) add(node *graphNode) spec.Errors {
	if strings.ContainsAny(node.name.Value, "/[]") {
		return wrong(node.name, spec.CodeType, "the name %q contains a slash or a bracket", node.name.Value)
	}
	if g.nodes[node.name.Value] != nil {
		return wrong(node.name, spec.CodeDuplicate, "there are two nodes named %q", node.name.Value)
	}
	if len(g.order) > 0 {
		node.before = g.order[len(g.order)-1]
	}
	g.nodes[node.name.Value] = node
	g.order = append(g.order, node)
	return nil
}

func (g *graphDecoder) readInputs(n *spec.Node) (errs spec.Errors) {
	if n.Kind != spec.Mapping {
		return wrong(n, spec.CodeType, "inputs wants a mapping {name: shape}")
	}
	for _, p := range n.Pairs {
		text := p.Val
		if text.Kind == spec.Sequence {
			text = &spec.Node{Kind: spec.Mapping, Pos: p.Val.Pos, Pairs: []spec.Pair{{Key: &spec.Node{Kind: spec.String, Value: "shape", Pos: p.Val.Pos}, Val: p.Val}}}
		}
		var d layers.InputLayer
		if es := spec.DecodeStruct(text, &d); len(es) > 0 {
			errs = append(errs, es...)
			continue
		}
		d.Name = p.Key.Value
		s := input(d, "")
		if s.err != nil {
			errs = append(errs, wrong(p.Val, spec.CodeShape, "%v", unscoped(s.err))...)
			continue
		}
		errs = append(errs, g.add(&graphNode{name: p.Key, layer: s.call.layer, out: []*Symbol{s}})...)
		g.inputs = append(g.inputs, s)
	}
	return errs
}

func (g *graphDecoder) readNodes(n *spec.Node) (errs spec.Errors) {
	if n.Kind != spec.Mapping {
		return wrong(n, spec.CodeType, "nodes wants a mapping {name: {Class: arguments, from: names}}")
	}
	for _, p := range n.Pairs {
		node := &graphNode{name: p.Key}
		pairs := p.Val.Pairs
		if p.Val.Kind == spec.String { // no arguments: "flat: Flatten"
			pairs = []spec.Pair{{Key: p.Val, Val: &spec.Node{Kind: spec.Null, Pos: p.Val.Pos}}}
		}
		for _, q := range pairs {
			switch {
			case q.Key.Value == "from":
				node.from = q.Val
			case q.Key.Value == "with":
				node.with = q.Val
			case node.args != nil:
				errs = append(errs, wrong(q.Key, spec.CodeUnknownArgument, "node %q is one class or one call; %q is too much", p.Key.Value, q.Key.Value)...)
			case q.Key.Value == "call":
				node.args = q.Val
			default:
				node.class, node.args = q.Key, q.Val
			}
		}
		if node.args == nil {
			errs = append(errs, wrong(p.Val, spec.CodeMissing, "node %q wants a class, such as {Dense: {units: 8}, from: x}", p.Key.Value)...)
			continue
		}
		errs = append(errs, g.add(node)...)
	}
	return errs
}

// find returns the node of that name.
func (g *graphDecoder) find(at *spec.Node, name string) (*graphNode, spec.Errors) {
	if node := g.nodes[name]; node != nil {
		return node, nil
	}
	var names []string
	for _, o := range g.order {
		names = append(names, o.name.Value)
	}
	errs := wrong(at, spec.CodePath, "there is no node named %q", name)
	if s := spec.Suggest(name, names); s != "" {
		errs[0].Help = []string{fmt.Sprintf("did you mean %q?", s)}
	} else {
		errs[0].Help = []string{"there are " + strings.Join(names, ", ")}
	}
	return nil, errs
}

// symbol returns the output that a name, or name[k], stands for.
func (g *graphDecoder) symbol(at *spec.Node) (*Symbol, spec.Errors) {
	if at.Kind != spec.String {
		return nil, wrong(at, spec.CodeType, "the name of a node is wanted")
	}
	name, index, indexed := strings.Cut(strings.TrimSuffix(at.Value, "]"), "[")
	k := 0
	if indexed {
		var err error
		if k, err = strconv.Atoi(index); err != nil || k < 0 {
			return nil, wrong(at, spec.CodeType, "%q: a number is wanted between the brackets", at.Value)
		}
	}
	node, errs := g.find(at, name)
	if len(errs) > 0 {
		return nil, errs
	}
	if node.making {
		return nil, wrong(at, spec.CodePath, "%q depends on itself", name)
	}
	if errs := g.make(node); len(errs) > 0 {
		return nil, errs
	}
	if node.out == nil { // its mistake is reported already
		return &Symbol{err: errReported}, nil
	}
	if k >= len(node.out) {
		return nil, wrong(at, spec.CodeRange, "node %q has %d outputs", name, len(node.out))
	}
	return node.out[k], nil
}
