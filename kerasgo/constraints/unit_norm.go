package constraints

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// UnitNorm scales vectors to length 1: w/(‖w‖ + ε).
type UnitNorm struct {
	Axis spec.Ints `keras:"axis,pos,default=0"` // axes of one vector, see MaxNorm
}

func init() { spec.Register[UnitNorm](module) }

// Apply implements Constraint.
func (u UnitNorm) Apply(w graph.Value) graph.Value {
	return ops.Div(w, ops.AddScalar(norm(w, u.Axis), epsilon))
}

var _ Constraint = UnitNorm{}
