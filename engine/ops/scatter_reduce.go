package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ScatterReduceOp makes an array of Rows rows of the rows of its first input that have
// the same id in the second: their largest or smallest elements, or the product. Rows
// without an id hold the smallest number of the type, the largest, or 1.
type ScatterReduceOp struct {
	Rows int
	Kind ScatterKind
}

// ScatterKind says how ScatterReduceOp joins rows.
type ScatterKind uint8

// The kinds of ScatterReduceOp.
const (
	ScatterMax ScatterKind = iota
	ScatterMin
	ScatterProd
)

// Infer is that of ScatterAddOp.
func (o ScatterReduceOp) Infer(in []spec) ([]spec, error) { return ScatterAddOp{o.Rows}.Infer(in) }

// Gradient goes to the elements that equal the result, shared evenly, or to each factor
// times the product of the others.
func (o ScatterReduceOp) Gradient(in, out, dout []value) []value {
	x, ids := in[0], in[1]
	add := func(v value) value { return graph.Apply1(ScatterAddOp{o.Rows}, v, ids) }
	zero, unit := Scalar(x, 0), Scalar(x, 1)
	if o.Kind == ScatterProd {
		isZero := Equal(x, zero)
		others := graph.Apply1(o, Where(isZero, unit, x), ids) // the product without zeros
		zeros := add(Where(isZero, unit, zero))
		alone := Gather(Mul(dout[0], Where(Equal(zeros, Scalar(zeros, 1)), others, zero)), ids)
		rest := Div(Gather(Mul(dout[0], out[0]), ids), Where(isZero, unit, x))
		return []value{Where(isZero, alone, rest), {}}
	}
	chosen := Where(Equal(x, Gather(out[0], ids)), unit, zero)
	count := Maximum(add(chosen), unit)
	return []value{Mul(chosen, Gather(Div(dout[0], count), ids)), {}}
}

// Eval joins row by row. It panics with *tensor.ShapeError on an id outside the rows.
func (o ScatterReduceOp) Eval(out, in []array) {
	switch out[0].DType() {
	case tensor.Float32:
		scatterReduce[float32](o, out[0], in[0], in[1].Int32s(), -math.MaxFloat32, math.MaxFloat32)
	case tensor.Float64:
		scatterReduce[float64](o, out[0], in[0], in[1].Int32s(), -math.MaxFloat64, math.MaxFloat64)
	case tensor.Int32:
		scatterReduce[int32](o, out[0], in[0], in[1].Int32s(), math.MinInt32, math.MaxInt32)
	case tensor.Int64:
		scatterReduce[int64](o, out[0], in[0], in[1].Int32s(), math.MinInt64, math.MaxInt64)
	}
}

func scatterReduce[T number](o ScatterReduceOp, out, in array, ids []int32, least, greatest T) {
	y, x := tensor.Data[T](out), tensor.Data[T](in)
	start := map[ScatterKind]T{ScatterMax: least, ScatterMin: greatest, ScatterProd: 1}[o.Kind]
	for i := range y {
		y[i] = start
	}
	row := out.Shape()[1:].Size()
	for i, id := range ids {
		to := y[rowOf("ScatterReduce", id, o.Rows)*row:][:row]
		for j, v := range x[i*row : (i+1)*row] {
			switch o.Kind {
			case ScatterMax:
				to[j] = max(to[j], v)
			case ScatterMin:
				to[j] = min(to[j], v)
			default:
				to[j] *= v
			}
		}
	}
}

// ScatterAdd makes an array of rows rows and adds to each the rows of x whose int32 id
// names it. The shape of x begins with that of ids.
func ScatterAdd(x, ids graph.Value, rows int) graph.Value {
	return graph.Apply1(ScatterAddOp{rows}, x, ids)
}

// ScatterReduce is ScatterAdd with another way to join rows; see ScatterReduceOp.
func ScatterReduce(x, ids graph.Value, rows int, kind ScatterKind) graph.Value {
	return graph.Apply1(ScatterReduceOp{rows, kind}, x, ids)
}

var _ graph.Op = ScatterReduceOp{}
