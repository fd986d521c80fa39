package activations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// Silu computes x·sigmoid(x), also known as swish.
func Silu(x graph.Value) graph.Value { return ops.Mul(x, ops.Sigmoid(x)) }

// HardSilu computes x·HardSigmoid(x), also known as hard swish.
func HardSilu(x graph.Value) graph.Value { return ops.Mul(x, HardSigmoid(x)) }

// Glu splits the last axis in halves a and b and computes a·sigmoid(b).
func Glu(x graph.Value) graph.Value { return GluWith(x, -1) }

// GluWith is Glu along another axis, whose length must be even.
func GluWith(x graph.Value, axis int) graph.Value {
	s := x.Shape()
	a, ok := s.Axis(axis)
	if !ok || s[a]%2 != 0 {
		x.Graph().Errorf("glu: %w: axis %d of %v does not split in halves", graph.ErrShape, axis, s)
		return x
	}
	starts, sizes := make([]int, len(s)), s.Clone()
	sizes[a] /= 2
	left := ops.Slice(x, starts, sizes)
	starts[a] = sizes[a]
	return ops.Mul(left, ops.Sigmoid(ops.Slice(x, starts, sizes)))
}

func init() {
	spec.RegisterFunc(module, "silu", Silu, spec.Aliases("swish"))
	spec.RegisterFunc(module, "hard_silu", HardSilu, spec.Aliases("hard_swish"))
	spec.RegisterFunc(module, "glu", Glu)
}
