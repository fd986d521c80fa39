package constraints

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// MaxNorm scales down vectors longer than MaxValue: w·min(‖w‖, max)/(‖w‖ + ε).
//
// A vector runs along Axis: 0 for the inputs of a Dense unit, [0, 1, 2] for a
// Conv2D filter.
type MaxNorm struct {
	MaxValue *float64  `keras:"max_value,pos,default=2"` // longest length
	Axis     spec.Ints `keras:"axis,default=0"`          // axes of one vector
}

func init() { spec.Register[MaxNorm](module) }

// Apply implements Constraint.
func (m MaxNorm) Apply(w graph.Value) graph.Value {
	n := norm(w, m.Axis)
	return ops.Mul(w, ops.Div(ops.Clip(n, 0, or(m.MaxValue, 2)), ops.AddScalar(n, epsilon)))
}

var _ Constraint = MaxNorm{}
