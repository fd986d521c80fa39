package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// object reads what a field with kind= holds.
func (d *decoder) object(n *Node, f *Field) any {
	if n.bad {
		return nil
	}
	switch n.Kind {
	case Null:
		return nil
	case String:
		return d.byString(n, f)
	case Int, Float:
		if x, ok := n.Float(); ok && slices.Contains(f.Kinds, "schedule") {
			return x
		}
	case Sequence:
		if f.takes("function") { // as Keras 1 and 2 wrote the code of a Lambda
			d.pythonCode(n, f)
			return nil
		}
		if f.Many {
			list := make([]any, len(n.Items))
			for i, e := range n.Items {
				list[i] = d.object(e, f)
			}
			return list
		}
	case Mapping:
		return d.mapping(n, f)
	}
	d.wants(n, f)
	return nil
}

// byString resolves a bare string.
func (d *decoder) byString(n *Node, f *Field) any {
	for _, k := range f.Kinds {
		c, ok := resolveClass(k, n.Value)
		if !ok {
			c, ok = Lookup(k, n.Value)
		}
		if pkg, name, own := strings.Cut(n.Value, ">"); own && !ok { // a function of the user's, as files name it
			if k == f.Kinds[len(f.Kinds)-1] {
				d.fail(n.Pos, CodeUnknownClass, "unknown %s %q", f.Kinds[0], n.Value).help("write it in Go and register it: spec.RegisterFunc(%q, %q, f, spec.OfKind(%q)); a class with spec.Register", pkg, name, f.Kinds[0])
				return nil
			}
		}
		switch {
		case !ok:
			continue
		case c == nil || c.Kind == "loss" || c.Kind == "metric":
			return n.Value
		case c.Func != nil:
			return c.Func
		case c.decode != nil:
			return d.own(c, n)
		}
		return d.class(c, n, nil, false)
	}
	if _, err := strconv.ParseFloat(n.Value, 64); err == nil && slices.Contains(f.Kinds, "schedule") {
		d.wants(n, f).Help = []string{"leave out the quotes"}
		return nil
	}
	switch {
	case !f.takes("function"):
		d.unknown(n, f, true)
	case strings.HasPrefix(n.Value, "lambda "):
		d.pythonCode(n, f)
	default:
		e := d.fail(n.Pos, CodeUnknownClass, "unknown function %q", n.Value)
		if guess := Suggest(n.Value, append(Names("function"), Names("activation")...)); guess != "" {
			e.help("did you mean %q?", guess)
		} else {
			e.help("write it in Go and register it: spec.RegisterFunc(package, %q, f, spec.OfKind(\"function\"))", n.Value)
		}
	}
	return nil
}

func (d *decoder) unknown(n *Node, f *Field, bare bool) {
	e := unknownClass(n.Pos, f.Kinds[0], n.Value, bare)
	if len(f.Kinds) > 1 { // suggest from the other kinds too
		for _, k := range f.Kinds[1:] {
			if o := unknownClass(n.Pos, k, n.Value, bare); strings.Contains(o.Help[0], "did you mean") && !strings.Contains(e.Help[0], "did you mean") {
				e.Help = o.Help
			}
		}
	}
	if n.Value == "None" && !n.Quoted {
		e.Help = []string{"write null for Python's None, or leave the argument out"}
	}
	d.errs = append(d.errs, e)
}

// mapping reads an object with arguments, or a map of objects.
func (d *decoder) mapping(n *Node, f *Field) any {
	if n.Get("class_name") != nil {
		return d.long(n, f)
	}
	if len(n.Pairs) == 1 {
		key, val := n.Pairs[0].Key, n.Pairs[0].Val
		if c := d.lookup(key, f); c != nil {
			if c.decode != nil {
				return d.own(c, n)
			}
			return d.short(c, key, val)
		}
		if !f.Many || !d.isObject(val, f) && Suggest(key.Value, classNames(f.Kinds)) != "" {
			d.unknown(key, f, false)
			return nil
		}
	}
	if f.Ordered {
		o := NewObject()
		for _, p := range n.Pairs {
			o.Set(p.Key.Value, d.object(p.Val, f))
		}
		return o
	}
	if f.Many {
		m := make(map[string]any, len(n.Pairs))
		for _, p := range n.Pairs {
			m[p.Key.Value] = d.object(p.Val, f)
		}
		return m
	}
	e := d.wants(n, f)
	for _, p := range n.Pairs {
		if c := d.lookup(p.Key, f); c != nil {
			e.Msg = fmt.Sprintf("%s stands beside other keys", c.Name)
			e.Pos = p.Key.Pos
			e.Help = []string{"indent the arguments under " + c.Name + ":"}
			for _, q := range n.Pairs {
				if other := d.lookup(q.Key, f); other != nil && other != c {
					e.Msg = fmt.Sprintf("%s and %s stand in one mapping", c.Name, other.Name)
					e.Pos = q.Key.Pos
					e.Help = []string{"each " + f.Kinds[0] + " is one key; in a list, put a dash before each"}
				}
			}
			return nil
		}
	}
	e.help("write it as one key, the class, with its arguments: Class: {argument: value}")
	return nil
}

// isObject tells whether a value is an object of the field, or a list of such: then its key is the name of an output, not a class.
func (d *decoder) isObject(n *Node, f *Field) bool {
	if n.Kind == Sequence {
		return len(n.Items) > 0 && d.isObject(n.Items[0], f)
	}
	name, _ := Head(n)
	if name == nil || name.Kind != String {
		return false
	}
	return slices.ContainsFunc(f.Kinds, func(k string) bool {
		_, class := Lookup(k, name.Value)
		_, word := resolveClass(k, name.Value)
		return class || word && n.Kind == String
	})
}

// own leaves an object to the function given with DecodeWith.
func (d *decoder) own(c *Class, n *Node) any {
	v, errs := c.decode(n)
	d.errs = append(d.errs, errs...)
	if len(errs) > 0 {
		return nil
	}
	return v
}

// lookup finds the class a key names.
func (d *decoder) lookup(key *Node, f *Field) *Class {
	for _, k := range f.Kinds {
		if c, ok := Lookup(k, key.Value); ok {
			return c
		}
		if key.synth {
			if c, ok := resolveClass(k, key.Value); ok && c != nil {
				return c
			}
		}
	}
	return nil
}

func classNames(kinds []string) []string {
	var names []string
	for _, k := range kinds {
		for _, c := range Classes(k) {
			names = append(append(names, c.Name), c.Aliases...)
		}
	}
	return names
}

// short reads "Class: value".
func (d *decoder) short(c *Class, key, val *Node) any {
	if c.Func != nil {
		if val.Kind != Null && !(val.Kind == Mapping && len(val.Pairs) == 0) {
			d.fail(val.Pos, CodeType, "%s takes no arguments", c.Name)
		}
		return c.Func
	}
	pos, hasPos := c.Positional()
	switch {
	case val.Kind == Null && !(hasPos && pos.Required):
		return d.class(c, key, nil, false)
	case val.Kind == Mapping && !positionalMapping(c, val):
		return d.class(c, key, val.Pairs, false)
	case !hasPos:
		e := d.fail(val.Pos, CodeType, "%s wants its arguments by name, got %s", c.Name, val.shown())
		if word := missingSpace(val.Value); val.Kind == String && !val.Quoted && word != "" {
			e.help("put a space after the colon: %s", word)
		} else {
			e.help("write %s: {argument: value}   see: kerasgo help %s", c.Name, c.Name)
		}
		return nil
	}
	name := &Node{Kind: String, Value: pos.Name, Pos: val.Pos}
	return d.class(c, key, []Pair{{name, val}}, false)
}

// positionalMapping tells whether the mapping after a class key is the value of the positional argument, itself an object: TimeDistributed: {Dense: 10}.
func positionalMapping(c *Class, val *Node) bool {
	pos, ok := c.Positional()
	if !ok || len(val.Pairs) == 0 {
		return false
	}
	key := val.Pairs[0].Key.Value
	if _, isArg := c.Field(key); isArg {
		return false
	}
	if pos.takesObjects() {
		if val.Get("class_name") != nil {
			return true
		}
		if len(val.Pairs) != 1 {
			return false
		}
		return slices.ContainsFunc(pos.Kinds, func(k string) bool { _, ok := Lookup(k, key); return ok })
	}
	return pos.elem().Kind() == reflect.Map
}
