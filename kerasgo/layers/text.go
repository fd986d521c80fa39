package layers

import "strings"

// standardize changes a text as TensorFlow does: ASCII's letters and punctuation only.
func standardize(text, how string) string {
	if how == "lower" || how == "lower_and_strip_punctuation" {
		text = mapBytes(text, func(c byte) (byte, bool) {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			return c, true
		})
	}
	if how == "strip_punctuation" || how == "lower_and_strip_punctuation" {
		text = mapBytes(text, func(c byte) (byte, bool) { return c, !punctuation(c) })
	}
	return text
}

// punctuation reports whether c is one of ASCII's 32 signs.
func punctuation(c byte) bool {
	return '!' <= c && c <= '/' || ':' <= c && c <= '@' || '[' <= c && c <= '`' || '{' <= c && c <= '~'
}

// mapBytes replaces every byte, or drops it.
func mapBytes(s string, f func(c byte) (byte, bool)) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if c, keep := f(s[i]); keep {
			out = append(out, c)
		}
	}
	return string(out)
}

// split splits a text at runs of ASCII's whitespace, into its code points, or not at
// all.
func split(text, how string) []string {
	switch how {
	case "whitespace":
		return strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || '\t' <= r && r <= '\r' })
	case "character":
		var list []string
		for _, r := range text { // what is no UTF-8 becomes U+FFFD
			list = append(list, string(r))
		}
		return list
	}
	return []string{text}
}

// ngrams returns the runs of so many words, for each length in turn, joined by spaces;
// without lengths, the words.
func ngrams(words []string, lengths []int) []string {
	if lengths == nil {
		return words
	}
	var out []string
	for _, n := range lengths {
		for i := 0; i+n <= len(words); i++ {
			out = append(out, strings.Join(words[i:i+n], " "))
		}
	}
	return out
}
