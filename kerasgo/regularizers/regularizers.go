package regularizers

import "github.com/kerasgo/kerasgo/engine/graph"

const module = "keras.regularizers"

// Regularizer computes a penalty, a value of rank 0.
type Regularizer interface {
	Penalty(w graph.Value) graph.Value
}

// Apply computes the penalty of reg, a Regularizer, or returns the zero Value
// when reg is nil. Anything else is an error in the graph.
func Apply(reg any, w graph.Value) graph.Value {
	switch r := reg.(type) {
	case nil:
		return graph.Value{}
	case Regularizer:
		return r.Penalty(w)
	}
	w.Graph().Errorf("%T is no regularizer", reg)
	return graph.Value{}
}

func or(p *float64, def float64) float64 {
	if p == nil {
		return def
	}
	return *p
}
