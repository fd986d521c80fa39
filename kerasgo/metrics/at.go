package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

// point is what the metrics at a point of another metric share: four counts over
// many thresholds.
type point struct {
	numThresholds int
	classID       *int
}

func (p point) counts() confusion {
	return confusion{thresholds: evenThresholds(max(p.numThresholds, 1)), classID: p.classID}
}

func (p point) state() []State {
	return p.counts().states(0, truePositives, falsePositives, trueNegatives, falseNegatives)
}

func (p point) update(c *Context, yTrue, yPred, weight graph.Value) {
	p.counts().update(c, yTrue, yPred, weight, map[string]string{
		truePositives: truePositives, falsePositives: falsePositives, trueNegatives: trueNegatives, falseNegatives: falseNegatives,
	})
}

// best returns the largest value among thresholds at which the constrained metric
// reaches at least limit, or 0 if none does.
func best(constrained, value graph.Value, limit float64) graph.Value {
	ok := ops.GreaterEqual(constrained, ops.Scalar(constrained, limit))
	return ops.MaximumScalar(ops.Max(ops.Where(ok, value, ops.Scalar(value, 0)), nil, false), 0)
}

func sensitivity(c *Context) graph.Value {
	return share(c.State(truePositives), c.State(falseNegatives))
}

func specificity(c *Context) graph.Value {
	return share(c.State(trueNegatives), c.State(falsePositives))
}

func precision(c *Context) graph.Value { return share(c.State(truePositives), c.State(falsePositives)) }
