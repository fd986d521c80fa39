package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/rng"
)

// Uniform returns numbers in [0, 1), different at every step and for every call
// site. They are a function of the model's seed (or of seed, when it is given),
// the layer's path, the step and the element.
func (c *Context) Uniform(seed *int, shape ...int) graph.Value {
	return ops.Cast(ops.RandomUniform(c.env.Graph, shape, c.stream(seed)), c.env.DType)
}

// Normal returns numbers from the standard normal distribution; see Uniform.
func (c *Context) Normal(seed *int, shape ...int) graph.Value {
	return ops.Cast(ops.RandomNormal(c.env.Graph, shape, c.stream(seed)), c.env.DType)
}

func (c *Context) stream(seed *int) ops.Stream {
	*c.random++
	s := ops.Stream{ID: rng.Hash(fmt.Sprintf("%s/%s#%d", c.env.Path, c.prefix, *c.random))}
	if seed != nil {
		s.Seed, s.Fixed = uint64(*seed), true
	}
	return s
}
