package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Arange returns the numbers 0, 1, …, n-1 as int32, such as the positions of a sequence.
func Arange(g *graph.Graph, n int) graph.Value {
	t := tensor.New(tensor.Int32, n)
	for i := range t.Int32s() {
		t.Int32s()[i] = int32(i)
	}
	return Const(g, t)
}

// Zeros returns an array of zeros, float32.
func Zeros(g *graph.Graph, shape ...int) graph.Value {
	return Fill(g, graph.Spec{DType: tensor.Float32, Shape: shape}, 0)
}

// Ones returns an array of ones, float32.
func Ones(g *graph.Graph, shape ...int) graph.Value {
	return Fill(g, graph.Spec{DType: tensor.Float32, Shape: shape}, 1)
}
