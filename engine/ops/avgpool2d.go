package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// AvgPool2DOp takes the mean of each window, over the elements that lie inside
// the image.
type AvgPool2DOp struct{ Pool2D }

// AvgPool2DGradOp is the gradient of an AvgPool2DOp with respect to its images,
// of the given Shape. Its input is the gradient of the output.
type AvgPool2DGradOp struct {
	Pool2D
	Shape graph.Dims
}

// Infer wants images that at least one window fits into.
func (o AvgPool2DOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("AvgPool2D", in, 1); err != nil {
		return nil, err
	}
	return o.infer("AvgPool2D", in[0])
}

// Infer wants the shape that the pooling gave.
func (o AvgPool2DGradOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("AvgPool2DGrad", in, 1); err != nil {
		return nil, err
	}
	x := spec{DType: in[0].DType, Shape: o.Shape.List()}
	y, err := o.infer("AvgPool2DGrad", x)
	if err != nil {
		return nil, err
	}
	if !y[0].Shape.Equal(in[0].Shape) {
		return nil, misfit("AvgPool2DGrad", "images %v give %v, not %v", x.Shape, y[0].Shape, in[0].Shape)
	}
	return []spec{x}, nil
}

// Gradient is an AvgPool2DGradOp.
func (o AvgPool2DOp) Gradient(in, out, dout []value) []value {
	return []value{graph.Apply1(AvgPool2DGradOp{o.Pool2D, graph.MakeDims(in[0].Shape()...)}, dout[0])}
}

// Gradient: the op is linear.
func (o AvgPool2DGradOp) Gradient(in, out, dout []value) []value {
	return []value{graph.Apply1(AvgPool2DOp{o.Pool2D}, dout[0])}
}

// Eval averages window by window.
func (o AvgPool2DOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		avgPool[float32](o.Pool2D, out[0], in[0])
	} else {
		avgPool[float64](o.Pool2D, out[0], in[0])
	}
}

func avgPool[T float](p Pool2D, out, in array) {
	x, y := tensor.Data[T](in), tensor.Data[T](out)
	s := in.Shape()
	p.windows(s, out.Shape(), func(yAt, n, h0, h1, w0, w1 int) {
		count := float64((h1 - h0) * (w1 - w0))
		for c := range s[3] {
			sum := 0.0
			for h := h0; h < h1; h++ {
				for w := w0; w < w1; w++ {
					sum += float64(x[((n*s[1]+h)*s[2]+w)*s[3]+c])
				}
			}
			y[yAt+c] = T(sum / count)
		}
	})
}

// Eval spreads each window's gradient evenly.
func (o AvgPool2DGradOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		avgPoolGrad[float32](o.Pool2D, out[0], in[0])
	} else {
		avgPoolGrad[float64](o.Pool2D, out[0], in[0])
	}
}

func avgPoolGrad[T float](p Pool2D, out, grad array) {
	dy, dx := tensor.Data[T](grad), tensor.Data[T](out)
	s := out.Shape()
	acc := make([]float64, len(dx))
	p.windows(s, grad.Shape(), func(yAt, n, h0, h1, w0, w1 int) {
		count := float64((h1 - h0) * (w1 - w0))
		for h := h0; h < h1; h++ {
			for w := w0; w < w1; w++ {
				to := acc[((n*s[1]+h)*s[2]+w)*s[3]:][:s[3]]
				for c := range to {
					to[c] += float64(dy[yAt+c]) / count
				}
			}
		}
	})
	store(dx, acc)
}

var (
	_ graph.Op = AvgPool2DOp{}
	_ graph.Op = AvgPool2DGradOp{}
)
