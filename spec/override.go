package spec

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Set applies an override "path=value" to a parsed description; option names it in messages ("--set[2]"). The value is YAML flow text.
//
// A path is keys joined by dots; the class of an object is left out: compile.optimizer.learning_rate. Layers are found by index, model[3].filters, or
// by name, given or automatic: model.conv2d_1.filters. Keys that the text does not have are added; whether the
// schema has them is found when the tree is decoded, with the place in the option.
//
// The note, if any, says which arguments were dropped because the value changed an object's class. The tree is unchanged on errors.
func (n *Node) Set(option, text string) (note string, errs Errors) {
	src := &source{name: option, lines: []string{text}, override: true}
	left, value, ok := strings.Cut(text, "=")
	switch {
	case strings.ContainsAny(text, "\n\r"):
		src.lines[0] = strings.NewReplacer("\n", " ", "\r", " ").Replace(text)
		return "", Errors{errorf(src.all(), CodeSyntax, "an override is one line")}
	case !utf8.ValidString(text):
		src.lines[0] = strings.ToValidUTF8(text, "\ufffd")
		return "", Errors{errorf(src.all(), CodeSyntax, "this is no text in UTF-8")}
	case !ok:
		return "", Errors{errorf(src.all(), CodeSyntax, "an override reads path=value")}
	case strings.TrimSpace(value) == "":
		return "", Errors{errorf(src.all(), CodeSyntax, "the value is missing").help("write %s=null for None, or --unset %s", left, left)}
	}
	segs, err := parsePath(src.at, left)
	if err != nil {
		return "", Errors{err}
	}
	val, errs := parseText(src, []byte(value), utf8.RuneCountInString(left)+1)
	if len(errs) > 0 {
		return "", errs
	}
	return n.put(segs, option, left, val)
}

// SetAt is Set for a path that stands in a text, as the keys under sweep do: path is the node that holds it, val the value to set.
func (n *Node) SetAt(path, val *Node) (note string, errs Errors) {
	at := func(i, width int) Pos {
		p := path.Pos
		if path.Quoted {
			p.Col++
		}
		p.Col, p.Width = min(p.Col+i, path.Pos.Col+path.Pos.Width-1), 1
		p.Width = max(1, min(width, path.Pos.Col+path.Pos.Width-p.Col))
		return p
	}
	segs, err := parsePath(at, path.Value)
	if err != nil {
		return "", Errors{err}
	}
	return n.put(segs, path.Pos.String(), path.Value, val.clone())
}

// put sets the value at the end of a path, on a copy that replaces n if all goes well.
func (n *Node) put(segs []segment, option, path string, val *Node) (string, Errors) {
	work := n.clone()
	slot, err := work.locate(segs, true)
	if err != nil {
		return "", Errors{err}
	}
	note := dropped(option, path, *slot.node, val)
	*slot.node = *val
	*n = *work
	return note, nil
}

// Unset removes what a path names from a parsed description; see Set.
func (n *Node) Unset(option, path string) Errors {
	src := &source{name: option, lines: []string{strings.ToValidUTF8(strings.NewReplacer("\n", " ", "\r", " ").Replace(path), "\ufffd")}, override: true}
	segs, err := parsePath(src.at, src.lines[0])
	if err != nil {
		return Errors{err}
	}
	work := n.clone()
	slot, err := work.locate(segs, false)
	if err != nil {
		return Errors{err}
	}
	switch in := slot.in; in.Kind {
	case Mapping:
		in.Pairs = slices.Delete(in.Pairs, slot.index, slot.index+1)
	case Sequence:
		in.Items = slices.Delete(in.Items, slot.index, slot.index+1)
	}
	*n = *work
	return nil
}

// at returns the position of width characters from the i-th on.
func (s *source) at(i, width int) Pos {
	return Pos{Line: 1, Col: min(i, utf8.RuneCountInString(s.lines[0])) + 1, Width: max(1, width), src: s}
}

// all returns the position of the whole option text.
func (s *source) all() Pos {
	return Pos{Line: 1, Col: 1, Width: max(1, utf8.RuneCountInString(s.lines[0])), src: s}
}

// clone copies the tree, so that a failed override leaves the original alone.
func (n *Node) clone() *Node {
	c := *n
	c.Items = make([]*Node, len(n.Items))
	for i, e := range n.Items {
		c.Items[i] = e.clone()
	}
	c.Pairs = make([]Pair, len(n.Pairs))
	for i, p := range n.Pairs {
		c.Pairs[i] = Pair{p.Key.clone(), p.Val.clone()}
	}
	return &c
}

// dropped says which arguments of an object disappear when val takes its place.
func dropped(option, path string, old Node, val *Node) string {
	was, now := anyClass(&old), anyClass(val)
	if was == nil || now == nil || was == now {
		return ""
	}
	_, args := Head(&old)
	if args == nil || args.Kind == Null {
		return ""
	}
	what := "its argument"
	if args.Kind == Mapping && !positionalMapping(was, args) {
		if len(args.Pairs) == 0 {
			return ""
		}
		names := make([]string, len(args.Pairs))
		for i, p := range args.Pairs {
			names[i] = p.Key.Value
		}
		what = strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s: %s is now %s; dropped from %s: %s", option, path, now.Name, was.Name, what)
}
