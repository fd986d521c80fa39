package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// RandInt returns whole numbers, int32, from lo to hi-1, each as likely as the others; see Uniform.
func (c *Context) RandInt(seed *int, lo, hi int, shape ...int) graph.Value {
	u := ops.RandomUniform(c.env.Graph, shape, c.stream(seed))
	return ops.AddScalar(ops.Cast(ops.Floor(ops.MulScalar(u, float64(hi-lo))), tensor.Int32), float64(lo))
}

// Categorical returns n class numbers, int32 (batch, n), for each row of logits (batch, classes): class k
// has the probability softmax(logits)[k]. A class is drawn as the largest of logits - log(-log(u)) with
// u uniform (Gumbel's trick). See Uniform.
func (c *Context) Categorical(seed *int, logits graph.Value, n int) graph.Value {
	s := logits.Shape()
	if s.Rank() != 2 {
		c.Errorf("Categorical wants logits (batch, classes), got %v", shown(s))
		return logits
	}
	u := ops.Clip(ops.RandomUniform(c.env.Graph, []int{s[0], n, s[1]}, c.stream(seed)), 1e-30, 1)
	gumbel := ops.Neg(ops.Log(ops.Neg(ops.Log(u))))
	return ops.ArgMax(ops.Add(ops.ExpandDims(ops.Cast(logits, u.DType()), 1), gumbel), -1)
}

// Gamma returns numbers of the gamma distribution with the shape parameter alpha and scale 1; see Uniform.
func (c *Context) Gamma(seed *int, alpha float64, shape ...int) graph.Value {
	return ops.Exp(c.logGamma(seed, c.env.Graph.Scalar(tensor.Float32, alpha), shape...))
}

// Beta returns numbers of the beta distribution: a/(a+b) of two gamma numbers; see Uniform.
func (c *Context) Beta(seed *int, alpha, beta float64, shape ...int) graph.Value {
	a := c.logGamma(seed, c.env.Graph.Scalar(tensor.Float32, alpha), shape...)
	return ops.Sigmoid(ops.Sub(a, c.logGamma(seed, c.env.Graph.Scalar(tensor.Float32, beta), shape...)))
}

// Binomial returns how many of counts tries succeed, each with the given probability; see Uniform. It draws counts
// numbers for each element.
func (c *Context) Binomial(seed *int, counts int, probability float64, shape ...int) graph.Value {
	u := c.Uniform(seed, append(append([]int{}, shape...), counts)...)
	return ops.Sum(ops.Less(u, ops.Scalar(u, probability)), []int{-1}, false)
}
