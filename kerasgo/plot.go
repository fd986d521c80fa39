package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/spec"
)

// PlotOptions are the arguments of DOT and SVG. The zero value draws boxes with the
// names and the classes of the layers, from top to bottom.
type PlotOptions struct {
	ShowShapes           bool   // writes the shapes of inputs and outputs
	ShowDType            bool   // writes the type of the outputs
	ShowTrainable        bool   // tells which layers with weights are trained
	ShowLayerActivations bool   // writes the activation of layers that have one
	HideLayerNames       bool   // writes the classes only
	RankDir              string // direction of the arrows: "TB" (top to bottom; the default), "BT", "LR" or "RL"
	ExpandNested         bool   // shows the layers of models used as layers
	Splines              string // form of the lines in DOT: "ortho" (the default), "curved", "polyline", "spline" or "line"
}

// plotGroup is a model, or a model used as a layer, with what is drawn of it.
type plotGroup struct {
	name   string
	nodes  []*plotNode
	groups []*plotGroup
	edges  [][2]*plotNode
}

// plotNode is a layer to draw.
type plotNode struct {
	id          string // name, after those of the models around it: "encoder/dense"
	name, class string // name is empty where names are hidden
	activation  string // "" where it is not shown
	details     []plotDetail
	trainable   string // "", "Trainable" or "Non-trainable"
}

// plotDetail is a line such as "Output shape: (None, 3)".
type plotDetail struct{ key, value string }

// plotter collects nodes and edges.
type plotter struct {
	PlotOptions
	nodes map[string]*plotNode // by id
	seen  map[[2]*plotNode]bool
}

// plot collects what is to draw. A model without shapes is an error, as in Keras.
func (m *Model) plot(o *PlotOptions) (*plotGroup, error) {
	if m.err != nil {
		return nil, m.err
	}
	if o.RankDir == "" {
		o.RankDir = "TB"
	}
	if o.Splines == "" {
		o.Splines = "ortho"
	}
	if !slices.Contains([]string{"ortho", "curved", "polyline", "spline", "line"}, o.Splines) {
		return nil, fmt.Errorf("keras: plot: Splines %q: there are ortho, curved, polyline, spline and line", o.Splines)
	}
	if !slices.Contains([]string{"TB", "BT", "LR", "RL"}, o.RankDir) {
		return nil, fmt.Errorf("keras: plot: RankDir %q: there are TB, BT, LR and RL", o.RankDir)
	}
	if !m.built {
		if len(m.inputs) == 0 {
			return nil, fmt.Errorf("keras: plot: model %q has no shapes yet; give its first layer an InputShape, or call Build", m.name)
		}
		if err := m.Build(); err != nil {
			return nil, err
		}
	}
	p := &plotter{*o, map[string]*plotNode{}, map[[2]*plotNode]bool{}}
	if m.impl != nil { // the user's code, which Keras draws as one box too
		var c *call
		if len(m.outputs) > 0 {
			c = m.outputs[0].call
		}
		n := p.node(m.layer(), c)
		n.id = m.layer().name
		return &plotGroup{name: m.name, nodes: []*plotNode{n}}, nil
	}
	g := p.group(m, "")
	p.connect(g, m, "")
	return g, nil
}

// expands reports whether the layers of a nested model are drawn in its place.
func (p *plotter) expands(l *Layer) bool {
	return p.ExpandNested && l.model != nil && l.model.impl == nil && len(l.model.outputs) > 0 && len(l.model.Layers()) > 0
}

// group makes the nodes of a model whose layers' ids begin with prefix.
func (p *plotter) group(m *Model, prefix string) *plotGroup {
	g := &plotGroup{name: m.name}
	first := map[*Layer]*call{}
	for _, c := range m.calls {
		if first[c.layer] == nil {
			first[c.layer] = c
		}
	}
	for _, l := range m.Layers() {
		if p.expands(l) {
			sub := p.group(l.model, prefix+l.name+"/")
			sub.name = l.name
			g.groups = append(g.groups, sub)
			continue
		}
		n := p.node(l, first[l])
		n.id = prefix + l.name
		p.nodes[n.id] = n
		g.nodes = append(g.nodes, n)
	}
	return g
}

// node describes a layer by its first call in the model.
func (p *plotter) node(l *Layer, c *call) *plotNode {
	n := &plotNode{name: l.name, class: l.class}
	if p.HideLayerNames {
		n.name = ""
	}
	if p.ShowLayerActivations {
		n.activation = activationOf(l)
	}
	in, out, dtype := "?", "?", "?"
	if c != nil {
		shape := func(s *Symbol) string { return s.shape.String() }
		in, out = pythonList(c.in, shape), pythonList(c.out, shape)
		dtype = pythonList(c.out, func(s *Symbol) string {
			if len(c.out) > 1 { // Python quotes the strings of lists
				return "'" + s.dtypeName() + "'"
			}
			return s.dtypeName()
		})
	}
	if p.ShowShapes {
		if !l.inputLayer() {
			n.details = append(n.details, plotDetail{"Input shape", in})
		}
		n.details = append(n.details, plotDetail{"Output shape", out})
	}
	if p.ShowDType {
		n.details = append(n.details, plotDetail{"Output dtype", dtype})
	}
	if p.ShowTrainable && len(l.Weights()) > 0 {
		n.trainable = "Non-trainable"
		if l.Trainable() {
			n.trainable = "Trainable"
		}
	}
	return n
}

// activationOf is the name of a layer's activation, "" if it has none.
func activationOf(l *Layer) string {
	if l.desc == nil {
		return ""
	}
	config, err := spec.Config(l.desc)
	if err != nil {
		return ""
	}
	switch v, _ := config.Get("activation"); v := v.(type) {
	case string:
		return v
	case *spec.Object:
		if name, ok := v.Get("config"); ok { // a function: its name is its config
			if s, ok := name.(string); ok {
				return s
			}
		}
		name, _ := v.Get("class_name")
		s, _ := name.(string)
		return s
	}
	return ""
}

// pythonList writes one value alone and several in brackets.
func pythonList(list []*Symbol, text func(*Symbol) string) string {
	var parts []string
	for _, s := range list {
		parts = append(parts, text(s))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// connect adds the edges between the layers of a model, then those of the models in it.
func (p *plotter) connect(g *plotGroup, m *Model, prefix string) {
	groups := g.groups
	for _, l := range m.Layers() {
		for _, c := range m.calls {
			if c.layer != l {
				continue
			}
			for i, s := range c.in {
				from, to := p.source(prefix, s), p.destination(prefix, l, i)
				if e := [2]*plotNode{from, to}; from != nil && to != nil && !p.seen[e] {
					p.seen[e] = true
					g.edges = append(g.edges, e)
				}
			}
		}
		if p.expands(l) {
			p.connect(groups[0], l.model, prefix+l.name+"/")
			groups = groups[1:]
		}
	}
}

// source is the node that computes a symbol: of a model whose layers are drawn, the
// layer that makes its output. A Sequential's input has none.
func (p *plotter) source(prefix string, s *Symbol) *plotNode {
	l := s.call.layer
	for p.expands(l) && s.index < len(l.model.outputs) {
		prefix += l.name + "/"
		s = l.model.outputs[s.index]
		l = s.call.layer
	}
	return p.nodes[prefix+l.name]
}

// destination is the node that takes a layer's i-th input: of a model whose layers
// are drawn, its input or a Sequential's first layer.
func (p *plotter) destination(prefix string, l *Layer, i int) *plotNode {
	for p.expands(l) {
		prefix += l.name + "/"
		switch {
		case l.model.sequential:
			l, i = l.model.Layers()[0], 0
		case i < len(l.model.inputs):
			l = l.model.inputs[i].call.layer
		default:
			return nil
		}
	}
	return p.nodes[prefix+l.name]
}
