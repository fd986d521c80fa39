package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lineWidth is how many lines along an axis are worked on side by side.
const lineWidth = 256

// lowerLines lowers the float32 ops that work along an axis which is not
// the last one, or whose elements depend on those before. The lines are those
// along the axis of x (outer, n, inner); up to lineWidth neighbours are one unit
// of work, in which everything is done row by row.
func lowerLines(c *compiler, node *graph.Node) bool {
	if len(node.In) != 1 || node.In[0].DType() != tensor.Float32 {
		return false
	}
	x := node.In[0].Shape()
	var axis int
	switch op := node.Op.(type) {
	case ops.SoftmaxOp:
		axis = op.Axis
	case ops.LogSoftmaxOp:
		axis = op.Axis
	case ops.ArgMaxOp:
		axis = op.Axis
	case ops.CumSumOp:
		axis = op.Axis
	default:
		return false
	}
	outer, n, inner := span(x, axis)
	var body func(f *run.Frame, o, at, w int, scratch []float32) // lines at … at+w of outer index o
	in, out := c.bufs(node)
	rows := func(f *run.Frame, o, at int) (y, x []float32) {
		return f.F32[out[0]][o*n*inner+at:], f.F32[in[0]][o*n*inner+at:]
	}
	switch op := node.Op.(type) {
	case ops.SoftmaxOp:
		body = func(f *run.Frame, o, at, w int, scratch []float32) {
			y, x := rows(f, o, at)
			softmaxLines(y, x, n, inner, w, scratch, false)
		}
	case ops.LogSoftmaxOp:
		body = func(f *run.Frame, o, at, w int, scratch []float32) {
			y, x := rows(f, o, at)
			softmaxLines(y, x, n, inner, w, scratch, true)
		}
	case ops.ArgMaxOp:
		body = func(f *run.Frame, o, at, w int, scratch []float32) {
			argMaxLines(f.T[out[0]].Int32s()[o*inner+at:][:w], f.F32[in[0]][o*n*inner+at:], n, inner, scratch)
		}
	case ops.CumSumOp:
		body = func(f *run.Frame, o, at, w int, _ []float32) {
			y, x := rows(f, o, at)
			cumSumLines(y, x, n, inner, w, op.Reverse)
		}
	}
	blocks := (inner + lineWidth - 1) / lineWidth
	units := outer * blocks
	per := max(1, 8*1024/(n*min(inner, lineWidth)))
	s := step(node)
	s.Chunks = (units + per - 1) / per
	s.Scratch = 3 * lineWidth
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		for u := chunk * per; u < min((chunk+1)*per, units); u++ {
			at := u % blocks * lineWidth
			body(f, u/blocks, at, min(lineWidth, inner-at), scratch)
		}
	}
	c.emit(s, out, in)
	return true
}

// softmaxLines computes w softmaxes, or their logarithms, of n elements each,
// which lie ld apart.
func softmaxLines(y, x []float32, n, ld, w int, scratch []float32, log bool) {
	top, sum, e := scratch[:w], scratch[lineWidth:][:w], scratch[2*lineWidth:][:w]
	copy(top, x)
	for k := 1; k < n; k++ {
		kernel.Max(top, top, x[k*ld:])
	}
	kernel.Fill(sum, 0)
	for k := range n {
		row := y[k*ld:][:w]
		kernel.Sub(row, x[k*ld:], top)
		to := row
		if log {
			to = e
		}
		kernel.Exp(to, row)
		kernel.Add(sum, sum, to)
	}
	if log {
		kernel.Log(sum, sum)
	}
	for k := range n {
		row := y[k*ld:][:w]
		if log {
			kernel.Sub(row, row, sum)
		} else {
			kernel.Div(row, row, sum)
		}
	}
}

// argMaxLines finds the places of the first maxima; NaN never wins.
func argMaxLines(y []int32, x []float32, n, ld int, best []float32) {
	clear(y)
	copy(best[:len(y)], x)
	for k := 1; k < n; k++ {
		row := x[k*ld:][:len(y)]
		for i, v := range row {
			if top := best[i]; v > top || top != top && v == v {
				best[i], y[i] = v, int32(k)
			}
		}
	}
}

// cumSumLines sums in float64, as the op's Eval does.
func cumSumLines(y, x []float32, n, ld, w int, reverse bool) {
	var sum [lineWidth]float64
	for k := range n {
		if reverse {
			k = n - 1 - k
		}
		row := y[k*ld:][:w]
		for i, v := range x[k*ld:][:w] {
			sum[i] += float64(v)
			row[i] = float32(sum[i])
		}
	}
}
