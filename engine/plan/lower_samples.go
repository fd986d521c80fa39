package plan

import (
	"sync"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lists are the tensors that an op reads and writes.
type lists struct{ in, out []*tensor.Tensor }

// operands are lists for use again, so that a step allocates nothing.
var operands = sync.Pool{New: func() any { return new(lists) }}

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
		l := operands.Get().(*lists)
		for _, b := range in {
			l.in = append(l.in, f.T[b])
		}
		for _, b := range out {
			l.out = append(l.out, f.T[b])
		}
		op.EvalSamples(l.out, l.in, chunk*samples, min((chunk+1)*samples, batch))
		clear(l.in)
		clear(l.out)
		l.in, l.out = l.in[:0], l.out[:0]
		operands.Put(l)
	}
	c.boxed = true
	c.emit(s, out, in)
	return true
}
