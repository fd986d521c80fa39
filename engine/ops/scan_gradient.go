package ops

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// Gradient is a scan in the other direction. Its states are the derivatives with
// respect to the states; each step computes what it needs of the forward step once
// more, from the state before it and from the saved values. Gradients of constants are
// added up on the way, or, if they are large products over the rows of a step, taken of all
// steps at once.
func (o ScanOp) Gradient(in, out, dout []value) []value {
	f := o.Body
	nS, nX, nO := len(f.States), len(f.Steps), len(f.Outputs)
	g := in[0].Graph()
	op := o
	op.Reverse = !o.Reverse
	b := newScanBuilder(g, op)

	// The forward step, in the graph of the backward one.
	m := map[value]value{}
	var wrt []value
	for i, v := range f.States {
		m[v] = b.step(out[nS+nO+i])
	}
	for i, v := range f.Steps {
		m[v] = b.step(in[nS+i])
	}
	for i, v := range f.Constants {
		m[v] = b.constant(in[nS+nX+i])
	}
	copyStep(b.body.Graph, f, m)
	saved := out[2*nS+nO:]
	for i, v := range f.Saved {
		b.given[m[v]] = saved[i]
	}
	for _, list := range [][]value{f.States, f.Steps, f.Constants} {
		for _, v := range list {
			wrt = append(wrt, m[v])
		}
	}

	// What the derivatives start from.
	var outs, douts, ds []value
	for i, v := range f.Next {
		if !v.DType().Float() {
			continue
		}
		d := dout[i]
		if !d.OK() {
			d = Fill(g, v.Spec(), 0)
		}
		ds = append(ds, b.state(d))
		outs, douts = append(outs, m[v]), append(douts, ds[len(ds)-1])
	}
	for i, v := range f.Outputs {
		if d := dout[nS+i]; d.OK() {
			outs, douts = append(outs, m[v]), append(douts, b.step(d))
		}
	}
	for i, v := range f.Saved { // used by a gradient whose gradient this is
		if d := dout[2*nS+nO+i]; d.OK() {
			outs, douts = append(outs, m[v]), append(douts, b.step(d))
		}
	}
	for i, s := range f.Sums { // the same
		d := dout[2*nS+nO+len(f.Saved)+i]
		if !d.OK() {
			continue
		}
		d = b.constant(d)
		if !s.B.OK() {
			outs, douts = append(outs, m[s.A]), append(douts, BroadcastTo(d, s.A.Shape()...))
			continue
		}
		outs = append(outs, m[s.A], m[s.B])
		douts = append(douts, MatMulT(m[s.B], d, false, true), MatMul(m[s.A], d))
	}
	grads := b.body.Graph.Backprop(outs, douts, wrt)

	var next []value
	for i, v := range f.States {
		if !v.DType().Float() {
			continue
		}
		d := grads[i]
		if before := dout[nS+nO+i]; before.OK() {
			e := b.step(before)
			if d.OK() {
				e = Add(d, e)
			}
			d = e
		}
		if !d.OK() {
			d = Fill(b.body.Graph, v.Spec(), 0)
		}
		next = append(next, d)
	}
	var outputs []value // of the backward step
	dSeq := make([]int, nX)
	for i := range f.Steps {
		dSeq[i] = -1
		if d := grads[nS+i]; d.OK() {
			dSeq[i] = len(outputs)
			outputs = append(outputs, d)
		}
	}
	sums := make([]*constGrad, len(f.Constants))
	for i, v := range f.Constants {
		d := grads[nS+nX+i]
		if !d.OK() || !v.DType().Float() || isConst(m[v]) {
			continue
		}
		s := &constGrad{spec: v.Spec()}
		if s.split(b, d, &outputs); s.terms == nil {
			s.state = len(next)
			acc := b.state(Fill(g, v.Spec(), 0))
			next = append(next, Add(acc, d))
		}
		sums[i] = s
	}
	if err := b.body.Graph.Err(); err != nil {
		g.Errorf("%w", err)
		return make([]value, len(in))
	}
	final, stacked, totals := b.finish(next, outputs)

	res := make([]value, len(in))
	k := 0
	for i, v := range f.States {
		if v.DType().Float() {
			res[i] = final[k]
			k++
		}
	}
	for i, at := range dSeq {
		if at >= 0 {
			res[nS+i] = stacked[at]
		}
	}
	for i, s := range sums {
		if s != nil {
			res[nS+nX+i] = s.total(final, stacked, totals)
		}
	}
	return res
}

// copyStep copies a step into another graph; m has the copies of its inputs and
// receives the others.
func copyStep(g *graph.Graph, f *ScanBody, m map[value]value) {
	for _, n := range graph.Reachable(f.Graph, f.Results()) {
		if m[value{Node: n}].OK() {
			continue
		}
		if c, ok := n.Op.(graph.Constant); ok {
			m[value{Node: n}] = g.Constant(c.T)
			continue
		}
		in := make([]value, len(n.In))
		for i, v := range n.In {
			in[i] = m[v]
		}
		c := g.Insert(n.Op, in, n.Out, n.Scope)
		for i := range n.Out {
			m[value{Node: n, Index: i}] = value{Node: c, Index: i}
		}
	}
}

// constGrad is how the gradient of a constant is summed over the steps.
type constGrad struct {
	spec  spec
	terms []constTerm
	state int // among the states, when there are no terms
}

// constTerm is Aᵀ·B, or the sum of A over some axes, of one step. A and B are numbers of
// outputs, unless the step adds the term up: then it is a number of a sum.
type constTerm struct {
	a, b int // b is -1 for a sum
	axes []int
	sum  int // -1 when the term is made of outputs
}

// Bounds of the terms that a step adds up: the sum must leave the second-level cache to the rest,
// and there must be so many samples that adding to it costs little beside the product.
const (
	summedSize = 1 << 15
	summedRows = 48
)

// summed lets the step add up a term, if that pays, and returns its number, or -1.
func (b *scanBuilder) summed(s ScanSum) int {
	for _, v := range s.operands() {
		if len(v.Shape()) != 2 || v.Shape()[0] < summedRows {
			return -1
		}
	}
	if s.spec().Shape.Size() > summedSize {
		return -1
	}
	if i := slices.Index(b.sums, s); i >= 0 {
		return i
	}
	b.sums = append(b.sums, s)
	return len(b.sums) - 1
}

// split finds the terms of a gradient and lets the step add them up, or output what they
// are made of. When a term is of another kind there are none.
func (s *constGrad) split(b *scanBuilder, d value, outputs *[]value) {
	var terms []constTerm
	list, sums := *outputs, len(b.sums)
	add := func(v value) int {
		for i, w := range list {
			if v == w {
				return i
			}
		}
		list = append(list, v)
		return len(list) - 1
	}
	var visit func(d value) bool
	visit = func(d value) bool {
		n := d.Node
		switch op := n.Op.(type) {
		case BinaryOp:
			return op.Kind == BinaryAdd && n.In[0].Shape().Equal(n.In[1].Shape()) && visit(n.In[0]) && visit(n.In[1])
		case MatMulOp:
			if op != (MatMulOp{TransA: true}) || len(n.In[0].Shape()) != 2 || len(n.In[1].Shape()) != 2 {
				return false
			}
			if i := b.summed(ScanSum{n.In[0], n.In[1]}); i >= 0 {
				terms = append(terms, constTerm{sum: i})
				return true
			}
			terms = append(terms, constTerm{a: add(n.In[0]), b: add(n.In[1]), sum: -1})
			return true
		case ReshapeOp:
			return visit(n.In[0])
		case ReduceOp:
			if op.Kind != ReduceSum {
				return false
			}
			if axes := op.Axes.List(); len(axes) == 1 && axes[0] == 0 {
				if i := b.summed(ScanSum{A: n.In[0]}); i >= 0 {
					terms = append(terms, constTerm{sum: i})
					return true
				}
			}
			terms = append(terms, constTerm{a: add(n.In[0]), b: -1, axes: op.Axes.List(), sum: -1})
			return true
		}
		return false
	}
	if visit(d) {
		s.terms, *outputs = terms, list
		return
	}
	b.sums = b.sums[:sums]
}

// total returns the gradient from the results of the backward scan.
func (s *constGrad) total(final, stacked, totals []value) value {
	if s.terms == nil {
		return final[s.state]
	}
	var sum value
	for _, t := range s.terms {
		v := t.value(stacked, totals)
		v = Reshape(v, s.spec.Shape...)
		if sum.OK() {
			v = Add(sum, v)
		}
		sum = v
	}
	return sum
}

func (t constTerm) value(stacked, totals []value) value {
	if t.sum >= 0 {
		return totals[t.sum]
	}
	a := stacked[t.a]
	if t.b >= 0 {
		b := stacked[t.b]
		return MatMulT(Reshape(a, -1, a.Shape().Last()), Reshape(b, -1, b.Shape().Last()), true, false)
	}
	axes := []int{0}
	for _, k := range t.axes {
		axes = append(axes, k+1)
	}
	return Sum(a, axes, false)
}
