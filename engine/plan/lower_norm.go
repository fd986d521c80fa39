package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lowerNorm lowers batch normalization, alone or fused, and its gradient.
func lowerNorm(c *compiler, n *graph.Node) bool {
	if n.Out[0].DType != tensor.Float32 {
		return false
	}
	switch op := n.Op.(type) {
	case ops.BatchNormOp:
		c.norm(n, NormBlockOp{Norm: op})
	case NormBlockOp:
		c.norm(n, op)
	case ops.BatchNormGradOp:
		c.normGrad(n, NormBlockOp{Norm: ops.BatchNormOp(op)})
	case NormBlockGradOp:
		c.normGrad(n, op.Block)
	default:
		return false
	}
	return true
}

// normSteps is what the steps of one normalization share.
type normSteps struct {
	c                      *compiler
	n                      *graph.Node
	k                      *kernel.BatchNorm
	batch, samples, chunks int
	pixels                 int // of a sample
	parts                  int // the buffer of the chunks' sums
}

// minNormWork is the number of elements below which a chunk is not worth a call.
const minNormWork = 8 * 1024

func (c *compiler) normSteps(n *graph.Node, op NormBlockOp) *normSteps {
	x := n.In[0].Shape()
	s := &normSteps{c: c, n: n, k: &kernel.BatchNorm{C: x.Last(), Epsilon: float32(op.Norm.Epsilon), Relu: op.Relu, Cap: float32(op.Cap)}, batch: x[0]}
	if len(x) == 1 {
		s.batch = 1
	}
	s.pixels = x.Size() / x.Last() / s.batch
	s.samples, s.chunks = perChunk(s.batch, max(1, min(32, x.Size()/minNormWork)))
	s.parts = c.temp(tensor.Float32, s.chunks, s.k.PartSize())
	return s
}

// emit adds a step over chunks of samples, whose name ends in what, of which sampled buffers hold all; do gets the
// chunk's first element and its pixels.
func (s *normSteps) emit(what string, flops int, writes, reads, sampled []int, do func(f *run.Frame, chunk, at, pixels int)) {
	st := step(s.n)
	st.Name += what
	st.Chunks, st.Samples = s.chunks, s.samples
	st.FLOPs = int64(flops) * int64(s.batch*s.pixels*s.k.C)
	st.Run = func(f *run.Frame, chunk int, _ []float32) { s.run(f, chunk, do) }
	s.c.emitSampled(st, writes, reads, sampled)
}

// emitJoin adds the step that joins the chunks' sums.
func (s *normSteps) emitJoin(writes, reads []int, do func(f *run.Frame)) {
	st := run.Step{Name: "JoinStatistics", Scope: s.n.Scope, FLOPs: int64(8 * s.chunks * s.k.C)}
	st.Run = func(f *run.Frame, _ int, _ []float32) { do(f) }
	s.c.emit(st, writes, append(reads, s.parts))
}

// moments adds the step that sums up the chunks of x. When a convolution just before makes x in the same chunks, it does that on the way, as long as its
// results are in the cache.
func (s *normSteps) moments(x int) {
	k, parts := s.k, s.parts
	sums := func(f *run.Frame, chunk, at, pixels int) {
		k.Moments(image(f.F32[parts], chunk, k.PartSize()), f.F32[x][at:], pixels)
	}
	for i := len(s.c.items) - 1; i >= 0; i-- {
		it := &s.c.items[i]
		if !slices.Contains(it.writes, x) {
			continue
		}
		if it.step.Chunks != s.chunks || it.step.Samples != s.samples {
			break
		}
		before := it.step.Run
		it.step.Run = func(f *run.Frame, chunk int, scratch []float32) {
			before(f, chunk, scratch)
			s.run(f, chunk, sums)
		}
		it.step.Name += " + moments"
		it.writes = append(slices.Clone(it.writes), parts)
		return
	}
	s.emit(" (moments)", 3, []int{parts}, []int{x}, []int{x}, sums)
}

// run calls do for one chunk.
func (s *normSteps) run(f *run.Frame, chunk int, do func(f *run.Frame, chunk, at, pixels int)) {
	first := chunk * s.samples
	do(f, chunk, first*s.pixels*s.k.C, (min(first+s.samples, s.batch)-first)*s.pixels)
}

func (c *compiler) norm(n *graph.Node, op NormBlockOp) {
	in, out := c.bufs(n)
	s := c.normSteps(n, op)
	k, parts := s.k, s.parts
	x, gamma, beta, y, mean, variance := in[0], in[1], in[2], out[0], out[1], out[2]
	s.moments(x)
	params := c.temp(tensor.Float32, 3, k.Width())
	s.emitJoin([]int{params, mean, variance}, []int{gamma, beta}, func(f *run.Frame) {
		k.Statistics(f.F32[params], f.F32[mean], f.F32[variance], f.F32[parts], f.F32[gamma], f.F32[beta], s.samples*s.pixels, s.batch*s.pixels)
	})
	reads := []int{x, params}
	if op.Add {
		reads = append(reads, in[3])
	}
	sampled := append([]int{y, x}, reads[2:]...)
	s.emit("", 3+btoi(op.Add)+btoi(op.Relu), []int{y}, reads, sampled, func(f *run.Frame, _, at, pixels int) {
		var r []float32
		if op.Add {
			r = f.F32[in[3]][at:]
		}
		k.Forward(f.F32[y][at:], f.F32[x][at:], r, f.F32[params], pixels)
	})
}

func (c *compiler) normGrad(n *graph.Node, op NormBlockOp) {
	in, out := c.bufs(n)
	s := c.normSteps(n, op)
	k, parts := s.k, s.parts
	x, gamma, mean, variance, y, dy := in[0], in[1], in[2], in[3], -1, in[len(in)-1]
	reads := []int{x, dy, mean}
	if op.Relu {
		y = in[4]
		reads = append(reads, y)
	}
	writes, kept := []int{parts}, -1
	if op.Add && op.Relu {
		kept = out[3]
		writes = append(writes, kept)
	}
	from := func(f *run.Frame, b, at int) []float32 { // an array's part of a chunk, nil without the array
		if b < 0 {
			return nil
		}
		return f.F32[b][at:]
	}
	wide := c.temp(tensor.Float32, k.Width())
	st := run.Step{Name: "JoinStatistics", Scope: n.Scope}
	st.Run = func(f *run.Frame, _ int, _ []float32) { k.Repeat(f.F32[wide], f.F32[mean]) }
	c.emit(st, []int{wide}, []int{mean})
	reads[2] = wide
	sampled := append(slices.Clone(writes[1:]), x, dy, y)
	s.emit(" (sums)", 5, writes, reads, sampled, func(f *run.Frame, chunk, at, pixels int) {
		k.GradSums(image(f.F32[parts], chunk, k.PartSize()), from(f, kept, at), f.F32[x][at:], f.F32[dy][at:], from(f, y, at), f.F32[wide], pixels)
	})
	params := c.temp(tensor.Float32, 4, k.Width())
	s.emitJoin([]int{params, out[1], out[2]}, []int{gamma, mean, variance}, func(f *run.Frame) {
		k.GradStatistics(f.F32[params], f.F32[out[1]], f.F32[out[2]], f.F32[parts], f.F32[gamma], f.F32[mean], f.F32[variance], s.chunks, s.batch*s.pixels)
	})
	if !c.used(graph.Value{Node: n}) {
		return
	}
	grad, mask := dy, y
	if kept >= 0 { // dy where it passes
		grad, mask = kept, -1
	}
	reads = []int{x, grad, params}
	if mask >= 0 {
		reads = append(reads, mask)
	}
	s.emit("", 5, out[:1], reads, []int{out[0], x, grad, mask}, func(f *run.Frame, _, at, pixels int) {
		k.Backward(f.F32[out[0]][at:], f.F32[x][at:], f.F32[grad][at:], from(f, mask, at), f.F32[params], pixels)
	})
}
