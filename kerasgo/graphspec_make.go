package keras

import (
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/spec"
)

// errReported marks what follows from a mistake that is in the list already.
var errReported = fmt.Errorf("see the other message")

// make applies a node once.
func (g *graphDecoder) make(node *graphNode) spec.Errors {
	if node.out != nil || node.making || node.layer != nil && node.class != nil {
		return nil
	}
	node.making = true
	defer func() { node.making = false }()
	var args []any
	from := node.from
	if from == nil && node.before != nil {
		from = &spec.Node{Kind: spec.String, Value: node.before.name.Value, Pos: node.name.Pos}
	}
	if from == nil {
		return wrong(node.name, spec.CodeMissing, "node %q wants from: the name of what it is called with", node.name.Value)
	}
	for _, item := range listed(from) {
		v, errs := g.argument(item)
		if len(errs) > 0 {
			return errs
		}
		args = append(args, v)
	}
	kwargs, errs := g.keywords(node.with)
	if len(errs) > 0 {
		return errs
	}
	for _, v := range kwargs {
		args = append(args, v)
	}
	for _, s := range symbolsIn(args, nil) {
		if s.err == errReported {
			return nil
		}
	}
	args = args[:len(args)-len(kwargs)]
	if errs := g.layerOf(node); len(errs) > 0 || node.layer == nil {
		return errs
	}
	var s *Symbol
	if isOperation(node.layer.desc) {
		s = node.layer.operate("", args, kwargs)
	} else {
		in := symbolsIn(args, nil)
		if len(in) != len(args) {
			return wrong(from, spec.CodeType, "a layer is called with nodes only; numbers and lists are for operations (ops.NAME)")
		}
		s = node.layer.applyWith("", kwargs, in)
	}
	if s.err != nil {
		at := node.class
		if at == nil {
			at = node.args
		}
		return spec.Errors{{Pos: at.Pos, Code: spec.CodeShape, Msg: fmt.Sprintf("node %q: %v", node.name.Value, innermost(s.err)), Err: s.err}}
	}
	node.out = s.call.out
	return nil
}

// layerOf decodes the node's class, or finds the node that it calls again.
func (g *graphDecoder) layerOf(node *graphNode) spec.Errors {
	if node.class == nil {
		shared, errs := g.find(node.args, node.args.Value)
		if len(errs) > 0 {
			return errs
		}
		if shared.making {
			return wrong(node.args, spec.CodePath, "%q depends on itself", node.args.Value)
		}
		errs = g.make(shared)
		node.layer = shared.layer
		return errs
	}
	kind, class := "layer", *node.class
	if name, ok := strings.CutPrefix(class.Value, "ops."); ok {
		kind, class.Value = "op", name
	} else if _, isLayer := spec.Lookup("layer", class.Value); !isLayer {
		if _, ok := spec.Lookup("op", class.Value); ok {
			kind = "op"
		}
	}
	object := &spec.Node{Kind: spec.Mapping, Pos: node.class.Pos, Pairs: []spec.Pair{{Key: &class, Val: node.args}}}
	var v any
	var errs spec.Errors
	if kind == "layer" {
		v, errs = decodeLayer(object)
	} else {
		v, errs = spec.Decode(object, kind)
	}
	if len(errs) > 0 {
		return errs
	}
	l := newLayer(v, "")
	if l.err != nil {
		return wrong(node.class, spec.CodeType, "%v", innermost(l.err))
	}
	l.name, l.autoName = node.name.Value, false
	l.setField("Name", l.name)
	if l.model != nil {
		l.model.Named(l.name)
	}
	node.layer = l
	return nil
}

// innermost takes the places in Go code and the layer's name off an error.
func innermost(err error) error {
	err = unscoped(err)
	for {
		inner, ok := err.(interface{ Unwrap() error })
		if !ok || !strings.HasPrefix(err.Error(), "keras.") || inner.Unwrap() == nil {
			return err
		}
		err = unscoped(inner.Unwrap())
	}
}
