package spec

import (
	"fmt"
	"reflect"
	"slices"
)

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
	case *Object:
		if !f.Ordered {
			break
		}
		o, es := NewObject(), Errors(nil)
		for _, k := range x.Keys() {
			v, _ := x.Get(k)
			r, err := f.object(v, path+"."+k)
			o.Set(k, r)
			es = append(es, err...)
		}
		return o, es
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
	case c.decode != nil:
		return obj, nil
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
