package oracle_test

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// The functions of gen/lambda.py.
func init() {
	spec.RegisterFunc("oracle", "bent", bent, spec.OfKind("activation"))
	spec.RegisterFunc("oracle", "weighed", weighed, spec.OfKind("function"))
	spec.RegisterFunc("oracle", "between", between, spec.OfKind("function"))
}

func bent(x graph.Value) graph.Value { return ops.Mul(x, ops.Sigmoid(ops.MulScalar(x, 2))) }

func weighed(c *layers.Context, arguments map[string]any, in ...graph.Value) graph.Value {
	x := in[0]
	if m := c.Mask(x); m.OK() {
		x = ops.Mul(x, ops.ExpandDims(m, -1))
	}
	factor := 1.0
	if f, ok := arguments["factor"].(float64); ok {
		factor = f
	}
	if c.Training() {
		factor *= 2
	}
	return ops.MulScalar(x, factor)
}

func between(_ *layers.Context, _ map[string]any, in ...graph.Value) graph.Value {
	return ops.Concat(-1, ops.Sub(in[0], in[1]), ops.Mul(in[0], in[1]))
}
