package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// isView reports whether a node's output is its input in another shape.
func isView(n *graph.Node) bool {
	_, ok := n.Op.(ops.ReshapeOp)
	return ok
}

// lowerView gives the output the input's memory: nothing is computed.
func lowerView(c *compiler, n *graph.Node) bool {
	if !isView(n) {
		return false
	}
	v := graph.Value{Node: n}
	if _, taken := c.buffers[v]; taken {
		return false // its place is fixed already
	}
	c.buffers[v] = c.view(c.buffer(n.In[0]), n.Out[0].Shape)
	return true
}

// lowerSoftmax lowers softmax and its logarithm along the last axis.
func lowerSoftmax(c *compiler, n *graph.Node) bool {
	if n.Out[0].DType != tensor.Float32 || n.Out[0].Shape.Size() == 0 {
		return false
	}
	var kern func(dst, src []float32, rows, cols int)
	axis := 0
	switch op := n.Op.(type) {
	case ops.SoftmaxOp:
		kern, axis = kernel.Softmax, op.Axis
	case ops.LogSoftmaxOp:
		kern, axis = kernel.LogSoftmax, op.Axis
	default:
		return false
	}
	shape := n.Out[0].Shape
	if a, _ := shape.Axis(axis); a != len(shape)-1 {
		return false
	}
	in, out := c.bufs(n)
	cols := shape.Last()
	rows := shape.Size() / cols
	per := max(1, 4096/cols)
	s := step(n)
	s.Chunks = (rows + per - 1) / per
	s.FLOPs = int64(rows) * int64(cols) * 5
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		lo := chunk * per
		m := min(per, rows-lo)
		kern(f.F32[out[0]][lo*cols:(lo+m)*cols], f.F32[in[0]][lo*cols:(lo+m)*cols], m, cols)
	}
	c.emit(s, out, in)
	return true
}

// lowerPool lowers pooling that was not fused, sample by sample.
func lowerPool(c *compiler, n *graph.Node) bool {
	switch n.Op.(type) {
	case ops.MaxPool2DOp, ops.MaxPool2DGradOp, ops.AvgPool2DOp, ops.AvgPool2DGradOp:
	default:
		return false
	}
	if n.Out[0].DType != tensor.Float32 {
		return false
	}
	in, out := c.bufs(n)
	F := func(f *run.Frame, b, i int) []float32 { // sample i of buffer b
		x := f.F32[b]
		size := len(x) / n.Out[0].Shape[0]
		return image(x, i, size)
	}
	var body func(f *run.Frame, i int)
	switch op := n.Op.(type) {
	case ops.MaxPool2DOp:
		k := poolGeometry(op.Pool2D, n.In[0].Shape(), n.Out[0].Shape)
		body = func(f *run.Frame, i int) { k.MaxForward(F(f, out[0], i), F(f, in[0], i)) }
	case ops.MaxPool2DGradOp:
		k := poolGeometry(op.Pool2D, n.In[0].Shape(), n.In[1].Shape())
		body = func(f *run.Frame, i int) {
			k.MaxBackward(F(f, out[0], i), F(f, in[0], i), F(f, in[1], i), F(f, in[2], i))
		}
	case ops.AvgPool2DOp:
		k := poolGeometry(op.Pool2D, n.In[0].Shape(), n.Out[0].Shape)
		body = func(f *run.Frame, i int) { k.AvgForward(F(f, out[0], i), F(f, in[0], i)) }
	case ops.AvgPool2DGradOp:
		k := poolGeometry(op.Pool2D, n.Out[0].Shape, n.In[0].Shape())
		body = func(f *run.Frame, i int) { k.AvgBackward(F(f, out[0], i), F(f, in[0], i)) }
	}
	batch := n.Out[0].Shape[0]
	samples, chunks := perChunk(batch, 32)
	s := step(n)
	s.Chunks = chunks
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		for i := chunk * samples; i < min((chunk+1)*samples, batch); i++ {
			body(f, i)
		}
	}
	c.emit(s, out, in)
	return true
}

func poolGeometry(p ops.Pool2D, x, y graph.Shape) *kernel.Pool2D {
	return &kernel.Pool2D{
		H: x[1], W: x[2], C: x[3], Ho: y[1], Wo: y[2], KH: p.Size[0], KW: p.Size[1],
		StrideH: p.Strides[0], StrideW: p.Strides[1], PadT: p.PadBefore[0], PadL: p.PadBefore[1],
	}
}
