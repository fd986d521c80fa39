package keras

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kerasgo/kerasgo/kerasgo/operations"
	"github.com/kerasgo/kerasgo/spec"
)

// argument reads one entry of "from": a name, or, for operations, a number, a list, an
// index or an array.
func (g *graphDecoder) argument(n *spec.Node) (any, spec.Errors) {
	switch n.Kind {
	case spec.Null:
		return nil, nil
	case spec.Bool:
		return n.Bool(), nil
	case spec.Int:
		i, _ := n.Int()
		return i, nil
	case spec.Float:
		x, _ := n.Float()
		return x, nil
	case spec.Sequence:
		list := []any{}
		for _, item := range n.Items {
			v, errs := g.argument(item)
			if len(errs) > 0 {
				return nil, errs
			}
			list = append(list, v)
		}
		return list, nil
	case spec.Mapping:
		return constantArgument(n)
	}
	if g.nodes[n.Value] == nil {
		if index, ok := parseIndex(n.Value); ok {
			return index, nil
		}
	}
	return g.symbol(n)
}

// keywords reads what stands under "with".
func (g *graphDecoder) keywords(n *spec.Node) (Kwargs, spec.Errors) {
	if n == nil || n.Kind == spec.Null {
		return nil, nil
	}
	if n.Kind != spec.Mapping {
		return nil, wrong(n, spec.CodeType, "with wants a mapping {name of the argument: node}")
	}
	kwargs := Kwargs{}
	for _, p := range n.Pairs {
		v, errs := g.argument(p.Val)
		if len(errs) > 0 {
			return nil, errs
		}
		kwargs[p.Key.Value] = v
	}
	return kwargs, nil
}

// keepOrder puts the model's layers into the order in which they are listed.
func (g *graphDecoder) keepOrder(m *Model, n *spec.Node) spec.Errors {
	if n.Kind != spec.Sequence {
		return wrong(n, spec.CodeType, "order wants a list of all layers by name")
	}
	var list []*Layer
	for _, item := range n.Items {
		node, errs := g.find(item, item.Value)
		if len(errs) > 0 {
			return errs
		}
		if node.layer == nil || slices.Contains(list, node.layer) || !slices.Contains(m.layers, node.layer) {
			return wrong(item, spec.CodeType, "order lists every layer of the model once; %q is too much", item.Value)
		}
		list = append(list, node.layer)
	}
	if len(list) != len(m.layers) {
		return wrong(n, spec.CodeMissing, "order lists %d of the model's %d layers", len(list), len(m.layers))
	}
	m.layers = list
	return nil
}

// constantArgument reads {array: lists, dtype: type}, {tensor: lists, dtype: type},
// which differ in Keras's files, and {text: string}.
func constantArgument(n *spec.Node) (any, spec.Errors) {
	if t := n.Get("text"); t != nil && len(n.Pairs) == 1 && t.Kind == spec.String {
		return t.Value, nil
	}
	key := "array"
	if n.Get(key) == nil {
		key = "tensor"
	}
	value, dtype := n.Get(key), n.Get("dtype")
	if value == nil || dtype == nil || len(n.Pairs) != 2 {
		return nil, wrong(n, spec.CodeType, "a constant is {array: [[1, 2], [3, 4]], dtype: float32}, or {text: …}")
	}
	t, errs := constantTensor(&spec.Node{Kind: spec.Mapping, Pos: n.Pos, Pairs: []spec.Pair{
		{Key: &spec.Node{Kind: spec.String, Value: "value", Pos: value.Pos}, Val: value},
		{Key: &spec.Node{Kind: spec.String, Value: "dtype", Pos: dtype.Pos}, Val: dtype},
	}})
	if len(errs) == 0 && key == "tensor" {
		return kerasTensor{t}, nil
	}
	return t, errs
}

// parseIndex reads an index as Python writes it: "...", or start:stop:step, of which
// each may be left out.
func parseIndex(s string) (any, bool) {
	if s == "..." {
		return operations.Ellipsis{}, true
	}
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return nil, false
	}
	var at [3]*int
	for i, p := range parts {
		if p == "" {
			continue
		}
		k, err := strconv.Atoi(p)
		if err != nil {
			return nil, false
		}
		at[i] = &k
	}
	return operations.Range{Start: at[0], Stop: at[1], Step: at[2]}, true
}

// indexText writes what parseIndex reads.
func indexText(r operations.Range) string {
	text := func(p *int) string {
		if p == nil {
			return ""
		}
		return strconv.Itoa(*p)
	}
	s := text(r.Start) + ":" + text(r.Stop)
	if r.Step != nil {
		s += ":" + text(r.Step)
	}
	return s
}
