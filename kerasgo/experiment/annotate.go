package experiment

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/kerasgo/kerasgo/spec"
)

// Annotated prints a resolved description as YAML, one value a line, each with a
// comment that tells where it comes from: a line of the file, an option, or the
// default.
func (e *Experiment) Annotated(resolved *spec.Object) []byte {
	a := &annotator{}
	a.object(resolved, e.Root, 0)
	return a.b.Bytes()
}

type annotator struct{ b bytes.Buffer }

// commentColumn is where comments start, if the value ends before.
const commentColumn = 56

// line prints a line; first replaces the end of the indentation (the dash of a list).
func (a *annotator) line(depth int, first, text, comment string) {
	s := strings.Repeat("  ", depth)
	s = s[:len(s)-len(first)] + first + text
	if comment != "" {
		s += strings.Repeat(" ", max(1, commentColumn-utf8.RuneCountInString(s))) + "# " + comment
	}
	a.b.WriteString(s + "\n")
}

// origin tells where a node comes from.
func origin(n *spec.Node) string {
	switch {
	case n == nil || !n.Pos.IsValid():
		return "default"
	case n.Pos.Override():
		return n.Pos.File()
	}
	return fmt.Sprintf("line %d", n.Pos.Line)
}

// text prints "key: value" on one line.
func text(key string, v any) string {
	s := strings.TrimSuffix(string(spec.YAML(spec.NewObject(key, v))), "\n")
	if strings.Contains(s, "\n") {
		return key + ": " + string(spec.JSON(v, 0))
	}
	return s
}

func (a *annotator) object(o *spec.Object, n *spec.Node, depth int) {
	for _, k := range o.Keys() {
		v, _ := o.Get(k)
		a.pair(k, v, n.Get(k), depth, "")
	}
}

// isClass tells whether a value is "Class: arguments".
func isClass(v any) bool {
	o, ok := v.(*spec.Object)
	if !ok || o.Len() != 1 {
		return false
	}
	k := o.Keys()[0]
	return k != "" && 'A' <= k[0] && k[0] <= 'Z'
}

func hasObjects(v any) bool {
	switch v := v.(type) {
	case *spec.Object:
		return v.Len() > 0
	case []any:
		for _, e := range v {
			if hasObjects(e) {
				return true
			}
		}
	}
	return false
}

func (a *annotator) pair(key string, v any, n *spec.Node, depth int, first string) {
	if !hasObjects(v) {
		a.line(depth, first, text(key, v), origin(n))
		return
	}
	a.line(depth, first, strings.TrimSuffix(text(key, nil), " null"), "")
	switch x := v.(type) {
	case *spec.Object:
		if isClass(x) {
			a.class(x, n, depth+1, "")
		} else {
			a.object(x, n, depth+1)
		}
	case []any:
		a.list(x, n, depth+1)
	}
}

func (a *annotator) list(list []any, n *spec.Node, depth int) {
	for i, v := range list {
		var item *spec.Node
		switch {
		case n != nil && n.Kind == spec.Sequence && i < len(n.Items):
			item = n.Items[i]
		case n != nil && n.Kind != spec.Sequence && len(list) == 1: // one object for a list of one
			item = n
		}
		o, isObject := v.(*spec.Object)
		switch {
		case isClass(v):
			a.class(o, item, depth+1, "- ")
		case isObject && o.Len() > 0:
			for j, k := range o.Keys() {
				first := ""
				if j == 0 {
					first = "- "
				}
				val, _ := o.Get(k)
				a.pair(k, val, item.Get(k), depth+1, first)
			}
		default:
			a.line(depth+1, "- ", strings.TrimPrefix(text("k", v), "k: "), origin(item))
		}
	}
}

// class prints "Class: arguments"; n is the object in any of its forms.
func (a *annotator) class(o *spec.Object, n *spec.Node, depth int, first string) {
	name := o.Keys()[0]
	v, _ := o.Get(name)
	head, given := spec.Head(n)
	args, isObject := v.(*spec.Object)
	switch {
	case !isObject || args.Len() == 0:
		if given.Get("layers") != nil {
			given = given.Get("layers")
		}
		if given == nil {
			given = head
		}
		a.pair(name, v, given, depth, first)
		return
	case isClass(args): // the positional argument is itself an object
		a.line(depth, first, name+":", "")
		a.class(args, given, depth+1, "")
		return
	}
	a.line(depth, first, name+":", "")
	for _, k := range args.Keys() {
		val, _ := args.Get(k)
		arg := given.Get(k)
		if c, ok := anyClass(name); ok && arg == nil && given != nil && given.Kind != spec.Mapping {
			if pos, ok := c.Positional(); ok && pos.Name == k {
				arg = given
			}
		}
		a.pair(k, val, arg, depth+1, "")
	}
}

// anyClass finds a class by name, of whatever kind.
func anyClass(name string) (*spec.Class, bool) {
	for _, c := range spec.Classes("") {
		if c.Name == name {
			return c, true
		}
	}
	return nil, false
}
