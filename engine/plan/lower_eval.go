package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lowerEval runs the op's own portable loops, in one chunk.
func (c *compiler) lowerEval(n *graph.Node) {
	in, out := c.bufs(n)
	s := step(n)
	s.Name += " (eval)"
	op := n.Op
	// The argument slices are made anew by each call: frames run concurrently.
	s.Run = func(f *run.Frame, _ int, _ []float32) {
		var ins, outs [8]*tensor.Tensor
		is, os := ins[:0], outs[:0]
		for _, b := range in {
			is = append(is, f.T[b])
		}
		for _, b := range out {
			os = append(os, f.T[b])
		}
		op.Eval(os, is)
	}
	c.boxed = true
	c.emit(s, out, in)
}
