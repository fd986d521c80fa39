package spec

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Field is one argument of a class, read from a struct field and its tag
//
//	`keras:"json_name,option,…"`
//
// Options: pos, required, min=, max=, below=, enum=a|b, default=, kind=, many, since=, omitdefault, noconfig, shape, none=, zero=; see the package documentation.
type Field struct {
	Name   string       // JSON and YAML name
	GoName string       // name of the struct field
	Index  int          // index in the struct
	Type   reflect.Type // type of the struct field

	Pos         bool     // the short form "Class: value" sets it
	Required    bool     // has no default
	Min, Max    *float64 // inclusive bounds of the number, or of every number in the list
	Below       *float64 // exclusive upper bound of the same
	Enum        []string // allowed strings
	Default     string   // the tag's text; meaningful if HasDefault
	HasDefault  bool
	Kinds       []string // kinds of object that an any field takes; empty for plain values
	Many        bool     // an any field that also takes a list or a map of such objects, as compile's loss does
	Ordered     bool     // as Many, but maps are *Object and keep their order
	Since       string   // Keras version that introduced it: left out of files at its default
	OmitDefault bool     // left out of files at its default
	NoConfig    bool     // accepted, never written
	Shape       bool     // a list of dimensions in which null stands for -1
	None        string   // what null is stored as, where null means something else than the default
	HasNone     bool
	Zero        string // what an explicit 0 is stored as, where the zero value means the default
	HasZero     bool

	def reflect.Value // the parsed default of a plain field, of the type without pointer; invalid if none or "@other"
}

// Ints is a list of integers that may be written as a single integer, as Keras's axis arguments may. It is written as a single integer
// when it holds one.
type Ints []int

var (
	anyType  = reflect.TypeFor[any]()
	intsType = reflect.TypeFor[Ints]()
)

// elem returns the field's type without pointer.
func (f *Field) elem() reflect.Type {
	if f.Type.Kind() == reflect.Pointer {
		return f.Type.Elem()
	}
	return f.Type
}

// takesObjects reports whether the field holds registered objects or lists of them.
func (f *Field) takesObjects() bool { return len(f.Kinds) > 0 }

var fieldCache sync.Map // reflect.Type → []Field

// Fields returns the tagged fields of a struct type, in struct order. It panics on a malformed tag: that is a mistake in the program.
func Fields(t reflect.Type) []Field {
	if fs, ok := fieldCache.Load(t); ok {
		return fs.([]Field)
	}
	var fs []Field
	pos := false
	for i := range t.NumField() {
		sf := t.Field(i)
		tag, ok := sf.Tag.Lookup("keras")
		if !ok || tag == "-" {
			continue
		}
		f, err := parseTag(sf, i, tag)
		if err == nil && f.Pos && pos {
			err = fmt.Errorf("a second positional field")
		}
		if err != nil {
			panic(fmt.Sprintf("spec: %v.%s: tag %q: %v", t, sf.Name, tag, err))
		}
		pos = pos || f.Pos
		fs = append(fs, f)
	}
	fieldCache.Store(t, fs)
	return fs
}

func parseTag(sf reflect.StructField, index int, tag string) (Field, error) {
	name, rest, _ := strings.Cut(tag, ",")
	f := Field{Name: name, GoName: sf.Name, Index: index, Type: sf.Type}
	if name == "" {
		return f, fmt.Errorf("no name")
	}
	if !sf.IsExported() {
		return f, fmt.Errorf("field is not exported")
	}
	for rest != "" {
		var opt string
		opt, rest, _ = strings.Cut(rest, ",")
		key, val, hasVal := strings.Cut(opt, "=")
		var err error
		switch key {
		case "pos":
			f.Pos = true
		case "required":
			f.Required = true
		case "min":
			f.Min, err = parseBound(val)
		case "max":
			f.Max, err = parseBound(val)
		case "below":
			f.Below, err = parseBound(val)
		case "enum":
			f.Enum = strings.Split(val, "|")
		case "default":
			f.Default, f.HasDefault = val, true
		case "kind":
			f.Kinds = strings.Split(val, "|")
		case "many":
			f.Many = true
		case "ordered":
			f.Many, f.Ordered = true, true
		case "since":
			f.Since = val
		case "omitdefault":
			f.OmitDefault = true
		case "noconfig":
			f.NoConfig = true
		case "shape":
			f.Shape = true
		case "none":
			f.None, f.HasNone = val, hasVal
		case "zero":
			f.Zero, f.HasZero = val, hasVal
		default:
			err = fmt.Errorf("unknown option %q", opt)
		}
		if err != nil {
			return f, err
		}
	}
	if !supported(f.Type) {
		return f, fmt.Errorf("unsupported type %v", f.Type)
	}
	if f.HasDefault && !f.takesObjects() && !strings.HasPrefix(f.Default, "@") {
		v, err := parseDefault(f.elem(), f.Default)
		if err != nil {
			return f, err
		}
		f.def = v
	}
	return f, nil
}

func parseBound(s string) (*float64, error) {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil, fmt.Errorf("bound %q is no number", s)
	}
	return &x, nil
}

// supported reports whether a field may have this type.
func supported(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64, reflect.String, reflect.Struct:
		return true
	case reflect.Interface:
		return t == anyType
	case reflect.Pointer:
		return t.Elem().Kind() != reflect.Pointer && supported(t.Elem())
	case reflect.Array, reflect.Slice:
		return supported(t.Elem())
	case reflect.Map:
		k := t.Key().Kind()
		return (k == reflect.String || k == reflect.Int) && supported(t.Elem())
	}
	return false
}

// parseDefault parses the text of a default; the items of lists are separated by "|", and one item fills a whole array.
func parseDefault(t reflect.Type, s string) (reflect.Value, error) {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.Array, reflect.Slice:
		items := strings.Split(s, "|")
		if t.Kind() == reflect.Slice {
			if s == "" {
				items = nil
			}
			v.Set(reflect.MakeSlice(t, len(items), len(items)))
		}
		return v, fillList(v, &items, len(items) == 1)
	case reflect.Interface:
		v.Set(reflect.ValueOf(plainDefault(s)))
		return v, nil
	}
	return v, setText(v, s)
}

// fillList sets the numbers of v, an array or slice of any depth, from items; with one item it repeats it.
func fillList(v reflect.Value, items *[]string, repeat bool) error {
	for i := range v.Len() {
		e := v.Index(i)
		if k := e.Kind(); k == reflect.Array || k == reflect.Slice {
			if err := fillList(e, items, repeat); err != nil {
				return err
			}
			continue
		}
		if len(*items) == 0 {
			return fmt.Errorf("default has too few items")
		}
		if err := setText(e, (*items)[0]); err != nil {
			return err
		}
		if !repeat {
			*items = (*items)[1:]
		}
	}
	return nil
}

// setText sets a scalar from its text.
func setText(v reflect.Value, s string) error {
	switch v.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(s)
		v.SetBool(b)
		return err
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(s, 10, 64)
		v.SetInt(i)
		return err
	case reflect.Float64:
		x, err := strconv.ParseFloat(s, 64)
		v.SetFloat(x)
		return err
	case reflect.String:
		v.SetString(s)
		return nil
	case reflect.Interface:
		v.Set(reflect.ValueOf(plainDefault(s)))
		return nil
	}
	return fmt.Errorf("no default possible for %v", v.Type())
}

// plainDefault reads the default of an any field: bool, int, float64 or string.
func plainDefault(s string) any {
	if s == "true" || s == "false" {
		return s == "true"
	}
	if i, err := strconv.Atoi(s); err == nil {
		return i
	}
	if x, err := strconv.ParseFloat(s, 64); err == nil {
		return x
	}
	return s
}
