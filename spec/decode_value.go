package spec

import (
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// field reads the value of one argument and checks it.
func (d *decoder) field(n *Node, f *Field, v reflect.Value) {
	if n.bad {
		return
	}
	if n.Kind == Null {
		switch {
		case f.Required:
			d.wants(n, f)
		case f.HasNone:
			d.none(n, f, v)
		}
		return
	}
	if f.takesObjects() {
		d.objects(n, f, v)
		return
	}
	before := len(d.errs)
	target := v
	if v.Kind() == reflect.Pointer {
		target = reflect.New(v.Type().Elem()).Elem()
	}
	d.value(n, f, target)
	if len(d.errs) > before {
		return
	}
	if f.HasZero && target.CanInt() && target.Int() == 0 {
		if err := setText(target, f.Zero); err != nil {
			d.fail(n.Pos, CodeType, "%v", err)
		}
	} else if e := f.check(target, ""); e != nil {
		e.Pos = n.Pos
		d.errs = append(d.errs, e)
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(target.Addr())
		return
	}
	// Go's zero means the default here, so an explicit zero that is not the default can't be kept.
	if v.IsZero() && f.def.IsValid() && !f.def.IsZero() && v.Kind() != reflect.String {
		d.fail(n.Pos, CodeRange, "%s %s is not possible", f.Name, n.shown())
	}
}

func (d *decoder) none(n *Node, f *Field, v reflect.Value) {
	t := v
	if v.Kind() == reflect.Pointer {
		t = reflect.New(v.Type().Elem()).Elem()
		v.Set(t.Addr())
	}
	if err := setText(t, f.None); err != nil {
		d.fail(n.Pos, CodeType, "%v", err)
	}
}

// objects reads a field with kind=: one object, a list ([]any) or a map.
func (d *decoder) objects(n *Node, f *Field, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if obj := d.object(n, f); obj != nil {
			v.Set(reflect.ValueOf(obj))
		}
	case reflect.Slice:
		items := n.Items
		if n.Kind != Sequence {
			// metrics: accuracy stands for [accuracy], as in Keras.
			if n.Kind != String && n.Kind != Mapping {
				d.wants(n, f)
				return
			}
			items = []*Node{n}
		}
		list := reflect.MakeSlice(v.Type(), len(items), len(items))
		for i, e := range items {
			if obj := d.object(e, f); obj != nil {
				list.Index(i).Set(reflect.ValueOf(obj))
			}
		}
		v.Set(list)
	case reflect.Map:
		if n.Kind != Mapping {
			d.wants(n, f)
			return
		}
		m := reflect.MakeMap(v.Type())
		for _, p := range n.Pairs {
			if obj := d.object(p.Val, f); obj != nil {
				m.SetMapIndex(reflect.ValueOf(p.Key.Value).Convert(v.Type().Key()), reflect.ValueOf(obj))
			}
		}
		v.Set(m)
	default:
		d.fail(n.Pos, CodeType, "%s can't hold an object", f.Name)
	}
}

// listed are the integers that Keras writes as a list of one: the sizes of layers with one spatial axis, and, in Keras 2, BatchNormalization's axis.
var listed = []string{"axis", "kernel_size", "strides", "pool_size", "dilation_rate", "output_padding"}

// value reads a plain value into v by its type.
func (d *decoder) value(n *Node, f *Field, v reflect.Value) {
	if n.bad {
		return
	}
	n = unwrap(n, v.Kind())
	ok := false
	switch v.Kind() {
	case reflect.Bool:
		if ok = n.Kind == Bool; ok {
			v.SetBool(n.Bool())
		}
	case reflect.Int, reflect.Int64:
		var i int
		if n.Kind == Sequence && len(n.Items) == 1 && slices.Contains(listed, f.Name) {
			n = n.Items[0]
		}
		if i, ok = n.Int(); ok {
			v.SetInt(int64(i))
		} else if n.Kind == Null && f.Shape {
			v.SetInt(-1)
			ok = true
		}
	case reflect.Float64:
		var x float64
		if x, ok = n.Float(); ok {
			v.SetFloat(x)
		}
	case reflect.String:
		if ok = n.Kind == String; ok {
			v.SetString(n.Value)
		}
	case reflect.Interface:
		v.Set(anyValue(plainNode(n)))
		ok = true
	case reflect.Array, reflect.Slice:
		d.list(n, f, v)
		return
	case reflect.Map:
		d.table(n, f, v)
		return
	case reflect.Struct:
		d.nested(n, f, v)
		return
	case reflect.Pointer:
		if n.Kind == Null {
			return
		}
		p := reflect.New(v.Type().Elem())
		d.value(n, f, p.Elem())
		v.Set(p)
		return
	}
	if !ok {
		d.wants(n, f)
	}
}

func anyValue(v any) reflect.Value {
	if v == nil {
		return reflect.Zero(anyType)
	}
	return reflect.ValueOf(v)
}

// plainNode is Plain with Keras's wrappers removed at the top.
func plainNode(n *Node) any { return unwrap(n, reflect.Interface).Plain() }

var decimalComma = regexp.MustCompile(`^[-+]?\d+,\d+$`)

// wants reports a value of the wrong type.
func (d *decoder) wants(n *Node, f *Field) *Error {
	want := f.wants()
	e := d.fail(n.Pos, CodeType, "%s wants %s, got %s", f.Name, want, n.shown())
	word := strings.ToLower(n.Value)
	number, isNum := (&Node{Kind: Float, Value: n.Value}).Float()
	switch {
	case n.Kind == String && n.Value == "None":
		e.help("write null for Python's None, or leave the argument out")
	case n.Kind == String && !n.Quoted && strings.HasPrefix(n.Value, "("):
		e.help("a list is written in brackets: [1, 2]")
	case n.Kind == String && !n.Quoted && missingSpace(n.Value) != "":
		e.help("put a space after the colon: %s", missingSpace(n.Value))
	case n.Kind == String && decimalComma.MatchString(n.Value) && strings.Contains(want, "number"):
		e.help("write it with a point: %s", strings.Replace(n.Value, ",", ".", 1))
	case n.Kind == Float && want == "an integer" && isNum && number == math.Trunc(number) && math.Abs(number) < 1<<53:
		e.help("write %.0f", number)
	case n.Kind == Sequence && len(n.Items) == 1 && (f.takesObjects() || want == "a string"):
		e.help("leave out the brackets")
	case want == "a mapping":
		e.help("write it as keys with values: {key: value}")
	case n.Kind == String && f.elem().Kind() == reflect.Bool && (word == "yes" || word == "on" || word == "y" || word == "no" || word == "off" || word == "n"):
		e.help("write true or false")
	case n.Kind == String && n.Quoted && isNum && strings.Contains(want, "number") || n.Kind == String && n.Quoted && isNum && strings.Contains(want, "integer"):
		e.help("leave out the quotes")
	case (n.Kind == Int || n.Kind == Float || n.Kind == Bool) && want == "a string":
		e.help("put it in quotes: %q", n.Value)
	}
	return e
}
