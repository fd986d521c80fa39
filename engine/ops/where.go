package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// WhereOp takes each element from its second input where the first is not 0, and
// from its third elsewhere. The three are broadcast together.
type WhereOp struct{}

// Infer wants one type for the second and third input and shapes that broadcast.
func (WhereOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Where", in, 3); err != nil {
		return nil, err
	}
	if err := wantNumber("Where", in[0]); err != nil {
		return nil, err
	}
	if err := wantNumber("Where", in[1], in[2]); err != nil {
		return nil, err
	}
	s, ok := tensor.Broadcast(in[1].Shape, in[2].Shape)
	if ok {
		s, ok = tensor.Broadcast(in[0].Shape, s)
	}
	if !ok {
		return nil, misfit("Where", "shapes %v, %v and %v do not broadcast", in[0].Shape, in[1].Shape, in[2].Shape)
	}
	return one(in[1].DType, s)
}

// Gradient goes to the input that was taken.
func (WhereOp) Gradient(in, out, dout []value) []value {
	cond, dy := in[0], dout[0]
	zero := Scalar(dy, 0)
	var da, db value
	if !isConst(in[1]) {
		da = SumTo(Where(cond, dy, zero), in[1].Shape()...)
	}
	if !isConst(in[2]) {
		db = SumTo(Where(cond, zero, dy), in[2].Shape()...)
	}
	return []value{{}, da, db}
}

// Eval chooses element by element.
func (WhereOp) Eval(out, in []array) {
	switch out[0].DType() {
	case tensor.Float32:
		choose[float32](out[0], in[0], in[1], in[2])
	case tensor.Float64:
		choose[float64](out[0], in[0], in[1], in[2])
	case tensor.Int32:
		choose[int32](out[0], in[0], in[1], in[2])
	case tensor.Int64:
		choose[int64](out[0], in[0], in[1], in[2])
	}
}

func choose[T number](out, cond, a, b array) {
	switch cond.DType() {
	case tensor.Float32:
		chooseBy[float32, T](out, cond, a, b)
	case tensor.Float64:
		chooseBy[float64, T](out, cond, a, b)
	case tensor.Int32:
		chooseBy[int32, T](out, cond, a, b)
	case tensor.Int64:
		chooseBy[int64, T](out, cond, a, b)
	}
}

func chooseBy[C, T number](out, cond, a, b array) {
	y, c, p, q := tensor.Data[T](out), tensor.Data[C](cond), tensor.Data[T](a), tensor.Data[T](b)
	s := out.Shape()
	w := newWalk(s, dense(s), broadcast(cond.Shape(), s), broadcast(a.Shape(), s), broadcast(b.Shape(), s))
	for ; w.more; w.next() {
		k, h, i, j := w.off[0], w.off[1], w.off[2], w.off[3]
		for range w.n {
			if c[h] != 0 {
				y[k] = p[i]
			} else {
				y[k] = q[j]
			}
			k += w.step[0]
			h += w.step[1]
			i += w.step[2]
			j += w.step[3]
		}
	}
}

// Where returns a where cond is not 0 and b elsewhere; the three are broadcast
// together.
func Where(cond, a, b graph.Value) graph.Value { return graph.Apply1(WhereOp{}, cond, a, b) }

var _ graph.Op = WhereOp{}
