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

// PythonSource prints a list of layers as a Python statement that builds a Sequential model called model.
func PythonSource(layers []any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("model = keras.Sequential([\n")
	for _, lit := range literals(layers, pyLiteral) {
		if lit.err != nil {
			return nil, lit.err
		}
		fmt.Fprintf(&b, "    %s,\n", lit.text)
	}
	b.WriteString("])\n")
	return b.Bytes(), nil
}

// GoLiteral prints one object as a Go expression, layers.Dense{Units: 10}; functions print as their name in quotes.
func GoLiteral(v any) (string, error) { return complete1(v, goLiteral) }

// PythonLiteral prints one object as a Python expression, keras.layers.Dense(10).
func PythonLiteral(v any) (string, error) { return complete1(v, pyLiteral) }

func complete1(v any, print func(any, string) (string, error)) (string, error) {
	done, err := CompleteAny(v)
	if err != nil {
		return "", err
	}
	return print(done, "")
}

type literal struct {
	text string
	err  error
}

// literals prints layers with their automatic names known.
func literals(layers []any, print func(any, string) (string, error)) []literal {
	count := map[string]int{}
	out := make([]literal, len(layers))
	for i, l := range layers {
		done, err := CompleteAny(l)
		if err != nil {
			out[i].err = err
			continue
		}
		auto := ""
		if c, ok := ClassOf(done); ok {
			base := SnakeCase(c.Name)
			auto = numbered(base, map[string]int{base: count[base]})
			if name := fieldString(done, "name"); name == "" || name == auto {
				numbered(base, count)
			}
		}
		out[i].text, out[i].err = print(done, auto)
	}
	return out
}

// changed calls f for every argument that differs from its default.
func changed(v any, auto string, f func(*Field, reflect.Value) error) (*Class, error) {
	c, ok := ClassOf(v)
	if !ok {
		return nil, fmt.Errorf("spec: %s is not registered", show(v))
	}
	r := reflect.Indirect(reflect.ValueOf(v))
	if auto == "" {
		auto = AutoName(c)
	}
	s := shortener{}
	for i := range c.Fields {
		fv := r.Field(c.Fields[i].Index)
		if s.skip(c, &c.Fields[i], fv, r, auto) {
			continue
		}
		if err := f(&c.Fields[i], fv); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", c.Name, c.Fields[i].Name, err)
		}
	}
	return c, nil
}

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

func pyLiteral(v any, auto string) (string, error) {
	if c, ok := ClassOf(v); ok && c.Func != nil {
		return pyString(c.Name), nil
	}
	var args []string
	c, err := changed(v, auto, func(f *Field, fv reflect.Value) error {
		s, err := pyArgument(f, fv)
		if err != nil {
			return err
		}
		if f.Pos {
			args = append([]string{s}, args...)
		} else {
			args = append(args, f.Name+"="+s)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s.%s(%s)", c.Module, c.Name, strings.Join(args, ", ")), nil
}

func pyArgument(f *Field, v reflect.Value) (string, error) {
	if f.takesObjects() {
		return pyObject(v)
	}
	val, err := f.encode(v)
	if err != nil {
		return "", err
	}
	return pyValue(val), nil
}

func pyObject(v reflect.Value) (string, error) {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return "None", nil
		}
		return pyObject(v.Elem())
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			s, err := pyObject(v.Index(i))
			if err != nil {
				return "", err
			}
			parts[i] = s
		}
		return "[" + strings.Join(parts, ", ") + "]", nil
	case reflect.Func, reflect.Struct, reflect.Pointer:
		short, err := (&shortener{}).object(v.Interface(), "")
		if err != nil {
			return "", err
		}
		if s, ok := short.(string); ok {
			if c, _ := ClassOf(v.Interface()); c.Func != nil || shortcutKinds[c.Kind] && s != c.Name {
				return pyString(s), nil
			}
		}
		return pyLiteral(v.Interface(), "")
	}
	val, err := encodeObject(v)
	return pyValue(val), err
}

// pyValue prints a JSON value as a Python expression; lists become tuples.
func pyValue(v any) string {
	switch x := v.(type) {
	case nil:
		return "None"
	case bool:
		if x {
			return "True"
		}
		return "False"
	case float64:
		switch s := pyFloat(x); s {
		case "NaN", "Infinity", "-Infinity":
			return `float("` + s + `")`
		default:
			return s
		}
	case string:
		return pyString(x)
	case []any:
		parts := make([]string, len(x))
		for i, e := range x {
			parts[i] = pyValue(e)
		}
		if len(parts) == 1 {
			return "(" + parts[0] + ",)"
		}
		return "(" + strings.Join(parts, ", ") + ")"
	case *Object:
		parts := make([]string, len(x.keys))
		for i, k := range x.keys {
			parts[i] = pyString(k) + ": " + pyValue(x.vals[k])
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// pyString quotes a string for Python; JSON's quoting is Python's.
func pyString(s string) string { return string(JSON(s, 0)) }
