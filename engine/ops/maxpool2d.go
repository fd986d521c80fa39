package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// MaxPool2DOp takes the largest element of each window; outside the image there
// is nothing. NaN wins, so that a broken activation shows (TensorFlow on the CPU
// drops it).
type MaxPool2DOp struct{ Pool2D }

// MaxPool2DGradOp is the gradient of a MaxPool2DOp. Its inputs are the images,
// the pooled images and their gradient. Of equal elements the first, row by row,
// gets it.
type MaxPool2DGradOp struct{ Pool2D }

// Infer wants images that at least one window fits into.
func (o MaxPool2DOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("MaxPool2D", in, 1); err != nil {
		return nil, err
	}
	return o.infer("MaxPool2D", in[0])
}

// Infer wants what the pooling had.
func (o MaxPool2DGradOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("MaxPool2DGrad", in, 3); err != nil {
		return nil, err
	}
	y, err := o.infer("MaxPool2DGrad", in[0])
	if err != nil {
		return nil, err
	}
	for _, s := range in[1:] {
		if s.DType != y[0].DType || !s.Shape.Equal(y[0].Shape) {
			return nil, misfit("MaxPool2DGrad", "images %v give %v, not %v", in[0].Shape, y[0], s)
		}
	}
	return one(in[0].DType, in[0].Shape)
}

// Gradient is a MaxPool2DGradOp.
func (o MaxPool2DOp) Gradient(in, out, dout []value) []value {
	return []value{graph.Apply1(MaxPool2DGradOp(o), in[0], out[0], dout[0])}
}

// Gradient is not implemented: it records an error.
func (o MaxPool2DGradOp) Gradient(in, out, dout []value) []value { return noSecond("MaxPool2D", in) }

// Eval compares window by window.
func (o MaxPool2DOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		maxPool[float32](o.Pool2D, out[0], in[0])
	} else {
		maxPool[float64](o.Pool2D, out[0], in[0])
	}
}

func maxPool[T float](p Pool2D, out, in array) {
	x, y := tensor.Data[T](in), tensor.Data[T](out)
	winners(p, x, in.Shape(), out.Shape(), func(xAt, yAt int) { y[yAt] = x[xAt] })
}

// winners visits every output element with the first largest input element of
// its window.
func winners[T float](p Pool2D, x []T, s, out shape, visit func(xAt, yAt int)) {
	p.windows(s, out, func(yAt, n, h0, h1, w0, w1 int) {
		for c := range s[3] {
			best := ((n*s[1]+h0)*s[2]+w0)*s[3] + c
			for h := h0; h < h1; h++ {
				for w := w0; w < w1; w++ {
					at := ((n*s[1]+h)*s[2]+w)*s[3] + c
					if x[at] > x[best] || x[at] != x[at] && x[best] == x[best] {
						best = at
					}
				}
			}
			visit(best, yAt+c)
		}
	})
}

// Eval finds each window's winner again and adds the gradient there.
func (o MaxPool2DGradOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		maxPoolGrad[float32](o.Pool2D, out[0], in[0], in[2])
	} else {
		maxPoolGrad[float64](o.Pool2D, out[0], in[0], in[2])
	}
}

func maxPoolGrad[T float](p Pool2D, out, in, grad array) {
	x, dy, dx := tensor.Data[T](in), tensor.Data[T](grad), tensor.Data[T](out)
	acc := make([]float64, len(dx))
	winners(p, x, in.Shape(), grad.Shape(), func(xAt, yAt int) { acc[xAt] += float64(dy[yAt]) })
	store(dx, acc)
}

var (
	_ graph.Op = MaxPool2DOp{}
	_ graph.Op = MaxPool2DGradOp{}
)
