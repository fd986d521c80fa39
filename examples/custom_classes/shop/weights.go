package shop

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/constraints"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/kerasgo/regularizers"
	"github.com/kerasgo/kerasgo/spec"
)

// Wave is an initializer: element i starts at scale·sin(i).
type Wave struct {
	Scale *float64 `keras:"scale,pos,default=0.5"`
}

// Initialize makes the starting values.
func (w Wave) Initialize(shape tensor.Shape, _ *rng.Stream) (*tensor.Tensor, error) {
	t := tensor.New(tensor.Float32, shape...)
	for i := range t.Float32s() {
		t.Float32s()[i] = float32(*w.Scale * math.Sin(float64(i)))
	}
	return t, nil
}

// Quartic is a regularizer: rate·sum(w⁴) is added to the loss.
type Quartic struct {
	Rate *float64 `keras:"rate,pos,default=0.01"`
}

// Penalty computes what is added.
func (q Quartic) Penalty(w graph.Value) graph.Value {
	return ops.MulScalar(ops.Sum(ops.Square(ops.Square(w)), nil, false), *q.Rate)
}

// Box is a constraint: after each step weights are brought back into [-limit, limit].
type Box struct {
	Limit *float64 `keras:"limit,pos,default=1.0,min=0"`
}

// Apply returns the weights within the limits.
func (b Box) Apply(w graph.Value) graph.Value {
	return ops.MinimumScalar(ops.MaximumScalar(w, -*b.Limit), *b.Limit)
}

func init() {
	spec.Register[Wave]("shop", spec.OfKind("initializer"))
	spec.Register[Quartic]("shop", spec.OfKind("regularizer"))
	spec.Register[Box]("shop", spec.OfKind("constraint"))
}

var (
	_ initializers.Initializer = Wave{}
	_ regularizers.Regularizer = Quartic{}
	_ constraints.Constraint   = Box{}
)
