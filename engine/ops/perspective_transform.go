package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// HomographyOp finds, from four points (N, 4, 2) as (x, y) and where they go, the
// transforms (N, 8) with which AffineTransform moves them there. It solves the
// eight equations of each pair of quadrangles; points in one line have no solution
// and give NaN or numbers without meaning.
type HomographyOp struct{}

// Infer wants two lists of four points of one shape.
func (HomographyOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Homography", in, 2); err != nil {
		return nil, err
	}
	if err := wantFloat("Homography", in...); err != nil {
		return nil, err
	}
	s := in[0].Shape
	if len(s) != 3 || s[1] != 4 || s[2] != 2 || !in[1].Shape.Equal(s) {
		return nil, misfit("Homography", "wants points (N, 4, 2) twice, got %v and %v", s, in[1].Shape)
	}
	return one(in[0].DType, shape{s[0], 8})
}

// Gradient is none.
func (HomographyOp) Gradient(in, out, dout []value) []value { return make([]value, 2) }

// Eval solves by elimination.
func (o HomographyOp) Eval(out, in []array) { evalAll(o, out, in) }

// EvalSamples solves by elimination.
func (HomographyOp) EvalSamples(out, in []array, lo, hi int) {
	for n := lo; n < hi; n++ {
		var a [8][9]float64 // the equations and their right sides
		for i := range 4 {
			at := (n*4 + i) * 2
			sx, sy := in[0].Float64At(at), in[0].Float64At(at+1)
			ex, ey := in[1].Float64At(at), in[1].Float64At(at+1)
			a[2*i] = [9]float64{ex, ey, 1, 0, 0, 0, -sx * ex, -sx * ey, sx}
			a[2*i+1] = [9]float64{0, 0, 0, ex, ey, 1, -sy * ex, -sy * ey, sy}
		}
		for i, v := range solve(a) {
			out[0].SetFloat64At(n*8+i, v)
		}
	}
}

// solve returns the solution of eight linear equations, by Gauss's elimination with
// the largest pivot of each column.
func solve(a [8][9]float64) (x [8]float64) {
	const n = 8
	for i := range n {
		best := i
		for r := i + 1; r < n; r++ {
			if math.Abs(a[r][i]) > math.Abs(a[best][i]) {
				best = r
			}
		}
		a[i], a[best] = a[best], a[i]
		for r := i + 1; r < n; r++ {
			f := a[r][i] / a[i][i]
			for c := i; c <= n; c++ {
				a[r][c] -= f * a[i][c]
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		x[i] = a[i][n]
		for c := i + 1; c < n; c++ {
			x[i] -= a[i][c] * x[c]
		}
		x[i] /= a[i][i]
	}
	return x
}

// PerspectiveTransform moves four points of each image (N, H, W, C), start, to other
// places, end, both (N, 4, 2) as (x, y), and the other pixels with them, as
// keras.ops.image.perspective_transform does. Beyond the edges is FillValue.
func PerspectiveTransform(images, start, end graph.Value, o AffineOptions) graph.Value {
	o.FillMode = "constant"
	t := graph.Apply1(HomographyOp{}, start, end)
	if !broken(t) && t.DType() != images.DType() {
		t = Cast(t, images.DType())
	}
	return AffineTransform(images, t, o)
}

var _ Sampled = HomographyOp{}
