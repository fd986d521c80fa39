package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lowerSamples lowers the ops that compute sample by sample: their own loops, on a
// few samples at a time.
func lowerSamples(c *compiler, n *graph.Node) bool {
	op, ok := n.Op.(ops.Sampled)
	if !ok {
		return false
	}
	batch := n.Out[0].Shape[0]
	in, out := c.bufs(n)
	samples, chunks := perChunk(batch, 32)
	s := step(n)
	s.Chunks = chunks
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		var ins, outs [4]*tensor.Tensor
		is, os := ins[:0], outs[:0]
		for _, b := range in {
			is = append(is, f.T[b])
		}
		for _, b := range out {
			os = append(os, f.T[b])
		}
		op.EvalSamples(os, is, chunk*samples, min((chunk+1)*samples, batch))
	}
	c.boxed = true
	c.emit(s, out, in)
	return true
}
