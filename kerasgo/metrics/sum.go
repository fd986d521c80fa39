package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Sum is the weighted sum of the predictions, whatever the targets.
type Sum struct {
	// name in the logs and the history
	Name string `keras:"name,default=sum"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[Sum]("keras.metrics") }

// State lists total.
func (Sum) State(yTrue, yPred tensor.Shape) []State { return []State{{Name: "total"}} }

// Update adds a batch of values.
func (Sum) Update(c *Context, yTrue, yPred, weight graph.Value) {
	values, _ := samplewise(yPred, weight, ops.Sum)
	c.Add("total", ops.Sum(values, nil, false))
}

// Result returns the sum so far.
func (Sum) Result(c *Context) graph.Value { return c.State("total") }

var _ Metric = Sum{}
