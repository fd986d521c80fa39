package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// KLDivergence is the mean of sum(yTrue·log(yTrue/yPred)).
type KLDivergence struct {
	Averaged
	Minimized
	// name in the logs and the history
	Name string `keras:"name,default=kl_divergence"`
	// type of the state
	DType string `keras:"dtype,default=float32,enum=float32"`
}

func init() { spec.Register[KLDivergence]("keras.metrics") }

// Update adds a batch.
func (KLDivergence) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(losses.KLDivergence{}.Call(yTrue, yPred), weight)
}

var _ Metric = KLDivergence{}
