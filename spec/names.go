package spec

import (
	"strings"
	"unicode"
)

// SnakeCase returns the automatic name that Keras derives from a class name: an underscore goes before a capital followed by lower-case letters and
// between a lower-case letter and a capital, then all is lower-cased. Conv2D gives conv2d, MaxPooling2D max_pooling2d, ReLU re_lu.
func SnakeCase(class string) string {
	var in []rune
	for _, r := range class {
		if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			in = append(in, r)
		}
	}
	// The two steps mirror Keras's two substitutions, which matter for runs of capitals: first "(.)([A-Z][a-z]+)", then "([a-z])([A-Z])".
	var first []rune
	last := -1 // end of the previous match, which the character before a match must not belong to
	for i := 0; i < len(in); i++ {
		if i > 0 && i-1 >= last && isUpper(in[i]) && i+1 < len(in) && isLower(in[i+1]) {
			first = append(first, '_')
			for last = i + 1; last < len(in) && isLower(in[last]); last++ {
			}
			first = append(first, in[i:last]...)
			i = last - 1
			continue
		}
		first = append(first, in[i])
	}
	var b strings.Builder
	for i, r := range first {
		if i > 0 && isLower(first[i-1]) && isUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func isUpper(r rune) bool { return 'A' <= r && r <= 'Z' }
func isLower(r rune) bool { return 'a' <= r && r <= 'z' }
