package keras

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/spec"
)

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
				if len(errs) == 0 && ready {
					ready, errs = d.resolveMasks(p)
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
	var s *Symbol
	if isOperation(p.layer.desc) {
		symbols := map[*spec.Node]*Symbol{}
		for i, r := range p.refs {
			symbols[r.at] = in[i]
		}
		m := manner{args: resolveOperation(p.operation, symbols).([]any), keywords: p.byName}
		s = p.layer.applyAs("", m, symbolsIn(m.args, nil))
	} else {
		s = p.layer.applyWith("", p.kwargs, in)
	}
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
		if d.masks[r.layer] && derivedName(name) {
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

// resolveMasks stores the masks that the call was given. Those that Keras derived are
// derived again.
func (d *functionalDecoder) resolveMasks(p *pendingCall) (ready bool, errs spec.Errors) {
	list, given := make([]any, len(p.masks)), false
	for i, r := range p.masks {
		if r.at == nil || d.masks[r.layer] {
			continue
		}
		s, ok, errs := d.symbol(r)
		if len(errs) > 0 || !ok {
			return false, errs
		}
		list[i], given = s, true
	}
	if given {
		p.kwargs["mask"] = list
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

// endRefs reads input_layers or output_layers: one reference, a list, or a map, of which
// it returns the keys too.
func endRefs(n, parent *spec.Node) (refs []tensorRef, keys []string, errs spec.Errors) {
	if n == nil {
		return nil, nil, wrong(parent, spec.CodeMissing, "Functional wants input_layers and output_layers")
	}
	items := slices.Clone(n.Items)
	if _, ok := refOf(n); ok {
		items = []*spec.Node{n}
	}
	for _, p := range n.Pairs {
		items, keys = append(items, p.Val), append(keys, p.Key.Value)
	}
	for _, i := range items {
		r, ok := refOf(i)
		if !ok {
			return nil, nil, wrong(i, spec.CodeType, "wanted [layer, node, tensor]")
		}
		refs = append(refs, r)
	}
	return refs, keys, nil
}

func (d *functionalDecoder) ends(refs []tensorRef, keys []string) (Symbols, spec.Errors) {
	var out symbolList
	dict := symbolDict{}
	for i, r := range refs {
		s, ready, errs := d.symbol(r)
		if len(errs) > 0 {
			return nil, errs
		}
		if !ready {
			return nil, wrong(r.at, spec.CodeType, "layer %q was not called", r.layer)
		}
		if keys != nil {
			dict[keys[i]] = s
		}
		out = append(out, s)
	}
	if keys != nil {
		return dict, nil
	}
	return out, nil
}
