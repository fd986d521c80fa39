package spec

import (
	"strconv"
	"strings"
)

// NodeKind is the kind of a node of a parsed text.
type NodeKind int

// The kinds of nodes.
const (
	Null NodeKind = iota
	Bool
	Int
	Float
	String
	Sequence
	Mapping
)

// Node is one value of a parsed YAML or JSON text, with its place. Anchors and merge keys are resolved, tags checked.
type Node struct {
	Kind   NodeKind
	Pos    Pos
	Value  string  // the text of a scalar, without quotes
	Quoted bool    // a scalar in quotes or in a block, which is a string whatever it looks like
	Items  []*Node // of a sequence
	Pairs  []Pair  // of a mapping, in order

	bad   bool   // a mistake in it has been reported; what it holds is not looked at
	path  string // for keys set on the command line: the path of the mapping they stand in
	synth bool   // a key made while an override was applied: a bare string that became a class key
}

// Pair is a key and its value.
type Pair struct {
	Key *Node // a scalar
	Val *Node
}

// Get returns the value of a key of a mapping, or nil.
func (n *Node) Get(key string) *Node {
	if p := n.pair(key); p != nil {
		return p.Val
	}
	return nil
}

func (n *Node) pair(key string) *Pair {
	if n == nil || n.Kind != Mapping {
		return nil
	}
	for i := range n.Pairs {
		if n.Pairs[i].Key.Value == key {
			return &n.Pairs[i]
		}
	}
	return nil
}

// Bool returns the value of a Bool node.
func (n *Node) Bool() bool { return n.Kind == Bool && strings.EqualFold(n.Value, "true") }

// Int returns the value of an Int node; ok is false for other nodes and for numbers that an int does not hold.
func (n *Node) Int() (i int, ok bool) {
	if n.Kind != Int {
		return 0, false
	}
	x, err := strconv.ParseInt(strings.ReplaceAll(n.Value, "_", ""), 0, strconv.IntSize)
	return int(x), err == nil
}

// Float returns the value of an Int or Float node, or of a string that spells what JSON has no digits for: NaN, Infinity.
func (n *Node) Float() (x float64, ok bool) {
	switch n.Kind {
	case Int:
		if i, ok := n.Int(); ok {
			return float64(i), true
		}
	case String:
		switch n.Value {
		case "NaN", "nan", "Infinity", "inf", "-Infinity", "-inf", "+Infinity":
		default:
			return 0, false
		}
	case Float:
	default:
		return 0, false
	}
	s := strings.ReplaceAll(n.Value, "_", "")
	s = strings.Replace(strings.ToLower(s), ".inf", "inf", 1)
	s = strings.Replace(s, ".nan", "nan", 1)
	x, err := strconv.ParseFloat(s, 64)
	if ne, isNum := err.(*strconv.NumError); isNum && ne.Err == strconv.ErrRange {
		err = nil // 1e999 is infinity, as in Python
	}
	return x, err == nil
}

// Plain converts the node to the values that Object holds. It is for free-form values and for configurations of classes that are not registered.
func (n *Node) Plain() any {
	switch n.Kind {
	case Bool:
		return n.Bool()
	case Int:
		if i, ok := n.Int(); ok {
			return i
		}
		x, _ := strconv.ParseFloat(strings.ReplaceAll(n.Value, "_", ""), 64)
		return x
	case Float:
		x, _ := n.Float()
		return x
	case String:
		return n.Value
	case Sequence:
		list := make([]any, len(n.Items))
		for i, e := range n.Items {
			list[i] = e.Plain()
		}
		return list
	case Mapping:
		o := &Object{}
		for _, p := range n.Pairs {
			o.Set(p.Key.Value, p.Val.Plain())
		}
		return o
	}
	return nil
}

// shown returns the node as the user wrote it, shortened, with shapes as tuples: "ten", (9, 9), [relu, 5], {…}.
func (n *Node) shown() string {
	switch n.Kind {
	case Null:
		return "null"
	case String:
		if s := []rune(n.Value); len(s) > 40 {
			return strconv.Quote(string(s[:40]) + "…")
		}
		return strconv.Quote(n.Value)
	case Sequence:
		parts := make([]string, 0, len(n.Items))
		shape := len(n.Items) > 0
		for i, e := range n.Items {
			if i == 8 {
				parts = append(parts, "…")
				break
			}
			if e.Kind == String && !e.Quoted {
				parts = append(parts, e.Value)
			} else {
				parts = append(parts, e.shown())
			}
			shape = shape && (e.Kind == Int || e.Kind == Null && len(n.Items) > 1)
		}
		switch {
		case !shape:
			return "[" + strings.Join(parts, ", ") + "]"
		case len(parts) == 1:
			return "(" + parts[0] + ",)"
		}
		return "(" + strings.Join(parts, ", ") + ")"
	case Mapping:
		if len(n.Pairs) == 0 {
			return "{}"
		}
		return "{" + n.Pairs[0].Key.Value + ": …}"
	}
	return n.Value
}
