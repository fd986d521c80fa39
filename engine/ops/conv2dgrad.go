package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Conv2DInputGradOp is the gradient of a Conv2DOp with respect to its images, of
// the given Shape. Its inputs are the kernels and the gradient of the output; it
// is also a transposed convolution.
type Conv2DInputGradOp struct {
	Conv  Conv2DOp
	Shape graph.Dims
}

// Conv2DFilterGradOp is the gradient of a Conv2DOp with respect to its kernels,
// of the given Shape. Its inputs are the images and the gradient of the output.
type Conv2DFilterGradOp struct {
	Conv  Conv2DOp
	Shape graph.Dims
}

// Infer wants what the convolution would have had.
func (o Conv2DInputGradOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Conv2DInputGrad", in, 2); err != nil {
		return nil, err
	}
	x := shape(o.Shape.List())
	if err := o.Conv.checkGrad("Conv2DInputGrad", in, x, in[0].Shape); err != nil {
		return nil, err
	}
	return one(in[0].DType, x)
}

// Infer wants what the convolution would have had.
func (o Conv2DFilterGradOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Conv2DFilterGrad", in, 2); err != nil {
		return nil, err
	}
	w := shape(o.Shape.List())
	if err := o.Conv.checkGrad("Conv2DFilterGrad", in, in[0].Shape, w); err != nil {
		return nil, err
	}
	return one(in[0].DType, w)
}

func (o Conv2DOp) checkGrad(op string, in []spec, x, w shape) error {
	if err := wantFloat(op, in...); err != nil {
		return err
	}
	if err := o.check(op, x, w); err != nil {
		return err
	}
	if y := o.out(x, w); !y.Equal(in[1].Shape) {
		return misfit(op, "images %v and kernels %v give %v, not %v", x, w, y, in[1].Shape)
	}
	return nil
}

// Gradient: the op is linear in both inputs.
func (o Conv2DInputGradOp) Gradient(in, out, dout []value) []value {
	w, dy, ddx := in[0], in[1], dout[0]
	return []value{
		graph.Apply1(Conv2DFilterGradOp{o.Conv, graph.MakeDims(w.Shape()...)}, ddx, dy),
		graph.Apply1(o.Conv, ddx, w),
	}
}

// Gradient: the op is linear in both inputs.
func (o Conv2DFilterGradOp) Gradient(in, out, dout []value) []value {
	x, dy, ddw := in[0], in[1], dout[0]
	return []value{
		graph.Apply1(Conv2DInputGradOp{o.Conv, graph.MakeDims(x.Shape()...)}, ddw, dy),
		graph.Apply1(o.Conv, x, ddw),
	}
}

// Eval spreads every output pixel over the image pixels it was made of.
func (o Conv2DInputGradOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		conv2DInputGrad[float32](o.Conv, out[0], in[0], in[1])
	} else {
		conv2DInputGrad[float64](o.Conv, out[0], in[0], in[1])
	}
}

func conv2DInputGrad[T float](o Conv2DOp, out, kernels, grad array) {
	w, dy, dx := tensor.Data[T](kernels), tensor.Data[T](grad), tensor.Data[T](out)
	s := kernels.Shape()
	cin, cout := s[2], s[3]/o.Groups // channels of a group
	acc := make([]float64, len(dx))
	o.taps(out.Shape(), s, grad.Shape(), func(xAt, wAt, yAt int) {
		for g := range o.Groups {
			from := dy[yAt+g*cout:][:cout]
			for c := range cin {
				row := w[wAt+c*s[3]+g*cout:][:cout]
				sum := 0.0
				for k, u := range row {
					sum += float64(from[k]) * float64(u)
				}
				acc[xAt+g*cin+c] += sum
			}
		}
	}, nil)
	store(dx, acc)
}

// Eval sums the products of image and output pixels that meet in a kernel cell.
func (o Conv2DFilterGradOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		conv2DFilterGrad[float32](o.Conv, out[0], in[0], in[1])
	} else {
		conv2DFilterGrad[float64](o.Conv, out[0], in[0], in[1])
	}
}

func conv2DFilterGrad[T float](o Conv2DOp, out, images, grad array) {
	x, dy, dw := tensor.Data[T](images), tensor.Data[T](grad), tensor.Data[T](out)
	s := out.Shape()
	cin, cout := s[2], s[3]/o.Groups // channels of a group
	acc := make([]float64, len(dw))
	o.taps(images.Shape(), s, grad.Shape(), func(xAt, wAt, yAt int) {
		for g := range o.Groups {
			from := dy[yAt+g*cout:][:cout]
			for c := range cin {
				v := float64(x[xAt+g*cin+c])
				row := acc[wAt+c*s[3]+g*cout:][:cout]
				for k, u := range from {
					row[k] += v * float64(u)
				}
			}
		}
	}, nil)
	store(dw, acc)
}

var (
	_ graph.Op = Conv2DInputGradOp{}
	_ graph.Op = Conv2DFilterGradOp{}
)
