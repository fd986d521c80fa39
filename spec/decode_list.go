package spec

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// unwrap replaces the objects that Keras's files use for plain values by those values: DTypePolicy for a string, SeedGenerator for an
// integer, __tuple__ and TensorShape for a list, __numpy__ and __tensor__ for numbers.
func unwrap(n *Node, want reflect.Kind) *Node {
	name := n.Get("class_name")
	if name == nil {
		return n
	}
	cfg := n.Get("config")
	first := func(nodes ...*Node) *Node {
		for _, x := range nodes {
			if x != nil {
				return x
			}
		}
		return n
	}
	switch {
	case want == reflect.String && strings.HasSuffix(name.Value, "Policy"):
		return first(cfg.Get("name"))
	case want == reflect.Int && name.Value == "SeedGenerator":
		return first(cfg.Get("seed"))
	case name.Value == "__tuple__" || name.Value == "TensorShape":
		return first(n.Get("items"), cfg)
	case name.Value == "__numpy__" || name.Value == "__tensor__":
		return first(cfg.Get("value"))
	}
	return n
}

// list reads an array or slice. A single value fills an array; it makes a slice of one.
func (d *decoder) list(n *Node, f *Field, v reflect.Value) {
	before := len(d.errs)
	switch {
	case n.Kind == Mapping || n.Kind == Null || v.Kind() == reflect.Array && n.Kind == Sequence && len(n.Items) != v.Len():
		d.wants(n, f)
	case v.Kind() == reflect.Array:
		for i := range v.Len() {
			e := n
			if n.Kind == Sequence {
				e = n.Items[i]
			}
			d.value(e, f, v.Index(i))
			if len(d.errs) > before {
				d.whole(n, f, before)
				return
			}
		}
	default:
		items := n.Items
		if n.Kind != Sequence {
			items = []*Node{n}
		}
		s := reflect.MakeSlice(v.Type(), len(items), len(items))
		for i, e := range items {
			d.value(e, f, s.Index(i))
			if len(d.errs) > before {
				d.whole(n, f, before)
				return
			}
		}
		v.Set(s)
	}
}

// whole makes one message about the list out of those about its items: "pool_size wants an integer or a list of 2, got "x"".
func (d *decoder) whole(n *Node, f *Field, before int) {
	e := d.errs[before]
	d.errs = append(d.errs[:before], e)
	if e.Code == CodeType {
		e.Msg = fmt.Sprintf("%s wants %s, got %s", f.Name, f.wants(), n.shown())
	}
}

// table reads a map of plain values.
func (d *decoder) table(n *Node, f *Field, v reflect.Value) {
	if n.Kind != Mapping {
		d.wants(n, f)
		return
	}
	m := reflect.MakeMap(v.Type())
	for _, p := range n.Pairs {
		k := reflect.New(v.Type().Key()).Elem()
		if k.CanInt() {
			i, err := strconv.Atoi(p.Key.Value)
			if err != nil {
				d.fail(p.Key.Pos, CodeType, "%s wants integers as keys, got %q", f.Name, p.Key.Value)
				continue
			}
			k.SetInt(int64(i))
		} else {
			k.SetString(p.Key.Value)
		}
		e := reflect.New(v.Type().Elem()).Elem()
		item := Field{Name: f.Name + "." + p.Key.Value, Type: e.Type()}
		d.value(p.Val, &item, e)
		m.SetMapIndex(k, e)
	}
	v.Set(m)
}

// nested reads a struct that stands inside another, by its fields or, if it is registered, in any form of an object.
func (d *decoder) nested(n *Node, f *Field, v reflect.Value) {
	if c, ok := ClassOf(v.Interface()); ok {
		if name, _ := Head(n); name != nil && (name.Value == c.Name || name.Value == "class_name") {
			if obj := d.object(n, &Field{Name: f.Name, Kinds: []string{c.Kind}, Type: anyType}); obj != nil {
				if r := reflect.ValueOf(obj); r.Type() == v.Type() {
					v.Set(r)
				}
			}
			return
		}
	}
	if n.Kind != Mapping {
		d.wants(n, f)
		return
	}
	d.fields(v, f.Name, nil, n.Pairs, n.Pos, false)
}
