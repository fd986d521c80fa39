package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// maskOps are the ops by which Keras stores how it computes masks: those of
// Embedding and Masking, and what merging layers make of them.
var maskOps = []string{"NotEqual", "Any", "ConvertToTensor", "OnesLike", "ZerosLike", "ExpandDims", "LogicalOr", "Concatenate", "Squeeze"}

// maskFinder tells the masks that layers hand on by themselves, which Keras writes into
// files as ops and arguments, from those that a call was given.
type maskFinder struct {
	items  map[string]*spec.Node // of the graph, by name
	hands  map[string]bool       // whether a layer's output has a mask by itself, as far as is known
	needed map[string]bool
	makers map[string]string // by refKey of what layers that make masks are called with: what is masked, "" if that is not known
}

// findMasks finds the ops that only compute masks which layers hand on by
// themselves: no output needs them, and no mask that a call was given.
func (d *functionalDecoder) findMasks(args *spec.Node) {
	f := maskFinder{items: map[string]*spec.Node{}, hands: map[string]bool{}, needed: map[string]bool{}, makers: map[string]string{}}
	for _, item := range args.Get("layers").Items {
		if n := item.Get("name"); n != nil {
			f.items[n.Value] = item
		}
	}
	for _, item := range f.items {
		if nodes := item.Get("inbound_nodes"); nodes != nil && f.makes(withoutKeys(item, "inbound_nodes")) {
			for _, node := range nodes.Items {
				refs, _ := tensorRefs(node.Get("args"))
				for _, r := range refs {
					f.makers[fmt.Sprint(r.layer, r.node, r.index)] = maskedValue(item)
				}
			}
		}
	}
	f.need(args.Get("output_layers"))
	for name, item := range f.items {
		if _, ok := maskNode(item); ok && !f.needed[name] {
			d.masks[name] = true
		}
	}
}

// need marks what a part of the description refers to.
func (f maskFinder) need(n *spec.Node) {
	if r, ok := refOf(n); ok {
		if item := f.items[r.layer]; item != nil && !f.needed[r.layer] {
			f.needed[r.layer] = true
			f.need(item.Get("inbound_nodes"))
		}
		return
	}
	if n == nil {
		return
	}
	for _, i := range n.Items {
		f.need(i)
	}
	args, kwargs := n.Get("args"), n.Get("kwargs")
	for _, p := range n.Pairs {
		if p.Val == kwargs && args != nil {
			f.needKeywords(args, kwargs)
		} else if k := p.Key.Value; k != "mask" && !derivedName(k) { // of older versions
			f.need(p.Val)
		}
	}
}

// needKeywords does so for the arguments by name of a call of Keras 3.
func (f maskFinder) needKeywords(args, kwargs *spec.Node) {
	state := kwargs.Get("initial_state") // with it no mask is derived
	for _, p := range kwargs.Pairs {
		k, of := p.Key.Value, args
		if v := kwargs.Get(strings.TrimSuffix(k, "_mask")); v != nil && v != p.Val {
			of = v
		}
		switch {
		case p.Val.Kind == spec.Null:
		case k != "mask" && !derivedName(k), state != nil && state.Kind != spec.Null, !f.derived(p.Val), !f.handed(of):
			f.need(p.Val)
		}
	}
}

// derived reports whether masks are made by the ops by which Keras computes them, from what
// makes masks is called with.
func (f maskFinder) derived(n *spec.Node) bool {
	refs, _ := tensorRefs(n)
	return !slices.ContainsFunc(refs, func(r tensorRef) bool {
		item := f.items[r.layer]
		if item == nil {
			return true
		}
		_, ok := maskNode(item)
		nodes := item.Get("inbound_nodes")
		if !ok || nodes == nil || len(nodes.Items) == 0 {
			return true
		}
		args := nodes.Items[0].Get("args")
		switch item.Get("class_name").Value {
		case "OnesLike", "ZerosLike":
			return false
		case "NotEqual":
			if args == nil || len(args.Items) < 2 {
				return true
			}
			value, ok := f.makers[refKey(args.Items[0])]
			return !ok || value != "" && value != numberText(args.Items[1])
		}
		return !f.derived(args)
	})
}

// maskedValue returns the number that a layer masks, or "" for a model or a wrapper.
func maskedValue(item *spec.Node) string {
	switch item.Get("class_name").Value {
	case "Embedding", "ReversibleEmbedding":
		return "0"
	case "Masking":
		return numberText(item.Get("config").Get("mask_value"))
	}
	return ""
}

func numberText(n *spec.Node) string {
	x, _ := n.Float()
	return fmt.Sprint(x)
}

// refKey tells tensors apart.
func refKey(n *spec.Node) string {
	refs, _ := tensorRefs(n)
	if len(refs) == 0 {
		return ""
	}
	return fmt.Sprint(refs[0].layer, refs[0].node, refs[0].index)
}

// derivedName reports whether Keras fills in an argument of that name from masks.
func derivedName(k string) bool { return strings.HasSuffix(k, "_mask") && k != "attention_mask" }

// handed reports whether one of the tensors in an argument comes with a mask by itself.
func (f maskFinder) handed(n *spec.Node) bool {
	refs, _ := tensorRefs(n)
	return slices.ContainsFunc(refs, func(r tensorRef) bool { return f.hand(r.layer) })
}

// hand reports whether a layer's output has a mask that the layer makes, or passes on.
func (f maskFinder) hand(name string) bool {
	item := f.items[name]
	if item == nil {
		return false
	}
	if known, ok := f.hands[name]; ok {
		return known
	}
	f.hands[name] = false // until it is known
	f.hands[name] = f.makes(item) || f.passes(item) && f.given(item.Get("inbound_nodes"))
	return f.hands[name]
}

// given reports whether one of the calls of a layer is with a mask.
func (f maskFinder) given(nodes *spec.Node) bool {
	if nodes == nil {
		return false
	}
	return slices.ContainsFunc(nodes.Items, func(n *spec.Node) bool {
		k := n.Get("kwargs")
		mask := k != nil && k.Get("mask") != nil && k.Get("mask").Kind != spec.Null
		return mask || f.handed(n.Get("args")) || f.handed(k)
	})
}

// makes reports whether a layer makes a mask: Embedding, Masking, or a model with such.
func (f maskFinder) makes(n *spec.Node) bool {
	if n == nil {
		return false
	}
	if c := n.Get("class_name"); c != nil && c.Value == "Masking" {
		return true
	}
	if z := n.Get("mask_zero"); z != nil && z.Kind == spec.Bool && z.Bool() {
		return true
	}
	return slices.ContainsFunc(n.Items, f.makes) || slices.ContainsFunc(n.Pairs, func(p spec.Pair) bool { return f.makes(p.Val) })
}

// passes reports whether a layer's output can have its input's mask; of models that is
// not known.
func (f maskFinder) passes(item *spec.Node) bool {
	if _, ok := maskNode(item); ok {
		return false
	}
	v, errs := decodeNode(withoutKeys(item, "name", "inbound_nodes"))
	if len(errs) > 0 {
		return true
	}
	switch v.(type) {
	case layers.Masker, layers.MaskPasser, *Model:
		return true
	}
	return false
}

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
