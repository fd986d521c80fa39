package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// layerNormChunk is how many elements a chunk normalizes: what a kernel may take without holding up a garbage collection.
const layerNormChunk = 16 * 1024

// layerNormLanes bounds the partial sums of the gradients of gamma and beta.
const layerNormLanes = 32

// lowerLayerNorm lowers layer normalization and its gradient: the first is done row by row; the second too, with sums over the rows in lanes.
func lowerLayerNorm(c *compiler, n *graph.Node) bool {
	if n.Out[0].DType != tensor.Float32 {
		return false
	}
	switch op := n.Op.(type) {
	case ops.LayerNormOp:
		c.layerNorm(n, op)
	case ops.LayerNormGradOp:
		c.layerNormGrad(n, ops.LayerNormOp(op))
	default:
		return false
	}
	return true
}

// layerNormOf returns the kernel and the number of rows of a node.
func layerNormOf(n *graph.Node, op ops.LayerNormOp) (k kernel.LayerNorm, rows int) {
	cols := n.In[1].Shape().Size()
	return kernel.LayerNorm{Cols: cols, Epsilon: float32(op.Epsilon), RMS: op.RMS}, n.In[0].Shape().Size() / cols
}

func (c *compiler) layerNorm(n *graph.Node, op ops.LayerNormOp) {
	in, out := c.bufs(n)
	k, rows := layerNormOf(n, op)
	cols := k.Cols
	s := step(n)
	per := max(1, layerNormChunk/cols)
	s.Chunks = (rows + per - 1) / per
	s.FLOPs = 8 * int64(rows) * int64(cols)
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		r := chunk * per
		k.Forward(f.F32[out[0]][r*cols:], f.F32[out[1]][2*r:], f.F32[in[0]][r*cols:], f.F32[in[1]], f.F32[in[2]], min(per, rows-r))
	}
	c.emit(s, out, in)
}

func (c *compiler) layerNormGrad(n *graph.Node, op ops.LayerNormOp) {
	in, out := c.bufs(n)
	k, rows := layerNormOf(n, op)
	cols := k.Cols
	x, gamma, stats, dy := in[0], in[1], in[2], in[3]
	s := step(n)
	lanes := min(layerNormLanes, rows, (rows*cols+layerNormChunk-1)/layerNormChunk)
	part := c.temp(tensor.Float32, lanes, 2, cols)
	s.Chunks = lanes
	s.FLOPs = 14 * int64(rows) * int64(cols)
	per := max(1, layerNormChunk/cols) // rows of a call
	s.Run = func(f *run.Frame, lane int, _ []float32) {
		sums := image(f.F32[part], lane, 2*cols)
		clear(sums)
		end := (lane + 1) * rows / lanes
		for r := lane * rows / lanes; r < end; r += per {
			at := r * cols
			k.Backward(f.F32[out[0]][at:], sums[:cols], sums[cols:], f.F32[x][at:], f.F32[dy][at:], f.F32[gamma], f.F32[stats][2*r:], min(per, end-r))
		}
	}
	c.emit(s, []int{out[0], part}, in)
	for i, b := range out[1:] {
		if !c.used(graph.Value{Node: n, Index: 1 + i}) {
			continue
		}
		join := step(n)
		join.Name += " (join)"
		join.FLOPs = int64(lanes) * int64(cols)
		join.Run = func(f *run.Frame, _ int, _ []float32) {
			sum := f.F32[b][:cols]
			copy(sum, f.F32[part][i*cols:])
			for l := 1; l < lanes; l++ {
				kernel.Add(sum, sum, f.F32[part][(2*l+i)*cols:])
			}
		}
		c.emit(join, []int{b}, []int{part})
	}
}
