package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// numeric is the set of types that lie in arenas.
type numeric interface {
	float32 | float64 | int32 | int64 | uint8
}

// lowerCast lowers conversions between the types that lie in arenas.
func lowerCast(c *compiler, n *graph.Node) bool {
	op, ok := n.Op.(ops.CastOp)
	if !ok || !inArena(n.In[0].DType()) {
		return false
	}
	in, out := c.bufs(n)
	var convert func(y, x *tensor.Tensor, lo, hi int)
	switch op.DType {
	case tensor.Float32:
		convert = castTo(n.In[0].DType(), func(v float64) float32 { return float32(v) })
	case tensor.Float64:
		convert = castTo(n.In[0].DType(), func(v float64) float64 { return v })
	case tensor.Int32:
		convert = castTo(n.In[0].DType(), func(v float64) int32 { return int32(v) })
	case tensor.Int64:
		convert = castTo(n.In[0].DType(), func(v float64) int64 { return int64(v) })
	case tensor.Uint8:
		convert = castTo(n.In[0].DType(), func(v float64) uint8 { return uint8(int64(v)) })
	default:
		return false
	}
	size := n.Out[0].Shape.Size()
	s := step(n)
	s.Chunks = (size + chunkSize - 1) / chunkSize
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		convert(f.T[out[0]], f.T[in[0]], chunk*chunkSize, min((chunk+1)*chunkSize, size))
	}
	c.boxed = true
	c.emit(s, out, in)
	return true
}

// castTo returns the conversion of elements [lo, hi) from a type, through float64
// as Tensor.Cast does.
func castTo[D numeric](from tensor.DType, to func(float64) D) func(y, x *tensor.Tensor, lo, hi int) {
	switch from {
	case tensor.Float32:
		return castFrom[float32](to)
	case tensor.Float64:
		return castFrom[float64](to)
	case tensor.Int32:
		return castFrom[int32](to)
	case tensor.Int64:
		return castFrom[int64](to)
	default:
		return castFrom[uint8](to)
	}
}

func castFrom[S, D numeric](to func(float64) D) func(y, x *tensor.Tensor, lo, hi int) {
	return func(y, x *tensor.Tensor, lo, hi int) {
		dst := tensor.Data[D](y)[lo:hi]
		for i, v := range tensor.Data[S](x)[lo:hi] {
			dst[i] = to(float64(v))
		}
	}
}
