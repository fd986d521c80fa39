package summary

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Row is one layer.
type Row struct {
	Name        string   // name of the layer
	Class       string   // name of its class
	Shape       string   // output shape as Keras prints it: "(None, 26, 26, 32)", a list of them, or "?" before building
	Params      int64    // number of weights' elements
	Unbuilt     bool     // the weights don't exist yet
	ConnectedTo []string // where the inputs come from, "layer[node][tensor]"; used in graphs
	Trainable   string   // "Y", "N", or "-" for a layer without weights
	Depth       int      // how deep inside nested models, 0 at the top
}

// Count is a number of parameters and the memory they take. Bytes may have a fraction: Keras counts a bool as one bit.
type Count struct {
	Params int64
	Bytes  float64
}

// Model is what a summary shows.
type Model struct {
	Name         string
	Graph        bool  // the layers aren't a simple chain: show where their inputs come from
	Rows         []Row // nested models' layers follow their model, one deeper
	Trainable    Count
	NonTrainable Count
	Optimizer    *Count // nil until the optimizer has been built
	DTypes       string // the dtype policies, for a last line that Keras does not have; empty where all are float32
}

// Options say how a summary looks.
type Options struct {
	LineLength    int  // width of the table; zero means Keras's default for the columns of the terminal
	Columns       int  // width of the terminal; zero means 80
	ShowTrainable bool // adds the column Trainable
	ExpandNested  bool // shows the rows inside nested models
	Color         bool // writes escape sequences for 256 colours
	Fold          bool // breaks words that are wider than their column where Keras cuts them with "…"
}

// Write writes the summary of m. It fails when the line length leaves a column less than four characters, as Keras
// does, or when w fails.
func Write(w io.Writer, m Model, o Options) error {
	if o.Columns == 0 {
		o.Columns = 80
	}
	cols := columns(m.Graph, o.ShowTrainable)
	if o.LineLength == 0 {
		o.LineLength = min(defaultLength(m.Graph, o.ShowTrainable), o.Columns-4)
	}
	widths, err := columnWidths(cols, o.LineLength)
	if err != nil {
		return err
	}

	var s strings.Builder
	p := printer{out: &s, color: o.Color, fold: o.Fold, widths: widths, cols: cols}
	p.line(textOf(bold, `Model: "`+m.Name+`"`), max(o.Columns, o.LineLength))
	p.head()
	for _, r := range m.Rows {
		if r.Depth == 0 || o.ExpandNested {
			p.row(cells(r, m.Graph, o.ShowTrainable))
		}
	}
	p.foot()

	total := Count{m.Trainable.Params + m.NonTrainable.Params, m.Trainable.Bytes + m.NonTrainable.Bytes}
	if m.Optimizer != nil {
		total.Params += m.Optimizer.Params
		total.Bytes += m.Optimizer.Bytes
	}
	footer := func(label string, c Count) {
		t := textOf(bold, " "+label+": ").plus(number, commas(c.Params)).plus(plain, " ("+memory(c.Bytes)+")")
		p.line(t, max(o.Columns, o.LineLength))
	}
	footer("Total params", total)
	footer("Trainable params", m.Trainable)
	footer("Non-trainable params", m.NonTrainable)
	if m.Optimizer != nil {
		footer("Optimizer params", *m.Optimizer)
	}
	if m.DTypes != "" {
		p.line(textOf(bold, " Dtype policy: ").plus(plain, m.DTypes), max(o.Columns, o.LineLength))
	}
	_, err = io.WriteString(w, s.String())
	return err
}

// cells returns the fields of a row in the order of the columns.
func cells(r Row, graph, trainable bool) []text {
	name := r.Name
	if r.Depth > 0 {
		name = strings.Repeat("   ", r.Depth) + "└ " + name
	}
	params := textOf(number, commas(r.Params))
	if r.Unbuilt {
		params = textOf(number, "0").plus(plain, " (unbuilt)")
	}
	fields := []text{
		textOf(plain, name+" (").plus(class, r.Class).plus(plain, ")"),
		shapeText(r.Shape),
		params,
	}
	if graph {
		var c text
		for i, from := range r.ConnectedTo {
			if i > 0 {
				c = c.plus(plain, ", ")
			}
			c = c.plusConnection(from)
		}
		if len(r.ConnectedTo) == 0 {
			c = textOf(plain, "-")
		}
		fields = append(fields, c)
	}
	if trainable {
		style := map[string]style{"Y": yes, "N": no}[r.Trainable]
		if style == plain {
			style = bold
		}
		fields = append(fields, textOf(style, r.Trainable))
	}
	return fields
}

// shapeText colours the numbers and Nones of a shape.
func shapeText(s string) text {
	var t text
	for s != "" {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		switch {
		case n > 0:
			t = t.plus(number, s[:n])
		case strings.HasPrefix(s, "None"):
			n = len("None")
			t = t.plus(none, s[:n])
		default:
			n = 1
			t = t.plus(plain, s[:n])
		}
		s = s[n:]
	}
	return t
}

// plusConnection appends "layer[node][tensor]" with the two numbers coloured.
func (t text) plusConnection(s string) text {
	i := strings.LastIndexByte(s, '[')
	if i > 0 {
		i = strings.LastIndexByte(s[:i], '[')
	}
	if i < 0 {
		return t.plus(plain, s)
	}
	t = t.plus(plain, s[:i])
	for _, r := range s[i:] {
		if r >= '0' && r <= '9' {
			t = t.plus(number, string(r))
		} else {
			t = t.plus(plain, string(r))
		}
	}
	return t
}

// commas formats n with a comma between thousands.
func commas(n int64) string {
	s := strconv.FormatInt(n, 10)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// memory formats a number of bytes with two decimals in the largest unit (of 1024) that keeps it at one or above.
func memory(bytes float64) string {
	units := []string{"B", "KB", "MB", "GB", "TB", "PB"}
	i := 0
	for bytes >= 1024 {
		bytes /= 1024
		i++
		if i == len(units) { // Keras divides once more before it gives up
			i--
			break
		}
	}
	return fmt.Sprintf("%.2f %s", bytes, units[i])
}
