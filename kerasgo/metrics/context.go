package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
)

// Context gives a metric its state while the model is traced.
type Context struct {
	// Mask is the mask of the predictions, or the zero Value. Means take it into their
	// weights, as in Keras; other metrics, and RootMeanSquaredError, ignore it.
	Mask graph.Value

	g     *graph.Graph
	get   func(name string) graph.Value
	set   func(name string, v graph.Value)
	fresh map[string]graph.Value
}

// NewContext returns a Context for one metric. get returns the value that a
// state variable has before the batch, set stores the one it has afterwards.
func NewContext(g *graph.Graph, get func(name string) graph.Value, set func(name string, v graph.Value)) *Context {
	return &Context{g: g, get: get, set: set, fresh: map[string]graph.Value{}}
}

// Graph returns the graph under construction.
func (c *Context) Graph() *graph.Graph { return c.g }

// State returns the current value of a state variable.
func (c *Context) State(name string) graph.Value {
	if v, ok := c.fresh[name]; ok {
		return v
	}
	return c.get(name)
}

// Assign gives a state variable a new value, which State returns from now on.
func (c *Context) Assign(name string, v graph.Value) {
	c.fresh[name] = v
	c.set(name, v)
}

// Add adds to a state variable.
func (c *Context) Add(name string, v graph.Value) { c.Assign(name, ops.Add(c.State(name), v)) }

// Errorf records that the metric cannot be computed.
func (c *Context) Errorf(format string, args ...any) { c.g.Errorf(format, args...) }

// weights merges the mask into the weight of a batch.
func (c *Context) weights(weight graph.Value) graph.Value {
	switch {
	case !c.Mask.OK():
		return weight
	case !weight.OK():
		return c.Mask
	}
	mask, weight := losses.SameRank(ops.Cast(c.Mask, weight.DType()), weight)
	return ops.Mul(losses.ExpandTo(weight, mask.Shape()), mask)
}
