package spec

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
)

// takes reports whether the field holds objects of this kind.
func (f *Field) takes(kind string) bool {
	return slices.Contains(f.Kinds, kind) || kind == "model" && slices.Contains(f.Kinds, "layer")
}

// wants describes the values that the field takes, for messages.
func (f *Field) wants() string {
	if f.takesObjects() {
		parts := make([]string, len(f.Kinds))
		for i, k := range f.Kinds {
			parts[i] = article(k)
			if k == "schedule" {
				parts[i] = "a number or a schedule"
			}
		}
		return strings.Join(parts, " or ")
	}
	return wantsType(f.elem())
}

func wantsType(t reflect.Type) string {
	if t == intsType {
		return "an integer or a list of integers"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "an integer"
	case reflect.Float64:
		return "a number"
	case reflect.String:
		return "a string"
	case reflect.Array:
		if t.Elem().Kind() == reflect.Int {
			return fmt.Sprintf("an integer or a list of %d", t.Len())
		}
		return fmt.Sprintf("a list of %d", t.Len())
	case reflect.Slice:
		switch t.Elem().Kind() {
		case reflect.Int:
			return "a list of integers"
		case reflect.Float64:
			return "a list of numbers"
		case reflect.String:
			return "a list of strings"
		}
		return "a list"
	case reflect.Map, reflect.Struct:
		return "a mapping"
	}
	return "a value"
}

// prefix puts the path of a nested argument before the messages of err.
func prefix(path string, err error) Errors {
	var es Errors
	switch x := err.(type) {
	case Errors:
		es = x
	case *Error:
		es = Errors{x}
	default:
		es = Errors{{Code: CodeType, Msg: err.Error(), Err: err}}
	}
	out := make(Errors, len(es))
	for i, e := range es {
		c := *e
		c.Msg = path + ": " + e.Msg
		out[i] = &c
	}
	return out
}

// check tests the range and the choices of a plain value.
func (f *Field) check(v reflect.Value, path string) *Error {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return f.check(v.Elem(), path)
	case reflect.Array, reflect.Slice:
		for i := range v.Len() {
			if e := f.check(v.Index(i), path); e != nil {
				return e
			}
		}
	case reflect.Int, reflect.Int64:
		return f.checkNumber(float64(v.Int()), path)
	case reflect.Float64:
		return f.checkNumber(v.Float(), path)
	case reflect.String:
		if len(f.Enum) == 0 || slices.Contains(f.Enum, v.String()) {
			return nil
		}
		quoted := make([]string, len(f.Enum))
		for i, s := range f.Enum {
			quoted[i] = fmt.Sprintf("%q", s)
		}
		e := errorf(Pos{}, CodeChoice, "%s %q is not one of %s", path+f.Name, v.String(), strings.Join(quoted, ", "))
		if s := Suggest(v.String(), f.Enum); s != "" {
			e.help("did you mean %q?", s)
		}
		return e
	}
	return nil
}

func (f *Field) checkNumber(x float64, path string) *Error {
	low, high := f.Min != nil && !(x >= *f.Min), f.Max != nil && !(x <= *f.Max)
	over := f.Below != nil && !(x < *f.Below)
	if !low && !high && !over {
		return nil
	}
	name := path + f.Name
	switch {
	case f.Min != nil && f.Below != nil:
		return errorf(Pos{}, CodeRange, "%s %s is outside [%s, %s)", name, shortFloat(x), shortFloat(*f.Min), shortFloat(*f.Below))
	case over:
		return errorf(Pos{}, CodeRange, "%s wants less than %s, got %s", name, shortFloat(*f.Below), shortFloat(x))
	case f.Min != nil && f.Max != nil:
		return errorf(Pos{}, CodeRange, "%s %s is outside [%s, %s]", name, shortFloat(x), shortFloat(*f.Min), shortFloat(*f.Max))
	case low:
		return errorf(Pos{}, CodeRange, "%s wants at least %s, got %s", name, shortFloat(*f.Min), shortFloat(x))
	}
	return errorf(Pos{}, CodeRange, "%s wants at most %s, got %s", name, shortFloat(*f.Max), shortFloat(x))
}

// shortFloat prints a number without a needless fraction.
func shortFloat(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return fmt.Sprintf("%d", int64(x))
	}
	return fmt.Sprintf("%v", x)
}

// toFloat converts Go's number types.
func toFloat(v any) (float64, bool) {
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return 0, false
	case r.CanInt():
		return float64(r.Int()), true
	case r.CanFloat():
		return r.Float(), true
	}
	return 0, false
}

// show prints a Go value for a message: strings quoted, objects by class.
func show(v any) string {
	if v == nil {
		return "nothing"
	}
	if c, ok := ClassOf(v); ok {
		return c.Name
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String:
		return fmt.Sprintf("%q", r.String())
	case reflect.Func:
		return "a function"
	case reflect.Struct, reflect.Pointer, reflect.Map, reflect.Chan:
		return "a value of another kind"
	}
	return fmt.Sprint(v)
}
