package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
)

// emitLaneSum adds up partial sums: out = Σ parts[lane][off:off+len(out)].
func (c *compiler) emitLaneSum(n *graph.Node, out, parts, lanes, size, off int) {
	total := c.prog.Buffers[out].Spec.Shape.Size()
	s := run.Step{Name: "SumLanes", Scope: n.Scope, Chunks: (total + chunkSize - 1) / chunkSize}
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		lo, hi := chunk*chunkSize, min((chunk+1)*chunkSize, total)
		dst, p := f.F32[out][lo:hi], f.F32[parts]
		copy(dst, p[off+lo:off+hi])
		for l := 1; l < lanes; l++ {
			kernel.Add(dst, dst, p[l*size+off+lo:l*size+off+hi])
		}
	}
	c.emit(s, []int{out}, []int{parts})
}
