package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ResizeBilinearOp resizes images (N, h, w, C) to (N, H, W, C). Pixels are areas:
// output pixel i has its centre at (i+½)·h/H of the input, and mixes the two
// nearest input centres on each axis; beyond the outermost ones they repeat.
type ResizeBilinearOp struct{ H, W int }

// ResizeBilinearGradOp is the gradient of a resize whose images were H by W.
type ResizeBilinearGradOp struct{ H, W int }

// Infer wants images with at least one pixel.
func (o ResizeBilinearOp) Infer(in []spec) ([]spec, error) {
	return resizeInfer("ResizeBilinear", in, o.H, o.W)
}

// Infer wants images with at least one pixel.
func (o ResizeBilinearGradOp) Infer(in []spec) ([]spec, error) {
	return resizeInfer("ResizeBilinearGrad", in, o.H, o.W)
}

func resizeInfer(op string, in []spec, h, w int) ([]spec, error) {
	if err := wantInputs(op, in, 1); err != nil {
		return nil, err
	}
	if err := wantFloat(op, in...); err != nil {
		return nil, err
	}
	x := in[0].Shape
	if len(x) != 4 || x[1] < 1 || x[2] < 1 || h < 1 || w < 1 {
		return nil, misfit(op, "cannot resize %v, wanted as (N, H, W, C), to %v", x, shape{h, w})
	}
	return one(in[0].DType, shape{x[0], h, w, x[3]})
}

// Gradient is a ResizeBilinearGradOp.
func (o ResizeBilinearOp) Gradient(in, out, dout []value) []value {
	s := in[0].Shape()
	return []value{graph.Apply1(ResizeBilinearGradOp{s[1], s[2]}, dout[0])}
}

// Gradient: the op is linear.
func (o ResizeBilinearGradOp) Gradient(in, out, dout []value) []value {
	s := in[0].Shape()
	return []value{graph.Apply1(ResizeBilinearOp{s[1], s[2]}, dout[0])}
}

// mix is what an output pixel takes on one axis: lo·(1-t) + hi·t.
type mix struct {
	lo, hi int
	t      float64
}

func mixes(from, to int) []mix {
	list := make([]mix, to)
	for i := range list {
		at := (float64(i)+0.5)*float64(from)/float64(to) - 0.5
		lo := math.Floor(at)
		list[i] = mix{max(int(lo), 0), min(int(lo)+1, from-1), at - lo}
	}
	return list
}

// corners visits every pixel of the large shape with the four pixels of the small
// one that it mixes and their weights.
func corners(x, y shape, visit func(xAt, yAt int, weight float64)) {
	rows, cols := mixes(x[1], y[1]), mixes(x[2], y[2])
	for n := range y[0] {
		for i, r := range rows {
			for j, c := range cols {
				yAt := ((n*y[1]+i)*y[2] + j) * y[3]
				for k := range 4 {
					h, w, weight := r.lo, c.lo, (1-r.t)*(1-c.t)
					switch k {
					case 1:
						w, weight = c.hi, (1-r.t)*c.t
					case 2:
						h, weight = r.hi, r.t*(1-c.t)
					case 3:
						h, w, weight = r.hi, c.hi, r.t*c.t
					}
					visit(((n*x[1]+h)*x[2]+w)*x[3], yAt, weight)
				}
			}
		}
	}
}

// Eval mixes pixel by pixel.
func (o ResizeBilinearOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		resize[float32](out[0], in[0], false)
	} else {
		resize[float64](out[0], in[0], false)
	}
}

// Eval spreads each pixel over those it was mixed from.
func (o ResizeBilinearGradOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		resize[float32](out[0], in[0], true)
	} else {
		resize[float64](out[0], in[0], true)
	}
}

func resize[T float](out, in array, backwards bool) {
	x, y := tensor.Data[T](in), tensor.Data[T](out)
	acc := make([]float64, len(y))
	channels := in.Shape()[3]
	add := func(from, to int, weight float64) {
		for c := range channels {
			acc[to+c] += weight * float64(x[from+c])
		}
	}
	if backwards {
		corners(out.Shape(), in.Shape(), func(xAt, yAt int, weight float64) { add(yAt, xAt, weight) })
	} else {
		corners(in.Shape(), out.Shape(), add)
	}
	store(y, acc)
}

// ResizeBilinear resizes images (N, h, w, C) to (N, H, W, C) by linear
// interpolation between pixel centres.
func ResizeBilinear(x graph.Value, h, w int) graph.Value {
	return graph.Apply1(ResizeBilinearOp{h, w}, x)
}

var (
	_ graph.Op = ResizeBilinearOp{}
	_ graph.Op = ResizeBilinearGradOp{}
)
