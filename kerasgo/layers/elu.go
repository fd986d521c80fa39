package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// ELU computes x for x > 0 and Alpha·(exp(x) - 1) elsewhere.
//
// Input and output have one shape.
type ELU struct {
	Alpha               *float64 `keras:"alpha,pos,default=1"` // minus the limit at -∞
	ActivityRegularizer any      `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string   `keras:"name"`
	Trainable           *bool    `keras:"trainable,default=true"`
	DType               string   `keras:"dtype"`
	InputShape          []int    `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[ELU](module) }

// Build checks the input.
func (d ELU) Build(b *Builder, in ...tensor.Shape) { b.input(in, d.DType) }

// Call applies the function.
func (d ELU) Call(_ *Context, in ...graph.Value) graph.Value {
	return activations.EluWith(in[0], *d.Alpha)
}

// PassesMask keeps the mask.
func (ELU) PassesMask() {}

var _ Layer = ELU{}
