package keras

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/term"
	"os"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/internal/summary"
)

// SummaryOptions are the optional arguments of SummaryWith.
type SummaryOptions struct {
	Out           io.Writer // nil means standard output
	LineLength    int       // width of the table; zero means Keras's rule for the terminal
	ShowTrainable bool      // adds the column Trainable
	ExpandNested  bool      // shows the layers of models used as layers
	LayerRange    [2]string // patterns (regular expressions) of the names of the first and the last layer shown; empty shows all
	Fold          bool      // breaks long words instead of cutting them with "…"
	Color         bool      // escape sequences, as Keras writes them to terminals
}

// Summary prints Keras's table of the layers, their output shapes and the numbers
// of their parameters to standard output.
func (m *Model) Summary() error {
	o := SummaryOptions{Color: term.IsTerminal(int(os.Stdout.Fd()))}
	return m.SummaryWith(o)
}

// SummaryWith is Summary with options.
func (m *Model) SummaryWith(o SummaryOptions) error {
	if m.err != nil {
		return m.err
	}
	if !m.built && len(m.inputs) > 0 {
		if err := m.Build(); err != nil {
			return err
		}
	}
	from, to, err := m.layerRange(o.LayerRange)
	if err != nil {
		return err
	}
	s := summary.Model{Name: m.name, Graph: !m.chain(), Rows: m.summaryRows(0, o, from, to), DTypes: m.dtypes()}
	for _, v := range m.vars {
		c := &s.NonTrainable
		if m.trainable && v.Trainable() {
			c = &s.Trainable
		}
		count(c, v.tensor)
	}
	for _, n := range m.optimizerState() {
		if s.Optimizer == nil {
			s.Optimizer = &summary.Count{}
		}
		count(s.Optimizer, n.t)
		if n.whole || n.t.DType() == tensor.Int32 { // counts, which Keras keeps in 64 bits
			s.Optimizer.Bytes += 4
		}
	}
	options := summary.Options{LineLength: o.LineLength, ShowTrainable: o.ShowTrainable, ExpandNested: o.ExpandNested, Color: o.Color, Fold: o.Fold}
	if o.Out == nil {
		if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
			options.Columns = w
		}
	}
	return summary.Write(writer(o.Out), s, options)
}

func count(c *summary.Count, t *tensor.Tensor) {
	c.Params += int64(t.Size())
	c.Bytes += float64(t.Bytes())
}

// chain reports whether every layer has one input and feeds one layer: then the
// table needs no column for connections.
func (m *Model) chain() bool {
	if m.sequential || m.impl != nil {
		return true
	}
	if len(m.inputs) > 1 || len(m.outputs) > 1 {
		return false
	}
	readers, calls := map[*Symbol]int{}, map[*Layer]int{}
	for _, c := range m.calls {
		calls[c.layer]++
		if len(c.in) > 1 || calls[c.layer] > 1 {
			return false
		}
		for _, s := range c.in {
			readers[s]++
			if readers[s] > 1 {
				return false
			}
		}
	}
	return true
}

// summaryRows lists the layers, and those of nested models when they are wanted.
func (m *Model) summaryRows(depth int, o SummaryOptions, from, to int) []summary.Row {
	var rows []summary.Row
	callOf, number := map[*Layer]*call{}, map[*call]int{}
	seen := map[*Layer]int{}
	for _, c := range m.calls {
		if callOf[c.layer] == nil {
			callOf[c.layer] = c
		}
		number[c] = seen[c.layer]
		seen[c.layer]++
	}
	for _, l := range m.Layers()[from:to] {
		r := summary.Row{Name: l.name, Class: l.class, Shape: "?", Depth: depth, Unbuilt: !l.built, Trainable: "-"}
		vars := l.Weights()
		for _, v := range vars {
			r.Params += int64(v.tensor.Size())
		}
		if len(vars) > 0 {
			r.Trainable = "N"
			if l.Trainable() {
				r.Trainable = "Y"
			}
		}
		if c := callOf[l]; c != nil {
			r.Shape = summaryShapes(shapesOf(c.out))
			if l.inputLayer() {
				r.Shape = "(" + strings.TrimSuffix(strings.TrimPrefix(r.Shape, "("), ")") + ")"
			}
		}
		if m.impl != nil {
			r.Shape = m.impl.summaryShape(l)
		}
		for _, c := range m.calls {
			if c.layer == l && depth == 0 { // Keras shows "-" inside nested models
				for _, s := range c.in {
					r.ConnectedTo = append(r.ConnectedTo, fmt.Sprintf("%s[%d][%d]", s.call.layer.name, number[s.call], s.index))
				}
			}
		}
		rows = append(rows, r)
		if l.model != nil && o.ExpandNested {
			rows = append(rows, l.model.summaryRows(depth+1, o, 0, len(l.model.Layers()))...)
		}
	}
	return rows
}

// summaryShapes prints the shapes of what a call yields.
func summaryShapes(list []tensor.Shape) string {
	var shapes []string
	for _, s := range list {
		shapes = append(shapes, summaryShape(s))
	}
	text := strings.Join(shapes, ", ")
	if len(shapes) > 1 {
		text = "[" + text + "]"
	}
	return text
}

// summaryShape prints what a layer yields; "?" when inference does not call it.
func (s *subclass) summaryShape(l *Layer) string {
	var shapes []tensor.Shape
	for _, sp := range s.shapes[l] {
		shapes = append(shapes, sp.Shape)
	}
	if shapes == nil {
		return "?"
	}
	return summaryShapes(shapes)
}

// layerRange finds the layers that two patterns name, as Keras does: from the first
// match of the one to the last of the other, in whichever order they stand.
func (m *Model) layerRange(names [2]string) (from, to int, err error) {
	list := m.Layers()
	if names == [2]string{} {
		return 0, len(list), nil
	}
	var first, last [2]int
	for k, name := range names {
		re, err := regexp.Compile("^(?:" + name + ")")
		if err != nil {
			return 0, 0, fmt.Errorf("keras: Summary: LayerRange: %w", err)
		}
		first[k] = slices.IndexFunc(list, func(l *Layer) bool { return re.MatchString(l.name) })
		if first[k] < 0 {
			return 0, 0, fmt.Errorf("keras: Summary: LayerRange: %q names none of the layers of %q", name, m.name)
		}
		for i, l := range list {
			if re.MatchString(l.name) {
				last[k] = i
			}
		}
	}
	if first[0] > last[1] {
		return first[1], last[0] + 1, nil
	}
	return first[0], last[1] + 1, nil
}

// summaryShape prints a shape as Keras's table does: one axis without a comma.
func summaryShape(s tensor.Shape) string {
	text := s.String()
	if len(s) == 1 {
		text = strings.Replace(text, ",", "", 1)
	}
	return text
}
