package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ScaleAndTranslate resizes an axis of x to n elements, of which number i lies at
// (i + ½ - translation)/scale - ½ of the axis, as keras.ops.image.scale_and_translate
// does. Elements that lie outside are 0. Interpolations are bilinear, also "", bicubic,
// without the rounding that Resize knows, lanczos3 and lanczos5.
func ScaleAndTranslate(x graph.Value, axis, n int, scale, translation float64, o ResizeOptions) graph.Value {
	const op = "ScaleAndTranslate"
	axis, ok := axisOf(x, op, axis)
	if !ok {
		return x
	}
	if o.Interpolation == "" {
		o.Interpolation = "bilinear"
	}
	kernel, _ := resizeKernel(o.Interpolation)
	if from := x.Shape()[axis]; kernel == nil || scale <= 0 || n < 1 || from < 1 {
		return reject(x, op, "axis %d of %v to length %d by %v with interpolation %q", axis, x.Shape(), n, scale, o.Interpolation)
	}
	wide := 1.0
	if o.Antialias {
		wide = max(1/scale, 1)
	}
	from := x.Shape()[axis]
	m := tensor.New(tensor.Float64, from, n)
	for i := range n {
		at := (float64(i)+0.5-translation)/scale - 0.5
		if at < -0.5 || at > float64(from)-0.5 {
			continue
		}
		weights, sum := make([]float64, from), 0.0
		for k := range weights {
			weights[k] = kernel(math.Abs(at-float64(k)) / wide)
			sum += weights[k]
		}
		for k, w := range weights {
			if math.Abs(sum) > 1e-4 { // else the element touches none
				m.Float64s()[k*n+i] = w / sum
			}
		}
	}
	return MatMulAlong(x, Const(x.Graph(), m.Cast(x.DType())), axis)
}
