package layers

import (
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Policy is a dtype policy: the type in which a layer computes, that of its inputs,
// its outputs and the weights as its Call sees them, and the type in which its
// weights are kept. Both are float32, float64, bfloat16 or float16.
//
// Numbers of the short types are held as the float32s that are equal to them:
// wherever Keras casts to bfloat16 or float16, they are rounded, ties to even.
// Between a layer's inputs and its outputs the arithmetic is float32's.
type Policy struct{ Name, Compute, Variable string }

// Policies are the names of the policies, as Keras knows them.
var Policies = []string{"float32", "float64", "mixed_bfloat16", "mixed_float16", "bfloat16", "float16"}

// ParsePolicy finds a policy by its name. Empty is float32.
func ParsePolicy(name string) (Policy, error) {
	switch name {
	case "":
		return ParsePolicy("float32")
	case "float32", "float64", "bfloat16", "float16":
		return Policy{name, name, name}, nil
	case "mixed_bfloat16", "mixed_float16":
		return Policy{name, strings.TrimPrefix(name, "mixed_"), "float32"}, nil
	}
	return Policy{}, fmt.Errorf("dtype %q is no policy that layers compute in; use one of %s", name, strings.Join(Policies, ", "))
}

// UsesFullPrecision marks layers whose weights are not cast to the compute type:
// they compute with float32 weights under mixed policies too.
type UsesFullPrecision interface{ FullPrecision() }

// Input casts an input of a layer to the compute type; integers stay.
func (p Policy) Input(x graph.Value) graph.Value { return CastFloat(x, p.Compute) }

// Weight casts a weight of layer l to the compute type.
func (p Policy) Weight(l Layer, w graph.Value) graph.Value {
	if _, full := l.(UsesFullPrecision); full && p.Compute != "float64" {
		return ops.Cast(w, tensor.Float32)
	}
	return CastFloat(w, p.Compute)
}

// Output casts an output to the compute type.
func (p Policy) Output(y graph.Value) graph.Value { return CastFloat(y, p.Compute) }

// Stored returns the value that a weight holds when it is assigned v.
func (p Policy) Stored(v graph.Value) graph.Value { return CastFloat(v, p.Variable) }

// RoundAll rounds the elements of a weight to numbers that the variable type has.
func (p Policy) RoundAll(t *tensor.Tensor) {
	switch p.Variable {
	case "bfloat16":
		ops.UnaryOp{Kind: ops.UnaryBFloat16}.Eval([]*tensor.Tensor{t}, []*tensor.Tensor{t})
	case "float16":
		ops.UnaryOp{Kind: ops.UnaryFloat16}.Eval([]*tensor.Tensor{t}, []*tensor.Tensor{t})
	}
}

// CastFloat casts a floating-point value to the named type, and returns others as
// they are.
func CastFloat(x graph.Value, dtype string) graph.Value {
	switch {
	case !x.DType().Float():
		return x
	case dtype == "float64":
		return ops.Cast(x, tensor.Float64)
	}
	x = ops.Cast(x, tensor.Float32)
	switch dtype {
	case "bfloat16":
		return round(x, ops.UnaryBFloat16)
	case "float16":
		return round(x, ops.UnaryFloat16)
	}
	return x
}

func round(x graph.Value, kind ops.UnaryKind) graph.Value {
	switch {
	case rounded(x, kind, 16):
		return x
	case kind == ops.UnaryBFloat16:
		return ops.BFloat16(x)
	}
	return ops.Float16(x)
}

// rounded reports whether all elements of x are known to be rounded already: they
// come from rounded ones by ops that only move, choose or negate.
func rounded(x graph.Value, kind ops.UnaryKind, depth int) bool {
	n := x.Node
	if depth == 0 {
		return false
	}
	switch op := n.Op.(type) {
	case ops.UnaryOp:
		switch op.Kind {
		case kind:
			return true
		case ops.UnaryRelu, ops.UnaryNeg, ops.UnaryAbs:
		default:
			return false
		}
	case ops.MaxPool2DOp, ops.ReshapeOp, ops.TransposeOp, ops.SliceOp, ops.FlipOp, ops.ConcatOp, ops.BroadcastToOp, ops.StopGradientOp:
	default:
		return false
	}
	for _, v := range n.In {
		if !rounded(v, kind, depth-1) {
			return false
		}
	}
	return true
}
