package keras

import (
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/operations"
	"github.com/kerasgo/kerasgo/spec"
)

// callArgs is what a layer is called with.
type callArgs struct {
	refs   []tensorRef
	masks  []tensorRef          // of the inputs, in their order; without a place for those that have none
	named  map[string]tensorRef // arguments of an ArgumentTaker after the positional ones
	kwargs Kwargs               // options

	operation []any    // an operation's arguments, with tensorRef for symbols
	byName    []string // which of them were given by name
}

// tensorRef names an output of a call: keras_history.
type tensorRef struct {
	layer       string
	node, index int
	at          *spec.Node
}

// inbound reads one call: {"args": […], "kwargs": {…}} of Keras 3, or the list
// [["layer", node, tensor, {…}], …] of Keras 1 and 2.
func inbound(n *spec.Node, l *Layer) (a callArgs, errs spec.Errors) {
	if op, ok := l.desc.(operations.Operation); ok {
		return operationInbound(n, op)
	}
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
			list, es := maskRefs(p.Val)
			a.masks, errs = list, append(errs, es...)
		default:
			errs = append(errs, wrong(p.Key, spec.CodeUnsupported, "the call argument %q is not supported", k)...)
		}
	}
	return errs
}

// maskRefs reads a mask, or a list of masks with null for inputs that have none.
func maskRefs(n *spec.Node) (list []tensorRef, errs spec.Errors) {
	items := n.Items
	if n.Kind == spec.Mapping && n.Get("class_name") == nil {
		items = byKey(n)
	} else if _, one := refOf(n); one || n.Kind != spec.Sequence {
		return tensorRefs(n)
	}
	for _, item := range items {
		refs, es := tensorRefs(item)
		if errs = append(errs, es...); len(refs) == 0 {
			refs = []tensorRef{{}}
		}
		list = append(list, refs...)
	}
	return list, errs
}

// tensorRefs reads the tensors in a call's argument, however nested.
func tensorRefs(n *spec.Node) (refs []tensorRef, errs spec.Errors) {
	if n == nil || n.Kind == spec.Null {
		return nil, nil
	}
	if r, ok := refOf(n); ok { // as older versions write keywords
		return []tensorRef{r}, nil
	}
	h := n.Get("class_name")
	if items := n.Items; n.Kind == spec.Sequence || n.Kind == spec.Mapping && h == nil {
		if n.Kind == spec.Mapping {
			items = byKey(n)
		}
		for _, i := range items {
			r, es := tensorRefs(i)
			refs, errs = append(refs, r...), append(errs, es...)
		}
		return refs, errs
	}
	if h != nil && h.Value == "__keras_tensor__" {
		if r, ok := refOf(n.Get("config").Get("keras_history")); ok {
			return []tensorRef{r}, nil
		}
		return nil, wrong(n, spec.CodeType, "a tensor without keras_history")
	}
	return nil, wrong(n, spec.CodeUnsupported, "a layer called with an argument that is no tensor is not supported")
}

// byKey returns the values of a mapping in the order in which a model has inputs with
// names of their own: that of the names.
func byKey(n *spec.Node) (items []*spec.Node) {
	pairs := slices.SortedFunc(slices.Values(n.Pairs), func(a, b spec.Pair) int { return strings.Compare(a.Key.Value, b.Key.Value) })
	for _, p := range pairs {
		items = append(items, p.Val)
	}
	return items
}

func refOf(n *spec.Node) (tensorRef, bool) {
	if n == nil || n.Kind != spec.Sequence || len(n.Items) < 3 {
		return tensorRef{}, false
	}
	a, ok1 := n.Items[1].Int()
	b, ok2 := n.Items[2].Int()
	return tensorRef{n.Items[0].Value, a, b, n}, ok1 && ok2 && n.Items[0].Kind == spec.String
}
