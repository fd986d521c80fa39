package spec

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Object is a JSON object that keeps the order of its keys. Values are nil, bool, int, float64, string, []any and *Object. The zero
// value is an empty object ready to use.
type Object struct {
	keys  []string
	vals  map[string]any
	lines bool
}

// NewObject returns an object with the given keys and values, in turn: NewObject("name", "dense", "units", 3).
func NewObject(pairs ...any) *Object {
	o := &Object{}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// Set sets a key; a new key goes to the end.
func (o *Object) Set(key string, val any) {
	if o.vals == nil {
		o.vals = map[string]any{}
	}
	if _, ok := o.vals[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.vals[key] = val
}

// Lines makes YAML print every key on a line of its own, however short the object is, and returns the object.
func (o *Object) Lines() *Object {
	o.lines = true
	return o
}

// Get returns the value of a key.
func (o *Object) Get(key string) (any, bool) {
	if o == nil {
		return nil, false
	}
	v, ok := o.vals[key]
	return v, ok
}

// Str returns the string at key, or "".
func (o *Object) Str(key string) string {
	v, _ := o.Get(key)
	s, _ := v.(string)
	return s
}

// Obj returns the object at key, or nil.
func (o *Object) Obj(key string) *Object {
	v, _ := o.Get(key)
	x, _ := v.(*Object)
	return x
}

// Delete removes a key.
func (o *Object) Delete(key string) {
	if _, ok := o.vals[key]; ok {
		delete(o.vals, key)
		o.keys = slices.DeleteFunc(o.keys, func(k string) bool { return k == key })
	}
}

// Keys returns the keys in order.
func (o *Object) Keys() []string {
	if o == nil {
		return nil
	}
	return slices.Clone(o.keys)
}

// Len returns the number of keys.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return len(o.keys)
}

// Clone returns a deep copy.
func (o *Object) Clone() *Object {
	if o == nil {
		return nil
	}
	c := &Object{lines: o.lines}
	for _, k := range o.keys {
		c.Set(k, cloneValue(o.vals[k]))
	}
	return c
}

func cloneValue(v any) any {
	switch x := v.(type) {
	case *Object:
		return x.Clone()
	case []any:
		c := make([]any, len(x))
		for i := range x {
			c[i] = cloneValue(x[i])
		}
		return c
	}
	return v
}

// MarshalJSON returns the object as Python's json.dumps prints it.
func (o *Object) MarshalJSON() ([]byte, error) { return JSON(o, 0), nil }

// JSON prints a value as Python's json.dumps does: ", " and ": " as separators, floats as Python's repr (1e-07, 1.0, NaN), non-ASCII characters
// escaped. With indent > 0 it breaks lines as json.dumps(indent=…) does. Values are those of Object, and slices of strings and numbers.
func JSON(v any, indent int) []byte {
	var b bytes.Buffer
	writeJSON(&b, v, indent, 0)
	return b.Bytes()
}

func writeJSON(b *bytes.Buffer, v any, indent, depth int) {
	open := func(c byte) { b.WriteByte(c) }
	item := func(i int) {
		if i > 0 {
			b.WriteByte(',')
		}
		if indent > 0 {
			b.WriteByte('\n')
			b.WriteString(strings.Repeat(" ", indent*(depth+1)))
		} else if i > 0 {
			b.WriteByte(' ')
		}
	}
	closing := func(c byte, n int) {
		if indent > 0 && n > 0 {
			b.WriteByte('\n')
			b.WriteString(strings.Repeat(" ", indent*depth))
		}
		b.WriteByte(c)
	}
	switch x := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(x))
	case int:
		b.WriteString(strconv.Itoa(x))
	case int64:
		b.WriteString(strconv.FormatInt(x, 10))
	case float64:
		b.WriteString(pyFloat(x))
	case string:
		writeString(b, x)
	case *Object:
		if x == nil {
			b.WriteString("null")
			return
		}
		open('{')
		for i, k := range x.keys {
			item(i)
			writeString(b, k)
			b.WriteString(": ")
			writeJSON(b, x.vals[k], indent, depth+1)
		}
		closing('}', len(x.keys))
	case []any:
		open('[')
		for i, e := range x {
			item(i)
			writeJSON(b, e, indent, depth+1)
		}
		closing(']', len(x))
	default:
		if p, err := plain(v); err == nil {
			writeJSON(b, p, indent, depth)
			return
		}
		panic(fmt.Sprintf("spec: JSON: unsupported value %T", v))
	}
}

// pyFloat prints x as Python's repr does, with JSON's words for what has no digits.
func pyFloat(x float64) string {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 1):
		return "Infinity"
	case math.IsInf(x, -1):
		return "-Infinity"
	}
	s := strconv.FormatFloat(x, 'e', -1, 64)
	_, exp, _ := strings.Cut(s, "e")
	e, _ := strconv.Atoi(exp)
	if e < -4 || e >= 16 {
		return s // Go and Python both write at least two digits of exponent
	}
	s = strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func writeString(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r >= 0x20 && r < 0x7f:
			b.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
}
