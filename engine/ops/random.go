package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// RNGInput is the name of the graph input that random ops read: int64 (2,), the
// seed and the number of the step.
const RNGInput = "rng"

// Stream addresses a sequence of random numbers: ID tells call sites apart. With
// Fixed, Seed replaces the seed of the run.
type Stream struct {
	ID, Seed uint64
	Fixed    bool
}

// RandomUniformOp makes float32 numbers in [0, 1). Element i of the flat result
// is word i%4 of Philox(key = seed, counter = i/4, step, ID), as rng.Float.
type RandomUniformOp struct {
	Shape  graph.Dims
	Stream Stream
}

// RandomNormalOp makes float32 numbers of the standard normal distribution, by
// Box and Muller's formula on the numbers u, v that RandomUniformOp has at the
// same place and its neighbour: an even element is r·cos(2πv) and the odd one
// after it r·sin(2πv), with r = sqrt(-2·log(1-u)).
type RandomNormalOp struct {
	Shape  graph.Dims
	Stream Stream
}

// Infer wants the seed and the step.
func (o RandomUniformOp) Infer(in []spec) ([]spec, error) {
	return randomInfer("RandomUniform", in, o.Shape)
}

// Infer wants the seed and the step.
func (o RandomNormalOp) Infer(in []spec) ([]spec, error) {
	return randomInfer("RandomNormal", in, o.Shape)
}

func randomInfer(op string, in []spec, s graph.Dims) ([]spec, error) {
	if err := wantInputs(op, in, 1); err != nil {
		return nil, err
	}
	if in[0].DType != tensor.Int64 || !in[0].Shape.Equal(shape{2}) {
		return nil, misfit(op, "wants the seed and the step, int64 (2,), got %v", in[0])
	}
	for _, d := range s.List() {
		if d < 0 {
			return nil, misfit(op, "negative length in %v", s.List())
		}
	}
	return one(tensor.Float32, s.List())
}

// Gradient is none.
func (RandomUniformOp) Gradient(in, out, dout []value) []value { return make([]value, 1) }

// Gradient is none.
func (RandomNormalOp) Gradient(in, out, dout []value) []value { return make([]value, 1) }

// Words returns the random words of elements 4·block to 4·block+3. State is the
// value of the input called RNGInput.
func (s Stream) Words(state []int64, block int) [4]uint32 {
	seed := uint64(state[0])
	if s.Fixed {
		seed = s.Seed
	}
	key := [2]uint32{uint32(seed), uint32(seed >> 32)}
	return rng.Philox(key, [4]uint32{uint32(block), uint32(state[1]), uint32(s.ID), uint32(s.ID >> 32)})
}

// Eval draws four elements at a time.
func (o RandomUniformOp) Eval(out, in []array) {
	y, state := out[0].Float32s(), tensor.Data[int64](in[0])
	for i := 0; i < len(y); i += 4 {
		for k, w := range o.Stream.Words(state, i/4) {
			if i+k < len(y) {
				y[i+k] = rng.Float(w)
			}
		}
	}
}

// Eval draws four elements at a time.
func (o RandomNormalOp) Eval(out, in []array) {
	y, state := out[0].Float32s(), tensor.Data[int64](in[0])
	for i := 0; i < len(y); i += 4 {
		w := o.Stream.Words(state, i/4)
		for k := 0; k < 4 && i+k < len(y); k += 2 {
			u, v := float64(rng.Float(w[k])), float64(rng.Float(w[k+1]))
			r := math.Sqrt(-2 * math.Log(1-u))
			sin, cos := math.Sincos(2 * math.Pi * v)
			y[i+k] = float32(r * cos)
			if i+k+1 < len(y) {
				y[i+k+1] = float32(r * sin)
			}
		}
	}
}

// RandomUniform returns float32 numbers in [0, 1), different at every step. They
// are a function of the seed, the stream, the step and the element.
func RandomUniform(g *graph.Graph, shape []int, s Stream) graph.Value {
	in := rngInput(g)
	if tooLong(in, "RandomUniform", shape) {
		return in
	}
	return g.Apply(RandomUniformOp{graph.MakeDims(shape...), s}, in)[0]
}

// RandomNormal returns float32 numbers of the standard normal distribution,
// different at every step; see RandomUniform.
func RandomNormal(g *graph.Graph, shape []int, s Stream) graph.Value {
	in := rngInput(g)
	if tooLong(in, "RandomNormal", shape) {
		return in
	}
	return g.Apply(RandomNormalOp{graph.MakeDims(shape...), s}, in)[0]
}

func rngInput(g *graph.Graph) value {
	return g.Input(RNGInput, spec{DType: tensor.Int64, Shape: shape{2}})
}

var (
	_ graph.Op = RandomUniformOp{}
	_ graph.Op = RandomNormalOp{}
)
