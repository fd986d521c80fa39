package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// MapOptions say how MapCoordinates reads between elements and beyond the edges.
type MapOptions struct {
	Nearest   bool    // the nearest element, halves to the even place, instead of linear interpolation
	FillMode  string  // what is beyond the edges: "constant" (also ""), "nearest", "wrap", "mirror" (c b | a b c | b a) or "reflect" (b a | a b c | c b)
	FillValue float64 // with constant
}

// MapCoordinatesOp reads samples (N, d1, …, dk, C) at places (N, k, M), which count
// elements along each of the k axes: output (N, M, C).
type MapCoordinatesOp struct{ MapOptions }

// MapCoordinatesGradOp is the gradient of MapCoordinatesOp: from what arrived at the
// output, the samples and the places, the derivatives of the latter two.
type MapCoordinatesGradOp struct{ MapOptions }

// Infer wants samples and places.
func (o MapCoordinatesOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("MapCoordinates", in, 2); err != nil {
		return nil, err
	}
	if err := wantFloat("MapCoordinates", in...); err != nil {
		return nil, err
	}
	x, p := in[0].Shape, in[1].Shape
	if len(x) < 3 || len(p) != 3 || p[0] != x[0] || p[1] != len(x)-2 || x[1:len(x)-1].Size() == 0 {
		return nil, misfit("MapCoordinates", "samples %v and places %v do not fit", x, p)
	}
	switch o.FillMode {
	case "", "constant", "nearest", "wrap", "mirror", "reflect":
		return one(in[0].DType, shape{x[0], p[2], x.Last()})
	}
	return nil, misfit("MapCoordinates", "fill mode %q is none of constant, nearest, wrap, mirror, reflect", o.FillMode)
}

// Infer wants the inputs of MapCoordinatesOp after what arrived at its output.
func (o MapCoordinatesGradOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("MapCoordinatesGrad", in, 3); err != nil {
		return nil, err
	}
	y, err := MapCoordinatesOp(o).Infer(in[1:])
	if err != nil {
		return nil, err
	}
	if !y[0].Shape.Equal(in[0].Shape) || y[0].DType != in[0].DType {
		return nil, misfit("MapCoordinatesGrad", "the derivative is %v, the output %v", in[0], y[0])
	}
	return in[1:], nil
}

// Gradient is a MapCoordinatesGradOp.
func (o MapCoordinatesOp) Gradient(in, out, dout []value) []value {
	return in[0].Graph().Apply(MapCoordinatesGradOp(o), dout[0], in[0], in[1])
}

// Gradient is not implemented.
func (MapCoordinatesGradOp) Gradient(in, out, dout []value) []value {
	in[0].Graph().Errorf("the second derivative of MapCoordinates is not implemented")
	return make([]value, 3)
}

// Eval reads sample by sample.
func (o MapCoordinatesOp) Eval(out, in []array) { evalAll(o, out, in) }

// Eval computes sample by sample.
func (o MapCoordinatesGradOp) Eval(out, in []array) { evalAll(o, out, in) }

// EvalSamples reads place by place.
func (o MapCoordinatesOp) EvalSamples(out, in []array, lo, hi int) {
	for n := lo; n < hi; n++ {
		if out[0].DType() == tensor.Float32 {
			mapOne[float32](o.MapOptions, out[0], in[0], in[1], n)
		} else {
			mapOne[float64](o.MapOptions, out[0], in[0], in[1], n)
		}
	}
}

// EvalSamples adds place by place.
func (o MapCoordinatesGradOp) EvalSamples(out, in []array, lo, hi int) {
	for n := lo; n < hi; n++ {
		if out[0].DType() == tensor.Float32 {
			mapBack[float32](o.MapOptions, out, in, n)
		} else {
			mapBack[float64](o.MapOptions, out, in, n)
		}
	}
}

func mapOne[T float](o MapOptions, out, samples, places array, n int) {
	s := samples.Shape()
	dims, channels := s[1:len(s)-1], s.Last()
	size, m := dims.Size()*channels, places.Shape()[2]
	x, y := tensor.Data[T](samples)[n*size:][:size], tensor.Data[T](out)[n*m*channels:]
	p := tensor.Data[T](places)[n*len(dims)*m:]
	for i := range m {
		to := y[i*channels : (i+1)*channels]
		clear(to)
		o.corners(dims, func(axis int) float64 { return float64(p[axis*m+i]) }, func(at int, weight float64, _ []float64) {
			for c := range to {
				v := o.FillValue
				if at >= 0 {
					v = float64(x[at*channels+c])
				}
				to[c] += T(weight * v)
			}
		})
	}
}

func mapBack[T float](o MapOptions, out, in []array, n int) {
	s := in[1].Shape()
	dims, channels := s[1:len(s)-1], s.Last()
	size, m := dims.Size()*channels, in[2].Shape()[2]
	dy, x := tensor.Data[T](in[0])[n*m*channels:], tensor.Data[T](in[1])[n*size:][:size]
	p := tensor.Data[T](in[2])[n*len(dims)*m:]
	dx, dp := tensor.Data[T](out[0])[n*size:][:size], tensor.Data[T](out[1])[n*len(dims)*m:]
	clear(dx)
	for i := range m {
		for axis := range dims {
			dp[axis*m+i] = 0
		}
		o.corners(dims, func(axis int) float64 { return float64(p[axis*m+i]) }, func(at int, weight float64, slopes []float64) {
			total := 0.0
			for c := range channels {
				d, v := float64(dy[i*channels+c]), o.FillValue
				if at >= 0 {
					dx[at*channels+c] += T(weight * d)
					v = float64(x[at*channels+c])
				}
				total += d * v
			}
			for axis, slope := range slopes {
				dp[axis*m+i] += T(slope * total)
			}
		})
	}
}

// corners visits the elements that a place is read from: where they are (-1 is the
// fill value), their weights, and the derivatives of the weights along each axis.
func (o *MapOptions) corners(dims shape, place func(axis int) float64, visit func(at int, weight float64, slopes []float64)) {
	var low, part [graph.MaxRank]float64
	for a := range dims {
		p := place(a)
		if o.Nearest {
			low[a] = math.RoundToEven(p)
			continue
		}
		low[a] = math.Floor(p)
		part[a] = p - low[a]
	}
	corners := 1 << len(dims)
	if o.Nearest {
		corners = 1
	}
	var factors, slopes [graph.MaxRank]float64
	for k := range corners {
		at, weight, inside := 0, 1.0, true
		for a, n := range dims {
			up := k >> a & 1
			factors[a] = 1 - part[a]
			if up == 1 {
				factors[a] = part[a]
			}
			weight *= factors[a]
			i, ok := o.index(low[a]+float64(up), n)
			at, inside = at*n+i, inside && ok
		}
		if !inside {
			at = -1
		}
		for a := range dims {
			slope := float64(2*(k>>a&1) - 1)
			for b := range dims {
				if b != a {
					slope *= factors[b]
				}
			}
			if o.Nearest {
				slope = 0
			}
			slopes[a] = slope
		}
		visit(at, weight, slopes[:len(dims)])
	}
}

// index brings an index on an axis of n elements inside, by the fill mode; false
// stands for the fill value.
func (o *MapOptions) index(i float64, n int) (int, bool) {
	if !(math.Abs(i) < 1<<40) { // not a number, or as good as none
		return 0, false
	}
	k := int(i)
	mod := func(a, b int) int { return ((a % b) + b) % b }
	switch o.FillMode {
	case "nearest":
		return min(max(k, 0), n-1), true
	case "wrap":
		return mod(k, n), true
	case "mirror":
		if n == 1 {
			return 0, true
		}
		k = mod(k, 2*n-2)
		return min(k, 2*n-2-k), true
	case "reflect":
		k = mod(k, 2*n)
		return min(k, 2*n-1-k), true
	}
	if k < 0 || k >= n {
		return 0, false
	}
	return k, true
}

// MapCoordinates reads x at places, (rank of x, …), which count elements along each
// axis of x, as keras.ops.image.map_coordinates does. The result has the shape of
// the places without its first axis.
func MapCoordinates(x, places graph.Value, o MapOptions) graph.Value {
	if broken(x) {
		return x
	}
	p := places.Shape()
	if len(p) < 2 || p[0] != len(x.Shape()) {
		return reject(x, "MapCoordinates", "places %v of an array %v must have an entry on axis 0 for each of its axes, and more axes", p, x.Shape())
	}
	samples := Reshape(x, append(append(shape{1}, x.Shape()...), 1)...)
	y := MapCoordinatesEach(samples, Reshape(places, 1, p[0], p[1:].Size()), o)
	return Reshape(y, p[1:]...)
}

// MapCoordinatesEach reads each sample of x, (N, d1, …, dk, C), at its own places,
// (N, k, M), which count elements along the k axes. The result is (N, M, C).
func MapCoordinatesEach(x, places graph.Value, o MapOptions) graph.Value {
	return graph.Apply1(MapCoordinatesOp{o}, x, places)
}

var (
	_ Sampled = MapCoordinatesOp{}
	_ Sampled = MapCoordinatesGradOp{}
)
