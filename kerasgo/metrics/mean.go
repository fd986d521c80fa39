package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// Mean is the weighted mean of the predictions, whatever the targets.
type Mean struct {
	Averaged
	// name in the logs and the history
	Name string `keras:"name,default=mean"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[Mean]("keras.metrics") }

// Update adds a batch of values.
func (Mean) Update(c *Context, yTrue, yPred, weight graph.Value) { c.Average(yPred, weight) }

// Averaged is embedded by metrics that are a mean over samples: it keeps their
// sum and their weight in the state "total" and "count".
type Averaged struct{}

// State lists total and count.
func (Averaged) State(yTrue, yPred tensor.Shape) []State {
	return []State{{Name: "total"}, {Name: "count"}}
}

// Result returns total/count, or 0 before the first batch.
func (Averaged) Result(c *Context) graph.Value {
	return losses.DivNoNaN(c.State("total"), c.State("count"))
}

// Average adds values (n, …) to a metric that embeds Averaged: the mean over all
// axes but the first counts as one value for each sample. A weight (n,) weighs
// samples, one of more axes weighs values inside them.
func (c *Context) Average(values, weight graph.Value) {
	values, weight = samplewise(values, c.weights(weight), ops.Mean)
	c.Add("total", ops.Sum(values, nil, false))
	if weight.OK() {
		c.Add("count", ops.Sum(weight, nil, false))
		return
	}
	n := 1
	if values.Shape().Rank() > 0 {
		n = values.Shape()[0]
	}
	c.Assign("count", ops.AddScalar(c.State("count"), float64(n)))
}

// samplewise multiplies values by their weights and reduces both to one number
// for each sample.
func samplewise(values, weight graph.Value, reduce func(graph.Value, []int, bool) graph.Value) (graph.Value, graph.Value) {
	values = ops.Cast(values, tensor.Float32)
	if weight.OK() {
		values, weight = losses.SameRank(values, ops.Cast(weight, tensor.Float32))
		rank := weight.Shape().Rank()
		if values.Shape().Rank() > rank {
			values = reduce(values, from(rank, values), false)
		}
		if !weight.Shape().Equal(values.Shape()) {
			weight = ops.BroadcastTo(weight, values.Shape()...)
		}
		values = ops.Mul(values, weight)
		if rank > 1 {
			weight = reduce(weight, from(1, weight), false)
		}
	}
	if values.Shape().Rank() > 1 {
		values = reduce(values, from(1, values), false)
	}
	return values, weight
}

// from lists the axes of x from the first one on.
func from(first int, x graph.Value) []int {
	var axes []int
	for i := first; i < x.Shape().Rank(); i++ {
		axes = append(axes, i)
	}
	return axes
}

var _ Metric = Mean{}
