package regularizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// L1 is the penalty L1·Σ|w|.
type L1 struct {
	L1 *float64 `keras:"l1,pos,default=0.01,min=0"` // factor
}

// L2 is the penalty L2·Σw². There is no factor ½.
type L2 struct {
	L2 *float64 `keras:"l2,pos,default=0.01,min=0"` // factor
}

// L1L2 is the penalty L1·Σ|w| + L2·Σw².
type L1L2 struct {
	L1 float64 `keras:"l1,pos,min=0"` // factor of the absolute values
	L2 float64 `keras:"l2,min=0"`     // factor of the squares
}

func init() {
	spec.Register[L1](module, spec.Strings("l1"))
	spec.Register[L2](module, spec.Strings("l2"))
	spec.Register[L1L2](module, spec.Strings("l1l2"))
}

// Penalty implements Regularizer.
func (r L1) Penalty(w graph.Value) graph.Value {
	return ops.MulScalar(ops.Sum(ops.Abs(w), nil, false), or(r.L1, 0.01))
}

// Penalty implements Regularizer.
func (r L2) Penalty(w graph.Value) graph.Value {
	return ops.MulScalar(ops.Sum(ops.Square(w), nil, false), or(r.L2, 0.01))
}

// Penalty implements Regularizer.
func (r L1L2) Penalty(w graph.Value) graph.Value {
	switch {
	case r.L2 == 0:
		return L1{&r.L1}.Penalty(w)
	case r.L1 == 0:
		return L2{&r.L2}.Penalty(w)
	}
	return ops.Add(L1{&r.L1}.Penalty(w), L2{&r.L2}.Penalty(w))
}

var _, _, _ Regularizer = L1{}, L2{}, L1L2{}
