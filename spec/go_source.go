package spec

import (
	"bytes"
	"fmt"
	"go/format"
	"reflect"
	"strconv"
	"strings"
)

// GoSource prints a list of layers as Go statements that add them to a Sequential model called model. Arguments at their default and automatic names are
// left out.
func GoSource(layers []any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("model := keras.NewSequential()\n")
	for _, lit := range literals(layers, goLiteral) {
		if lit.err != nil {
			return nil, lit.err
		}
		fmt.Fprintf(&b, "model.Add(%s)\n", lit.text)
	}
	return format.Source(b.Bytes())
}

// GoLiteral prints one object as a Go expression, layers.Dense{Units: 10}; functions print as their name in quotes.
func GoLiteral(v any) (string, error) { return complete1(v, goLiteral) }

func goLiteral(v any, auto string) (string, error) {
	if c, ok := ClassOf(v); ok && c.Func != nil {
		return strconv.Quote(c.Name), nil
	}
	var args []string
	_, err := changed(v, auto, func(f *Field, fv reflect.Value) error {
		s, err := goValue(fv, f.takesObjects())
		if err == nil {
			args = append(args, f.GoName+": "+s)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s{%s}", reflect.Indirect(reflect.ValueOf(v)).Type(), strings.Join(args, ", ")), nil
}

// goValue prints a value as a Go expression of its field's type.
func goValue(v reflect.Value, objects bool) (string, error) {
	switch v.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int64:
		return fmt.Sprint(v.Interface()), nil
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64), nil
	case reflect.String:
		return strconv.Quote(v.String()), nil
	case reflect.Interface:
		if v.IsNil() {
			return "nil", nil
		}
		if objects {
			return goObject(v.Elem())
		}
		return goValue(v.Elem(), false)
	case reflect.Pointer:
		if v.IsNil() {
			return "nil", nil
		}
		e := v.Elem()
		s, err := goValue(e, objects)
		if e.Kind() == reflect.Float64 && !strings.ContainsAny(s, ".e") {
			s += ".0" // new(1.0) is a *float64, new(1) an *int
		}
		if k := e.Kind(); k == reflect.Array || k == reflect.Struct {
			return "&" + s, err
		}
		return "new(" + s + ")", err
	case reflect.Array, reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			s, err := goValue(v.Index(i), objects)
			if err != nil {
				return "", err
			}
			if k := v.Type().Elem().Kind(); k == reflect.Array || k == reflect.Slice {
				s = strings.TrimPrefix(s, goType(v.Type().Elem()))
			}
			parts[i] = s
		}
		return goType(v.Type()) + "{" + strings.Join(parts, ", ") + "}", nil
	case reflect.Map:
		var parts []string
		for _, k := range sortedKeys(v) {
			key, err1 := goValue(k, false)
			s, err2 := goValue(v.MapIndex(k), objects)
			if err1 != nil || err2 != nil {
				return "", fmt.Errorf("a map of type %v has no Go source", v.Type())
			}
			parts = append(parts, key+": "+s)
		}
		return goType(v.Type()) + "{" + strings.Join(parts, ", ") + "}", nil
	}
	if objects {
		return goObject(v)
	}
	return "", fmt.Errorf("a value of type %v has no Go source", v.Type())
}

func goType(t reflect.Type) string { return strings.ReplaceAll(t.String(), "interface {}", "any") }

// goObject prints an object in a field of type any: a bare string where one stands for it.
func goObject(v reflect.Value) (string, error) {
	switch v.Kind() {
	case reflect.Func, reflect.Struct, reflect.Pointer:
		short, err := (&shortener{}).object(v.Interface(), "")
		if err != nil {
			return "", err
		}
		if s, ok := short.(string); ok {
			if c, _ := ClassOf(v.Interface()); c.Func != nil || shortcutKinds[c.Kind] && s != c.Name {
				return strconv.Quote(s), nil
			}
		}
		return goLiteral(v.Interface(), "")
	}
	return goValue(v, true)
}
