package losses

import (
	"github.com/kerasgo/kerasgo/engine/graph"
)

// Func is a loss written as a function: Compile takes one where Keras takes a Python
// function. It gets the targets in the type of the predictions and, where they differ by
// one trailing axis of length 1, in their rank, and returns the loss of each sample,
// of which the mean is taken.
type Func func(yTrue, yPred graph.Value) graph.Value

// Call computes the loss of each sample.
func (f Func) Call(yTrue, yPred graph.Value) graph.Value { return f(Align(yTrue, yPred)) }

var _ Loss = Func(nil)
