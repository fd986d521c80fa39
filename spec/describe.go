package spec

import (
	"fmt"
	"strings"
)

// Describe says in a few words what an argument takes, for help texts: "an integer, at least 1, required".
func (f *Field) Describe() string {
	parts := []string{f.wants()}
	if len(f.Enum) > 0 {
		quoted := make([]string, len(f.Enum))
		for i, s := range f.Enum {
			quoted[i] = fmt.Sprintf("%q", s)
		}
		parts[0] = strings.Join(quoted, ", ")
		if n := len(quoted) - 1; n > 0 {
			parts[0] = strings.Join(quoted[:n], ", ") + " or " + quoted[n]
		}
	}
	if bounds := f.Bounds(); bounds != "" {
		parts = append(parts, bounds)
	}
	switch def := f.schemaDefault(); {
	case f.Required:
		parts = append(parts, "required")
	case strings.HasPrefix(f.Default, "@"):
		parts = append(parts, "default: the value of "+f.Default[1:])
	case def != nil:
		parts = append(parts, "default "+flow(def))
	}
	return strings.Join(parts, ", ")
}

// Bounds says which numbers an argument takes, such as "at least 1", or "" if all.
func (f *Field) Bounds() string {
	switch {
	case f.Min != nil && f.Below != nil:
		return fmt.Sprintf("from %s to less than %s", shortFloat(*f.Min), shortFloat(*f.Below))
	case f.Below != nil:
		return "less than " + shortFloat(*f.Below)
	case f.Min != nil && f.Max != nil:
		return fmt.Sprintf("from %s to %s", shortFloat(*f.Min), shortFloat(*f.Max))
	case f.Min != nil:
		return "at least " + shortFloat(*f.Min)
	case f.Max != nil:
		return "at most " + shortFloat(*f.Max)
	}
	return ""
}

// Format prints an object as the call that makes it, without module and defaults, for messages: Dropout(0.5).
func Format(v any) string {
	s, err := PythonLiteral(v)
	c, ok := ClassOf(v)
	if err != nil || !ok {
		return show(v)
	}
	return strings.TrimPrefix(s, c.Module+".")
}
