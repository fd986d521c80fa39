package shop

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// Bent is an activation function: x·sigmoid(2x).
func Bent(x graph.Value) graph.Value { return ops.Mul(x, ops.Sigmoid(ops.MulScalar(x, 2))) }

// Times is the function of a Lambda: it multiplies its input by the argument "factor".
func Times(c *layers.Context, arguments map[string]any, in ...graph.Value) graph.Value {
	factor, ok := arguments["factor"].(float64)
	if !ok {
		c.Errorf("times wants a number as argument %q, got %v", "factor", arguments["factor"])
		return in[0]
	}
	return ops.MulScalar(in[0], factor)
}

func init() {
	spec.RegisterFunc("shop", "bent", Bent, spec.OfKind("activation"))
	spec.RegisterFunc("shop", "times", Times, spec.OfKind("function"))
}
