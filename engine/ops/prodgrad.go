package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ProdGradOp is the gradient of a product: for each element the product of all
// others over Axes, times its second input. It divides by nothing, so zeros are
// right too.
type ProdGradOp struct{ Axes graph.Dims }

// Infer wants two inputs of one type and shape.
func (o ProdGradOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("ProdGrad", in, 2); err != nil {
		return nil, err
	}
	if err := wantFloat("ProdGrad", in...); err != nil {
		return nil, err
	}
	if !in[0].Shape.Equal(in[1].Shape) {
		return nil, misfit("ProdGrad", "shapes %v and %v differ", in[0].Shape, in[1].Shape)
	}
	return one(in[0].DType, in[0].Shape)
}

// Gradient is not implemented: it records an error.
func (o ProdGradOp) Gradient(in, out, dout []value) []value { return noSecond("Prod", in) }

// noSecond records that the second derivative of an op is missing.
func noSecond(op string, in []value) []value {
	in[0].Graph().Errorf("the second derivative of %s is not implemented", op)
	return make([]value, len(in))
}

// Eval multiplies what comes before each element with what comes after it.
func (o ProdGradOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		prodGrad[float32](o.Axes, out[0], in[0], in[1])
	} else {
		prodGrad[float64](o.Axes, out[0], in[0], in[1])
	}
}

func prodGrad[T float](axes graph.Dims, out, in, grad array) {
	s := in.Shape()
	kept, _ := ReduceOp{Axes: axes}.shapes(s)
	x, dy, dx := tensor.Data[T](in), tensor.Data[T](grad), tensor.Data[T](out)
	before := make([]float64, len(x))
	run := make([]float64, kept.Size())
	fillElements(run, 1)
	// order visits the elements; the reverse of it visits the same groups backwards.
	order := make([]int, 0, len(x))
	group := make([]int, 0, len(x))
	for w := newWalk(s, dense(s), broadcast(kept, s)); w.more; w.next() {
		i, j := w.off[0], w.off[1]
		for range w.n {
			order, group = append(order, i), append(group, j)
			i += w.step[0]
			j += w.step[1]
		}
	}
	for k, i := range order {
		before[i] = run[group[k]]
		run[group[k]] *= float64(x[i])
	}
	fillElements(run, 1)
	for k := len(order) - 1; k >= 0; k-- {
		i := order[k]
		dx[i] = T(float64(dy[i]) * before[i] * run[group[k]])
		run[group[k]] *= float64(x[i])
	}
}

var _ graph.Op = ProdGradOp{}
