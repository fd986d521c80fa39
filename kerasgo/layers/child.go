package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Child builds a layer inside this one and returns the shape of its output, the first if
// there are several. Its weights are named "name/…", and files have them under the name,
// as those of a Python layer that keeps it as the attribute of that name. Arguments that
// are left out have their defaults, as everywhere:
//
//	func (f FeedForward) Build(b *layers.Builder, in ...tensor.Shape) {
//		x := b.Child("hidden", layers.Dense{Units: f.Units, Activation: "relu"}, in...)
//		b.Child("out", layers.Dense{Units: in[0].Last()}, x)
//	}
//
//	func (f FeedForward) Call(c *layers.Context, in ...graph.Value) graph.Value {
//		x := c.Child("hidden", layers.Dense{Units: f.Units, Activation: "relu"}, in...)
//		return c.Child("out", layers.Dense{Units: in[0].Shape().Last()}, x)
//	}
//
// A layer of many layers is shorter as a model of one's own: keras.NewSubclass, which
// builds them where it calls them.
func (b *Builder) Child(name string, l Layer, in ...tensor.Shape) tensor.Shape {
	none := tensor.Shape{}
	if b.scope.Err() != nil {
		return none
	}
	b.scope.Push(name)
	defer b.scope.Pop()
	l, err := completed(l)
	if err != nil {
		b.Errorf("%w", err)
		return none
	}
	b.child(name, l, in...)
	if b.scope.Err() != nil {
		return none
	}
	out, ok := outputOf(b, l, in...)
	if !ok {
		return none
	}
	return out
}

// child is Child for a layer that is complete.
func (b *Builder) child(name string, l Layer, in ...tensor.Shape) {
	old := *b
	group := name
	if g, ok := b.layer.(Grouper); ok {
		group = g.Group(name)
	}
	b.prefix += name + "/"
	b.group += group + "/"
	b.layer, b.frozen = l, b.frozen || isFrozen(l)
	l.Build(b, in...)
	b.prefix, b.group, b.layer, b.frozen = old.prefix, old.group, old.layer, old.frozen
}

// Child calls a layer that was built with Builder.Child under the same name, and returns
// its output, the first if there are several. The output has the mask that the layer
// makes or passes on.
func (c *Context) Child(name string, l Layer, in ...graph.Value) graph.Value {
	return c.ChildMulti(name, l, in...)[0]
}

// ChildMulti is Child for all outputs of a layer. After a mistake the list is long enough
// to be taken apart; the layer is not run then.
func (c *Context) ChildMulti(name string, l Layer, in ...graph.Value) []graph.Value {
	g := c.env.Graph
	dummies := func() []graph.Value {
		out := make([]graph.Value, 16)
		for i := range out {
			out[i] = in[0]
		}
		return out
	}
	if g.Err() != nil {
		return dummies()
	}
	g.Push(name)
	defer g.Pop()
	l, err := completed(l)
	if err != nil {
		c.Errorf("%w", err)
		return dummies()
	}
	out := c.childMulti(name, l, in...)
	if g.Err() != nil {
		return dummies()
	}
	var mask graph.Value
	switch d := l.(type) {
	case Masker:
		old := c.prefix
		c.prefix += name + "/"
		mask = d.Mask(c, in...)
		c.prefix = old
	case MaskPasser:
		mask = c.env.Masks[in[0]]
	}
	if mask.OK() {
		c.env.Masks[out[0]] = mask
	}
	return out
}

// child is Child for a layer that is complete, without its mask.
func (c *Context) child(name string, l Layer, in ...graph.Value) graph.Value {
	return c.childMulti(name, l, in...)[0]
}

// childMulti is child for all outputs.
func (c *Context) childMulti(name string, l Layer, in ...graph.Value) []graph.Value {
	old := c.prefix
	c.prefix += name + "/"
	defer func() { c.prefix = old }()
	return Apply(c, l, in...)
}

// completed returns a layer with its arguments at their defaults.
func completed(l Layer) (Layer, error) {
	if l == nil {
		return nil, fmt.Errorf("nil is no layer")
	}
	full, err := spec.CompleteAny(l)
	if err != nil {
		return nil, err
	}
	done, ok := full.(Layer)
	if !ok {
		return nil, fmt.Errorf("%T is no layer: Build and Call must be methods of the struct, not of a pointer to it", full)
	}
	return done, nil
}

// outputOf returns the shape of a layer's output in training.
func outputOf(b *Builder, l Layer, in ...tensor.Shape) (tensor.Shape, bool) {
	g := graph.New()
	inner := NewBuilder(g)
	l.Build(inner, in...)
	weights := map[string]graph.Value{}
	for i, w := range inner.Weights {
		weights[w.Name] = g.Variable(i, graph.Spec{DType: tensor.Float32, Shape: w.Shape})
	}
	c := NewContext(Env{
		Graph: g, Training: true, Masks: map[graph.Value]graph.Value{},
		Weight:  func(name string) graph.Value { return weights[name] },
		Assign:  func(string, graph.Value) {},
		AddLoss: func(graph.Value) {},
	})
	x := make([]graph.Value, len(in))
	for i, s := range in {
		if s != nil {
			x[i] = g.Input(fmt.Sprintf("x%d", i), graph.Spec{DType: tensor.Float32, Shape: s})
		}
	}
	y := l.Call(c, x...)
	if err := g.Err(); err != nil {
		b.Errorf("%w", err)
		return nil, false
	}
	return y.Shape(), true
}
