package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// AffineOptions say how AffineTransform reads between pixels and beyond the edges.
type AffineOptions struct {
	Interpolation string  // "bilinear" (also "") or "nearest"
	FillMode      string  // what is beyond the edges: "constant" (also ""), "nearest", "reflect" (d c b a | a b c d | d c b a) or "wrap"
	FillValue     float64 // with constant
}

// AffineTransformOp moves the pixels of images (N, H, W, C) by transforms (N, 8):
// the output at column x and row y is the input at
//
//	((a0·x + a1·y + a2)/k, (b0·x + b1·y + b2)/k),  k = c0·x + c1·y + 1
//
// for a transform (a0, a1, a2, b0, b1, b2, c0, c1), as TensorFlow's
// ImageProjectiveTransformV3 computes it: places are float32; where k is 0, the
// output is FillValue.
type AffineTransformOp struct{ AffineOptions }

// AffineTransformGradOp is the derivative of AffineTransformOp with respect to the
// images: it takes what arrived at the outputs back to where they were read from.
type AffineTransformGradOp struct{ AffineOptions }

// Infer wants images and a transform for each.
func (o AffineTransformOp) Infer(in []spec) ([]spec, error) {
	return o.infer("AffineTransform", in)
}

// Infer wants images and a transform for each.
func (o AffineTransformGradOp) Infer(in []spec) ([]spec, error) {
	return o.infer("AffineTransformGrad", in)
}

func (o AffineOptions) infer(op string, in []spec) ([]spec, error) {
	if err := wantInputs(op, in, 2); err != nil {
		return nil, err
	}
	if err := wantFloat(op, in...); err != nil {
		return nil, err
	}
	x, t := in[0].Shape, in[1].Shape
	if len(x) != 4 || !t.Equal(shape{x[0], 8}) {
		return nil, misfit(op, "wants images (N, H, W, C) and transforms (N, 8), got %v and %v", x, t)
	}
	if o.Interpolation != "" && o.Interpolation != "bilinear" && o.Interpolation != "nearest" {
		return nil, misfit(op, "interpolation %q is neither bilinear nor nearest", o.Interpolation)
	}
	switch o.FillMode {
	case "", "constant", "nearest", "reflect", "wrap":
		return one(in[0].DType, x)
	}
	return nil, misfit(op, "fill mode %q is none of constant, nearest, reflect, wrap", o.FillMode)
}

// Gradient is that of the images: the transforms have none, as in TensorFlow.
func (o AffineTransformOp) Gradient(in, out, dout []value) []value {
	return []value{graph.Apply1(AffineTransformGradOp(o), dout[0], in[1]), {}}
}

// Gradient: the op is linear, with 0 in the place of the fill value.
func (o AffineTransformGradOp) Gradient(in, out, dout []value) []value {
	o.FillValue = 0
	return []value{graph.Apply1(AffineTransformOp(o), dout[0], in[1]), {}}
}

// Eval computes image by image.
func (o AffineTransformOp) Eval(out, in []array) { evalAll(o, out, in) }

// Eval computes image by image.
func (o AffineTransformGradOp) Eval(out, in []array) { evalAll(o, out, in) }

// EvalSamples reads pixel by pixel.
func (o AffineTransformOp) EvalSamples(out, in []array, lo, hi int) {
	for n := lo; n < hi; n++ {
		if out[0].DType() == tensor.Float32 {
			affine[float32](o.AffineOptions, out[0], in[0], in[1], n)
		} else {
			affine[float64](o.AffineOptions, out[0], in[0], in[1], n)
		}
	}
}

// EvalSamples adds pixel by pixel.
func (o AffineTransformGradOp) EvalSamples(out, in []array, lo, hi int) {
	for n := lo; n < hi; n++ {
		if out[0].DType() == tensor.Float32 {
			affineBack[float32](o.AffineOptions, out[0], in[0], in[1], n)
		} else {
			affineBack[float64](o.AffineOptions, out[0], in[0], in[1], n)
		}
	}
}

func affine[T float](o AffineOptions, out, images, transforms array, n int) {
	s := images.Shape()
	size, channels := s[1:].Size(), s[3]
	x, y := tensor.Data[T](images)[n*size:][:size], tensor.Data[T](out)[n*size:][:size]
	t := transformOf(transforms, n)
	var taps [4]pixelTap
	for i := range s[1] * s[2] {
		to := y[i*channels : (i+1)*channels]
		list := o.taps(taps[:0], &t, i%s[2], i/s[2], s[1], s[2])
		for c := range to {
			sum := 0.0
			for _, p := range list {
				v := o.FillValue
				if p.at >= 0 {
					v = float64(x[p.at*channels+c])
				}
				sum += p.weight * v
			}
			to[c] = T(sum)
		}
	}
}

func affineBack[T float](o AffineOptions, out, dout, transforms array, n int) {
	s := dout.Shape()
	size, channels := s[1:].Size(), s[3]
	dy, dx := tensor.Data[T](dout)[n*size:][:size], tensor.Data[T](out)[n*size:][:size]
	t := transformOf(transforms, n)
	clear(dx)
	var taps [4]pixelTap
	for i := range s[1] * s[2] {
		from := dy[i*channels : (i+1)*channels]
		for _, p := range o.taps(taps[:0], &t, i%s[2], i/s[2], s[1], s[2]) {
			if p.at >= 0 {
				for c, d := range from {
					dx[p.at*channels+c] += T(p.weight * float64(d))
				}
			}
		}
	}
}

// transformOf returns transform n.
func transformOf(transforms array, n int) (t [8]float32) {
	for i := range t {
		t[i] = float32(transforms.Float64At(n*8 + i))
	}
	return t
}

// pixelTap is a pixel that is read, with its weight; place -1 is the fill value.
type pixelTap struct {
	at     int
	weight float64
}

// taps appends what the output at column x and row y is made of, in an image of
// h by w.
func (o *AffineOptions) taps(list []pixelTap, t *[8]float32, x, y, h, w int) []pixelTap {
	fx, fy := float32(x), float32(y)
	k := t[6]*fx + t[7]*fy + 1
	if k == 0 {
		return append(list, pixelTap{-1, 1})
	}
	col := o.inside((t[0]*fx+t[1]*fy+t[2])/k, w)
	row := o.inside((t[3]*fx+t[4]*fy+t[5])/k, h)
	place := func(r, c float64) int {
		if !(r >= 0 && r < float64(h) && c >= 0 && c < float64(w)) {
			return -1
		}
		return int(r)*w + int(c)
	}
	if o.Interpolation == "nearest" {
		return append(list, pixelTap{place(math.Round(float64(row)), math.Round(float64(col))), 1})
	}
	r, c := math.Floor(float64(row)), math.Floor(float64(col))
	down, right := float64(row)-r, float64(col)-c
	return append(list,
		pixelTap{place(r, c), (1 - down) * (1 - right)},
		pixelTap{place(r, c+1), (1 - down) * right},
		pixelTap{place(r+1, c), down * (1 - right)},
		pixelTap{place(r+1, c+1), down * right})
}

// inside brings a place on an axis of n pixels to where it is read, by the fill
// mode.
func (o *AffineOptions) inside(at float32, n int) float32 {
	last := float32(n - 1)
	switch {
	case !(at > -1e9 && at < 1e9): // so far away, or not a number, that nothing is right
		if o.FillMode == "" || o.FillMode == "constant" {
			return -2
		}
		return 0
	case o.FillMode == "reflect":
		if n > 1 && at < 0 {
			period := 2 * n
			if at < float32(period) {
				at += float32(period * int(-at/float32(period)))
			}
			if at < float32(-n) {
				at += float32(period)
			} else {
				at = -at - 1
			}
		} else if n > 1 && at > last {
			period := 2 * n
			at -= float32(period * int(at/float32(period)))
			if at >= float32(n) {
				at = float32(period) - at - 1
			}
		}
	case o.FillMode == "wrap":
		if n > 1 && at < 0 {
			at += float32(n * (int(-at/last) + 1))
		} else if n > 1 && at > last {
			at -= float32(n * int(at/last))
		}
	case o.FillMode != "nearest":
		return at
	}
	return min(max(at, 0), last)
}

// AffineTransform moves the pixels of images (N, H, W, C) by transforms (N, 8); see
// AffineTransformOp for the formula. keras.ops.image.affine_transform takes the
// same eight numbers.
func AffineTransform(images, transforms graph.Value, o AffineOptions) graph.Value {
	return graph.Apply1(AffineTransformOp{o}, images, transforms)
}

var (
	_ Sampled = AffineTransformOp{}
	_ Sampled = AffineTransformGradOp{}
)
