package ops

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// GatherOp takes rows, entries of axis 0, of its first input by the ids in its
// second. A negative id counts from the end, as in keras.ops.take.
type GatherOp struct{}

// Infer wants int32 ids; the result has the shape of the ids, then of a row.
func (GatherOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Gather", in, 2); err != nil {
		return nil, err
	}
	if err := wantNumber("Gather", in[0]); err != nil {
		return nil, err
	}
	if len(in[0].Shape) == 0 {
		return nil, misfit("Gather", "a scalar has no rows")
	}
	if in[1].DType != tensor.Int32 {
		return nil, misfit("Gather", "ids must be int32, got %v; use Cast", in[1])
	}
	return one(in[0].DType, append(in[1].Shape.Clone(), in[0].Shape[1:]...))
}

// Gradient adds up, for each row, what arrived at its copies.
func (GatherOp) Gradient(in, out, dout []value) []value {
	return []value{graph.Apply1(ScatterAddOp{in[0].Shape()[0]}, dout[0], in[1]), {}}
}

// Eval copies rows. It panics with *tensor.ShapeError on an id outside the rows.
func (GatherOp) Eval(out, in []array) {
	switch out[0].DType() {
	case tensor.Float32:
		gatherRows[float32](out[0], in[0], in[1].Int32s())
	case tensor.Float64:
		gatherRows[float64](out[0], in[0], in[1].Int32s())
	case tensor.Int32:
		gatherRows[int32](out[0], in[0], in[1].Int32s())
	case tensor.Int64:
		gatherRows[int64](out[0], in[0], in[1].Int32s())
	}
}

func gatherRows[T number](out, in array, ids []int32) {
	y, x := tensor.Data[T](out), tensor.Data[T](in)
	n, row := in.Shape()[0], in.Shape()[1:].Size()
	for i, id := range ids {
		copy(y[i*row:(i+1)*row], x[rowOf("Gather", id, n)*row:])
	}
}

// rowOf resolves an id that may count from the end.
func rowOf(op string, id int32, n int) int {
	r := int(id)
	if r < 0 {
		r += n
	}
	if r < 0 || r >= n {
		panic(&tensor.ShapeError{Op: op, Msg: fmt.Sprintf("id %d is outside the %d rows", id, n)})
	}
	return r
}

// ScatterAddOp makes an array of Rows rows and adds to each the rows of its first
// input whose id in the second input names it. It is the gradient of GatherOp.
type ScatterAddOp struct{ Rows int }

// Infer wants updates of the shape of the ids, then of a row.
func (o ScatterAddOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("ScatterAdd", in, 2); err != nil {
		return nil, err
	}
	if err := wantNumber("ScatterAdd", in[0]); err != nil {
		return nil, err
	}
	x, ids := in[0].Shape, in[1].Shape
	if in[1].DType != tensor.Int32 {
		return nil, misfit("ScatterAdd", "ids must be int32, got %v; use Cast", in[1])
	}
	if len(x) < len(ids) || !x[:len(ids)].Equal(ids) {
		return nil, misfit("ScatterAdd", "the shape %v does not begin with the shape %v of the ids", x, ids)
	}
	return one(in[0].DType, append(shape{o.Rows}, x[len(ids):]...))
}

// Gradient takes the rows back.
func (o ScatterAddOp) Gradient(in, out, dout []value) []value {
	return []value{Gather(dout[0], in[1]), {}}
}

// Eval adds row by row.
func (o ScatterAddOp) Eval(out, in []array) {
	switch out[0].DType() {
	case tensor.Float32:
		scatterRows[float32](out[0], in[0], in[1].Int32s(), o.Rows)
	case tensor.Float64:
		scatterRows[float64](out[0], in[0], in[1].Int32s(), o.Rows)
	case tensor.Int32:
		scatterRows[int32](out[0], in[0], in[1].Int32s(), o.Rows)
	case tensor.Int64:
		scatterRows[int64](out[0], in[0], in[1].Int32s(), o.Rows)
	}
}

func scatterRows[T number](out, in array, ids []int32, n int) {
	y, x := tensor.Data[T](out), tensor.Data[T](in)
	acc := make([]float64, len(y))
	row := out.Shape()[1:].Size()
	for i, id := range ids {
		to := acc[rowOf("ScatterAdd", id, n)*row:][:row]
		for j, v := range x[i*row : (i+1)*row] {
			to[j] += float64(v)
		}
	}
	store(y, acc)
}

// store rounds sums kept in float64 to the type of the output.
func store[T number](y []T, acc []float64) {
	for i, v := range acc {
		y[i] = T(v)
	}
}

// Gather takes rows, entries of axis 0, of x by int32 ids. The result has shape
// ids.shape + x.shape[1:]. A negative id counts from the end; running it with an
// id outside the rows is an error.
func Gather(x, ids graph.Value) graph.Value { return graph.Apply1(GatherOp{}, x, ids) }

var (
	_ graph.Op = GatherOp{}
	_ graph.Op = ScatterAddOp{}
)
