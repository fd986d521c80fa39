package callbacks

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/kerasgo/kerasgo/spec"
)

// pyFloat prints a float as Python's repr does: 0.001, 1e-05, 3.0, nan.
func pyFloat(x float64) string {
	switch {
	case math.IsNaN(x):
		return "nan"
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	return string(spec.JSON(x, 0))
}

// pyFormat fills the placeholders {name} and {name:format} of a text, as Python's
// str.format does with keyword arguments; {{ and }} stand for braces. Values are int
// or float64.
func pyFormat(text string, values map[string]any) (string, error) {
	var b strings.Builder
	for text != "" {
		i := strings.IndexAny(text, "{}")
		if i < 0 {
			b.WriteString(text)
			break
		}
		b.WriteString(text[:i])
		brace := text[i]
		text = text[i+1:]
		if text != "" && text[0] == brace {
			b.WriteByte(brace)
			text = text[1:]
			continue
		}
		end := strings.IndexByte(text, '}')
		if brace == '}' || end < 0 {
			return "", fmt.Errorf("a single %q", brace)
		}
		name, format, _ := strings.Cut(text[:end], ":")
		text = text[end+1:]
		v, ok := values[name]
		if !ok {
			return "", fmt.Errorf("{%s} is not in the logs", name)
		}
		s, err := pyValue(v, format)
		if err != nil {
			return "", fmt.Errorf("{%s:%s}: %w", name, format, err)
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

// [[fill]align][sign][0][width][.precision][type]
var formatSpec = regexp.MustCompile(`^(?:(.)?([<>^=]))?([-+ ])?(0)?(\d+)?(?:\.(\d+))?([a-zA-Z%])?$`)

// pyValue prints one value in a format of Python's mini language.
func pyValue(v any, format string) (string, error) {
	m := formatSpec.FindStringSubmatch(format)
	if m == nil {
		return "", fmt.Errorf("this format is not supported")
	}
	fill, align, sign, zero, width, prec, typ := m[1], m[2], m[3], m[4], m[5], m[6], m[7]
	digits, err := pyDigits(v, prec, typ)
	if err != nil {
		return "", err
	}
	minus := strings.HasPrefix(digits, "-")
	digits = strings.TrimPrefix(digits, "-")
	switch {
	case minus:
		sign = "-"
	case sign == "-":
		sign = ""
	}
	if fill == "" {
		fill = " "
		if zero != "" {
			fill = "0"
			if align == "" {
				align = "="
			}
		}
	}
	n, _ := strconv.Atoi(width)
	pad := max(n-len(sign)-len(digits), 0)
	switch align {
	case "=":
		return sign + strings.Repeat(fill, pad) + digits, nil
	case "<":
		return sign + digits + strings.Repeat(fill, pad), nil
	case "^":
		return strings.Repeat(fill, pad/2) + sign + digits + strings.Repeat(fill, pad-pad/2), nil
	}
	return strings.Repeat(fill, pad) + sign + digits, nil
}

// pyDigits prints a number without sign (except minus) and padding.
func pyDigits(v any, prec, typ string) (string, error) {
	if i, ok := v.(int); ok {
		if (typ == "" || typ == "d") && prec == "" {
			return strconv.Itoa(i), nil
		}
		v = float64(i)
	}
	x := v.(float64)
	p := 6
	if prec != "" {
		p, _ = strconv.Atoi(prec)
	}
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return pyFloat(x), nil
	}
	switch typ {
	case "f", "F", "e", "E":
		return strconv.FormatFloat(x, strings.ReplaceAll(typ, "F", "f")[0], p, 64), nil
	case "g", "G":
		return strconv.FormatFloat(x, typ[0], max(p, 1), 64), nil
	case "%":
		return strconv.FormatFloat(100*x, 'f', p, 64) + "%", nil
	case "":
		if prec == "" {
			return pyFloat(x), nil
		}
		s := strconv.FormatFloat(x, 'g', max(p, 1), 64)
		if !strings.ContainsAny(s, ".e") {
			s += ".0"
		}
		return s, nil
	}
	return "", fmt.Errorf("a number can't be printed as %q", typ)
}
