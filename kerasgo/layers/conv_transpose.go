package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// transpose is the transposed convolution: what the gradient of a convolution does
// to the gradient of its output.
type transpose struct {
	conv
	outputPadding []int // by spatial axis, or nil
}

// build checks the input and returns its number of channels.
func (v transpose) build(b *Builder, in []tensor.Shape, dtype string) (channels int, ok bool) {
	s, ok := b.planes(in, dtype, v.format, v.rank)
	if !ok || !v.checkSteps(b) {
		return 0, false
	}
	for i, p := range v.outputPadding {
		if stride := v.strides[2-v.rank+i]; p >= stride {
			b.Errorf("output_padding %v must be below strides %v", tensor.Shape(v.outputPadding), v.pair(v.strides))
			return 0, false
		}
	}
	return s.Last(), true
}

// length returns the output's length along spatial axis j, of an input n long,
// and the zeros around the output in the convolution that goes back.
func (v transpose) length(j, n int) (out, before, after int) {
	stride, size := v.strides[j], (v.size[j]-1)*v.dilation[j]+1
	var pad *int
	if i := j - (2 - v.rank); v.outputPadding != nil && i >= 0 {
		pad = &v.outputPadding[i]
	}
	switch {
	case v.padding == "valid" && pad == nil:
		out = (n-1)*stride + max(size, stride)
	case v.padding == "valid":
		out = (n-1)*stride + size + *pad
	case pad == nil:
		out = n * stride
	default:
		out = (n-1)*stride + size%2 + *pad
	}
	if v.padding == "same" {
		total := max((n-1)*stride+size-out, 0)
		before, after = total/2, total-total/2
	}
	return out, before, after
}

// apply spreads x: (N, H, W, Cin) k: (kh, kw, Cout, Cin) → (N, Ho, Wo, Cout), or
// without H and kh. The result has its channels last.
func (v transpose) apply(x, k graph.Value) graph.Value {
	x = channelsLast(x, v.format)
	if v.rank == 1 {
		x, k = ops.ExpandDims(x, 1), ops.ExpandDims(k, 0)
	}
	op := ops.Conv2DOp{Strides: v.strides, Dilation: v.dilation, Groups: 1}
	shape := []int{x.Shape()[0], 0, 0, k.Shape()[2]}
	for j := range 2 {
		shape[1+j], op.PadBefore[j], op.PadAfter[j] = v.length(j, x.Shape()[1+j])
	}
	y := graph.Apply1(ops.Conv2DInputGradOp{Conv: op, Shape: graph.MakeDims(shape...)}, k, x)
	if v.rank == 1 {
		y = ops.Squeeze(y, 1)
	}
	return y
}
