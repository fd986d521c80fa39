package spec

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// maxPrinted is the number of errors that are printed in full.
const maxPrinted = 20

// sort orders errors by place: files in their order of appearance, then options by name and number; then line and column.
func (es Errors) sort() {
	rank := map[*source]int{}
	for _, e := range es {
		if _, ok := rank[e.Pos.src]; !ok {
			rank[e.Pos.src] = len(rank)
		}
	}
	slices.SortStableFunc(es, func(a, b *Error) int {
		switch x, y := a.Pos.Override(), b.Pos.Override(); {
		case x != y && x:
			return 1
		case x != y:
			return -1
		case x: // a shorter name first puts --set[9] before --set[10]
			if d := cmp.Or(len(a.Pos.File())-len(b.Pos.File()), strings.Compare(a.Pos.File(), b.Pos.File())); d != 0 {
				return d
			}
		}
		return cmp.Or(rank[a.Pos.src]-rank[b.Pos.src], a.Pos.Line-b.Pos.Line, a.Pos.Col-b.Pos.Col)
	})
}

// Sort orders errors by place and drops repetitions: the same message at the same place.
func (es Errors) Sort() Errors {
	es.sort()
	return slices.CompactFunc(es, func(a, b *Error) bool { return a.Pos == b.Pos && a.Msg == b.Msg })
}

// Report says how Errors.Write prints.
type Report struct {
	Format  string // "text" (also for ""), "json" or "github"
	Color   bool   // text only
	Outcome string // what the closing line says after the count, such as "nothing was trained"
}

// Write prints the errors, sorted by place. As text, at most 20 are printed, each with its source line, a caret and its help lines,
// followed by a line that counts them all; json is one array; github is one workflow command per error.
func (es Errors) Write(w io.Writer, r Report) error {
	es = slices.Clone(es).Sort()
	var out string
	switch r.Format {
	case "", "text":
		out = es.text(r)
	case "json":
		list := make([]any, len(es))
		for i, e := range es {
			list[i] = e.object()
		}
		out = string(JSON(list, 2)) + "\n"
	case "github":
		var b strings.Builder
		for _, e := range es {
			b.WriteString(e.github())
		}
		out = b.String()
	default:
		return fmt.Errorf("unknown format %q; there are text, json and github", r.Format)
	}
	_, err := io.WriteString(w, out)
	return err
}

func (es Errors) text(r Report) string {
	if len(es) == 0 {
		return ""
	}
	var b strings.Builder
	for _, e := range es[:min(len(es), maxPrinted)] {
		e.text(&b, r.Color)
		b.WriteByte('\n')
	}
	if n := len(es) - maxPrinted; n > 0 {
		fmt.Fprintf(&b, "… and %d more\n\n", n)
	}
	b.WriteString(es.count())
	if r.Outcome != "" {
		b.WriteString("; " + r.Outcome)
	}
	b.WriteByte('\n')
	return b.String()
}

// count returns "4 errors", "1 error, 2 warnings" or the like.
func (es Errors) count() string {
	warnings := 0
	for _, e := range es {
		if e.Warning {
			warnings++
		}
	}
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{len(es) - warnings, "error"}, {warnings, "warning"}} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 "+p.what)
		case p.n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

func (e *Error) severity() string {
	if e.Warning {
		return "warning"
	}
	return "error"
}

const (
	bold   = "\x1b[1m"
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	green  = "\x1b[32m"
	reset  = "\x1b[0m"
)

// text prints one error with its source line.
func (e *Error) text(b *strings.Builder, color bool) {
	paint := func(c, s string) string {
		if color {
			return c + s + reset
		}
		return s
	}
	if e.Pos.IsValid() {
		b.WriteString(paint(bold, e.Pos.String()+":") + " ")
	}
	shade := red
	if e.Warning {
		shade = yellow
	}
	fmt.Fprintf(b, "%s %s [%s]\n", paint(shade, e.severity()+":"), printable(e.Msg), e.Code)
	if e.Pos.IsValid() {
		e.source(b, paint)
	}
	for _, h := range e.Help {
		fmt.Fprintf(b, "      = %s\n", printable(h))
	}
}

// source prints the line of the error and a caret under it.
func (e *Error) source(b *strings.Builder, paint func(string, string) string) {
	line, col := excerpt([]rune(e.Pos.src.lines[e.Pos.Line-1]), e.Pos.Col-1)
	pad := make([]rune, 0, col)
	for _, r := range line[:min(col, len(line))] {
		if r != '\t' {
			r = ' '
		}
		pad = append(pad, r)
	}
	caret := ""
	if e.Pos.Width > 0 {
		caret = string(pad) + paint(green, "^"+strings.Repeat("~", max(0, min(e.Pos.Width, len(line)-col)-1)))
	}
	if e.Pos.src.override {
		fmt.Fprintf(b, "      %s\n", printable(string(line)))
		if caret != "" {
			fmt.Fprintf(b, "      %s\n", caret)
		}
		return
	}
	number := fmt.Sprintf("%5d", e.Pos.Line)
	fmt.Fprintf(b, "%s | %s\n", number, printable(string(line)))
	if caret != "" {
		fmt.Fprintf(b, "%*s| %s\n", len(number)+1, "", caret)
	}
}

// excerpt cuts a long line (a whole config.json, say) to the part around col, and returns the column in it.
func excerpt(line []rune, col int) ([]rune, int) {
	const most, before, window = 160, 60, 140
	if len(line) <= most {
		return line, col
	}
	from := max(0, min(col-before, len(line)-window))
	to := min(len(line), from+window)
	cut := slices.Clone(line[from:to])
	if from > 0 {
		cut[0] = '…'
	}
	if to < len(line) {
		cut[len(cut)-1] = '…'
	}
	return cut, col - from
}

// printable replaces control characters, so that a file can't write to the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && unicode.IsControl(r) {
			return '\ufffd'
		}
		return r
	}, s)
}

// object returns the error as JSON.
func (e *Error) object() *Object {
	o := &Object{}
	if e.Pos.IsValid() {
		o.Set("file", e.Pos.File())
		o.Set("line", e.Pos.Line)
		o.Set("column", e.Pos.Col)
		o.Set("endColumn", e.Pos.Col+max(e.Pos.Width, 1))
	}
	o.Set("severity", e.severity())
	o.Set("code", e.Code)
	o.Set("message", e.Msg)
	o.Set("help", append([]string{}, e.Help...))
	return o
}

// github returns the error as a workflow command of GitHub Actions.
func (e *Error) github() string {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	prop := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	props := "title=" + prop.Replace(e.Code)
	if e.Pos.IsValid() && !e.Pos.Override() {
		props = fmt.Sprintf("file=%s,line=%d,col=%d,endColumn=%d,", prop.Replace(e.Pos.File()), e.Pos.Line, e.Pos.Col, e.Pos.Col+max(e.Pos.Width, 1)) + props
	}
	msg := e.Msg
	if e.Pos.Override() {
		msg = e.Pos.File() + ": " + msg
	}
	return fmt.Sprintf("::%s %s::%s\n", e.severity(), props, data.Replace(strings.Join(append([]string{msg}, e.Help...), "\n")))
}
