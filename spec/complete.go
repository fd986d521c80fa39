package spec

import (
	"fmt"
	"math"
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
	return es
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

// completeObjects completes the value of a field with kind=.
func (f *Field) completeObjects(v reflect.Value, path string) Errors {
	switch {
	case v.Kind() == reflect.Slice: // []any
		if v.IsNil() {
			return nil
		}
		list := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		var es Errors
		for i := range v.Len() {
			obj, err := f.object(v.Index(i).Interface(), fmt.Sprintf("%s%s[%d]", path, f.Name, i))
			es = append(es, err...)
			if obj != nil && len(err) == 0 {
				list.Index(i).Set(reflect.ValueOf(obj))
			}
		}
		v.Set(list)
		return es
	case v.Kind() == reflect.Interface:
		if v.IsNil() {
			return nil
		}
		obj, es := f.object(v.Interface(), path+f.Name)
		if len(es) == 0 && obj != nil {
			v.Set(reflect.ValueOf(obj))
		}
		return es
	}
	return nil
}

// object completes one object of a field with kind=: a string, a struct, a function, or, if the field allows many, a list or map of them.
func (f *Field) object(obj any, path string) (any, Errors) {
	wants := func() *Error {
		return errorf(Pos{}, CodeType, "%s wants %s, got %s", path, f.wants(), show(obj))
	}
	switch x := obj.(type) {
	case nil:
		return nil, nil
	case string:
		r, err := f.resolve(x)
		if err != nil {
			return nil, prefix(path, err)
		}
		return r, nil
	case []any:
		if !f.Many {
			return nil, Errors{wants()}
		}
		return mapObjects(x, f, path)
	case map[string]any:
		if !f.Many {
			return nil, Errors{wants()}
		}
		m, es := make(map[string]any, len(x)), Errors(nil)
		for k, o := range x {
			r, err := f.object(o, path+"."+k)
			m[k], es = r, append(es, err...)
		}
		return m, es
	}
	if slices.Contains(f.Kinds, "schedule") {
		if n, ok := toFloat(obj); ok {
			return n, nil
		}
	}
	r := reflect.ValueOf(obj)
	c, ok := ClassOf(obj)
	switch {
	case !ok && (r.Kind() == reflect.Func || r.Kind() == reflect.Struct || r.Kind() == reflect.Pointer && r.Type().Elem().Kind() == reflect.Struct):
		return obj, nil // the user's own, unregistered: who uses it checks its methods
	case !ok:
		return nil, Errors{wants()}
	case !f.takes(c.Kind):
		return nil, Errors{errorf(Pos{}, CodeType, "%s wants %s, got the %s %s", path, f.wants(), c.Kind, c.Name)}
	case r.Kind() == reflect.Func:
		return obj, nil
	case r.Kind() == reflect.Pointer && r.IsNil():
		return nil, nil
	}
	done, err := CompleteAny(obj)
	if err != nil {
		return nil, prefix(path, err)
	}
	return done, nil
}

func mapObjects(list []any, f *Field, path string) (any, Errors) {
	out, es := make([]any, len(list)), Errors(nil)
	for i, o := range list {
		r, err := f.object(o, fmt.Sprintf("%s[%d]", path, i))
		out[i], es = r, append(es, err...)
	}
	return out, es
}

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
	if !low && !high {
		return nil
	}
	name := path + f.Name
	switch {
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
