package ops

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// hoister moves out of a step what depends on no state: what is the same at every
// step is computed once, and what depends on the sequences alone is computed for
// all steps at once, where there is an op for that and it pays.
type hoister struct {
	old   *scanBuilder
	new   *scanBuilder
	kinds map[value]scanKind
	inner map[value]value // value of the old step → of the new one
	outer map[value]value // value of the old step → of the graph around
}

// scanKind says what a value of a step depends on.
type scanKind uint8

const (
	scanInner scanKind = iota // on the states
	scanSeq                   // on the sequences, in a way that allows all steps at once
	scanConst                 // on neither
)

// finish adds the op to the outer graph.
func (b *scanBuilder) finish(next, outputs []value) (final, stacked, sums []value) {
	h := &hoister{b, newScanBuilder(b.outer, b.op), map[value]scanKind{}, map[value]value{}, map[value]value{}}
	for i, v := range b.body.States {
		h.inner[v] = h.new.state(b.init[i])
	}
	for i, v := range b.body.Steps {
		h.kinds[v], h.outer[v] = scanSeq, b.seqs[i]
	}
	for i, v := range b.body.Constants {
		h.kinds[v], h.outer[v] = scanConst, b.consts[i]
	}
	for v, sequence := range b.given {
		h.kinds[v], h.outer[v] = scanSeq, sequence
	}
	want := slices.Concat(next, outputs)
	for _, s := range b.sums {
		want = append(want, s.operands()...)
	}
	for _, n := range b.needed(want) {
		h.node(n)
	}
	body := h.new.body
	for _, v := range next {
		body.Next = append(body.Next, h.inside(v))
	}
	place := make([]int, len(outputs)) // among the op's outputs; -1 for what needs no scan
	for i, v := range outputs {
		place[i] = -1
		if h.kinds[v] == scanSeq {
			continue
		}
		w := h.inside(v)
		if place[i] = slices.Index(body.Outputs, w); place[i] < 0 {
			place[i] = len(body.Outputs)
			body.Outputs = append(body.Outputs, w)
		}
	}
	for _, s := range b.sums {
		t := ScanSum{A: h.inside(s.A)}
		if s.B.OK() {
			t.B = h.inside(s.B)
		}
		body.Sums = append(body.Sums, t)
	}
	body.Saved = worthSaving(body)
	op := b.op
	op.Body = body
	out := b.outer.Apply(op, append(append(append([]value{}, h.new.init...), h.new.seqs...), h.new.consts...)...)
	for i, v := range outputs {
		if place[i] < 0 {
			stacked = append(stacked, h.outside(v))
		} else {
			stacked = append(stacked, out[min(len(b.init)+place[i], len(out)-1)])
		}
	}
	for i := range b.sums {
		sums = append(sums, out[max(0, len(out)-len(b.sums)+i)])
	}
	return out[:min(len(b.init), len(out))], stacked, sums
}

// needed returns the nodes that the values follow from, in order, but for what is
// given.
func (b *scanBuilder) needed(values []value) []*graph.Node {
	g := b.body.Graph
	mark := make([]bool, len(g.Nodes))
	need := func(values []value) {
		for _, v := range values {
			if !b.given[v].OK() {
				mark[v.Node.ID] = true
			}
		}
	}
	need(values)
	var nodes []*graph.Node
	for id := len(g.Nodes) - 1; id >= 0; id-- {
		if n := g.Nodes[id]; mark[id] {
			nodes = append(nodes, n)
			need(n.In)
		}
	}
	slices.Reverse(nodes)
	return nodes
}

// worthSaving returns the values of a step that take longer to compute than to
// load.
func worthSaving(b *ScanBody) []value {
	var saved []value
	for _, n := range graph.Reachable(b.Graph, b.Results()) {
		if n.IsSource() || cheap(n) {
			continue
		}
		for i, s := range n.Out {
			if s.DType.Float() {
				saved = append(saved, value{Node: n, Index: i})
			}
		}
	}
	return saved
}

// cheap reports whether a node only moves elements, or does next to nothing with
// each.
func cheap(n *graph.Node) bool {
	switch op := n.Op.(type) {
	case BinaryOp:
		return op.Kind != BinaryPow
	case UnaryOp:
		switch op.Kind {
		case UnaryNeg, UnaryAbs, UnarySign, UnarySquare, UnaryReciprocal, UnaryRelu, UnaryNot, UnaryFloor, UnaryCeil, UnaryRound:
			return true
		}
	case WhereOp, ClipOp, CastOp, StopGradientOp, ReshapeOp, BroadcastToOp, SliceOp, ConcatOp, TransposeOp, PadOp, FlipOp:
		return true
	}
	return false
}

// node sorts a node of the old step and copies it into the new one if it stays.
func (h *hoister) node(n *graph.Node) {
	if v := (value{Node: n}); n.IsSource() {
		if !h.outer[v].OK() && !h.inner[v].OK() {
			h.kinds[v] = scanConst // a constant, or an input that the step shares with the graph around
		}
		return
	}
	k := h.kind(n)
	for i := range n.Out {
		if v := (value{Node: n, Index: i}); !h.old.given[v].OK() {
			h.kinds[v] = k
		}
	}
	if k != scanInner {
		return
	}
	h.insert(n)
}

// insert copies a node into the new step.
func (h *hoister) insert(n *graph.Node) {
	op := n.Op
	in := make([]value, len(n.In))
	for i, w := range n.In {
		in[i] = h.inside(w)
	}
	if mm, ok := op.(MatMulOp); ok && mm.TransB && h.kinds[n.In[1]] == scanConst && len(in[1].Shape()) == 2 {
		// Transposed once, not at every step.
		in[1] = h.new.constant(Transpose(h.outside(n.In[1]), 1, 0))
		op = MatMulOp{TransA: mm.TransA}
	}
	c := h.new.body.Graph.Insert(op, in, n.Out, n.Scope)
	for i := range n.Out {
		if v := (value{Node: n, Index: i}); !h.old.given[v].OK() {
			h.inner[v] = value{Node: c, Index: i}
		}
	}
}

func (h *hoister) kind(n *graph.Node) scanKind {
	k := scanConst
	for _, v := range n.In {
		k = min(k, h.kinds[v])
	}
	if k == scanSeq && !h.mapped(n) {
		return scanInner
	}
	return k
}

// mapped reports whether the node can be computed for all steps at once.
func (h *hoister) mapped(n *graph.Node) bool {
	switch op := n.Op.(type) {
	case UnaryOp, ClipOp, CastOp, StopGradientOp:
		return true
	case BinaryOp, WhereOp:
		for _, v := range n.In {
			if h.kinds[v] == scanSeq && len(v.Shape()) != len(n.Out[0].Shape) {
				return false
			}
		}
		return true
	case MatMulOp:
		return !op.TransA && h.kinds[n.In[0]] == scanSeq && h.kinds[n.In[1]] == scanConst &&
			len(n.In[0].Shape()) == 2 && len(n.In[1].Shape()) == 2
	}
	return false
}

// inside returns the value of the new step for one of the old.
func (h *hoister) inside(v value) value {
	if w, ok := h.inner[v]; ok {
		return w
	}
	switch {
	case h.stays(v):
		h.insert(v.Node)
	case h.kinds[v] == scanSeq:
		h.inner[v] = h.new.step(h.outside(v))
	default:
		h.inner[v] = h.new.constant(h.outside(v))
	}
	return h.inner[v]
}

// stays reports whether a value that could be computed outside is better computed
// where it is read: what would be written and read again costs more than it.
// Products for many rows are as fast in a step as outside, while the kernel stays in
// the cache.
func (h *hoister) stays(v value) bool {
	if v.Node.IsSource() || h.old.given[v].OK() {
		return false
	}
	switch v.Node.Op.(type) {
	case BroadcastToOp:
		return true
	case UnaryOp, BinaryOp, WhereOp, ClipOp:
		if h.kinds[v] != scanSeq {
			return false
		}
		for _, w := range v.Node.In {
			if w.DType() != v.DType() {
				return false
			}
		}
		return v.DType().Float()
	case MatMulOp:
		k := v.Node.In[1].Shape()
		return h.kinds[v] == scanSeq && v.Shape()[0] >= 16 && k.Size() <= 1<<16
	}
	return false
}

// outside returns the value of the outer graph for one of the old step: itself, or
// that of all steps.
func (h *hoister) outside(v value) value {
	if w, ok := h.outer[v]; ok {
		return w
	}
	n := v.Node
	switch op := n.Op.(type) {
	case graph.Constant:
		h.outer[v] = h.old.outer.Constant(op.T)
		return h.outer[v]
	case graph.Input:
		h.outer[v] = h.old.outer.Input(op.Name, v.Spec())
		return h.outer[v]
	}
	in := make([]value, len(n.In))
	for i, w := range n.In {
		in[i] = h.outside(w) // constants broadcast over the steps, which come first
	}
	var out []value
	if mm, ok := n.Op.(MatMulOp); ok && h.kinds[v] == scanSeq {
		out = []value{MatMulT(in[0], in[1], false, mm.TransB)}
	} else {
		out = h.old.outer.Apply(n.Op, in...)
	}
	for i := range n.Out {
		h.outer[value{Node: n, Index: i}] = out[min(i, len(out)-1)]
	}
	return h.outer[v]
}
