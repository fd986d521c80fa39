package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// inArena reports whether values of the type can lie in an arena.
func inArena(t tensor.DType) bool {
	switch t {
	case tensor.Float32, tensor.Float64, tensor.Int32, tensor.Int64, tensor.Uint8:
		return true
	}
	return false
}

// lowerMove lowers the ops that only move elements.
func lowerMove(c *compiler, n *graph.Node) bool {
	if len(n.Out) != 1 || !inArena(n.Out[0].DType) {
		return false
	}
	y := n.Out[0].Shape
	ys := y.Strides()
	var m move
	switch op := n.Op.(type) {
	case ops.TransposeOp:
		xs := n.In[0].Shape().Strides()
		from := make([]int, len(xs))
		for i := range from {
			from[i] = xs[op.Perm.At(i)]
		}
		m = newMove(y, 0, ys, 0, from)
	case ops.SliceOp:
		from, base := n.In[0].Shape().Strides(), 0
		for i := range from {
			base += op.Starts.At(i) * from[i]
			from[i] *= op.Steps.At(i)
		}
		m = newMove(y, 0, ys, base, from)
	case ops.FlipOp:
		from, base := n.In[0].Shape().Strides(), 0
		for _, a := range op.Axes.List() {
			base += (y[a] - 1) * from[a]
			from[a] = -from[a]
		}
		m = newMove(y, 0, ys, base, from)
	case ops.BroadcastToOp:
		x := n.In[0].Shape()
		from := make([]int, len(y))
		for i, d := range x.Strides() {
			if x[i] != 1 {
				from[len(y)-len(x)+i] = d
			}
		}
		m = newMove(y, 0, ys, 0, from)
	case ops.PadOp:
		c.pad(n, op)
		return true
	case ops.ConcatOp:
		c.concat(n, op)
		return true
	default:
		return false
	}
	in, out := c.bufs(n)
	if !c.emitTransposed(n, out[0], m, in[0]) {
		c.emitMoves(step(n), out[0], []move{m}, in)
	}
	return true
}

// pad fills the output and then moves the input into it.
func (c *compiler) pad(n *graph.Node, op ops.PadOp) {
	in, out := c.bufs(n)
	x := n.In[0].Shape()
	to, base := n.Out[0].Shape.Strides(), 0
	for i := range to {
		base += op.Before.At(i) * to[i]
		to[i] *= op.Interior.At(i) + 1
	}
	if x.Size() < n.Out[0].Shape.Size() {
		v := tensor.New(n.Out[0].DType)
		v.SetFloat64At(0, op.Value)
		value := c.newBuffer(run.Buffer{Place: run.Constant, T: v, Spec: graph.Spec{DType: v.DType()}})
		fill := newMove(graph.Shape{n.Out[0].Shape.Size()}, 0, []int{1}, 0, []int{0})
		c.emitMoves(step(n), out[0], []move{fill}, []int{value})
	}
	if x.Size() > 0 {
		c.emitMoves(step(n), out[0], []move{newMove(x, base, to, 0, x.Strides())}, in)
	}
}

// concat moves each input to its place, all in one step.
func (c *compiler) concat(n *graph.Node, op ops.ConcatOp) {
	in, out := c.bufs(n)
	ys := n.Out[0].Shape.Strides()
	var moves []move
	var froms []int
	at := 0
	for i, v := range n.In {
		x := v.Shape()
		if x.Size() > 0 {
			moves = append(moves, newMove(x, at*ys[op.Axis], ys, 0, x.Strides()))
			froms = append(froms, in[i])
		}
		at += x[op.Axis]
	}
	c.emitMoves(step(n), out[0], moves, froms)
}

// emitCopy copies a whole buffer.
func (c *compiler) emitCopy(to, from int) {
	spec := c.prog.Buffers[to].Spec
	if !inArena(spec.DType) {
		s := run.Step{Name: "Copy", Run: func(f *run.Frame, _ int, _ []float32) { f.T[to].CopyFrom(f.T[from]) }}
		c.emit(s, []int{to}, []int{from})
		return
	}
	if size := spec.Shape.Size(); size > 0 {
		c.emitMoves(run.Step{Name: "Copy"}, to, []move{newMove(graph.Shape{size}, 0, []int{1}, 0, []int{1})}, []int{from})
	}
}
