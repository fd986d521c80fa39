package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

// rowCutter copies the needed part of a step for fewer samples: those of axis 0.
type rowCutter struct {
	*scan
	rewriter
	rows  int
	whole map[graph.Value]bool // values that are the same for all samples
	byRow map[graph.Value]bool // constants that have a row for each sample
}

func newRowCutter(s *scan, rows int) *rowCutter {
	return &rowCutter{s, *newRewriter(), rows, map[graph.Value]bool{}, map[graph.Value]bool{}}
}

// cut copies the step. It returns false when a sample's result depends on others,
// as far as it can tell.
func (r *rowCutter) cut() bool {
	body := r.op.Body
	var roots []graph.Value
	for _, s := range r.scan.states {
		roots = append(roots, body.Next[s.index])
	}
	for _, o := range r.scan.outputs {
		roots = append(roots, o.value)
	}
	for _, x := range r.scan.sums {
		roots = append(roots, x.A)
		if x.B.OK() {
			roots = append(roots, x.B)
		}
	}
	nodes := graph.Reachable(body.Graph, roots)
	if r.rows == 0 {
		for _, n := range nodes {
			r.copy(n)
		}
		r.sources(roots)
		return true
	}
	for _, n := range nodes {
		v := graph.Value{Node: n}
		switch n.Op.(type) {
		case graph.Constant:
			r.copy(n)
			r.whole[v] = true
		case graph.Input:
			if slices.Contains(body.Constants, v) {
				continue // copied when it is clear how it is read
			}
			if len(n.Out[0].Shape) == 0 || n.Out[0].Shape[0] != r.total {
				return false
			}
			r.input(v, true)
		default:
			if !r.node(n) {
				return false
			}
		}
	}
	r.sources(roots)
	return true
}

// sources copies wanted constants of the step.
func (r *rowCutter) sources(roots []graph.Value) {
	for _, v := range roots {
		if !r.m[v].OK() {
			r.input(v, true)
		}
	}
}

// input copies an input of the step.
func (r *rowCutter) input(v graph.Value, byRow bool) graph.Value {
	s := v.Spec()
	if byRow {
		s.Shape = cutShape(s.Shape, r.rows)
	}
	w := r.g.Input(v.Node.Op.(graph.Input).Name, s)
	r.m[v] = w
	r.byRow[v] = byRow
	r.whole[v] = !byRow
	return w
}

func cutShape(s graph.Shape, rows int) graph.Shape {
	s = s.Clone()
	if len(s) > 0 {
		s[0] = rows
	}
	return s
}

// operand returns the copy of an operand that is read by row, or whole; false when
// it is of the other sort.
func (r *rowCutter) operand(v graph.Value, byRow bool) (graph.Value, bool) {
	w := r.m[v]
	if !w.OK() {
		w = r.input(v, byRow)
	}
	return w, r.whole[v] != byRow
}

// node copies a node whose samples are independent of each other.
func (r *rowCutter) node(n *graph.Node) bool {
	for _, s := range n.Out {
		if len(s.Shape) == 0 || s.Shape[0] != r.total {
			return false
		}
	}
	out := n.Out[0].Shape
	op := n.Op
	byRow := make([]bool, len(n.In))
	for i, v := range n.In {
		s := v.Shape()
		byRow[i] = len(s) == len(out) && s[0] == r.total // elementwise ops; others below
	}
	all := func() {
		for i, v := range n.In {
			byRow[i] = len(v.Shape()) > 0 && v.Shape()[0] == r.total
		}
	}
	first := func(d graph.Dims) graph.Dims {
		list := d.List()
		list[0] = r.rows
		return graph.MakeDims(list...)
	}
	switch o := op.(type) {
	case ops.UnaryOp, ops.ClipOp, ops.CastOp, ops.StopGradientOp, ops.BinaryOp, ops.WhereOp:
	case ops.MatMulOp:
		if o.TransA || len(n.In[0].Shape()) != 2 || len(n.In[1].Shape()) != 2 {
			return false
		}
		byRow = []bool{true, false}
	case ops.LSTMGatesOp:
		byRow = []bool{true, false, true}
	case ops.GRUGatesOp:
		byRow = []bool{true, true, false, false, true}
	case ops.LSTMGatesGradOp, ops.GRUGatesGradOp:
	case ops.ReshapeOp:
		all()
		if !byRow[0] {
			return false
		}
		op = ops.ReshapeOp{Shape: first(o.Shape)}
	case ops.BroadcastToOp:
		op = ops.BroadcastToOp{Shape: first(o.Shape)}
	case ops.SliceOp:
		if o.Starts.At(0) != 0 || o.Sizes.At(0) != r.total || o.Steps.At(0) != 1 {
			return false
		}
		op = ops.SliceOp{Starts: o.Starts, Sizes: first(o.Sizes), Steps: o.Steps}
	case ops.ConcatOp:
		if a, _ := out.Axis(o.Axis); a == 0 {
			return false
		}
	case ops.ReduceOp:
		all()
		if !byRow[0] || o.Axes.Len() == 0 || slices.Contains(o.Axes.List(), 0) {
			return false
		}
	case ops.SoftmaxOp:
		if a, _ := out.Axis(o.Axis); a == 0 {
			return false
		}
	default:
		return false
	}
	in, specs := make([]graph.Value, len(n.In)), make([]graph.Spec, len(n.In))
	for i, v := range n.In {
		w, ok := r.operand(v, byRow[i])
		if !ok {
			return false
		}
		in[i], specs[i] = w, w.Spec()
	}
	got, err := op.Infer(specs)
	if err != nil {
		return false
	}
	for i, s := range got {
		if !s.Shape.Equal(cutShape(n.Out[i].Shape, r.rows)) {
			return false
		}
	}
	r.replace(n, r.g.Insert(op, in, got, n.Scope))
	return true
}
