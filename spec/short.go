package spec

import (
	"fmt"
	"reflect"
	"strings"
)

// Short returns an object in the short form of descriptions, as values that YAML prints: {Conv2D: {filters: 32, …}}, {Dense: 10}, or
// the bare name. Arguments at their default are left out, and so are names equal to the automatic ones (in a list of layers, numbered
// as Keras numbers them); full keeps all of them. v is a registered struct or function, complete or not, or a list of such.
func Short(v any, full bool) (any, error) {
	s := shortener{full: full}
	if list, ok := v.([]any); ok {
		done := make([]any, len(list))
		for i, e := range list {
			if _, ok := e.(ShortForm); ok {
				done[i] = e
				continue
			}
			d, err := CompleteAny(e)
			if err != nil {
				return nil, err
			}
			done[i] = d
		}
		return s.list(reflect.ValueOf(done), true)
	}
	if x, ok := v.(ShortForm); ok {
		return x.ShortKeras(full)
	}
	done, err := CompleteAny(v)
	if err != nil {
		return nil, err
	}
	return s.object(done, "")
}

// ShortStruct returns the arguments of an unregistered struct, such as the arguments of fit, as a mapping for YAML; see Short.
func ShortStruct(v any, full bool) (*Object, error) {
	done, err := CompleteAny(v)
	if err != nil {
		return nil, err
	}
	r := reflect.ValueOf(done)
	return (&shortener{full: full}).args(&Class{Type: r.Type(), Fields: Fields(r.Type())}, r, "")
}

type shortener struct{ full bool }

// object shortens one object; auto is its automatic name, or "" to use the class's first.
func (s *shortener) object(v any, auto string) (any, error) {
	if x, ok := v.(ShortForm); ok {
		return x.ShortKeras(s.full)
	}
	c, ok := ClassOf(v)
	if !ok {
		return plain(v)
	}
	if c.Func != nil {
		return c.key(), nil
	}
	r := reflect.Indirect(reflect.ValueOf(v))
	if auto == "" {
		auto = AutoName(c)
	}
	args, err := s.args(c, r, auto)
	if err != nil {
		return nil, err
	}
	if !s.full {
		if args.Len() == 0 {
			return bareName(c), nil
		}
		if pos, ok := c.Positional(); ok && args.Len() == 1 {
			if val, ok := args.Get(pos.Name); ok && val != nil && positionalForm(c, val) {
				return NewObject(c.key(), val), nil
			}
		}
	}
	return NewObject(c.key(), args), nil
}

// positionalForm tells whether a value may stand alone after the class.
func positionalForm(c *Class, val any) bool {
	o, isObject := val.(*Object)
	if !isObject {
		return true
	}
	n := &Node{Kind: Mapping}
	for _, k := range o.Keys() {
		n.Pairs = append(n.Pairs, Pair{&Node{Kind: String, Value: k}, &Node{}})
	}
	return positionalMapping(c, n)
}

// bareName returns the string for a class without arguments: Keras's lower-case one where there is one.
func bareName(c *Class) string {
	if shortcutKinds[c.Kind] {
		for _, n := range []string{AutoName(c), SnakeCase(c.Name)} {
			if r, ok := resolveClass(c.Kind, n); ok && r == c {
				return n
			}
		}
	}
	return c.key()
}

// args returns the arguments that differ from their defaults.
func (s *shortener) args(c *Class, r reflect.Value, auto string) (*Object, error) {
	o := &Object{}
	for i := range c.Fields {
		f := &c.Fields[i]
		fv := r.Field(f.Index)
		if s.skip(c, f, fv, r, auto) {
			continue
		}
		val, err := s.value(c, f, fv)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", c.Name, f.Name, err)
		}
		if s.full && fv.IsZero() && fv.Kind() == reflect.String && f.Name == "name" && auto != "" {
			val = auto
		}
		o.Set(f.Name, val)
	}
	return o, nil
}

// skip tells whether an argument is left out.
func (s *shortener) skip(c *Class, f *Field, fv, r reflect.Value, auto string) bool {
	switch {
	case f.Required:
		return false
	case f.NoConfig, s.full && f.Name == "dtype":
		return fv.IsZero()
	case s.full:
		return false
	case f.Name == "name" && fv.Kind() == reflect.String && fv.String() == auto:
		return true
	case f.Name == "dtype" && c.Kind != "op" && fv.Kind() == reflect.String && fv.String() == "float32":
		return true
	case strings.HasPrefix(f.Default, "@"):
		if other, ok := c.Field(f.Default[1:]); ok {
			a, err1 := f.encode(fv)
			b, err2 := other.encode(r.Field(other.Index))
			return err1 == nil && err2 == nil && string(JSON(a, 0)) == string(JSON(b, 0))
		}
	}
	return f.atDefault(fv)
}

// value shortens the value of one argument.
func (s *shortener) value(c *Class, f *Field, v reflect.Value) (any, error) {
	if !f.takesObjects() {
		return f.encode(v)
	}
	return s.objects(v, c.Kind == "model" && f.takes("layer")) // the cells of a layer are not numbered
}

func (s *shortener) objects(v reflect.Value, layers bool) (any, error) {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return nil, nil
		}
		return s.objects(v.Elem(), layers)
	case reflect.Slice:
		return s.list(v, layers)
	case reflect.Map:
		o := &Object{}
		for _, k := range sortedKeys(v) {
			e, err := s.objects(v.MapIndex(k), layers)
			if err != nil {
				return nil, err
			}
			o.Set(fmt.Sprint(k.Interface()), e)
		}
		return o, nil
	}
	return s.object(v.Interface(), "")
}

// list shortens a list of objects; layers are numbered for their automatic names.
func (s *shortener) list(v reflect.Value, layers bool) (any, error) {
	if v.IsNil() {
		return nil, nil
	}
	count := map[string]int{}
	out := []any{}
	pending := v.Len() > 1 && layers && !s.full && plainInput(v)
	for i := range v.Len() {
		e := v.Index(i)
		if pending && i == 0 {
			numbered("input_layer", count)
			continue // it becomes input_shape of the next layer
		}
		var short any
		var err error
		if !layers {
			short, err = s.objects(e, false)
		} else {
			short, err = s.layer(e, count)
		}
		if err != nil {
			return nil, err
		}
		if pending && i == 1 {
			short = withInput(short, v)
		}
		out = append(out, short)
	}
	return out, nil
}
