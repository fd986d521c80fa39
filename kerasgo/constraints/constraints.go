package constraints

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

const (
	module  = "keras.constraints"
	epsilon = 1e-7 // Keras's, added to divisors
)

// Constraint maps a weight to the nearest allowed one, of the same shape.
type Constraint interface {
	Apply(w graph.Value) graph.Value
}

// Apply computes con(w). Con is a Constraint, or nil, which changes nothing.
// Anything else is an error in the graph.
func Apply(con any, w graph.Value) graph.Value {
	switch c := con.(type) {
	case nil:
		return w
	case Constraint:
		return c.Apply(w)
	}
	w.Graph().Errorf("%T is no constraint", con)
	return w
}

// norm computes the Euclidean length over the axes, which stay with length 1.
func norm(w graph.Value, axes []int) graph.Value {
	if axes == nil {
		axes = []int{0}
	}
	return ops.Sqrt(ops.Sum(ops.Square(w), axes, true))
}

func or(p *float64, def float64) float64 {
	if p == nil {
		return def
	}
	return *p
}
