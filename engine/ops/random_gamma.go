package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// RandomLogGammaOp makes float32 logarithms of numbers of the gamma distribution
// with the shape parameter alpha, its second input, a float32 scalar, and scale 1.
// The logarithm keeps numbers apart that are too small for a float32. The method is
// Marsaglia and Tsang's, "A simple method for generating gamma variables", 2000:
// element i is the first of its tries that is accepted, and try k takes the words of
// Philox(key = seed, counter = 64·i + k, step, ID).
type RandomLogGammaOp struct {
	Shape  graph.Dims
	Stream Stream
}

// gammaTries is how often an element tries at most; one try fails in less than one
// of twenty cases.
const gammaTries = 64

// Infer wants the seed and the step, and alpha.
func (o RandomLogGammaOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("RandomLogGamma", in, 2); err != nil {
		return nil, err
	}
	if in[1].DType != tensor.Float32 || in[1].Shape.Size() != 1 {
		return nil, misfit("RandomLogGamma", "wants a float32 scalar as alpha, got %v", in[1])
	}
	return randomInfer("RandomLogGamma", in[:1], o.Shape)
}

// Gradient is none.
func (RandomLogGammaOp) Gradient(in, out, dout []value) []value { return make([]value, 2) }

// Eval draws element by element.
func (o RandomLogGammaOp) Eval(out, in []array) {
	alpha := in[1].Float64At(0)
	for i := range out[0].Float32s() {
		out[0].Float32s()[i] = float32(o.draw(tensor.Data[int64](in[0]), alpha, i))
	}
}

func (o RandomLogGammaOp) draw(state []int64, alpha float64, i int) float64 {
	boost := 0.0
	a := alpha
	if alpha < 1 { // gamma(alpha) is gamma(alpha+1)·u^(1/alpha)
		a++
	}
	d := a - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for try := range gammaTries {
		var u [4]float64
		for k, w := range o.Stream.Words(state, gammaTries*i+try) {
			u[k] = float64(rng.Float(w))
		}
		x := math.Sqrt(-2*math.Log(1-u[0])) * math.Cos(2*math.Pi*u[1])
		v := 1 + c*x
		if alpha < 1 {
			boost = math.Log(1-u[3]) / alpha
		}
		if v > 0 && math.Log(1-u[2]) < 0.5*x*x+d-d*v*v*v+3*d*math.Log(v) {
			return math.Log(d) + 3*math.Log(v) + boost
		}
	}
	return math.Log(d) + boost // near the middle of the distribution
}

// RandomLogGamma returns logarithms of numbers of the gamma distribution with the
// shape parameter alpha, a scalar, different at every step. Sigmoid(a - b) of two
// such values has the beta distribution, Softmax of several the Dirichlet
// distribution.
func RandomLogGamma(alpha graph.Value, shape []int, s Stream) graph.Value {
	in := rngInput(alpha.Graph())
	if tooLong(in, "RandomLogGamma", shape) || broken(alpha) {
		return in
	}
	return in.Graph().Apply(RandomLogGammaOp{graph.MakeDims(shape...), s}, in, Cast(alpha, tensor.Float32))[0]
}

var _ graph.Op = RandomLogGammaOp{}
