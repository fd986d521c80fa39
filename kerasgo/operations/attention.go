package operations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[DotProductAttention]("nn")
}

// DotProductAttention computes softmax(scale·query·keyᵀ + bias)·value for every head: query (N, T, heads, h), key and value (N, S, heads, h); a mask of truth values and a bias broadcast to (N, heads, T, S).
type DotProductAttention struct {
	ofAttention
	Name              string   `keras:"name"`
	IsCausal          bool     `keras:"is_causal,default=false"` // place t attends to places up to t only
	FlashAttention    *bool    `keras:"flash_attention"`         // a choice of GPUs; must not be true
	AttnLogitsSoftCap *float64 `keras:"attn_logits_soft_cap"`    // must be None
}

func (o DotProductAttention) Call(c *Call) []Value { return o.attend(c) }

type ofAttention struct{}

func (ofAttention) Arguments() []string {
	return []string{"query", "key", "value", "bias", "mask", "scale"}
}

func (ofAttention) Keywords() []string { return []string{"bias", "mask", "scale"} }

func (o DotProductAttention) attend(c *Call) []Value {
	p, dtype := c.promoted(c.X(0), c.X(1), c.X(2))
	q, k, v := p[0].Value, p[1].Value, p[2].Value
	switch {
	case !c.ok() || len(q.Shape()) != 4 || len(k.Shape()) != 4 || len(v.Shape()) != 4:
		return c.failed("tensors of rank 4 are wanted, not shapes %v, %v, %v", q.Shape(), k.Shape(), v.Shape())
	case o.FlashAttention != nil && *o.FlashAttention:
		return c.failed("flash_attention is not supported")
	case o.AttnLogitsSoftCap != nil:
		return c.failed("attn_logits_soft_cap is not supported")
	case k.Shape()[2] != q.Shape()[2]:
		return c.failed("%d heads of queries, %d of keys", q.Shape()[2], k.Shape()[2])
	}
	scale := c.Number(5, 1/math.Sqrt(float64(q.Shape()[3])))
	heads := func(x graph.Value) graph.Value { return ops.Transpose(x, 0, 2, 1, 3) } // (N, heads, T, h)
	scores := ops.MulScalar(ops.MatMulT(heads(q), heads(k), false, true), scale)
	if c.Has(3) {
		scores = ops.Add(scores, c.X(3).to(dtype).Value)
	}
	low := ops.Scalar(scores, -0.7*math.MaxFloat32)
	if c.Has(4) {
		scores = ops.Where(c.X(4).to("bool").Value, scores, low)
	}
	if o.IsCausal {
		keep := ops.Const(c.graph, triangle(q.Shape()[1], k.Shape()[1], 0, true))
		scores = ops.Where(keep, scores, low)
	}
	return one(heads(ops.MatMul(ops.Softmax(scores, -1), heads(v))), dtype)
}
