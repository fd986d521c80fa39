package regularizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// OrthogonalRegularizer draws the rows (or columns) of a matrix toward right
// angles: Factor times the mean absolute cosine between every two of them.
type OrthogonalRegularizer struct {
	Factor *float64 `keras:"factor,pos,default=0.01,min=0"`       // factor
	Mode   string   `keras:"mode,default=rows,enum=rows|columns"` // which vectors
}

func init() { spec.Register[OrthogonalRegularizer](module) }

// Penalty implements Regularizer. The weight needs exactly two axes.
func (r OrthogonalRegularizer) Penalty(w graph.Value) graph.Value {
	s := w.Shape()
	if len(s) != 2 {
		w.Graph().Errorf("OrthogonalRegularizer: %w: wants a weight with two axes, got %v", graph.ErrShape, s)
		return w
	}
	axis, n, byColumn := 1, s[0], r.Mode == "columns"
	if byColumn {
		axis, n = 0, s[1]
	}
	const tiny = 1e-12 // keeps the length of a zero vector from dividing by 0
	length := ops.Sqrt(ops.MaximumScalar(ops.Sum(ops.Square(w), []int{axis}, true), tiny))
	unit := ops.Div(w, length)
	cos := ops.MatMulT(unit, unit, byColumn, !byColumn)
	off := tensor.New(w.DType(), n, n)
	for i := range n * n {
		if i/n != i%n {
			off.SetFloat64At(i, 1)
		}
	}
	sum := ops.Sum(ops.Abs(ops.Mul(cos, ops.Const(w.Graph(), off))), nil, false)
	pairs := float64(n) * float64(n-1) / 2
	return ops.MulScalar(sum, or(r.Factor, 0.01)*0.5/pairs)
}

var _ Regularizer = OrthogonalRegularizer{}
