package spec

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Config returns the configuration of an object as Keras's get_config does: name, trainable and dtype first, then the arguments in struct order. v
// is a registered struct (or a pointer to one), complete or not. Arguments newer than Keras 3.0 and those marked omitdefault are left
// out at their default, so that every Keras 3 loads the result.
//
// An empty name is written as the automatic name of the class, an empty dtype as float32.
func Config(v any) (*Object, error) {
	done, err := CompleteAny(v)
	if err != nil {
		return nil, err
	}
	r := reflect.ValueOf(done)
	if r.Kind() != reflect.Struct {
		return nil, fmt.Errorf("spec: %s has no configuration", show(v))
	}
	c, ok := ClassOf(done)
	if !ok {
		c = &Class{Name: r.Type().Name(), Type: r.Type(), Fields: Fields(r.Type())}
	}
	return config(c, r, false)
}

// config is Config for a completed value; full keeps what is left out at its default.
func config(c *Class, r reflect.Value, full bool) (*Object, error) {
	o := &Object{}
	write := func(f *Field) error {
		fv := r.Field(f.Index)
		if f.NoConfig || !full && (f.Since != "" || f.OmitDefault) && f.atDefault(fv) {
			return nil
		}
		val, err := f.encode(fv)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", c.Name, f.Name, err)
		}
		if fv.Kind() == reflect.String && fv.Len() == 0 {
			switch {
			case f.Name == "name" && c.Kind != "":
				val = AutoName(c)
			case f.Name == "dtype" && c.Kind != "" && c.Kind != "op":
				val = "float32"
			}
		}
		o.Set(f.Name, val)
		return nil
	}
	head := []string{"name", "trainable", "dtype"}
	if c.Kind == "schedule" { // whose name stands where the struct has it
		head = nil
	}
	if c.Kind == "op" { // whose dtype is an argument like others
		head = head[:1]
	}
	for _, name := range head {
		if f, ok := c.Field(name); ok {
			if err := write(f); err != nil {
				return nil, err
			}
		}
	}
	for i := range c.Fields {
		if f := &c.Fields[i]; !slices.Contains(head, f.Name) {
			if err := write(f); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}

// AutoName returns the name that Keras gives the first object of a class.
func AutoName(c *Class) string {
	if c.Kind == "optimizer" {
		return strings.ToLower(c.Name)
	}
	if c.PythonName != "" {
		return SnakeCase(c.PythonName)
	}
	return SnakeCase(c.Name)
}

// Serialize returns Keras's JSON form of an object, {module, class_name, config, registered_name}, or, for registered functions, the object
// with class_name "function". Inside configurations, functions are written as plain strings.
func Serialize(v any) (*Object, error) {
	if s, ok := v.(Serializer); ok {
		return s.SerializeKeras()
	}
	c, ok := ClassOf(v)
	if !ok {
		return nil, notRegistered(v)
	}
	if c.Func != nil {
		name := c.Name
		if c.RegisteredName != "" {
			name = c.RegisteredName
		}
		return NewObject("module", "builtins", "class_name", "function", "config", name, "registered_name", "function"), nil
	}
	cfg, err := Config(v)
	if err != nil {
		return nil, err
	}
	var registered any
	if c.RegisteredName != "" {
		registered = c.RegisteredName
	}
	name := c.Name
	if c.FileName != "" {
		name = c.FileName
	}
	return NewObject("module", c.Module, "class_name", name, "config", cfg, "registered_name", registered), nil
}

// atDefault reports whether a completed field equals its default.
func (f *Field) atDefault(v reflect.Value) bool {
	d := reflect.New(f.Type).Elem()
	if es := f.fill(d); len(es) > 0 {
		return false
	}
	if f.takesObjects() {
		if es := f.complete(d, ""); len(es) > 0 {
			return false
		}
	}
	a, err1 := f.encode(v)
	b, err2 := f.encode(d)
	return err1 == nil && err2 == nil && string(JSON(a, 0)) == string(JSON(b, 0))
}

// encode returns the JSON value of a completed field.
func (f *Field) encode(v reflect.Value) (any, error) {
	if f.takesObjects() {
		if f.takes("function") && v.Kind() == reflect.Interface && v.Elem().Kind() == reflect.Func { // Keras reads no bare name there
			return Serialize(v.Interface())
		}
		return encodeObject(v)
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, nil
		}
		v = v.Elem()
	} else if v.IsZero() && !f.HasDefault && !f.Required && !f.HasZero && !f.zeroCounts(v) {
		return nil, nil // unset: None
	}
	if f.HasNone && fmt.Sprint(v.Interface()) == f.None {
		return nil, nil
	}
	if f.HasZero && v.CanInt() {
		switch {
		case strconv.FormatInt(v.Int(), 10) == f.Zero:
			return 0, nil
		case v.Int() == 0 && !f.HasDefault:
			return nil, nil // unset
		}
	}
	return plainValue(v, f.Shape)
}

// zeroCounts reports whether the zero value of an optional field without default is a value of its own rather than None.
func (f *Field) zeroCounts(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Bool:
		return true
	case reflect.Int, reflect.Int64, reflect.Float64:
		return f.Min == nil || *f.Min <= 0
	}
	return false
}

// encodeObject returns the JSON value of what a field with kind= holds.
func encodeObject(v reflect.Value) (any, error) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		if v.Kind() == reflect.Interface {
			return encodeObject(v.Elem())
		}
		if s, ok := v.Interface().(Serializer); ok {
			return s.SerializeKeras()
		}
	case reflect.Slice:
		if v.IsNil() {
			return nil, nil
		}
		list := make([]any, v.Len())
		for i := range list {
			e, err := encodeObject(v.Index(i))
			if err != nil {
				return nil, err
			}
			list[i] = e
		}
		return list, nil
	case reflect.Map:
		o := &Object{}
		for _, k := range sortedKeys(v) {
			e, err := encodeObject(v.MapIndex(k))
			if err != nil {
				return nil, err
			}
			o.Set(fmt.Sprint(k.Interface()), e)
		}
		return o, nil
	case reflect.String, reflect.Float64, reflect.Int, reflect.Bool:
		return plainValue(v, false)
	}
	if x, ok := v.Interface().(*Object); ok { // of an ordered field
		o := NewObject()
		for _, k := range x.Keys() {
			item, _ := x.Get(k)
			e, err := encodeObject(reflect.ValueOf(item))
			if err != nil {
				return nil, err
			}
			o.Set(k, e)
		}
		return o, nil
	}
	c, ok := ClassOf(v.Interface())
	if !ok {
		return nil, notRegistered(v.Interface())
	}
	if c.Func != nil && c.RegisteredName == "" {
		return c.Name, nil
	}
	return Serialize(v.Interface())
}

// notRegistered says how a class or a function of the user's own gets a name in files.
func notRegistered(v any) error {
	switch r := reflect.Indirect(reflect.ValueOf(v)); r.Kind() {
	case reflect.Struct:
		return fmt.Errorf("%s is not registered: to write it into a description, call spec.Register[%s](\"package\", spec.OfKind(\"…\")) with its kind, such as layer, in an init function", r.Type(), r.Type().Name())
	case reflect.Func:
		return errors.New("a function is not registered: to write it into a description, call spec.RegisterFunc with a name for it in an init function")
	}
	return fmt.Errorf("%s is not registered", show(v))
}
