package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() { lowerings = append(lowerings, lowerGates) }

// lowerGates lowers what recurrent cells do with their products: each sample by itself.
func lowerGates(c *compiler, n *graph.Node) bool {
	var lower func(c *compiler, n *graph.Node, rows, units int)
	state := 0 // the input that is the state
	switch n.Op.(type) {
	case ops.LSTMGatesOp:
		lower, state = (*compiler).lstmGates, 2
	case ops.LSTMGatesGradOp:
		lower, state = (*compiler).lstmGatesGrad, 1
	case ops.GRUGatesOp:
		lower, state = (*compiler).gruGates, 4
	case ops.GRUGatesGradOp:
		lower, state = (*compiler).gruGatesGrad, 1
	}
	if lower == nil || n.In[state].DType() != tensor.Float32 {
		return false
	}
	s := n.In[state].Shape()
	lower(c, n, s[0], s[1])
	return true
}

// rows starts a step whose chunks are some samples each, and runs f for them.
func (c *compiler) rows(n *graph.Node, rows, units int, each int64, f func(f *run.Frame, r, m int)) {
	per := rows
	if !c.serial {
		per = max(1, chunkSize/4/units)
	}
	s := step(n)
	s.Chunks = (rows + per - 1) / per
	s.FLOPs = each * int64(rows) * int64(units)
	s.Run = func(frame *run.Frame, chunk int, _ []float32) {
		f(frame, chunk*per, min(per, rows-chunk*per))
	}
	in, out := c.bufs(n)
	c.emit(s, out, in)
}

// rowsFrom returns what lies from row r on of a buffer whose rows have n numbers.
func rowsFrom(f *run.Frame, buffer, r, n int) []float32 { return f.F32[buffer][r*n:] }

func (c *compiler) lstmGates(n *graph.Node, rows, u int) {
	in, out := c.bufs(n)
	keep := c.used(graph.Value{Node: n, Index: 2})
	c.rows(n, rows, u, 64, func(f *run.Frame, r, m int) {
		var gates []float32
		if keep {
			gates = rowsFrom(f, out[2], r, 5*u)
		}
		kernel.LSTM{Units: u}.Forward(rowsFrom(f, out[0], r, u), rowsFrom(f, out[1], r, u), gates, rowsFrom(f, in[0], r, 4*u), f.F32[in[1]], rowsFrom(f, in[2], r, u), m)
	})
}

func (c *compiler) lstmGatesGrad(n *graph.Node, rows, u int) {
	in, out := c.bufs(n)
	c.rows(n, rows, u, 22, func(f *run.Frame, r, m int) {
		kernel.LSTM{Units: u}.Backward(rowsFrom(f, out[0], r, 4*u), rowsFrom(f, out[1], r, u), rowsFrom(f, in[0], r, 5*u), rowsFrom(f, in[1], r, u), rowsFrom(f, in[2], r, u), rowsFrom(f, in[3], r, u), m)
	})
}

func (c *compiler) gruGates(n *graph.Node, rows, u int) {
	in, out := c.bufs(n)
	keep := c.used(graph.Value{Node: n, Index: 1})
	c.rows(n, rows, u, 48, func(f *run.Frame, r, m int) {
		var gates []float32
		if keep {
			gates = rowsFrom(f, out[1], r, 4*u)
		}
		kernel.GRU{Units: u}.Forward(rowsFrom(f, out[0], r, u), gates, rowsFrom(f, in[0], r, 3*u), rowsFrom(f, in[1], r, 3*u), f.F32[in[2]], f.F32[in[3]], rowsFrom(f, in[4], r, u), m)
	})
}

func (c *compiler) gruGatesGrad(n *graph.Node, rows, u int) {
	in, out := c.bufs(n)
	c.rows(n, rows, u, 17, func(f *run.Frame, r, m int) {
		kernel.GRU{Units: u}.Backward(rowsFrom(f, out[0], r, 3*u), rowsFrom(f, out[1], r, 3*u), rowsFrom(f, out[2], r, u), rowsFrom(f, in[0], r, 4*u), rowsFrom(f, in[1], r, u), rowsFrom(f, in[2], r, u), m)
	})
}
