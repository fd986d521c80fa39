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
	r := readerOf(o, transforms, n, s)
	var list [4]pixelTap
	to := 0
	for row := range s[1] {
		for col := range s[2] {
			taps := list[:r.taps(&list, col, row)]
			if len(taps) == 4 && list[0].at >= 0 && list[3].at >= 0 { // all four are inside
				a, b := x[list[0].at*channels:][:2*channels], x[list[2].at*channels:][:2*channels]
				for c := range channels {
					y[to] = T(list[0].weight*float64(a[c]) + list[1].weight*float64(a[channels+c]) +
						list[2].weight*float64(b[c]) + list[3].weight*float64(b[channels+c]))
					to++
				}
				continue
			}
			for c := range channels {
				sum := 0.0
				for k := range taps {
					if p := &taps[k]; p.at >= 0 {
						sum += p.weight * float64(x[p.at*channels+c])
					} else {
						sum += p.weight * o.FillValue
					}
				}
				y[to] = T(sum)
				to++
			}
		}
	}
}

func affineBack[T float](o AffineOptions, out, dout, transforms array, n int) {
	s := dout.Shape()
	size, channels := s[1:].Size(), s[3]
	dy, dx := tensor.Data[T](dout)[n*size:][:size], tensor.Data[T](out)[n*size:][:size]
	r := readerOf(o, transforms, n, s)
	clear(dx)
	var list [4]pixelTap
	for i := range s[1] * s[2] {
		from := dy[i*channels : (i+1)*channels]
		for _, p := range list[:r.taps(&list, i%s[2], i/s[2])] {
			if p.at >= 0 {
				for c, d := range from {
					dx[p.at*channels+c] += T(p.weight * float64(d))
				}
			}
		}
	}
}

// pixelTap is a pixel that is read, with its weight; place -1 is the fill value.
type pixelTap struct {
	at     int
	weight float64
}

// pixelReader finds the pixels of an image of h by w that a transform reads.
type pixelReader struct {
	t       [8]float32
	h, w    int
	nearest bool
	edge    edge
}

// edge is a fill mode.
type edge uint8

const (
	edgeConstant edge = iota
	edgeNearest
	edgeReflect
	edgeWrap
)

// readerOf returns the reader of image n, whose shape is (N, H, W, C).
func readerOf(o AffineOptions, transforms array, n int, s shape) pixelReader {
	modes := map[string]edge{"nearest": edgeNearest, "reflect": edgeReflect, "wrap": edgeWrap}
	r := pixelReader{h: s[1], w: s[2], nearest: o.Interpolation == "nearest", edge: modes[o.FillMode]}
	for i := range r.t {
		r.t[i] = float32(transforms.Float64At(n*8 + i))
	}
	return r
}

// taps finds what the output at column x and row y is made of, and returns how many
// pixels these are.
func (r *pixelReader) taps(list *[4]pixelTap, x, y int) int {
	t := &r.t
	fx, fy := float32(x), float32(y)
	col, row := t[0]*fx+t[1]*fy+t[2], t[3]*fx+t[4]*fy+t[5]
	if t[6] != 0 || t[7] != 0 {
		k := t[6]*fx + t[7]*fy + 1
		if k == 0 {
			list[0] = pixelTap{-1, 1}
			return 1
		}
		col, row = col/k, row/k
	}
	col, row = r.edge.inside(col, r.w), r.edge.inside(row, r.h)
	if r.nearest {
		list[0] = pixelTap{r.place(int(math.Round(float64(row))), int(math.Round(float64(col)))), 1}
		return 1
	}
	top, left := int(row+1)-1, int(col+1)-1 // rounded down: row and col are at least -1
	down, right := float64(row)-float64(top), float64(col)-float64(left)
	list[0] = pixelTap{r.place(top, left), (1 - down) * (1 - right)}
	list[1] = pixelTap{r.place(top, left+1), (1 - down) * right}
	list[2] = pixelTap{r.place(top+1, left), down * (1 - right)}
	list[3] = pixelTap{r.place(top+1, left+1), down * right}
	return 4
}

// place returns the number of the pixel at a row and a column, or -1 outside.
func (r *pixelReader) place(row, col int) int {
	if uint(row) >= uint(r.h) || uint(col) >= uint(r.w) {
		return -1
	}
	return row*r.w + col
}

// inside brings a place on an axis of n pixels to where it is read. Constant has only
// the value -1 for what is so far before the first pixel that none is seen.
func (e edge) inside(at float32, n int) float32 {
	last := float32(n - 1)
	if at >= 0 && at <= last {
		return at
	}
	switch {
	case e == edgeConstant:
		if at > -1 && at < float32(n) {
			return at
		}
		return -1 // as good as any place where only the fill value is read
	case !(at > -1e9 && at < 1e9): // so far away, or not a number, that nothing is right
		return 0
	case n == 1 || e == edgeNearest:
	case e == edgeReflect:
		period := 2 * n
		if at < 0 {
			if at < float32(period) {
				at += float32(period * int(-at/float32(period)))
			}
			if at < float32(-n) {
				at += float32(period)
			} else {
				at = -at - 1
			}
		} else {
			at -= float32(period * int(at/float32(period)))
			if at >= float32(n) {
				at = float32(period) - at - 1
			}
		}
	case at < 0:
		at += float32(n * (int(-at/last) + 1))
	default:
		at -= float32(n * int(at/last))
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
