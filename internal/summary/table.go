package summary

import "strings"

// printer draws the table.
type printer struct {
	out    *strings.Builder
	color  bool
	fold   bool
	cols   []column
	widths []int
	rows   int
}

// line writes text outside the table, broken into lines of width.
func (p *printer) line(t text, width int) {
	for _, l := range t.wrap(width, true) {
		l.render(p.out, p.color)
		p.out.WriteByte('\n')
	}
}

// rule draws a horizontal line, such as "├─┼─┤".
func (p *printer) rule(from, line, cross, to string) {
	for i, w := range p.widths {
		if i == 0 {
			p.out.WriteString(from)
		} else {
			p.out.WriteString(cross)
		}
		p.out.WriteString(strings.Repeat(line, w+2))
	}
	p.out.WriteString(to + "\n")
}

// head draws the box with the titles.
func (p *printer) head() {
	p.rule("┏", "━", "┳", "┓")
	titles := make([]text, len(p.cols))
	for i, c := range p.cols {
		titles[i] = textOf(plain, c.title)
	}
	p.cells("┃", bold, titles, true)
}

// row draws one row and the rule above it.
func (p *printer) row(fields []text) {
	if p.rows == 0 {
		p.rule("┡", "━", "╇", "┩")
	} else {
		p.rule("├", "─", "┼", "┤")
	}
	p.rows++
	p.cells("│", plain, fields, false)
}

// foot closes the table.
func (p *printer) foot() {
	if p.rows == 0 {
		p.rule("┡", "━", "╇", "┩")
	}
	p.rule("└", "─", "┴", "┘")
}

// cells draws the lines of one row, short cells at its top or bottom; every character that has no style gets base.
func (p *printer) cells(border string, base style, fields []text, bottom bool) {
	height := 1
	lines := make([][]text, len(fields))
	for i, f := range fields {
		lines[i] = f.wrap(p.widths[i], p.fold)
		height = max(height, len(lines[i]))
	}
	for y := range height {
		for i, w := range p.widths {
			p.out.WriteString(border)
			k := y
			if bottom {
				k -= height - len(lines[i])
			}
			if k < 0 || k >= len(lines[i]) {
				textOf(base, strings.Repeat(" ", w+2)).render(p.out, p.color)
				continue
			}
			l := lines[i][k].justified(p.cols[i].justify, w)
			for n := range l {
				if l[n].s == plain {
					l[n].s = base
				}
			}
			// Three pieces, each in its own escape sequence, as rich writes them.
			textOf(base, " ").render(p.out, p.color)
			l.render(p.out, p.color)
			textOf(base, " ").render(p.out, p.color)
		}
		p.out.WriteString(border + "\n")
	}
}
