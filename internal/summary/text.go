package summary

import (
	"strings"
	"unicode"
)

// style is the parameter of an SGR escape sequence; plain has none.
type style string

const (
	plain  style = ""
	bold   style = "1"
	class  style = "38;5;33"
	number style = "38;5;34"
	none   style = "38;5;45"
	yes    style = "1;38;5;34"
	no     style = "1;91" // colour 9, which rich writes in its short form
)

// glyph is a character and its style.
type glyph struct {
	r rune
	s style
}

// text is a line of styled characters.
type text []glyph

func textOf(s style, str string) text { return text(nil).plus(s, str) }

// plus appends str in one style.
func (t text) plus(s style, str string) text {
	for _, r := range str {
		t = append(t, glyph{r, s})
	}
	return t
}

// render writes the text, one escape sequence around every run of one style.
func (t text) render(out *strings.Builder, color bool) {
	for i := 0; i < len(t); {
		j := i
		for j < len(t) && t[j].s == t[i].s {
			j++
		}
		escape := color && t[i].s != plain
		if escape {
			out.WriteString("\x1b[" + string(t[i].s) + "m")
		}
		for ; i < j; i++ {
			out.WriteRune(t[i].r)
		}
		if escape {
			out.WriteString("\x1b[0m")
		}
	}
}

func (t text) trimRight() text {
	for len(t) > 0 && unicode.IsSpace(t[len(t)-1].r) {
		t = t[:len(t)-1]
	}
	return t
}

// wrap breaks t into lines of at most width characters, at spaces as rich does it: the spaces after a word belong to
// it but need no room. A word that is wider than a line stays whole on a line of its own, or, with fold, is broken.
// A width of zero has no room for anything.
func (t text) wrap(width int, fold bool) []text {
	if width <= 0 {
		return nil
	}
	var breaks []int // where lines start, after the first
	used := 0        // columns used on the current line
	for start := 0; start < len(t); {
		end := t.wordEnd(start)
		word := t[start:end]
		need := len(word.trimRight())
		switch {
		case need <= width-used:
			used += len(word)
		case need > width && fold:
			at := start
			for rest := len(word); ; rest -= width {
				if at > 0 {
					breaks = append(breaks, at)
				}
				if rest <= width {
					used = rest
					break
				}
				at += width
			}
		case need > width:
			if start > 0 {
				breaks = append(breaks, start)
			}
			used = len(word)
		case used > 0 && start > 0:
			breaks = append(breaks, start)
			used = len(word)
		}
		start = end
	}

	var lines []text
	from := 0
	for _, to := range append(breaks, len(t)) {
		lines = append(lines, t[from:to].trimExcess(width))
		from = to
	}
	return lines
}

// wordEnd is the end of the word at start: leading spaces, a run of others, trailing spaces.
func (t text) wordEnd(start int) int {
	i := start
	for _, space := range []bool{true, false, true} {
		for i < len(t) && unicode.IsSpace(t[i].r) == space {
			i++
		}
	}
	return i
}

// trimExcess drops spaces at the end that stand beyond width.
func (t text) trimExcess(width int) text {
	for len(t) > width && unicode.IsSpace(t[len(t)-1].r) {
		t = t[:len(t)-1]
	}
	return t
}

// cut shortens t to width, its last character then being an ellipsis in the style of what it covers.
func (t text) cut(width int) text {
	if len(t) <= width {
		return t
	}
	short := append(text(nil), t[:width]...)
	short[width-1].r = '…'
	return short
}

// justified returns t in exactly width characters, cut where it is longer.
func (t text) justified(j justify, width int) text {
	if j != left {
		t = t.trimRight()
	}
	t = t.cut(width)
	free := max(0, width-len(t))
	before := map[justify]int{left: 0, right: free, center: free / 2}[j]
	padded := textOf(plain, strings.Repeat(" ", before))
	return append(padded, t...).plus(plain, strings.Repeat(" ", free-before))
}
