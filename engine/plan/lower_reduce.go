package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// span3 is an array seen as (outer, n, inner), of which n is reduced.
type span3 struct{ outer, n, inner int }

// lowerReduce lowers sums, means, maxima and minima. Reduced axes that are not
// next to each other are done run by run, the innermost first.
func lowerReduce(c *compiler, n *graph.Node) bool {
	op, ok := n.Op.(ops.ReduceOp)
	if !ok || n.Out[0].DType != tensor.Float32 || n.In[0].Shape().Size() == 0 {
		return false
	}
	switch op.Kind {
	case ops.ReduceSum, ops.ReduceMean, ops.ReduceMax, ops.ReduceMin:
	default:
		return false
	}
	in, out := c.bufs(n)
	spans := reduceSpans(n.In[0].Shape(), op.Axes.List())
	if len(spans) == 0 {
		c.emitCopy(out[0], in[0])
		return true
	}
	scale := float32(1)
	if op.Kind == ops.ReduceMean {
		for _, s := range spans {
			scale /= float32(s.n)
		}
	}
	from := in[0]
	for i, s := range spans {
		to, k := out[0], float32(1)
		if i < len(spans)-1 {
			to = c.temp(tensor.Float32, s.outer, s.inner)
		} else {
			k = scale
		}
		c.reduce(n, op.Kind, to, from, s, k)
		from = to
	}
	return true
}

// reduceSpans splits the reduction of a shape over ascending axes into reductions
// over runs of neighbouring axes, innermost first. Axes of length 1 don't count.
func reduceSpans(shape graph.Shape, axes []int) []span3 {
	reduced := make([]bool, len(shape))
	for _, a := range axes {
		reduced[a] = true
	}
	type run struct {
		n       int
		reduced bool
	}
	var runs []run
	for i, d := range shape {
		if d == 1 {
			continue
		}
		if len(runs) > 0 && runs[len(runs)-1].reduced == reduced[i] {
			runs[len(runs)-1].n *= d
		} else {
			runs = append(runs, run{d, reduced[i]})
		}
	}
	var spans []span3
	inner := 1
	for i := len(runs) - 1; i >= 0; i-- {
		if !runs[i].reduced {
			inner *= runs[i].n
			continue
		}
		outer := 1
		for _, r := range runs[:i] {
			outer *= r.n
		}
		spans = append(spans, span3{outer, runs[i].n, inner})
	}
	return spans
}

// reduce emits out (outer, inner) = k · reduction of x (outer, n, inner).
func (c *compiler) reduce(node *graph.Node, kind ops.ReduceKind, out, x int, s span3, k float32) {
	const minWork = 8 * 1024 // elements of a chunk
	lanes := 1
	if s.outer < 8 && s.n >= 64 { // too few rows to share out: split what is reduced
		lanes = max(1, min(16, s.n*s.inner/minWork))
	}
	rowsPerChunk := max(1, minWork/(s.n*s.inner))
	st := step(node)
	st.Name = kind.String()
	st.FLOPs = int64(s.outer) * int64(s.n) * int64(s.inner)
	if lanes == 1 {
		st.Chunks = (s.outer + rowsPerChunk - 1) / rowsPerChunk
		st.Run = func(f *run.Frame, chunk int, _ []float32) {
			for o := chunk * rowsPerChunk; o < min((chunk+1)*rowsPerChunk, s.outer); o++ {
				reduceBlock(kind, f.F32[out][o*s.inner:(o+1)*s.inner], f.F32[x][o*s.n*s.inner:(o+1)*s.n*s.inner], s.n, s.inner, k)
			}
		}
		c.emit(st, []int{out}, []int{x})
		return
	}
	part := c.temp(tensor.Float32, s.outer, lanes, s.inner)
	st.Chunks = s.outer * lanes
	st.Run = func(f *run.Frame, chunk int, _ []float32) {
		o, l := chunk/lanes, chunk%lanes
		lo, hi := l*s.n/lanes, (l+1)*s.n/lanes
		src := f.F32[x][o*s.n*s.inner:]
		reduceBlock(kind, f.F32[part][chunk*s.inner:(chunk+1)*s.inner], src[lo*s.inner:hi*s.inner], hi-lo, s.inner, 1)
	}
	c.emit(st, []int{part}, []int{x})
	c.reduce(node, kind, out, part, span3{s.outer, lanes, s.inner}, k)
}

// reduceBlock sets dst (inner) to k · reduction of src (n, inner).
func reduceBlock(kind ops.ReduceKind, dst, src []float32, n, inner int, k float32) {
	switch {
	case inner == 1 && kind == ops.ReduceMax:
		dst[0] = kernel.MaxOf(src)
	case inner == 1 && kind == ops.ReduceMin:
		dst[0] = kernel.MinOf(src)
	case inner == 1:
		dst[0] = kernel.Sum(src) * k
	case kind == ops.ReduceMax || kind == ops.ReduceMin:
		merge := kernel.Max
		if kind == ops.ReduceMin {
			merge = kernel.Min
		}
		copy(dst, src[:inner])
		for i := 1; i < n; i++ {
			merge(dst, dst, src[i*inner:(i+1)*inner])
		}
	default:
		kernel.Fill(dst, 0)
		kernel.SumRows(dst, src, n, inner)
		if k != 1 {
			kernel.MulScalar(dst, dst, k)
		}
	}
}
