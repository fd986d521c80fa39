package keras

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// Sizes of the drawing in pixels.
const (
	plotTitleSize = 14.0 // of letters
	plotTextSize  = 12.0
	plotTitle     = 28.0 // height of the title bar
	plotLine      = 20.0 // height of a line below it
	plotPad       = 12.0 // beside text, and around the drawing
	plotGap       = 24.0 // between boxes of a row
	plotRowGap    = 40.0 // between rows
	plotLane      = 12.0 // room for an edge that passes a row
	plotLetter    = 0.6  // width of a letter, in parts of its size
	plotBold      = 0.66 // the same of the bold ones in titles
)

// SVG returns a picture of the model: a box for each layer, in rows by the longest
// path from the inputs, and arrows between them. It needs no other program. Of
// nested models that are expanded, the layers have the model's name before theirs.
// A model whose shapes are not known yet is an error.
func (m *Model) SVG(o PlotOptions) (string, error) {
	g, err := m.plot(&o)
	if err != nil {
		return "", err
	}
	l := newPlotLayout(g, o.RankDir)
	width, height := l.across, l.along
	if l.sideways() {
		width, height = height, width
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="Helvetica, Arial, sans-serif">`+"\n",
		width, height, width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString(plotText(m.name)))
	b.WriteString(`<defs><marker id="arrow" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0 L10,5 L0,10 z"/></marker></defs>` + "\n")
	fmt.Fprintf(&b, `<rect width="%.0f" height="%.0f" fill="white"/>`+"\n", width, height)
	for _, e := range l.edges {
		fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="black" stroke-width="1.5" marker-end="url(#arrow)"/>`+"\n", l.path(e))
	}
	for _, row := range l.rows {
		for _, it := range row {
			if it.node != nil {
				l.box(&b, it)
			}
		}
	}
	b.WriteString("</svg>\n")
	return b.String(), nil
}

// svgTitle is what stands in the title bar.
func (n *plotNode) svgTitle() string {
	if n.name == "" {
		return n.class
	}
	return fmt.Sprintf("%s (%s)", n.id, n.class)
}

// lines are what stands below the title.
func (n *plotNode) lines() []plotDetail {
	if n.activation == "" {
		return n.details
	}
	return append([]plotDetail{{"Activation", n.activation}}, n.details...)
}

// size returns the width and the height of a box.
func (n *plotNode) size() (w, h float64) {
	w, h = plotWidth(n.svgTitle(), plotTitleSize, plotBold), plotTitle
	for _, d := range n.lines() {
		w, h = max(w, plotWidth(d.key+": "+d.value, plotTextSize, plotLetter)), h+plotLine
	}
	if n.trainable != "" {
		w, h = max(w, plotWidth(n.trainable, plotTextSize, plotLetter)), h+plotLine
	}
	return w + 2*plotPad, h
}

// plotWidth estimates the width of a text: letters of Chinese and the like are square.
func plotWidth(s string, size, letter float64) float64 {
	w := 0.0
	for _, r := range s {
		if r >= 0x1100 {
			w += size
		} else {
			w += letter * size
		}
	}
	return w
}

// box draws a layer.
func (l *plotLayout) box(b *strings.Builder, it *plotItem) {
	n := it.node
	w, h := n.size()
	cx, cy := l.point(it.across, it.along+it.depth/2)
	x, y := cx-w/2, cy-h/2
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="white" stroke="black"/>`, x, y, w, h)
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, x, y, w, plotTitle)
	text := func(y, size float64, style, s string) {
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" font-size="%.0f" text-anchor="middle"%s>%s</text>`, cx, y+size/3, size, style, html.EscapeString(plotText(s)))
	}
	text(y+plotTitle/2, plotTitleSize, ` font-weight="bold" fill="white"`, n.svgTitle())
	y += plotTitle
	for _, d := range n.lines() {
		text(y+plotLine/2, plotTextSize, "", d.key+": "+d.value)
		y += plotLine
	}
	if n.trainable != "" {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`, x, y, w, plotLine, n.trainableColor())
		text(y+plotLine/2, plotTextSize, ` fill="white"`, n.trainable)
	}
	b.WriteString("\n")
}

// path draws an edge: curves between rows, straight lines through the rows it passes.
func (l *plotLayout) path(e plotEdge) string {
	var b strings.Builder
	at := func(across, along float64) string {
		x, y := l.point(across, along)
		return fmt.Sprintf("%.1f,%.1f", x, y)
	}
	first, last := e[0], e[len(e)-1]
	if last.row <= first.row { // a layer used again: back along the side
		side := max(first.across+first.width/2, last.across+last.width/2) + 3*plotGap
		from, to := first.along+first.depth/2, last.along+last.depth/2
		return fmt.Sprintf("M%s C%s %s %s", at(first.across+first.width/2, from), at(side, from), at(side, to+2), at(last.across+last.width/2, to+2))
	}
	fmt.Fprintf(&b, "M%s", at(first.across, first.along+first.depth))
	for i, it := range e[1:] {
		from := e[i]
		top := from.along + from.rowDepth
		middle := (top + it.along) / 2
		if from.node != nil { // a lower box than others of its row
			fmt.Fprintf(&b, " L%s", at(from.across, top))
		}
		fmt.Fprintf(&b, " C%s %s %s", at(from.across, middle), at(it.across, middle), at(it.across, it.along))
		if it.node == nil {
			fmt.Fprintf(&b, " L%s", at(it.across, it.along+it.rowDepth))
		}
	}
	return b.String()
}

// plotText replaces what XML can't hold.
func plotText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xfffe || r == 0xffff {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}
