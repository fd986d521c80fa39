package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lowerSort lowers sorting float32 numbers along the last axis: a chunk sorts some lines.
func lowerSort(c *compiler, n *graph.Node) bool {
	op, ok := n.Op.(ops.SortOp)
	if !ok || n.In[0].DType() != tensor.Float32 {
		return false
	}
	x := n.In[0].Shape()
	if op.Axis != len(x)-1 || op.Take == 0 {
		return false
	}
	in, out := c.bufs(n)
	lines, size, take, descending := x[:op.Axis].Size(), x[op.Axis], op.Take, op.Descending
	per := max(1, 1024/size)
	s := step(n)
	s.Chunks = (lines + per - 1) / per
	s.Scratch = kernel.SortScratch(size)
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		y, places := f.F32[out[0]], f.T[out[1]].Int32s()
		for i := chunk * per; i < min((chunk+1)*per, lines); i++ {
			kernel.Sort(image(y, i, take), places[i*take:(i+1)*take], image(f.F32[in[0]], i, size), descending, scratch)
		}
	}
	c.emit(s, out, in)
	return true
}
