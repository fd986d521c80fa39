package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// sparseGrad lowers the gradient of a convolution before 2×2 max-pooling to sums
// over the pooled elements, at most a quarter of the outputs, if the geometry
// qualifies. in and out are the node's buffers, out -1 where not wanted.
func (c *compiler) sparseGrad(n *graph.Node, k *kernel.Conv2D, in, out []int) bool {
	if c.directConv {
		return false
	}
	batch := n.In[0].Shape()[0]
	g := poolGrad{c: c, n: n, k: k, batch: batch, lanes: min(batch, maxLanes), in: in, out: out, parts: -1}
	if s := kernel.NewSparsePool(*k); s != nil {
		g.emitSparse(s)
		return true
	}
	if t := kernel.NewThinPool(*k); t != nil && out[0] < 0 {
		g.emitThin(t)
		return true
	}
	return false
}

// poolGrad makes the steps of the gradients of a convolution before max-pooling.
type poolGrad struct {
	c             *compiler
	n             *graph.Node
	k             *kernel.Conv2D
	batch, lanes  int
	in, out       []int
	parts         int // the buffer of partial sums, or -1
	weights, size int // float32s of a lane's partial sums: of dW; in all, db last
	pooled, xSize int // elements of a pooled sample and of an input
}

// begin makes the partial sums and the step of the lanes; writes and reads are
// its buffers.
func (g *poolGrad) begin(weights int) (s run.Step, writes, reads []int) {
	g.pooled, g.xSize = g.n.In[4].Shape()[1:].Size(), g.k.H*g.k.W*g.k.Cin
	reads = []int{g.in[3], g.in[4]}
	if g.out[1] >= 0 {
		g.weights = weights
		reads = append(reads, g.in[0])
	}
	g.size = g.weights
	if g.out[2] >= 0 {
		g.size += g.k.Cout
	}
	if g.size > 0 {
		g.parts = g.c.temp(tensor.Float32, g.lanes, g.size)
		writes = append(writes, g.parts)
	}
	s = step(g.n)
	s.Chunks = g.lanes
	s.FLOPs = convFLOPs(g.batch, g.k) * int64(btoi(g.out[0] >= 0)+btoi(g.out[1] >= 0))
	return s, writes, reads
}

// each clears a lane's partial sums, calls f with them for its samples, at most some
// at a time, and adds their part of db.
func (g *poolGrad) each(f *run.Frame, lane, most int, samples func(i, n int, part, dp []float32, code []uint8)) {
	var part []float32
	if g.parts >= 0 {
		part = image(f.F32[g.parts], lane, g.size)
		kernel.Fill(part, 0)
	}
	end := (lane + 1) * g.batch / g.lanes
	for i := lane * g.batch / g.lanes; i < end; i += most {
		n := min(most, end-i)
		dp, code := f.F32[g.in[4]][i*g.pooled:(i+n)*g.pooled], f.U8[g.in[3]][i*g.pooled:(i+n)*g.pooled]
		if g.out[2] >= 0 {
			kernel.SumLive(part[g.weights:], dp, code, n*g.pooled/g.k.Cout, g.k.Cout)
		}
		samples(i, n, part[:g.weights], dp, code)
	}
}

// emitSparse adds the steps for many input channels.
func (g *poolGrad) emitSparse(s *kernel.SparsePool) {
	c, packed := g.c, -1
	st, writes, reads := g.begin(s.WeightSize())
	if g.out[0] >= 0 {
		packed = c.temp(tensor.Float32, s.WeightSize())
		p := run.Step{Name: "PackWeights", Scope: g.n.Scope}
		p.Run = func(f *run.Frame, _ int, _ []float32) { s.PackWeights(f.F32[packed], f.F32[g.in[1]]) }
		c.emit(p, []int{packed}, []int{g.in[1]})
		reads, writes = append(reads, packed), append(writes, g.out[0])
	}
	st.Name += " (sparse)"
	st.Scratch = s.ListsSize() + s.ScratchSize()
	st.Run = func(f *run.Frame, lane int, scratch []float32) {
		lists, scratch := scratch[:s.ListsSize()], scratch[s.ListsSize():]
		g.each(f, lane, s.Images(), func(i, n int, part, dp []float32, code []uint8) {
			s.Build(lists, dp, code, n)
			if g.out[1] >= 0 {
				s.BackwardWeight(part, f.F32[g.in[0]][i*g.xSize:(i+n)*g.xSize], lists, scratch, n)
			}
			if g.out[0] >= 0 {
				for k := range n {
					s.BackwardInput(image(f.F32[g.out[0]], i+k, g.xSize), lists, f.F32[packed], scratch, k)
				}
			}
		})
	}
	c.emit(st, writes, reads)
	if g.out[1] >= 0 {
		g.emitFinish(s)
	}
	g.emitBias()
}

// emitFinish adds up the lanes' partial sums of dW and brings them into the layout
// of the weights.
func (g *poolGrad) emitFinish(s *kernel.SparsePool) {
	total := g.c.temp(tensor.Float32, g.weights)
	parts, size, lanes, dw := g.parts, g.size, g.lanes, g.out[1]
	st := run.Step{Name: "SumLanes", Scope: g.n.Scope, Chunks: s.FinishParts()}
	st.Run = func(f *run.Frame, i int, _ []float32) {
		lo, hi := s.FinishRange(i)
		sum, p := f.F32[total][lo:hi], f.F32[parts]
		copy(sum, p[lo:hi])
		for l := 1; l < lanes; l++ {
			kernel.Add(sum, sum, p[l*size+lo:l*size+hi])
		}
		s.Finish(f.F32[dw], f.F32[total], i)
	}
	g.c.emit(st, []int{dw, total}, []int{parts})
}

// emitThin adds the steps for few input channels, whose gradient is not wanted.
func (g *poolGrad) emitThin(t *kernel.ThinPool) {
	st, writes, reads := g.begin(g.k.KH * g.k.KW * g.k.Cin * g.k.Cout)
	st.Name += " (sparse)"
	st.Scratch = t.ScratchSize()
	st.Run = func(f *run.Frame, lane int, scratch []float32) {
		g.each(f, lane, 1, func(i, _ int, part, dp []float32, code []uint8) {
			if g.out[1] >= 0 {
				t.BackwardWeight(part, image(f.F32[g.in[0]], i, g.xSize), dp, code, scratch)
			}
		})
	}
	g.c.emit(st, writes, reads)
	if g.out[1] >= 0 {
		g.c.emitLaneSum(g.n, g.out[1], g.parts, g.lanes, g.size, 0)
	}
	g.emitBias()
}

func (g *poolGrad) emitBias() {
	if g.out[2] >= 0 {
		g.c.emitLaneSum(g.n, g.out[2], g.parts, g.lanes, g.size, g.weights)
	}
}
