package plan

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lowerIndex lowers the ops on float32 rows and elements that ids name.
func lowerIndex(c *compiler, n *graph.Node) bool {
	if n.Out[0].DType != tensor.Float32 {
		return false
	}
	var body func(y, x []float32, ids []int32, lo, hi int) // does units [lo, hi)
	var units, size int                                    // how many there are, and the elements of one
	data, places := 0, 1                                   // which inputs these are
	switch op := n.Op.(type) {
	case ops.GatherOp:
		rows, row := n.In[0].Shape()[0], n.In[0].Shape()[1:].Size()
		units, size = n.In[1].Shape().Size(), row
		body = func(y, x []float32, ids []int32, lo, hi int) {
			for i := lo; i < hi; i++ {
				copy(y[i*row:(i+1)*row], x[rowOf("Gather", ids[i], rows)*row:])
			}
		}
	case ops.ScatterAddOp:
		row := n.Out[0].Shape[1:].Size()
		units, size = op.Rows, row
		body = func(y, x []float32, ids []int32, lo, hi int) { // rows of the output, so that no two chunks add to one
			clear(y[lo*row : hi*row])
			for i, id := range ids {
				if r := rowOf("ScatterAdd", id, op.Rows); lo <= r && r < hi {
					to := y[r*row : (r+1)*row]
					if row >= 8 { // a call takes longer than a few numbers
						kernel.Add(to, to, x[i*row:])
						continue
					}
					for k := range to {
						to[k] += x[i*row+k]
					}
				}
			}
		}
	case ops.OneHotOp:
		data, places = -1, 0
		units, size = n.In[0].Shape().Size(), op.Depth
		body = func(y, _ []float32, ids []int32, lo, hi int) {
			clear(y[lo*op.Depth : hi*op.Depth])
			for i := lo; i < hi; i++ {
				if id := int(ids[i]); id >= 0 && id < op.Depth {
					y[i*op.Depth+id] = 1
				}
			}
		}
	case ops.TakeAlongOp:
		_, length, inner := span(n.In[0].Shape(), op.Axis)
		take := n.Out[0].Shape[op.Axis]
		units, size = n.Out[0].Shape.Size(), 1
		body = func(y, x []float32, ids []int32, lo, hi int) {
			for i := lo; i < hi; i++ {
				y[i] = x[(i/(take*inner)*length+rowOf("TakeAlong", ids[i], length))*inner+i%inner]
			}
		}
	case ops.ScatterAlongOp:
		outer, take, inner := span(n.In[0].Shape(), op.Axis)
		units, size = outer, op.Length*inner
		body = func(y, x []float32, ids []int32, lo, hi int) {
			clear(y[lo*size : hi*size])
			for i := lo * take * inner; i < hi*take*inner; i++ {
				y[i/(take*inner)*size+rowOf("ScatterAlong", ids[i], op.Length)*inner+i%inner] += x[i]
			}
		}
	default:
		return false
	}
	in, out := c.bufs(n)
	per := max(1, 8*1024/max(1, size))
	if _, ok := n.Op.(ops.ScatterAddOp); ok {
		per = max(per, (units+15)/16) // every chunk reads all ids
	}
	s := step(n)
	s.Chunks = (units + per - 1) / per
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		var x []float32
		if data >= 0 {
			x = f.F32[in[data]]
		}
		body(f.F32[out[0]], x, f.T[in[places]].Int32s(), chunk*per, min((chunk+1)*per, units))
	}
	c.emit(s, out, in)
	return true
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

// span splits a shape at an axis: the number of elements before, along and after.
func span(s graph.Shape, axis int) (outer, n, inner int) {
	return s[:axis].Size(), s[axis], s[axis+1:].Size()
}
