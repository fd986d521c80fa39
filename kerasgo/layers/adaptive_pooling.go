package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// adaptivePool is what the adaptive pooling layers share: one axis after the other
// is pooled to its length in size, which for rectangular windows is the same as
// pooling all at once. Window i of an axis of n reaches from ⌊i·n/size⌋ to
// ⌈(i+1)·n/size⌉, so that neighbours may overlap by one and sizes may exceed n.
type adaptivePool struct {
	size   []int // of the spatial axes
	format string
}

// windows returns where each of the windows over an axis of n begins and ends.
func windows(n, size int) (from, to []int) {
	for i := range size {
		from = append(from, i*n/size)
		to = append(to, ((i+1)*n+size-1)/size)
	}
	return from, to
}

func (p adaptivePool) build(b *Builder, in []tensor.Shape, dtype string) {
	s, ok := b.planes(in, dtype, p.format, len(p.size))
	for i := range p.size {
		if ok && s[1+i] < 1 {
			b.misfit("an axis of its input %v has no elements", shown(in[0]))
			return
		}
	}
}

// apply pools each spatial axis with f, which pools axis a of x to size.
func (p adaptivePool) apply(x graph.Value, f func(x graph.Value, a, size int) graph.Value) graph.Value {
	for i, a := range globalAxes(p.format, len(p.size)) {
		if x.Graph().Err() == nil && x.Shape()[a] != p.size[i] {
			x = f(x, a, p.size[i])
		}
	}
	return x
}

// AdaptiveAverage takes the means of size windows of axis a: a product with a matrix that has 1/length in each window.
func AdaptiveAverage(x graph.Value, a, size int) graph.Value {
	n := x.Shape()[a]
	m := tensor.New(x.DType(), n, size)
	from, to := windows(n, size)
	for i := range size {
		for k := from[i]; k < to[i]; k++ {
			m.SetFloat64At(k*size+i, 1/float64(to[i]-from[i]))
		}
	}
	return ops.MatMulAlong(x, ops.Const(x.Graph(), m), a)
}

// AdaptiveMax takes the largest elements of size windows of axis a. It gathers the windows, the short ones filled up with their last
// element, and takes from each its largest element, of equals the first one.
func AdaptiveMax(x graph.Value, a, size int) graph.Value {
	from, to := windows(x.Shape()[a], size)
	length := 0
	for i := range from {
		length = max(length, to[i]-from[i])
	}
	ids := tensor.New(tensor.Int32, size, length)
	for i := range size {
		for k := range length {
			ids.Int32s()[i*length+k] = int32(min(from[i]+k, to[i]-1))
		}
	}
	perm := axesOf(x) // the axis and axis 0 exchanged
	perm[0], perm[a] = a, 0
	y := ops.Gather(ops.Transpose(x, perm...), ops.Const(x.Graph(), ids)) // (size, length, …)
	best := ops.ExpandDims(ops.ArgMax(y, 1), 1)
	return ops.Transpose(ops.Squeeze(ops.TakeAlong(y, best, 1), 1), perm...)
}
