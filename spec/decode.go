package spec

import (
	"reflect"
	"slices"
	"strings"
)

// Decode reads one object of a kind, in any of the forms a description may use, and completes it:
//
//	Conv2D: {filters: 32}                      keyword arguments
//	Dropout: 0.5                               the positional argument
//	Flatten                                    no arguments; also Keras's strings (adam, he_normal)
//	{class_name: Dropout, config: {rate: 0.5}} Keras's JSON
//
// The result is a struct, a function, a string (losses and metrics given as strings), a number (a constant schedule), or nil for null. All mistakes are reported, sorted by
// place; the value is nil if there are any.
func Decode(n *Node, kind string) (any, Errors) {
	d := &decoder{}
	v := d.object(n, &Field{Name: kind, Kinds: []string{kind}, Type: anyType})
	if len(d.errs) > 0 {
		d.errs.sort()
		return nil, d.errs
	}
	return v, nil
}

// DecodeStruct reads a mapping into a struct with keras tags that need not be registered, such as the arguments of compile and fit, and completes
// it. v is a pointer to the struct. A null node leaves the defaults.
func DecodeStruct(n *Node, v any) Errors {
	d := &decoder{}
	r := reflect.ValueOf(v).Elem()
	name := className(r.Type())
	switch n.Kind {
	case Mapping:
		d.fields(r, name, nil, n.Pairs, n.Pos, false)
	case Null:
		d.fields(r, name, nil, nil, n.Pos, false)
	default:
		if !n.bad {
			e := d.fail(n.Pos, CodeType, "%s wants a mapping, got %s", name, n.shown())
			switch word := missingSpace(n.Value); {
			case n.Kind == String && !n.Quoted && word != "":
				e.help("put a space after the colon: %s", word)
			case n.Kind == Sequence && len(n.Items) > 0 && n.Items[0].Kind == Mapping:
				e.help("its arguments are no list: leave out the dashes or brackets")
			default:
				e.help("write %s: {argument: value}", name)
			}
		}
	}
	d.errs.sort()
	return d.errs
}

// Head splits an object in any of its forms into the node that names the class and the node that holds the arguments: a mapping of
// arguments, the value of the positional argument, or nil. name is nil if n is no object.
func Head(n *Node) (name, args *Node) {
	switch {
	case n == nil:
	case n.Kind == String:
		return n, nil
	case n.Get("class_name") != nil:
		return n.Get("class_name"), n.Get("config")
	case n.Kind == Mapping && len(n.Pairs) == 1:
		return n.Pairs[0].Key, n.Pairs[0].Val
	}
	return nil, nil
}

type decoder struct{ errs Errors }

func (d *decoder) fail(pos Pos, code, format string, args ...any) *Error {
	e := errorf(pos, code, format, args...)
	d.errs = append(d.errs, e)
	return e
}

// class reads the arguments of a class and returns the completed struct, or nil.
func (d *decoder) class(c *Class, at *Node, args []Pair, long bool) any {
	v := reflect.New(c.Type).Elem()
	if !d.fields(v, c.Name, c, args, at.Pos, long) {
		return nil
	}
	return v.Interface()
}

// fields reads arguments into the struct v and completes it; name is what messages call it. It reports whether all went well.
func (d *decoder) fields(v reflect.Value, name string, c *Class, args []Pair, at Pos, long bool) bool {
	before := len(d.errs)
	fields := Fields(v.Type())
	given := map[string]bool{}
	unknown, bad := false, false
	var absent []string
	tuple := false // inside of what was written as Python's (5, 5), which YAML takes apart
	for _, p := range args {
		key := p.Key.Value
		if tuple && p.Val.Kind == Null {
			tuple = !strings.HasSuffix(key, ")")
			continue
		}
		tuple = p.Val.Kind == String && !p.Val.Quoted && strings.HasPrefix(p.Val.Value, "(") && !strings.HasSuffix(p.Val.Value, ")")
		if long && c != nil && c.Renamed[key] != "" {
			key = c.Renamed[key]
		}
		bad = bad || p.Val.bad
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == key })
		switch {
		case i >= 0:
			given[key] = true
			d.field(p.Val, &fields[i], v.Field(fields[i].Index))
		case c != nil && d.ignored(c, p):
		case long && key == "batch_input_shape" && d.batchShape(p, fields, v):
		default:
			unknown = true
			d.noArgument(p.Key, name, c, fields)
		}
	}
	for i := range fields {
		// A misspelt argument is most probably the missing one: one message is enough.
		if f := &fields[i]; f.Required && !given[f.Name] && !unknown {
			absent = append(absent, f.Name)
		}
	}
	if len(absent) > 0 {
		e := missing(at, name, absent)
		if c != nil && !at.Override() {
			e.help("see: kerasgo help %s", c.Name)
		}
		d.errs = append(d.errs, e)
	}
	if len(d.errs) > before || bad {
		return false
	}
	for _, e := range completeStruct(v, "") {
		e.Pos = at
		d.errs = append(d.errs, e)
	}
	return len(d.errs) == before
}

func (d *decoder) noArgument(key *Node, name string, c *Class, fields []Field) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	if key.Pos.Override() && key.path != "" && c != nil {
		name = key.path + " (" + name + ")"
	}
	topic := ""
	if c != nil {
		topic = c.Name
	}
	d.errs = append(d.errs, UnknownArgument(key, name, topic, names))
}

// UnknownArgument makes the error for a key that owner does not have among names. topic is what "kerasgo help" explains it under, or "".
func UnknownArgument(key *Node, owner, topic string, names []string) *Error {
	e := errorf(key.Pos, CodeUnknownArgument, "%s has no argument %q", owner, key.Value)
	guess, see := Suggest(key.Value, names), ""
	if topic != "" && !key.Pos.Override() {
		see = "see: kerasgo help " + topic
	}
	arg, val, colon := strings.Cut(key.Value, ":")
	switch {
	case key.Value == "input_dim" && slices.Contains(names, "input_shape"):
		e.help("write input_shape: [n]")
	case colon && slices.Contains(names, arg) && val == "":
		e.help("%s has no value, or no space after its colon", arg)
	case colon && slices.Contains(names, arg):
		e.help("put a space after the colon: %s: %s", arg, val)
	case guess != "" && see != "":
		e.help("did you mean %q?   %s", guess, see)
	case guess != "":
		e.help("did you mean %q?", guess)
	case see != "":
		e.help("%s", see)
	default:
		e.help("it has: %s", strings.Join(names, ", "))
	}
	return e
}

// ignored accepts a key that Keras writes and the class does not implement, at a value that changes nothing; a key listed several times has
// several such values.
func (d *decoder) ignored(c *Class, p Pair) bool {
	known := false
	for _, entry := range c.Ignored {
		key, noop, hasVal := strings.Cut(entry, "=")
		if key != p.Key.Value {
			continue
		}
		if p.Val.Kind == Null || hasVal && sameText(p.Val, noop) {
			return true
		}
		known = true
	}
	if known {
		d.fail(p.Val.Pos, CodeUnsupported, "%s.%s %s is not supported by this engine", c.Name, p.Key.Value, p.Val.shown())
	}
	return known
}

// sameText compares a node with the text of a no-op value: equal words, or equal numbers.
func sameText(n *Node, text string) bool {
	if x, ok := n.Float(); ok {
		y, isNum := toFloat(plainDefault(text))
		return isNum && x == y
	}
	return strings.EqualFold(n.Value, text) && n.Kind != Sequence && n.Kind != Mapping
}

// batchShape reads Keras 2's batch_input_shape as input_shape.
func (d *decoder) batchShape(p Pair, fields []Field, v reflect.Value) bool {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == "input_shape" })
	if i < 0 || p.Val.Kind != Sequence || len(p.Val.Items) == 0 {
		return false
	}
	if b := p.Val.Items[0]; b.Kind != Null {
		d.fail(b.Pos, CodeUnsupported, "a fixed batch size (%s) in batch_input_shape is not supported", b.shown())
		return true
	}
	rest := *p.Val
	rest.Items = rest.Items[1:]
	d.field(&rest, &fields[i], v.Field(fields[i].Index))
	return true
}
