package spec

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
)

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

// PythonLiteral prints one object as a Python expression, keras.layers.Dense(10).
func PythonLiteral(v any) (string, error) { return complete1(v, pyLiteral) }

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
