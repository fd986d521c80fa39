package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// lowerRandom lowers random numbers: a function of seed, stream, step and
// element, so chunks are independent.
func lowerRandom(c *compiler, n *graph.Node) bool {
	var stream ops.Stream
	normal := false
	switch op := n.Op.(type) {
	case ops.RandomUniformOp:
		stream = op.Stream
	case ops.RandomNormalOp:
		stream, normal = op.Stream, true
	default:
		return false
	}
	const per = 4096 // elements of a chunk, a multiple of 4; they cost more than most
	in, out := c.bufs(n)
	size := n.Out[0].Shape.Size()
	s := step(n)
	s.Chunks = (size + per - 1) / per
	if normal {
		s.Scratch = per + 3*pairs
	}
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		at := chunk * per
		y := f.F32[out[0]][at:min(at+per, size)]
		if !normal {
			uniform(f, in[0], stream, y, at/4)
			return
		}
		uniform(f, in[0], stream, scratch[:per], at/4)
		boxMuller(y, scratch[:per], scratch[per:])
	}
	c.emit(s, out, in)
	return true
}

// uniform fills dst with the random numbers of a stream from a block of four on; state
// is the buffer of the seed and the step.
func uniform(f *run.Frame, state int, stream ops.Stream, dst []float32, block int) {
	now := tensor.Data[int64](f.T[state])
	seed := uint64(now[0])
	if stream.Fixed {
		seed = stream.Seed
	}
	kernel.Uniform(dst, [2]uint32{uint32(seed), uint32(seed >> 32)}, [4]uint32{uint32(block), uint32(now[1]), uint32(stream.ID), uint32(stream.ID >> 32)})
}

// pairs is how many pairs of normal numbers are made at a time.
const pairs = 512

// boxMuller turns pairs of uniform numbers into normal ones, see ops.RandomNormalOp; the
// uniform numbers are used up. Scratch has room for three numbers of each of some pairs.
func boxMuller(y, uniform, scratch []float32) {
	for len(y) > 0 {
		n := min(len(y), 2*pairs)
		half := (n + 1) / 2
		r, v, p := scratch[:half], scratch[pairs:pairs+half], scratch[2*pairs:2*pairs+half]
		for i := range r {
			r[i] = 1 - uniform[2*i]
			v[i] = 2 * uniform[min(2*i+1, len(uniform)-1)]
		}
		kernel.Log(r, r)
		kernel.MulScalar(r, r, -2)
		kernel.Sqrt(r, r)
		kernel.CosPi(p, v)
		kernel.SinPi(v, v)
		kernel.Mul(p, p, r)
		kernel.Mul(v, v, r)
		for i := range n / 2 {
			y[2*i], y[2*i+1] = p[i], v[i]
		}
		if n%2 == 1 {
			y[n-1] = p[half-1]
		}
		y, uniform = y[n:], uniform[n:]
	}
}
