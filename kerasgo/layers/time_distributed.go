package layers

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// TimeDistributed applies a layer to every step of its input.
//
// Input (batch, steps, …), output (batch, steps, …), where the layer turns (batch,
// …) into (batch, …). All steps go through the layer as one large batch, unless it
// has weights that are assigned while it is called (BatchNormalization): then one
// goes after another. As in Keras the layer's activity regularizer is not applied.
// Weights: those of the layer, under layer/.
type TimeDistributed struct {
	Layer               any    `keras:"layer,pos,required,kind=layer"` // what is applied: a layer, or a model of one input and one output
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[TimeDistributed](module) }

// Build builds the layer for one step.
func (d TimeDistributed) Build(b *Builder, in ...tensor.Shape) {
	l, ok := applied(d.Layer)
	if !ok {
		b.Errorf("layer: a %T cannot be applied to every step", d.Layer)
		return
	}
	s, ok := b.input(in, d.DType, "batch", "...")
	if !ok {
		return
	}
	if len(s) < 3 {
		b.misfit("input %v has %d axes; wanted (batch, steps, ...)", shown(s), len(s))
		return
	}
	b.child("layer", l, slices.Delete(s.Clone(), 1, 2))
}

// Call applies the layer.
func (d TimeDistributed) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	mask := c.Mask(x)
	if mask.OK() && (len(mask.Shape()) < 2 || !mask.Shape()[:2].Equal(x.Shape()[:2])) {
		c.Errorf("mask %v does not fit input %v", shown(mask.Shape()), shown(x.Shape()))
		return x
	}
	l, _ := applied(d.Layer)
	inner := &Context{env: c.env, prefix: c.prefix, random: c.random}
	inner.env.AddLoss = func(graph.Value) {}
	if _, model := d.Layer.(Nested); model { // of its layers the regularizers count, for every step
		inner.env.AddLoss = func(v graph.Value) { c.AddLoss(ops.MulScalar(v, float64(x.Shape()[1]))) }
	}
	if d.assigns(c, x) {
		if _, model := d.Layer.(Nested); model {
			inner.env.AddLoss = c.env.AddLoss
		}
		return d.oneByOne(inner, l, x, mask)
	}
	batch, steps := x.Shape()[0], x.Shape()[1]
	fold := func(v graph.Value) graph.Value {
		return ops.Reshape(v, append([]int{batch * steps}, v.Shape()[2:]...)...)
	}
	rows := fold(x)
	if mask.OK() {
		c.env.Masks[rows] = fold(mask)
	}
	y := inner.Child("layer", l, rows)
	if c.Graph().Err() != nil {
		return y
	}
	return ops.Reshape(y, append([]int{batch, steps}, y.Shape()[1:]...)...)
}

// assigns reports whether the layer has weights that it assigns.
func (d TimeDistributed) assigns(c *Context, x graph.Value) bool {
	b := NewBuilder(graph.New())
	d.Build(b, x.Shape())
	return slices.ContainsFunc(b.Weights, func(w Weight) bool { return !w.Trainable })
}

// oneByOne applies the layer to one step after another; what it assigns in one is
// what it reads in the next.
func (d TimeDistributed) oneByOne(c *Context, l Layer, x, mask graph.Value) graph.Value {
	assigned := map[string]graph.Value{}
	weight, assign := c.env.Weight, c.env.Assign
	c.env.Weight = func(name string) graph.Value {
		if v, ok := assigned[name]; ok {
			return v
		}
		return weight(name)
	}
	c.env.Assign = func(name string, v graph.Value) {
		assigned[name] = v
		assign(name, v)
	}
	step := func(v graph.Value, t int) graph.Value {
		starts, sizes := make([]int, len(v.Shape())), v.Shape().Clone()
		starts[1], sizes[1] = t, 1
		return ops.Squeeze(ops.Slice(v, starts, sizes), 1)
	}
	var out []graph.Value
	for t := range x.Shape()[1] {
		in := step(x, t)
		if mask.OK() {
			c.env.Masks[in] = step(mask, t)
		}
		out = append(out, c.child("layer", l, in))
	}
	return ops.Stack(1, out...)
}

// PassesMask keeps the mask.
func (TimeDistributed) PassesMask() {}

// TakesMask lets a call have a mask of its own.
func (TimeDistributed) TakesMask() {}

var _ Layer = TimeDistributed{}
