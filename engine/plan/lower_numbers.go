package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lowerNumbers lowers functions of one or two numbers on types other than
// float32: counters, ids, float64. They are few, so one element at a time will do.
func lowerNumbers(c *compiler, n *graph.Node) bool {
	var fn func(a, b float64) float64
	switch op := n.Op.(type) {
	case ops.BinaryOp:
		fn = op.Kind.Func()
	case ops.UnaryOp:
		f := op.Kind.Func()
		fn = func(a, _ float64) float64 { return f(a) }
	case ops.ClipOp:
		fn = func(a, _ float64) float64 { return min(max(a, op.Lo), op.Hi) }
	default:
		return false
	}
	in, out := c.bufs(n)
	a, b := in[0], in[len(in)-1]
	places := [2]place{placeOf(n.In[0].Shape(), n.Out[0].Shape), placeOf(n.In[len(in)-1].Shape(), n.Out[0].Shape)}
	var body func(y, x, z *tensor.Tensor, lo, hi int)
	truth := n.Out[0].DType == tensor.Float32
	switch t := n.In[0].DType(); {
	case t == tensor.Float64 && !truth:
		body = numbers[float64, float64](fn, places)
	case t == tensor.Int32 && truth:
		body = numbers[float32, int32](fn, places)
	case t == tensor.Int32:
		body = numbers[int32, int32](fn, places)
	case t == tensor.Int64 && truth:
		body = numbers[float32, int64](fn, places)
	case t == tensor.Int64:
		body = numbers[int64, int64](fn, places)
	default:
		return false
	}
	size := n.Out[0].Shape.Size()
	s := step(n)
	s.Name = opLabel(n.Op)
	s.Chunks = (size + chunkSize - 1) / chunkSize
	s.FLOPs = int64(size)
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		body(f.T[out[0]], f.T[a], f.T[b], chunk*chunkSize, min((chunk+1)*chunkSize, size))
	}
	c.boxed = true
	c.emit(s, out, in)
	return true
}

// place says which element of an operand belongs to an element of the output.
type place struct {
	whole, single bool
	broadcast
}

func placeOf(from, to graph.Shape) place {
	b := broadcastOf(from, to)
	return place{from.Size() == to.Size(), b.single(), b}
}

func (p *place) of(i int) int {
	switch {
	case p.whole:
		return i
	case p.single:
		return 0
	}
	return p.at(i)
}

func numbers[O, I numeric](fn func(a, b float64) float64, p [2]place) func(y, x, z *tensor.Tensor, lo, hi int) {
	return func(y, x, z *tensor.Tensor, lo, hi int) {
		dst, a, b := tensor.Data[O](y), tensor.Data[I](x), tensor.Data[I](z)
		for i := lo; i < hi; i++ {
			dst[i] = O(fn(float64(a[p[0].of(i)]), float64(b[p[1].of(i)])))
		}
	}
}
