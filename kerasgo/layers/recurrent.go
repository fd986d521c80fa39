package layers

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Cell is one step of a recurrent layer, for RNN: a layer whose inputs are the
// step's (batch, …) and the arrays of the state, (batch, n) for each n of
// StateSize, and which returns its output and the new state. A cell whose output is
// not as long as the first array of its state has a method OutputSize() int.
//
// What a cell computes from its input and its weights alone is computed for all
// steps at once. Random numbers are the same at every step.
type Cell interface {
	Layer
	MultiOutput
	StateSize() []int
}

// stateShapes returns the shapes of a cell's state for a step of the shape in. A cell
// whose states are no rows has a method StateShapes.
func stateShapes(c Cell, in tensor.Shape) []tensor.Shape {
	if s, ok := c.(interface {
		StateShapes(in tensor.Shape) []tensor.Shape
	}); ok {
		return s.StateShapes(in)
	}
	var shapes []tensor.Shape
	for _, n := range c.StateSize() {
		shapes = append(shapes, tensor.Shape{in[0], n})
	}
	return shapes
}

// outputSize returns the length of a cell's output.
func outputSize(c Cell) int {
	if o, ok := c.(interface{ OutputSize() int }); ok {
		return o.OutputSize()
	}
	if s := c.StateSize(); len(s) > 0 {
		return s[0]
	}
	return 0
}

// cellInput checks the inputs of a cell, with or without its state.
func (b *Builder) cellInput(c Cell, in []tensor.Shape, dtype string) (tensor.Shape, bool) {
	sizes := c.StateSize()
	if len(in) > 1 && len(in) != 1+len(sizes) {
		b.misfit("wants its input and %d arrays of state, got %d inputs", len(sizes), len(in))
		return nil, false
	}
	for i := 1; i < len(in); i++ {
		if !in[i].Equal(tensor.Shape{in[0][0], sizes[i-1]}) {
			b.misfit("state %v does not fit; wanted %v", shown(in[i]), tensor.Shape{tensor.Unknown, sizes[i-1]})
			return nil, false
		}
	}
	return b.input(in[:min(1, len(in))], dtype, "batch", "features")
}

// sequencer is a recurrent layer as Bidirectional uses it.
type sequencer interface {
	Layer
	recurrent() recurrent
	named() string
	// directed returns the layer as one direction of a Bidirectional.
	directed(name string, backwards bool) Layer
}

// recurrent is what the recurrent layers share.
type recurrent struct {
	cell      Cell
	sequences bool // return them
	state     bool // return it
	backwards bool
	stateful  bool
	zero      bool // outputs at masked steps
	dtype     string
}

func (r recurrent) build(b *Builder, in []tensor.Shape) {
	sizes := r.cell.StateSize()
	switch {
	case len(sizes) == 0:
		b.Errorf("cell: the cell has no state")
		return
	case len(in) > 1 && len(in) != 1+len(sizes):
		b.misfit("wants its input and %d arrays of first state, got %d inputs", len(sizes), len(in))
		return
	}
	s, ok := b.input(in[:min(1, len(in))], r.dtype, "batch", "...")
	switch {
	case !ok:
		return
	case len(s) < 3:
		b.misfit("input %v has %d axes; wanted (batch, steps, features)", shown(s), len(s))
		return
	case s[1] == 0:
		b.misfit("input %v has no steps", shown(s))
		return
	}
	step := slices.Delete(s.Clone(), 1, 2)
	b.child("cell", r.cell, step)
	if b.scope.Err() != nil {
		return
	}
	if r.stateful {
		for i, shape := range stateShapes(r.cell, step) {
			b.Memory(memoryName(i), shape)
		}
	}
	for i, want := range stateShapes(r.cell, step)[:len(in)-1] {
		if !in[i+1].Equal(want) {
			b.misfit("first state %v does not fit; wanted %v", shown(in[i+1]), shown(want))
			return
		}
	}
}

// memoryName names an array of the state that a stateful layer keeps.
func memoryName(i int) string { return fmt.Sprint("rnn_state_", i) }

// mask is the mask of the output.
func (r recurrent) mask(c *Context, x graph.Value) graph.Value {
	if !r.sequences {
		return graph.Value{}
	}
	return c.Mask(x)
}

// call returns what the layer returns: the output, in the order in which steps are
// read, and the state if it is wanted.
func (r recurrent) call(c *Context, in []graph.Value) []graph.Value {
	out := r.run(c, in)
	if r.sequences && r.backwards {
		out[0] = ops.Flip(out[0], 1)
	}
	return out
}

// run is call with the output in the order of the input.
func (r recurrent) run(c *Context, in []graph.Value) []graph.Value {
	x, initial := in[0], slices.Clone(in[1:])
	batch := x.Shape()[0]
	zeros := func(s tensor.Shape) graph.Value {
		return ops.Fill(c.Graph(), graph.Spec{DType: x.DType(), Shape: s}, 0)
	}
	if len(initial) == 0 && r.stateful {
		for i := range r.cell.StateSize() {
			initial = append(initial, ops.Cast(c.Weight(memoryName(i)), x.DType()))
		}
		if kept := initial[0].Shape()[0]; kept != batch {
			c.Errorf("stateful=true keeps the state of batches of %d samples, this one has %d", kept, batch)
			return initial
		}
	}
	if len(initial) == 0 {
		for _, s := range stateShapes(r.cell, slices.Delete(x.Shape().Clone(), 1, 2)) {
			initial = append(initial, zeros(s))
		}
	}
	s := &recurrence{recurrent: r, c: c}
	sequences := []graph.Value{x}
	if mask := c.Mask(x); mask.OK() && (len(in) == 1 || c.env.Masked) { // as Keras does: a first state puts the mask that came with the input out of use
		if len(mask.Shape()) != 2 {
			c.Errorf("mask %v wants the axes (batch, steps)", shown(mask.Shape()))
			return initial
		}
		s.masked = true
		sequences = append(sequences, ops.ExpandDims(mask, -1))
	}
	n := len(initial)
	o := ops.ScanOptions{Axis: 1, Reverse: r.backwards}
	final, stacked := ops.Scan(initial, sequences, o, s.step)
	if s.carry {
		final, stacked = ops.Scan(append(initial, zeros(tensor.Shape{batch, outputSize(r.cell)})), sequences, o, s.step)
	}
	var out []graph.Value
	switch {
	case c.Graph().Err() != nil:
		return final
	case r.sequences:
		out = []graph.Value{stacked[0]}
	case s.same >= 0:
		out = []graph.Value{final[s.same]}
	default:
		last := x.Shape()[1] - 1
		if r.backwards {
			last = 0
		}
		y := stacked[0]
		starts, sizes := make([]int, len(y.Shape())), y.Shape().Clone()
		starts[1], sizes[1] = last, 1
		out = []graph.Value{ops.Squeeze(ops.Slice(y, starts, sizes), 1)}
	}
	if r.stateful {
		for i, v := range final[:n] {
			c.Assign(memoryName(i), ops.StopGradient(v)) // what is kept has no past
		}
	}
	if r.state {
		out = append(out, final[:n]...)
	}
	return out
}

// recurrence is one call of a recurrent layer.
type recurrence struct {
	recurrent
	c      *Context
	masked bool
	carry  bool // the output is carried from step to step, as the last state
	same   int  // the state that equals the output, or -1
}

// step is one step with its mask. It sets carry when it finds that the output
// before is needed and is not among the states.
func (r *recurrence) step(s *ops.ScanStep) (next, outputs []graph.Value) {
	c := r.c.inside(s)
	states := s.States
	var before graph.Value
	if r.carry {
		before, states = states[len(states)-1], states[:len(states)-1]
	}
	out := c.childMulti("cell", r.cell, append([]graph.Value{s.Inputs[0]}, states...)...)
	if s.Graph.Err() != nil {
		return states, out[:1]
	}
	if len(out) != 1+len(states) {
		c.Errorf("cell: the cell returns %d arrays of state of %d", len(out)-1, len(states))
		return states, out[:1]
	}
	y, next := out[0], out[1:]
	r.same = slices.Index(next, y)
	if !r.masked {
		return next, []graph.Value{y}
	}
	where := func(v, otherwise graph.Value) graph.Value { // mask: (batch, 1)
		shape := slices.Repeat([]int{1}, len(v.Shape()))
		shape[0] = v.Shape()[0]
		return ops.Where(ops.Reshape(s.Inputs[1], shape...), v, otherwise)
	}
	next = slices.Clone(next)
	for i, v := range next {
		next[i] = where(v, states[i])
	}
	switch {
	case r.zero:
		r.same = -1
		return next, []graph.Value{where(y, ops.Scalar(y, 0))}
	case r.carry:
		y = where(y, before)
		r.same = len(next)
		return append(next, y), []graph.Value{y}
	case r.same >= 0: // state and output are repeated alike, and are 0 at first
		return next, []graph.Value{next[r.same]}
	}
	r.carry = true
	return next, []graph.Value{y}
}

// inside returns the Context for what is called in a step.
func (c *Context) inside(s *ops.ScanStep) *Context {
	env := c.env
	env.Graph = s.Graph
	env.Masks = map[graph.Value]graph.Value{}
	env.Weight = func(name string) graph.Value {
		v := c.env.Weight(name)
		if v.OK() {
			v = s.Outer(v)
		}
		return v
	}
	env.Assign = func(name string, _ graph.Value) { c.Errorf("cell: weight %s cannot be assigned in a step", name) }
	env.AddLoss = func(graph.Value) { c.Errorf("cell: a loss cannot be added in a step") }
	return &Context{env: env, prefix: c.prefix, random: c.random}
}

// dropped is the input or state x of a cell after dropout.
func (c *Context) dropped(x graph.Value, rate float64, seed *int) graph.Value {
	if !c.Training() || rate == 0 {
		return x
	}
	ones := ops.Fill(c.Graph(), x.Spec(), 1)
	return ops.Mul(x, c.drop(ones, rate, seed, nil))
}
