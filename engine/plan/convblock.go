package plan

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ConvBlockOp is a 2-D convolution with what usually follows it:
// maxpool2x2(relu(conv(x, w) + b)), relu and pool being optional. Computed
// together, the convolution's output never leaves the cache.
//
// Inputs x (N, H, W, Cin), w (KH, KW, Cin/groups, Cout), b (Cout).
// Outputs y (N, Ho, Wo, Cout) and, with Pool, (N, Ho/2, Wo/2, Cout) and the code
// of each pooled element, uint8: which of the window's four won, or kernel.Dead.
//
// With BFloat16 y is rounded to bfloat16. Its gradient, which the gradient of the
// rounding would round, is as far as bfloat16 products read it.
type ConvBlockOp struct {
	Conv       ops.Conv2DOp
	Relu, Pool bool
	BFloat16   bool
}

// Infer follows the convolution; pooling halves, rounding down.
func (o ConvBlockOp) Infer(in []graph.Spec) ([]graph.Spec, error) {
	if len(in) != 3 {
		return nil, fmt.Errorf("ConvBlock: wants 3 inputs, got %d", len(in))
	}
	out, err := o.Conv.Infer(in[:2])
	if err != nil || !o.Pool {
		return out, err
	}
	s := out[0].Shape
	pooled := graph.Shape{s[0], s[1] / 2, s[2] / 2, s[3]}
	return []graph.Spec{{DType: tensor.Float32, Shape: pooled}, {DType: tensor.Uint8, Shape: pooled}}, nil
}

// Gradient is one op too, so that the gradient of the convolution's output never
// leaves the cache either.
func (o ConvBlockOp) Gradient(in, out, dout []graph.Value) []graph.Value {
	if !dout[0].OK() {
		return make([]graph.Value, 3)
	}
	y := out[0]
	if o.Pool {
		y = out[1]
	}
	return in[0].Graph().Apply(ConvBlockGradOp{o}, in[0], in[1], in[2], y, dout[0])
}

// Eval runs the parts one after another.
func (o ConvBlockOp) Eval(out, in []*tensor.Tensor) {
	specs, err := o.Conv.Infer([]graph.Spec{specOf(in[0]), specOf(in[1])})
	if err != nil {
		panic(err)
	}
	full := out[0]
	if o.Pool {
		full = tensor.New(tensor.Float32, specs[0].Shape...)
	}
	o.Conv.Eval([]*tensor.Tensor{full}, in[:2])
	y, b := full.Float32s(), in[2].Float32s()
	for i := range y {
		y[i] += b[i%len(b)]
		if o.Relu {
			y[i] = max(y[i], 0)
		}
	}
	if o.Pool {
		evalPool(out[0], tensor.Data[uint8](out[1]), full, o.Relu)
	}
	if o.BFloat16 {
		ops.UnaryOp{Kind: ops.UnaryBFloat16}.Eval(out[:1], out[:1])
	}
}

// evalPool takes the maximum of each 2×2 window of x and tells where it was.
func evalPool(y *tensor.Tensor, code []uint8, x *tensor.Tensor, relu bool) {
	s, xs, ys := y.Shape(), x.Float32s(), y.Float32s()
	h, w, c := x.Shape()[1], x.Shape()[2], x.Shape()[3]
	for i := range ys {
		ch, ow, oh, n := i%c, i/c%s[2], i/c/s[2]%s[1], i/c/s[2]/s[1]
		best, win := float32(0), 0
		for k := range 4 {
			v := xs[((n*h+oh*2+k/2)*w+ow*2+k%2)*c+ch]
			if k == 0 || v > best || v != v && best == best {
				best, win = v, k
			}
		}
		if relu && best <= 0 {
			win = 4
		}
		ys[i], code[i] = best, uint8(win)
	}
}

// ConvBlockGradOp is the gradient of ConvBlockOp: from x, w, b, the code (or the
// output, without pooling) and the output's gradient to those of x, w and b.
type ConvBlockGradOp struct{ Block ConvBlockOp }

// Infer repeats the shapes of x, w and b.
func (o ConvBlockGradOp) Infer(in []graph.Spec) ([]graph.Spec, error) {
	return append([]graph.Spec{}, in[:3]...), nil
}

// Gradient is not there: models are differentiated once.
func (o ConvBlockGradOp) Gradient(in, out, dout []graph.Value) []graph.Value {
	in[0].Graph().Errorf("ConvBlockGrad: second derivatives of fused convolutions are not supported")
	return make([]graph.Value, len(in))
}

// Eval undoes pooling and relu and then differentiates the convolution.
func (o ConvBlockGradOp) Eval(out, in []*tensor.Tensor) {
	x, w, dp := in[0], in[1], in[4]
	specs, err := o.Block.Conv.Infer([]graph.Spec{specOf(x), specOf(w)})
	if err != nil {
		panic(err)
	}
	dy := tensor.New(tensor.Float32, specs[0].Shape...)
	d, g := dy.Float32s(), dp.Float32s()
	switch {
	case o.Block.Pool:
		code, s := tensor.Data[uint8](in[3]), dp.Shape()
		h, wd, c := dy.Shape()[1], dy.Shape()[2], dy.Shape()[3]
		for i, k := range code {
			if k < 4 {
				ch, ow, oh, n := i%c, i/c%s[2], i/c/s[2]%s[1], i/c/s[2]/s[1]
				d[((n*h+oh*2+int(k)/2)*wd+ow*2+int(k)%2)*c+ch] = g[i]
			}
		}
	case o.Block.Relu:
		for i, y := range in[3].Float32s() {
			if y > 0 {
				d[i] = g[i]
			}
		}
	default:
		copy(d, g)
	}
	dx := ops.Conv2DInputGradOp{Conv: o.Block.Conv, Shape: graph.MakeDims(x.Shape()...)}
	dw := ops.Conv2DFilterGradOp{Conv: o.Block.Conv, Shape: graph.MakeDims(w.Shape()...)}
	dx.Eval(out[:1], []*tensor.Tensor{w, dy})
	dw.Eval(out[1:2], []*tensor.Tensor{x, dy})
	db := make([]float64, out[2].Size())
	for i, v := range d {
		db[i%len(db)] += float64(v)
	}
	for i, v := range db {
		out[2].Float32s()[i] = float32(v)
	}
}

func specOf(t *tensor.Tensor) graph.Spec { return graph.Spec{DType: t.DType(), Shape: t.Shape()} }
