package constraints

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// NonNeg sets negative weights to 0.
type NonNeg struct{}

func init() { spec.Register[NonNeg](module) }

// Apply implements Constraint.
func (NonNeg) Apply(w graph.Value) graph.Value { return ops.MaximumScalar(w, 0) }

var _ Constraint = NonNeg{}
