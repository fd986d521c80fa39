package plan

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// mix is what a pixel of the large image takes on one axis: lo·(1-t) + hi·t.
type mix struct {
	lo, hi int
	t      float32
}

// mixes returns the mixes of an axis; see ops.ResizeBilinearOp for the formula.
func mixes(from, to int) []mix {
	list := make([]mix, to)
	for i := range list {
		at := (float64(i)+0.5)*float64(from)/float64(to) - 0.5
		lo := math.Floor(at)
		list[i] = mix{max(int(lo), 0), min(int(lo)+1, from-1), float32(at - lo)}
	}
	return list
}

// lowerResize lowers bilinear resizing, image by image.
func lowerResize(c *compiler, n *graph.Node) bool {
	var backward bool
	switch n.Op.(type) {
	case ops.ResizeBilinearOp:
	case ops.ResizeBilinearGradOp:
		backward = true
	default:
		return false
	}
	if n.Out[0].DType != tensor.Float32 {
		return false
	}
	x, y := n.In[0].Shape(), n.Out[0].Shape
	if backward {
		x, y = y, x // y is the resized image
	}
	rows, cols, ch := mixes(x[1], y[1]), mixes(x[2], y[2]), x[3]
	in, out := c.bufs(n)
	inSize, outSize := n.In[0].Shape()[1:].Size(), n.Out[0].Shape[1:].Size()
	s := step(n)
	s.Chunks = x[0]
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		src, dst := image(f.F32[in[0]], chunk, inSize), image(f.F32[out[0]], chunk, outSize)
		clear(dst)
		for i, r := range rows {
			for j, q := range cols {
				at := (i*len(cols) + j) * ch
				add := func(h, w int, weight float32) {
					if p := (h*x[2] + w) * ch; backward {
						kernel.ScaleAdd(dst[p:p+ch], src[at:], weight)
					} else {
						kernel.ScaleAdd(dst[at:at+ch], src[p:], weight)
					}
				}
				add(r.lo, q.lo, (1-r.t)*(1-q.t))
				add(r.lo, q.hi, (1-r.t)*q.t)
				add(r.hi, q.lo, r.t*(1-q.t))
				add(r.hi, q.hi, r.t*q.t)
			}
		}
	}
	c.emit(s, out, in)
	return true
}
