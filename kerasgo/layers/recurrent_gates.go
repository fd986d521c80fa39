package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
)

// gates computes the products of a cell with several gates, whose kernels lie side
// by side. A product for each gate leaves nothing to take apart in a step.
type gates struct {
	c       *Context
	x, mask []graph.Value // by gate: the input, what the state is multiplied by
	units   int
	whole   bool // no gate has a dropout of its own: the products of all can be one
}

// newGates draws the dropouts. As in Keras each gate has its own when the state is
// dropped, else they share one; a rate of 1 drops nothing.
func newGates(c *Context, x, h graph.Value, n, units int, rate, recurrentRate float64, seed *int) *gates {
	if rate == 1 {
		rate = 0
	}
	separate := recurrentRate != 0
	g := &gates{c: c, units: units, whole: !separate}
	if recurrentRate == 1 {
		recurrentRate = 0
	}
	shared := x
	if !separate {
		shared = c.dropped(x, rate, seed)
	}
	ones := ops.Fill(c.Graph(), h.Spec(), 1)
	for range n {
		in, mask := shared, graph.Value{}
		if separate {
			in = c.dropped(x, rate, seed)
		}
		if c.Training() && recurrentRate > 0 {
			mask = c.drop(ones, recurrentRate, seed, nil)
		}
		g.x, g.mask = append(g.x, in), append(g.mask, mask)
	}
	return g
}

// isActivation reports whether f computes the given function, x being any value.
func isActivation(f any, x graph.Value, kind ops.UnaryKind) bool {
	n := activations.Apply(f, x).Node
	return n.Op == (ops.UnaryOp{Kind: kind}) && len(n.In) == 1 && n.In[0] == x
}

// orZeros returns a weight, or zeros of the type of like if there is none.
func (c *Context) orZeros(weight string, like graph.Value, shape ...int) graph.Value {
	if c.Has(weight) {
		return c.Weight(weight)
	}
	return ops.Fill(c.Graph(), graph.Spec{DType: like.DType(), Shape: shape}, 0)
}

// columns returns the columns of gate k.
func (g *gates) columns(weight string, k int) graph.Value {
	w := g.c.Weight(weight)
	return ops.Slice(w, []int{0, k * g.units}, []int{w.Shape()[0], g.units})
}

// input is x·kernel for gate k.
func (g *gates) input(k int) graph.Value { return ops.MatMul(g.x[k], g.columns("kernel", k)) }

// recurrent is h·recurrent_kernel for gate k.
func (g *gates) recurrent(k int, h graph.Value) graph.Value {
	if g.mask[k].OK() {
		h = ops.Mul(h, g.mask[k])
	}
	return ops.MatMul(h, g.columns("recurrent_kernel", k))
}
