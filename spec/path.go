package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// segment is one step of a path: a key, or an index if key is empty.
type segment struct {
	key   string
	index int
	pos   Pos
	upTo  string // the path before this step
}

// parsePath splits "model[3].filters"; at tells the place of a part of it.
func parsePath(at func(i, width int) Pos, path string) ([]segment, *Error) {
	var segs []segment
	runes := []rune(path)
	for i := 0; ; {
		start := i
		for i < len(runes) && runes[i] != '.' && runes[i] != '[' && runes[i] != ']' {
			i++
		}
		key := strings.TrimSpace(string(runes[start:i]))
		if key == "" {
			return nil, errorf(at(start, 1), CodePath, "a key is missing here")
		}
		segs = append(segs, segment{key: key, pos: at(start, i-start), upTo: strings.TrimSuffix(string(runes[:start]), ".")})
		for i < len(runes) && runes[i] == '[' {
			end := i + 1
			for end < len(runes) && runes[end] != ']' {
				end++
			}
			if end == len(runes) {
				return nil, errorf(at(i, end-i), CodePath, "the bracket is not closed")
			}
			k, err := strconv.Atoi(string(runes[i+1 : end]))
			if err != nil || k < 0 {
				return nil, errorf(at(i, end-i+1), CodePath, "an index is a number from 0")
			}
			segs = append(segs, segment{index: k, pos: at(i, end-i+1), upTo: string(runes[:i])})
			i = end + 1
		}
		if i == len(runes) {
			return segs, nil
		}
		if runes[i] != '.' {
			return nil, errorf(at(i, 1), CodePath, "a dot is expected here")
		}
		i++
	}
}

// slot is where a path leads: the value, and the mapping or sequence that holds it.
type slot struct {
	node  *Node
	in    *Node
	index int
}

// locate walks a path from n. With create it adds missing keys (with null values) and turns short forms into long ones where it must.
func (n *Node) locate(segs []segment, create bool) (slot, *Error) {
	cur := slot{node: n}
	for _, s := range segs {
		next, err := cur.node.step(s, create)
		if err != nil {
			return slot{}, err
		}
		cur = next
	}
	return cur, nil
}

func (n *Node) step(s segment, create bool) (slot, *Error) {
	if s.key == "" {
		return n.stepIndex(s)
	}
	if list := n.sequence(); list != nil { // a layer's name, unless the class has such an argument
		c := anyClass(n)
		isArg := false
		if c != nil {
			_, isArg = c.Field(s.key)
		}
		if !isArg && list.holdsObjects() && !(n.Kind == Mapping && n.pair(s.key) != nil) {
			return list.stepName(s)
		}
	}
	if n.Kind == Mapping && len(n.Pairs) == 1 && n.Pairs[0].Key.Value == s.key && anyClass(n) != nil { // the class named in full: model.Sequential
		return slot{n.Pairs[0].Val, n, 0}, nil
	}
	m, err := n.arguments(s, create)
	if err != nil {
		return slot{}, err
	}
	for i, p := range m.Pairs {
		if p.Key.Value == s.key {
			return slot{p.Val, m, i}, nil
		}
	}
	if !create {
		return slot{}, errorf(s.pos, CodePath, "%s is not set", join(s.upTo, s.key))
	}
	val := &Node{Kind: Null, Pos: s.pos}
	m.Pairs = append(m.Pairs, Pair{&Node{Kind: String, Value: s.key, Pos: s.pos, path: s.upTo}, val})
	return slot{val, m, len(m.Pairs) - 1}, nil
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (n *Node) stepIndex(s segment) (slot, *Error) {
	list := n.sequence()
	if list == nil {
		return slot{}, errorf(s.pos, CodePath, "%s is no list", s.upTo)
	}
	if len(list.Items) == 0 {
		return slot{}, errorf(s.pos, CodePath, "%s is empty", s.upTo)
	}
	if s.index >= len(list.Items) {
		return slot{}, errorf(s.pos, CodePath, "%s has %d items; the last one is [%d]", s.upTo, len(list.Items), len(list.Items)-1)
	}
	return slot{list.Items[s.index], list, s.index}, nil
}

func (n *Node) stepName(s segment) (slot, *Error) {
	names := layerNames(n.Items)
	if i := slices.Index(names, s.key); i >= 0 {
		return slot{n.Items[i], n, i}, nil
	}
	e := errorf(s.pos, CodePath, "%s has no layer %q", s.upTo, s.key)
	if guess := Suggest(s.key, names); guess != "" {
		e.help("did you mean %q?", guess)
	} else {
		e.help("it has: %s", strings.Join(names, ", "))
	}
	return slot{}, e
}

// sequence returns the list that a node is, or that its class takes as positional argument.
func (n *Node) sequence() *Node {
	if n.Kind == Sequence {
		return n
	}
	c := anyClass(n)
	if n.Kind != Mapping || c == nil && !looksLikeObject(n) {
		return nil
	}
	_, args := Head(n)
	switch {
	case args == nil:
		return nil
	case args.Kind == Sequence:
		return args
	}
	key := "layers" // of a model that is not registered here
	if c != nil {
		pos, ok := c.Positional()
		if !ok {
			return nil
		}
		key = pos.Name
	}
	if list := args.Get(key); list != nil && list.Kind == Sequence {
		return list
	}
	return nil
}

// holdsObjects tells whether a list is one of objects, such as layers, rather than of numbers.
func (n *Node) holdsObjects() bool {
	return slices.ContainsFunc(n.Items, func(e *Node) bool { name, _ := Head(e); return name != nil })
}

// looksLikeObject tells whether a mapping has the form of an object, whether or not its class is registered.
func looksLikeObject(n *Node) bool {
	if n.Get("class_name") != nil {
		return true
	}
	return len(n.Pairs) == 1 && n.Pairs[0].Key.Value != "" && isUpper(rune(n.Pairs[0].Key.Value[0]))
}

// anyClass returns the class, of whatever kind, that an object names, or nil.
func anyClass(n *Node) *Class {
	name, _ := Head(n)
	if name == nil || name.Kind != String {
		return nil
	}
	registry.RLock()
	defer registry.RUnlock()
	var found *Class
	for _, c := range registry.all { // in registration order, which init order makes stable
		if c.Name == name.Value || slices.Contains(c.Aliases, name.Value) {
			return c
		}
		key := name.Value
		if c.Kind == "optimizer" {
			key = strings.ToLower(key)
		}
		if (n.Kind == String || name.synth) && found == nil && slices.Contains(stringsOf(c), key) {
			found = c
		}
	}
	return found
}

// arguments returns the mapping of arguments inside n, turning short forms into it.
func (n *Node) arguments(s segment, create bool) (*Node, *Error) {
	c := anyClass(n)
	switch {
	case n.Kind == Null && create:
		n.Kind = Mapping
		return n, nil
	case n.Kind == String && c != nil && c.Func == nil:
		name := *n
		name.synth = true
		*n = Node{Kind: Mapping, Pos: n.Pos, Pairs: []Pair{{&name, &Node{Kind: Mapping, Pos: n.Pos}}}}
		return n.Pairs[0].Val, nil
	case n.Kind != Mapping:
		return nil, errorf(s.pos, CodePath, "%s is %s and has no parts", s.upTo, n.shown())
	case c == nil && !(looksLikeObject(n) && len(n.Pairs) == 1 && n.Pairs[0].Val.Kind == Mapping):
		return n, nil
	case c == nil:
		return n.Pairs[0].Val, nil
	}
	at := 0
	if n.Get("class_name") != nil {
		at = slices.IndexFunc(n.Pairs, func(p Pair) bool { return p.Key.Value == "config" })
		if at < 0 {
			n.Pairs = append(n.Pairs, Pair{&Node{Kind: String, Value: "config", Pos: n.Pos}, &Node{Kind: Mapping, Pos: n.Pos}})
			at = len(n.Pairs) - 1
		}
	}
	val := n.Pairs[at].Val
	switch {
	case val.Kind == Mapping && !positionalMapping(c, val):
		return val, nil
	case val.Kind == Null:
		val.Kind = Mapping
		return val, nil
	}
	pos, ok := c.Positional()
	if !ok {
		return nil, errorf(s.pos, CodePath, "%s is %s and has no parts", s.upTo, val.shown())
	}
	m := &Node{Kind: Mapping, Pos: val.Pos, Pairs: []Pair{{&Node{Kind: String, Value: pos.Name, Pos: val.Pos}, val}}}
	n.Pairs[at].Val = m
	return m, nil
}

// layerNames returns the names of a list of layers: given ones, and for the others the automatic ones, numbered per class.
func layerNames(items []*Node) []string {
	names := make([]string, len(items))
	count := map[string]int{}
	for i, it := range items {
		head, args := Head(it)
		if head == nil {
			continue
		}
		if args != nil && args.Kind == Mapping {
			if given := args.Get("name"); given != nil && given.Kind == String {
				names[i] = given.Value
				continue
			}
		}
		class := head.Value
		if c := anyClass(it); c != nil {
			class = c.Name
		}
		names[i] = numbered(SnakeCase(class), count)
	}
	return names
}

// numbered returns the next automatic name: dense, dense_1, dense_2.
func numbered(base string, count map[string]int) string {
	k := count[base]
	count[base]++
	if k == 0 {
		return base
	}
	return fmt.Sprintf("%s_%d", base, k)
}
