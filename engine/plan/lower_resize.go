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

// share is a line of the large image with its weight in one of the small image.
type share struct {
	line   int
	weight float32
}

// shares returns for every line of the small image the lines that it is mixed into.
func shares(list []mix, from int) [][]share {
	all := make([][]share, from)
	for i, m := range list {
		all[m.lo] = append(all[m.lo], share{i, 1 - m.t})
		all[m.hi] = append(all[m.hi], share{i, m.t})
	}
	return all
}

// lowerResize lowers bilinear resizing, image by image. The two axes are mixed one
// after the other: along its width each line of the small image is stretched once.
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
	in, out := c.bufs(n)
	inSize, outSize := n.In[0].Shape()[1:].Size(), n.Out[0].Shape[1:].Size()
	rows, cols := mixes(x[1], y[1]), mixes(x[2], y[2])
	r := resizer{rows, cols, shares(rows, x[1]), x[2] * x[3], y[2] * x[3], x[3]}
	s := step(n)
	s.Chunks, s.Scratch = x[0], 2*r.large
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		src, dst := image(f.F32[in[0]], chunk, inSize), image(f.F32[out[0]], chunk, outSize)
		if backward {
			r.gradient(dst, src, scratch[:r.large])
		} else {
			r.forward(dst, src, scratch)
		}
	}
	c.emit(s, out, in)
	return true
}

// resizer resizes images between a small one (rows of small numbers) and a large one
// (rows of large numbers); either may be the larger in fact.
type resizer struct {
	rows, cols   []mix
	shares       [][]share // by line of the small image
	small, large int
	channels     int
}

// forward sets dst to the resized src. The scratch keeps two stretched lines.
func (r *resizer) forward(dst, src, scratch []float32) {
	held := [2]int{-1, -1}
	line := func(h int) []float32 {
		k := h & 1 // a pixel mixes neighbours or one line
		to := scratch[k*r.large:][:r.large]
		if held[k] != h {
			held[k] = h
			r.stretch(to, src[h*r.small:][:r.small])
		}
		return to
	}
	for i, m := range r.rows {
		to := dst[i*r.large:][:r.large]
		kernel.MulScalar(to, line(m.lo), 1-m.t)
		kernel.ScaleAdd(to, line(m.hi), m.t)
	}
}

// stretch mixes the pixels of a line.
func (r *resizer) stretch(dst, src []float32) {
	ch := r.channels
	for j, m := range r.cols {
		to, lo, hi := dst[j*ch:][:ch], src[m.lo*ch:][:ch], src[m.hi*ch:][:ch]
		if ch >= 32 { // fewer are done before a call is
			kernel.MulScalar(to, lo, 1-m.t)
			kernel.ScaleAdd(to, hi, m.t)
			continue
		}
		for k := range to {
			to[k] = lo[k]*(1-m.t) + hi[k]*m.t
		}
	}
}

// gradient sets dst, of the small image, to what src, of the large one, gives its pixels.
func (r *resizer) gradient(dst, src, sum []float32) {
	ch := r.channels
	clear(dst)
	for h, list := range r.shares {
		clear(sum)
		for _, s := range list {
			kernel.ScaleAdd(sum, src[s.line*r.large:][:r.large], s.weight)
		}
		row := dst[h*r.small:][:r.small]
		for j, m := range r.cols {
			from, lo, hi := sum[j*ch:][:ch], row[m.lo*ch:][:ch], row[m.hi*ch:][:ch]
			if ch >= 32 {
				kernel.ScaleAdd(lo, from, 1-m.t)
				kernel.ScaleAdd(hi, from, m.t)
				continue
			}
			for k, v := range from {
				lo[k] += v * (1 - m.t)
				hi[k] += v * m.t
			}
		}
	}
}
