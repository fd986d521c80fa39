package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// ReLU computes max(x, 0), and in its general form
//
//	MaxValue                      for x ≥ MaxValue
//	x                             for Threshold ≤ x < MaxValue
//	NegativeSlope·(x - Threshold) elsewhere
//
// Input and output have one shape.
type ReLU struct {
	MaxValue            *float64 `keras:"max_value,pos,min=0"`            // upper bound; default none
	NegativeSlope       float64  `keras:"negative_slope,default=0,min=0"` // slope below the threshold
	Threshold           float64  `keras:"threshold,default=0,min=0"`      // where the linear part begins
	ActivityRegularizer any      `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string   `keras:"name"`
	Trainable           *bool    `keras:"trainable,default=true"`
	DType               string   `keras:"dtype"`
	InputShape          []int    `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[ReLU](module) }

// Build checks the input.
func (d ReLU) Build(b *Builder, in ...tensor.Shape) { b.input(in, d.DType) }

// Call applies the function.
func (d ReLU) Call(_ *Context, in ...graph.Value) graph.Value {
	return activations.ReluWith(in[0], d.NegativeSlope, d.MaxValue, d.Threshold)
}

// PassesMask keeps the mask.
func (ReLU) PassesMask() {}

var _ Layer = ReLU{}
