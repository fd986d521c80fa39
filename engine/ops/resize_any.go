package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Interpolations are the ways to resize that Resize knows.
var Interpolations = []string{"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"}

// ResizeOptions say how Resize makes pixels of pixels.
type ResizeOptions struct {
	Interpolation string // one of Interpolations; "" is bilinear
	Antialias     bool   // widen the kernel when the image shrinks; nearest and area take no notice
}

// Resize resizes images (N, h, w, C) to (N, H, W, C) as TensorFlow's image.resize
// does. Pixels are areas: output pixel i has its centre at (i+½)·h/H of the input.
//
//   - nearest takes the pixel that the centre lies in,
//   - bilinear weighs pixels by 1 - |distance|,
//   - bicubic by Keys's kernel with a = -½ over four pixels; without Antialias the
//     distance is rounded to 1/1024, as TensorFlow's table has it,
//   - lanczos3 and lanczos5 by the windowed sinc of that radius,
//   - area by how much of a pixel the output pixel covers.
//
// Pixels outside weigh nothing; the weights of the others are scaled to the sum 1.
func Resize(x graph.Value, h, w int, o ResizeOptions) graph.Value {
	if broken(x) {
		return x
	}
	s := x.Shape()
	if len(s) != 4 || s[1] < 1 || s[2] < 1 || h < 1 || w < 1 {
		return reject(x, "Resize", "cannot resize %v, wanted as (N, H, W, C), to %v", s, shape{h, w})
	}
	if h == s[1] && w == s[2] {
		return x
	}
	if o.Interpolation == "" {
		o.Interpolation = "bilinear"
	}
	if o.Interpolation == "bilinear" && !o.Antialias {
		return ResizeBilinear(x, h, w)
	}
	for axis, n := range map[int]int{1: h, 2: w} {
		if resizeWeights(s[axis], n, o) == nil {
			return reject(x, "Resize", "interpolation %q is none of %v", o.Interpolation, Interpolations)
		}
	}
	// Along a row first: (N, h, w, C) → (N, h, C, w)·(w, W) → (N, W, C, h)·(h, H).
	x = Transpose(x, 0, 1, 3, 2)
	x = MatMulAlong(x, Const(x.Graph(), resizeWeights(s[2], w, o).Cast(x.DType())), 3)
	x = Transpose(x, 0, 3, 2, 1)
	x = MatMulAlong(x, Const(x.Graph(), resizeWeights(s[1], h, o).Cast(x.DType())), 3)
	return Transpose(x, 0, 3, 1, 2)
}

// resizeWeights returns the matrix (from, to) that resizes an axis: column i holds
// the weights of the pixels that output pixel i is made of; nil for an unknown
// interpolation.
func resizeWeights(from, to int, o ResizeOptions) *tensor.Tensor {
	m := tensor.New(tensor.Float64, from, to)
	column := columnOf(o, float64(from)/float64(to), from)
	if column == nil {
		return nil
	}
	for i := range to {
		lo, weights := column(i)
		sum := 0.0
		for _, w := range weights {
			sum += w
		}
		for k, w := range weights {
			m.Float64s()[(lo+k)*to+i] = w / sum
		}
	}
	return m
}

// columnOf returns a function from an output pixel to its first input pixel and
// the weights of that one and the ones after it. Scale is input pixels for each
// output pixel, n the number of input pixels.
func columnOf(o ResizeOptions, scale float64, n int) func(i int) (int, []float64) {
	centre := func(i int) float64 { return (float64(i) + 0.5) * scale }
	switch o.Interpolation {
	case "nearest":
		return func(i int) (int, []float64) {
			return min(int(math.Floor((float64(i)+0.5)*scale)), n-1), []float64{1}
		}
	case "area":
		return func(i int) (int, []float64) {
			lo, hi := float64(i)*scale, float64(i+1)*scale
			first, last := int(math.Floor(lo+1e-9)), min(int(math.Ceil(hi-1e-9)), n)
			return first, weighed(first, last, func(k float64) float64 { return min(hi, k+1) - max(lo, k) })
		}
	case "bicubic":
		if !o.Antialias {
			return func(i int) (int, []float64) {
				at := centre(i) - 0.5
				floor := math.Floor(at)
				at = floor + math.RoundToEven((at-floor)*1024)/1024
				return kernelAt(at+0.5, 2, 1, n, keysCubic)
			}
		}
	}
	kernel, radius := resizeKernel(o.Interpolation)
	if kernel == nil {
		return nil
	}
	wide := 1.0
	if o.Antialias {
		wide = max(scale, 1)
	}
	return func(i int) (int, []float64) { return kernelAt(centre(i), radius, wide, n, kernel) }
}

// kernelAt weighs the pixels around a place by a kernel of some radius, wide times
// as wide.
func kernelAt(at, radius, wide float64, n int, kernel func(x float64) float64) (int, []float64) {
	first := min(max(int(math.Ceil(at-radius*wide-0.5)), 0), n-1)
	last := min(max(int(math.Floor(at+radius*wide-0.5)), 0), n-1)
	return first, weighed(first, last+1, func(k float64) float64 { return kernel(math.Abs(k+0.5-at) / wide) })
}

func weighed(first, end int, weight func(k float64) float64) []float64 {
	list := make([]float64, end-first)
	for i := range list {
		list[i] = weight(float64(first + i))
	}
	return list
}

// resizeKernel returns a kernel as a function of the distance, and its radius.
func resizeKernel(interpolation string) (kernel func(x float64) float64, radius float64) {
	switch interpolation {
	case "bilinear":
		return func(x float64) float64 { return max(0, 1-x) }, 1
	case "bicubic":
		return keysCubic, 2
	case "lanczos3":
		return func(x float64) float64 { return lanczos(x, 3) }, 3
	case "lanczos5":
		return func(x float64) float64 { return lanczos(x, 5) }, 5
	}
	return nil, 0
}

// keysCubic is the kernel of R. Keys, "Cubic convolution interpolation for digital
// image processing", 1981, with a = -½.
func keysCubic(x float64) float64 {
	switch {
	case x < 1:
		return (1.5*x-2.5)*x*x + 1
	case x < 2:
		return ((-0.5*x+2.5)*x-4)*x + 2
	}
	return 0
}

// lanczos is sinc(x)·sinc(x/radius).
func lanczos(x, radius float64) float64 {
	switch {
	case x > radius:
		return 0
	case x <= 1e-3:
		return 1
	}
	return radius * math.Sin(math.Pi*x) * math.Sin(math.Pi*x/radius) / (math.Pi * math.Pi * x * x)
}
