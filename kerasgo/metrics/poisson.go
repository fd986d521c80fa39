package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// Poisson is the mean of yPred - yTrue·log(yPred+1e-7).
type Poisson struct {
	Averaged
	Minimized
	// name in the logs and the history
	Name string `keras:"name,default=poisson"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[Poisson]("keras.metrics") }

// Update adds a batch.
func (Poisson) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(losses.Poisson{}.Call(yTrue, yPred), weight)
}

var _ Metric = Poisson{}
