package ops

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// ScanBody is one step of a recurrence: a graph with inputs of its own. It must not
// be changed once it is part of an op.
type ScanBody struct {
	Graph     *graph.Graph
	States    []graph.Value // inputs: the states before the step
	Steps     []graph.Value // inputs: this step's part of each sequence
	Constants []graph.Value // inputs: what is the same at every step
	Next      []graph.Value // the states after the step, like States
	Outputs   []graph.Value // what the step yields
	Saved     []graph.Value // what the gradient would rather read than compute again
	Sums      []ScanSum     // what is added up over all steps
}

// ScanSum is a term of each step: Aᵀ·B, or, if B is none, the sum of the rows of A.
type ScanSum struct{ A, B graph.Value }

// operands lists A and B.
func (s ScanSum) operands() []graph.Value {
	if s.B.OK() {
		return []graph.Value{s.A, s.B}
	}
	return []graph.Value{s.A}
}

// spec returns the type and the shape of the sum.
func (s ScanSum) spec() spec {
	sum := spec{DType: s.A.DType(), Shape: shape{s.A.Shape().Last()}}
	if s.B.OK() {
		sum.Shape = append(sum.Shape, s.B.Shape().Last())
	}
	return sum
}

// Results lists all that the step yields.
func (b *ScanBody) Results() []graph.Value {
	all := slices.Concat(b.Next, b.Outputs, b.Saved)
	for _, s := range b.Sums {
		all = append(all, s.operands()...)
	}
	return all
}
