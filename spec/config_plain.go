package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// plain converts a Go value to the values that Object holds.
func plain(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	return plainValue(reflect.ValueOf(v), false)
}

func plainValue(v reflect.Value, shape bool) (any, error) {
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if shape && v.Int() == -1 {
			return nil, nil
		}
		return int(v.Int()), nil
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint, reflect.Uint64:
		return int(v.Uint()), nil
	case reflect.Float64, reflect.Float32:
		return v.Float(), nil
	case reflect.String:
		return v.String(), nil
	case reflect.Array, reflect.Slice:
		if v.Kind() == reflect.Slice && v.IsNil() {
			return nil, nil
		}
		if v.Type() == intsType && v.Len() == 1 {
			return int(v.Index(0).Int()), nil
		}
		list := make([]any, v.Len())
		for i := range list {
			e, err := plainValue(v.Index(i), shape)
			if err != nil {
				return nil, err
			}
			list[i] = e
		}
		return list, nil
	case reflect.Map:
		if v.IsNil() {
			return nil, nil
		}
		o := &Object{}
		for _, k := range sortedKeys(v) {
			e, err := plainValue(v.MapIndex(k), shape)
			if err != nil {
				return nil, err
			}
			o.Set(fmt.Sprint(k.Interface()), e)
		}
		return o, nil
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		if o, ok := v.Interface().(*Object); ok {
			return o, nil
		}
		return plainValue(v.Elem(), shape)
	case reflect.Struct:
		if _, ok := ClassOf(v.Interface()); ok {
			return Serialize(v.Interface())
		}
		return config(&Class{Name: v.Type().Name(), Type: v.Type(), Fields: Fields(v.Type())}, v, false)
	case reflect.Func:
		if c, ok := ClassOf(v.Interface()); ok {
			return c.Name, nil
		}
	}
	return nil, fmt.Errorf("a value of type %v can't be written", v.Type())
}

func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		if a.CanInt() {
			return int(a.Int() - b.Int())
		}
		return strings.Compare(a.String(), b.String())
	})
	return keys
}
