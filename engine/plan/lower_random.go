package plan

import (
	"math"

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
		s.Scratch = per
	}
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		at := chunk * per
		y := f.F32[out[0]][at:min(at+per, size)]
		if !normal {
			uniform(f, in[0], stream, y, at/4)
			return
		}
		uniform(f, in[0], stream, scratch, at/4)
		boxMuller(y, scratch)
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

// boxMuller turns pairs of uniform numbers into normal ones; see
// ops.RandomNormalOp.
func boxMuller(y, uniform []float32) {
	for i := 0; i < len(y); i += 2 {
		r := math.Sqrt(-2 * math.Log(1-float64(uniform[i])))
		sin, cos := math.Sincos(2 * math.Pi * float64(uniform[i+1]))
		y[i] = float32(r * cos)
		if i+1 < len(y) {
			y[i+1] = float32(r * sin)
		}
	}
}
