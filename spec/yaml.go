package spec

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// YAML prints a value (nil, bool, int, float64, string, []any, *Object) in the layout of descriptions: mappings and lists of
// objects in block style, the arguments of one object on its line as long as they fit, plain lists in brackets.
func YAML(v any) []byte {
	w := &yamlWriter{}
	switch x := v.(type) {
	case *Object:
		if x.Len() == 0 {
			w.b.WriteString("{}\n")
			break
		}
		w.mapping(x, 0, true)
	case []any:
		if len(x) == 0 {
			w.b.WriteString("[]\n")
			break
		}
		w.list(x, 0)
	default:
		w.b.WriteString(flow(v) + "\n")
	}
	return w.b.Bytes()
}

// maxFlow is the longest text put on one line.
const maxFlow = 120

type yamlWriter struct{ b bytes.Buffer }

func (w *yamlWriter) indent(depth int) { w.b.WriteString(strings.Repeat("  ", depth)) }

// mapping prints key: value lines. top marks the outermost mapping, whose sections are always in block style.
func (w *yamlWriter) mapping(o *Object, depth int, top bool) {
	for _, k := range o.keys {
		w.indent(depth)
		w.pair(k, o.vals[k], depth, top)
	}
}

// pair prints "key: value" from the current column on.
func (w *yamlWriter) pair(key string, v any, depth int, top bool) {
	w.b.WriteString(yamlKey(key) + ":")
	o, isObject := v.(*Object)
	section := top && isObject && o.Len() > 0 && !isClassKey(o)
	if !section && inline(v) {
		w.b.WriteString(" " + flow(v) + "\n")
		return
	}
	w.b.WriteByte('\n')
	if isObject {
		w.mapping(o, depth+1, false)
	} else {
		w.list(v.([]any), depth+1)
	}
}

func (w *yamlWriter) list(list []any, depth int) {
	for _, e := range list {
		w.indent(depth)
		w.b.WriteString("- ")
		o, isObject := e.(*Object)
		sub, isList := e.([]any)
		switch {
		case isObject && o.Len() > 0 && (isClassKey(o) || !inline(e)):
			for i, k := range o.keys {
				if i > 0 {
					w.indent(depth + 1)
				}
				w.pair(k, o.vals[k], depth+1, false)
			}
		case isList && !inline(e):
			w.b.WriteByte('\n')
			w.list(sub, depth+1)
		default:
			w.b.WriteString(flow(e) + "\n")
		}
	}
}

// isClassKey tells whether an object is "Class: arguments".
func isClassKey(o *Object) bool {
	return o.Len() == 1 && o.keys[0] != "" && 'A' <= o.keys[0][0] && o.keys[0][0] <= 'Z'
}

// inline tells whether a value goes on one line.
func inline(v any) bool { return flat(v) && len(flow(v)) <= maxFlow || !composite(v) }

func composite(v any) bool {
	switch x := v.(type) {
	case *Object:
		return x.Len() > 0
	case []any:
		return len(x) > 0
	}
	return false
}

// flat tells whether a value holds no list of objects, and nothing that is to have lines of its own.
func flat(v any) bool {
	switch x := v.(type) {
	case *Object:
		if x.lines && x.Len() > 0 {
			return false
		}
		for _, k := range x.keys {
			if !flat(x.vals[k]) {
				return false
			}
		}
	case []any:
		for _, e := range x {
			if _, isObject := e.(*Object); isObject || !flat(e) {
				return false
			}
		}
	}
	return true
}

// flow prints a value in flow style.
func flow(v any) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case string:
		return yamlString(x)
	case float64:
		switch {
		case math.IsNaN(x):
			return ".nan"
		case math.IsInf(x, 1):
			return ".inf"
		case math.IsInf(x, -1):
			return "-.inf"
		}
		return pyFloat(x)
	case *Object:
		parts := make([]string, len(x.keys))
		for i, k := range x.keys {
			parts[i] = yamlKey(k) + ": " + flow(x.vals[k])
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		parts := make([]string, len(x))
		for i, e := range x {
			parts[i] = flow(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case bool, int:
		return fmt.Sprint(x)
	}
	return string(JSON(v, 0))
}

var (
	plainString = regexp.MustCompile(`^[A-Za-z_./][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+-]+)*$`)
	// Words and numbers that YAML 1.1 or 1.2 reads as something else than a string.
	reserved = regexp.MustCompile(`(?i)^(null|true|false|yes|no|on|off|y|n|none|[-+]?\.?(inf|nan|infinity)|[-+.0-9][-+.0-9eE_]*)$`)
)

var intKey = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// yamlKey prints a key; keys are read as text, so integers (the classes of class_weight) need no quotes.
func yamlKey(s string) string {
	if intKey.MatchString(s) {
		return s
	}
	return yamlString(s)
}

// yamlString quotes a string if it would not be read back as the same string.
func yamlString(s string) string {
	if plainString.MatchString(s) && !reserved.MatchString(s) {
		return s
	}
	for _, r := range s {
		if r == '\ufeff' || r == '\u0085' || r == '\u2028' || r == '\u2029' || r > 0xfffd && r < 0x10000 {
			return string(JSON(s, 0))
		}
		if r < 0x20 || r == 0x7f {
			return strconv.Quote(s) // Go's escapes for control characters are YAML's
		}
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
