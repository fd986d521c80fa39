package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Complete returns a copy of v, a struct with keras tags, in which every unset field has its default, the objects in fields with kind= are
// registered structs or functions (strings are resolved, nil stays nil), and ranges, choices and required arguments have been checked. The
// error is of type Errors.
//
// Strings for losses and metrics are checked but stay strings, because Keras shows and saves them as they were given; use ResolveString.
func Complete[T any](v T) (T, error) {
	r := reflect.New(reflect.TypeFor[T]()).Elem()
	r.Set(reflect.ValueOf(v))
	target := r
	switch r.Kind() {
	case reflect.Interface:
		c, err := CompleteAny(v)
		if err != nil {
			return v, err
		}
		return c.(T), nil
	case reflect.Pointer:
		if r.IsNil() {
			return v, Errors{errorf(Pos{}, CodeType, "nothing given")}
		}
		p := reflect.New(r.Type().Elem())
		p.Elem().Set(r.Elem())
		r.Set(p)
		target = p.Elem()
	}
	if target.Kind() != reflect.Struct {
		return v, Errors{errorf(Pos{}, CodeType, "%T is no description", v)}
	}
	if es := completeStruct(target, ""); len(es) > 0 {
		return v, es
	}
	return r.Interface().(T), nil
}

// CompleteAny is Complete for a value whose class is not known at compile time: a struct or a pointer to one. The result is a struct value. A registered
// function is returned as it is.
func CompleteAny(v any) (any, error) {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Func && !r.IsNil() {
		return v, nil
	}
	if r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	if r.Kind() != reflect.Struct {
		return nil, Errors{errorf(Pos{}, CodeType, "%s is no object", show(v))}
	}
	c := reflect.New(r.Type()).Elem()
	c.Set(r)
	if es := completeStruct(c, ""); len(es) > 0 {
		return nil, es
	}
	return c.Interface(), nil
}

// completeStruct fills and checks v in place; path is put before the names of arguments in messages ("kernel_regularizer.").
func completeStruct(v reflect.Value, path string) Errors {
	var es Errors
	fields := Fields(v.Type())
	var absent []string
	for i := range fields {
		f := &fields[i]
		if f.Required && f.unset(v.Field(f.Index)) {
			absent = append(absent, path+f.Name)
		}
		es = append(es, f.fill(v.Field(f.Index))...)
	}
	if len(absent) > 0 {
		es = append(es, missing(Pos{}, className(v.Type()), absent))
	}
	if len(es) > 0 {
		return es
	}
	for i := range fields {
		f := &fields[i]
		fv := v.Field(f.Index)
		if strings.HasPrefix(f.Default, "@") && fv.IsZero() { // the default copies another argument, which has its value by now
			for j := range fields {
				if fields[j].Name == f.Default[1:] {
					fv.Set(v.Field(fields[j].Index))
				}
			}
		}
		es = append(es, f.complete(fv, path)...)
	}
	if c, ok := v.Interface().(Completer); ok && len(es) == 0 {
		done, err := c.Completed()
		if err != nil {
			return Errors{errorf(Pos{}, CodeRange, "%s%v", path, err)}
		}
		v.Set(reflect.ValueOf(done))
	}
	return es
}

// Completer is implemented by classes whose arguments depend on each other: after Complete has set the defaults and checked each
// argument on its own, Completed returns the value, of the same type, with what follows from the others. Completing twice must change nothing.
type Completer interface {
	Completed() (any, error)
}

// missing makes the error for required arguments that were not given.
func missing(pos Pos, name string, absent []string) *Error {
	list := absent[len(absent)-1]
	if n := len(absent) - 1; n > 0 {
		list = strings.Join(absent[:n], ", ") + " and " + list
	}
	return errorf(pos, CodeMissing, "%s needs %s", name, list)
}

// className returns the name of a struct type for messages: the class name, or the lower-cased type name of a section such as Fit.
func className(t reflect.Type) string {
	registry.RLock()
	defer registry.RUnlock()
	if c := registry.byType[t]; c != nil {
		return c.Name
	}
	return SnakeCase(t.Name())
}

// unset reports whether a required field was surely not given. A zero number counts as given where its range allows 0.
func (f *Field) unset(v reflect.Value) bool {
	if !v.IsZero() {
		return false
	}
	switch v.Kind() {
	case reflect.Float64:
		return f.Min != nil && *f.Min > 0
	case reflect.Int, reflect.Int64:
		return f.Min == nil || *f.Min > 0
	case reflect.Bool:
		return false
	}
	return true
}

// fill sets a zero field to its default.
func (f *Field) fill(v reflect.Value) Errors {
	if !f.HasDefault || !v.IsZero() || strings.HasPrefix(f.Default, "@") {
		return nil
	}
	if f.takesObjects() {
		obj, err := f.defaultObject()
		if err != nil {
			return Errors{errorf(Pos{}, CodeUnknownClass, "%s: default: %v", f.Name, err)}
		}
		if obj != nil {
			v.Set(reflect.ValueOf(obj))
		}
		return nil
	}
	d := reflect.New(f.elem()).Elem()
	d.Set(f.def)
	if d.Kind() == reflect.Slice {
		d.Set(reflect.AppendSlice(reflect.MakeSlice(d.Type(), 0, d.Len()), d))
	}
	if f.Type.Kind() == reflect.Pointer {
		d = d.Addr()
	}
	v.Set(d)
	return nil
}

// defaultObject returns the default of a field that takes objects: what its string stands for, or a number for a schedule.
func (f *Field) defaultObject() (any, error) {
	if f.Default == "" || f.Type.Kind() == reflect.Slice {
		return nil, nil
	}
	if slices.Contains(f.Kinds, "schedule") {
		if n, ok := toFloat(plainDefault(f.Default)); ok {
			return n, nil
		}
	}
	return f.resolve(f.Default)
}

// resolve turns a string into the object that a field of these kinds holds. Losses and metrics stay strings.
func (f *Field) resolve(s string) (any, error) {
	var first error
	for _, k := range f.Kinds {
		obj, err := ResolveString(k, s)
		if err == nil {
			if k == "loss" || k == "metric" {
				return s, nil
			}
			return obj, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// complete checks a filled field and completes the objects inside it, in place.
func (f *Field) complete(v reflect.Value, path string) Errors {
	if f.takesObjects() {
		return f.completeObjects(v, path)
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if v.Kind() == reflect.Struct {
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		es := completeStruct(c, path+f.Name+".")
		if v.CanSet() {
			v.Set(c)
		}
		return es
	}
	if !f.HasDefault && !f.Required && v.IsZero() {
		return nil
	}
	if f.HasZero && v.CanInt() && fmt.Sprint(v.Int()) == f.Zero {
		return nil
	}
	if f.HasNone && fmt.Sprint(v.Interface()) == f.None {
		return nil
	}
	if e := f.check(v, path); e != nil {
		return Errors{e}
	}
	return nil
}
