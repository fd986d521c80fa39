package constraints

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// MinMaxNorm draws the length of vectors into [MinValue, MaxValue]:
// w·n/(‖w‖ + ε) with n = Rate·clip(‖w‖, min, max) + (1 - Rate)·‖w‖.
type MinMaxNorm struct {
	MinValue float64   `keras:"min_value,pos"`       // shortest length
	MaxValue *float64  `keras:"max_value,default=1"` // longest length
	Rate     *float64  `keras:"rate,default=1"`      // 1 enforces the bounds at once, less draws toward them
	Axis     spec.Ints `keras:"axis,default=0"`      // axes of one vector, see MaxNorm
}

func init() { spec.Register[MinMaxNorm](module) }

// Apply implements Constraint.
func (m MinMaxNorm) Apply(w graph.Value) graph.Value {
	n, rate := norm(w, m.Axis), or(m.Rate, 1)
	want := ops.MulScalar(ops.Clip(n, m.MinValue, or(m.MaxValue, 1)), rate)
	if rate != 1 {
		want = ops.Add(want, ops.MulScalar(n, 1-rate))
	}
	return ops.Mul(w, ops.Div(want, ops.AddScalar(n, epsilon)))
}

var _ Constraint = MinMaxNorm{}
