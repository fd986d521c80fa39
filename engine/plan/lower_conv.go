package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// maxLanes is the number of partial sums that a gradient over the batch is split
// into at most. It follows from the batch alone, so that results do not depend on
// the number of threads.
const maxLanes = 8

// geometry returns the kernel's description of a convolution of x (N, H, W, Cin)
// with w (KH, KW, Cin/groups, Cout) into y (N, Ho, Wo, Cout).
func geometry(o ops.Conv2DOp, x, w, y graph.Shape) *kernel.Conv2D {
	return &kernel.Conv2D{
		H: x[1], W: x[2], Cin: x[3], Ho: y[1], Wo: y[2], Cout: w[3], KH: w[0], KW: w[1],
		StrideH: o.Strides[0], StrideW: o.Strides[1], DilH: o.Dilation[0], DilW: o.Dilation[1],
		PadT: o.PadBefore[0], PadL: o.PadBefore[1], PadB: o.PadAfter[0], PadR: o.PadAfter[1], Groups: max(o.Groups, 1),
	}
}

// convFLOPs counts a multiply-add as two, for one of the three products.
func convFLOPs(n int, k *kernel.Conv2D) int64 {
	return 2 * int64(n) * int64(k.Ho*k.Wo*k.Cout) * int64(k.KH*k.KW*k.Cin/k.Groups)
}

// image returns sample i of a batch.
func image(x []float32, i, size int) []float32 { return x[i*size : (i+1)*size] }

// perChunk splits a batch into at most want chunks and returns how many samples
// each has.
func perChunk(n, want int) (samples, chunks int) {
	samples = max(1, (n+want-1)/want)
	return samples, (n + samples - 1) / samples
}

// lowerConv lowers convolutions that were not fused, and their gradients.
func lowerConv(c *compiler, n *graph.Node) bool {
	switch n.Op.(type) {
	case ops.Conv2DOp, ops.Conv2DInputGradOp, ops.Conv2DFilterGradOp:
	default:
		return false
	}
	if n.Out[0].DType != tensor.Float32 {
		return false
	}
	in, out := c.bufs(n)
	switch op := n.Op.(type) {
	case ops.Conv2DOp:
		k := geometry(op, n.In[0].Shape(), n.In[1].Shape(), n.Out[0].Shape)
		batch := n.In[0].Shape()[0]
		if w, name, packed := c.preparedConv(n, k, in[1]); w != nil {
			c.preparedAlone(n, k, w, name, packed)
			break
		}
		samples, chunks := perChunk(batch, 32)
		s := step(n)
		s.Chunks, s.Samples, s.Scratch, s.FLOPs = chunks, samples, k.ScratchSize(), convFLOPs(batch, k)
		xn, yn := k.H*k.W*k.Cin, k.Ho*k.Wo*k.Cout
		s.Run = func(f *run.Frame, chunk int, scratch []float32) {
			for i := chunk * samples; i < min((chunk+1)*samples, batch); i++ {
				k.Forward(image(f.F32[out[0]], i, yn), image(f.F32[in[0]], i, xn), f.F32[in[1]], scratch)
			}
		}
		c.emitSampled(s, out, in, []int{in[0], out[0]})
	case ops.Conv2DInputGradOp:
		w, dy, dx := n.In[0], n.In[1], n.Out[0]
		k := geometry(op.Conv, dx.Shape, w.Shape(), dy.Shape())
		g := convGrad{c: c, n: n, k: k, batch: dx.Shape[0], w: in[0], weights: w, rounded: isBFloat16(dy, 0), dx: out[0], dw: -1, db: -1}
		g.emit([]int{in[1]}, g.stored(in[1]))
	case ops.Conv2DFilterGradOp:
		x, dy, dw := n.In[0], n.In[1], n.Out[0]
		k := geometry(op.Conv, x.Shape(), dw.Shape, dy.Shape())
		g := convGrad{c: c, n: n, k: k, batch: x.Shape()[0], x: in[0], input: x, rounded: isBFloat16(dy, 0), dx: -1, dw: out[0], db: -1}
		g.emit([]int{in[1]}, g.stored(in[1]))
	}
	return true
}

// lowerConvBlock lowers fused convolutions and their gradients.
func lowerConvBlock(c *compiler, n *graph.Node) bool {
	switch op := n.Op.(type) {
	case ConvBlockOp:
		c.convBlock(n, op)
	case ConvBlockGradOp:
		c.convBlockGrad(n, op.Block)
	default:
		return false
	}
	return true
}

func convShape(o ops.Conv2DOp, x, w graph.Value) graph.Shape {
	s, err := o.Infer([]graph.Spec{x.Spec(), w.Spec()})
	if err != nil {
		panic(err) // it was inferred before
	}
	return s[0].Shape
}

func (c *compiler) convBlock(n *graph.Node, op ConvBlockOp) {
	in, out := c.bufs(n)
	k := geometry(op.Conv, n.In[0].Shape(), n.In[1].Shape(), convShape(op.Conv, n.In[0], n.In[1]))
	batch := n.In[0].Shape()[0]
	if w, name, packed := c.preparedConv(n, k, in[1]); w != nil {
		c.preparedBlock(n, op, k, w, name, packed)
		return
	}
	samples, chunks := perChunk(batch, 32)
	xn, pn := k.H*k.W*k.Cin, n.Out[0].Shape[1:].Size()
	s := step(n)
	s.Chunks, s.Samples, s.Scratch, s.FLOPs = chunks, samples, k.ScratchSize(), convFLOPs(batch, k)
	if op.Pool {
		s.Scratch = k.ForwardPoolScratch()
	}
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		x, w, b, p := f.F32[in[0]], f.F32[in[1]], f.F32[in[2]], f.F32[out[0]]
		for i := chunk * samples; i < min((chunk+1)*samples, batch); i++ {
			y := image(p, i, pn)
			switch {
			case op.Pool:
				k.ForwardPool(y, f.U8[out[1]][i*pn:(i+1)*pn], image(x, i, xn), w, b, scratch, op.Relu)
			case op.Relu:
				k.Forward(y, image(x, i, xn), w, scratch)
				kernel.AddBiasRelu(y, y, b, k.Ho*k.Wo, k.Cout)
			default:
				k.Forward(y, image(x, i, xn), w, scratch)
				kernel.AddBias(y, y, b, k.Ho*k.Wo, k.Cout)
			}
			if op.BFloat16 {
				kernel.BFloat16(y, y)
			}
		}
	}
	c.emitSampled(s, out, in, append(slices.Clone(out), in[0]))
}

func (c *compiler) convBlockGrad(n *graph.Node, op ConvBlockOp) {
	in, out := c.bufs(n)
	for i := range out {
		if !c.used(graph.Value{Node: n, Index: i}) {
			out[i] = -1
		}
	}
	x, w, dp := n.In[0], n.In[1], n.In[4]
	k := geometry(op.Conv, x.Shape(), w.Shape(), convShape(op.Conv, x, w))
	yn, pn := k.Ho*k.Wo*k.Cout, dp.Shape()[1:].Size()
	g := convGrad{c: c, n: n, k: k, batch: x.Shape()[0], x: in[0], w: in[1], input: x, weights: w, rounded: op.BFloat16 || isBFloat16(dp, 0), dx: out[0], dw: out[1], db: out[2], own: yn}
	if op.Pool && !g.tiled() && c.sparseGrad(n, k, in, out) {
		return
	}
	if !op.Pool && !op.Relu {
		g.own = 0
		g.emit([]int{in[4]}, g.stored(in[4]))
		return
	}
	g.emit([]int{in[3], in[4]}, func(f *run.Frame, i, n int, dy []float32) []float32 {
		if op.Pool {
			for j := range n {
				kernel.Unpool2x2(image(dy, j, yn), image(f.F32[in[4]], i+j, pn), f.U8[in[3]][(i+j)*pn:(i+j+1)*pn], k.Ho, k.Wo, k.Cout)
			}
		} else {
			kernel.ReluGrad(dy, f.F32[in[4]][i*pn:(i+n)*pn], f.F32[in[3]][i*pn:(i+n)*pn])
		}
		return dy
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
