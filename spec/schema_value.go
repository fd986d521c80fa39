package spec

import (
	"reflect"
	"slices"
)

// value describes a plain value; null marks that null is allowed.
func (g *schemaWriter) value(f *Field, t reflect.Type, null bool) *Object {
	o := &Object{}
	types := func(names ...any) {
		if null || f.Shape && t.Kind() == reflect.Int {
			names = append(names, "null")
		}
		if len(names) == 1 {
			o.Set("type", names[0])
			return
		}
		o.Set("type", names)
	}
	bounds := func() {
		if f.Min != nil {
			o.Set("minimum", number(*f.Min))
		}
		if f.Max != nil {
			o.Set("maximum", number(*f.Max))
		}
		if f.Below != nil {
			o.Set("exclusiveMaximum", number(*f.Below))
		}
	}
	switch t.Kind() {
	case reflect.Bool:
		types("boolean")
	case reflect.Int, reflect.Int64:
		types("integer")
		bounds()
	case reflect.Float64:
		types("number")
		bounds()
	case reflect.String:
		types("string")
		if len(f.Enum) > 0 {
			var enum []any
			for _, s := range f.Enum {
				enum = append(enum, s)
			}
			if null {
				enum = append(enum, nil)
			}
			o.Set("enum", enum)
		}
	case reflect.Array, reflect.Slice:
		item := g.value(f, t.Elem(), false)
		scalar := []any{}
		switch x, _ := item.Get("type"); x := x.(type) { // one value stands for the list
		case string:
			scalar = append(scalar, x)
		case []any:
			scalar = append(scalar, x...)
		}
		scalar = slices.DeleteFunc(scalar, func(x any) bool { return x == "array" || x == "null" })
		types(append(scalar, "array")...)
		o.Set("items", item)
		if t.Kind() == reflect.Array {
			o.Set("minItems", t.Len())
			o.Set("maxItems", t.Len())
		}
		bounds()
	case reflect.Map:
		types("object")
		o.Set("additionalProperties", g.value(f, t.Elem(), false))
	case reflect.Struct:
		o = g.arguments(Fields(t), TypeDoc(t))
		types("object")
	case reflect.Pointer:
		return g.value(f, t.Elem(), true)
	}
	return o
}

// number prints whole bounds without a fraction.
func number(x float64) any {
	if x == float64(int(x)) {
		return int(x)
	}
	return x
}
