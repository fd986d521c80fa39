package ops

import "github.com/kerasgo/kerasgo/engine/tensor"

// walk visits the elements of a shape in row-major order, row by row, for
// several arrays at once, each with its own strides. Neighbouring axes that all
// arrays run through without a gap are joined, so that rows are long.
//
//	for w := newWalk(s, a, b); w.more; w.next() {
//		i, j := w.off[0], w.off[1]
//		for range w.n { …; i += w.step[0]; j += w.step[1] }
//	}
type walk struct {
	more    bool
	n       int   // elements in a row
	off     []int // where the row starts, for each array
	step    []int // from element to element within the row, for each array
	outer   []int // lengths of the axes around the row
	strides [][]int
	index   []int
}

// lane is one array of a walk: where it starts and its stride on each axis.
type lane struct {
	base    int
	strides []int
}

func newWalk(s shape, lanes ...lane) *walk {
	w := &walk{more: s.Size() > 0, n: 1, off: make([]int, len(lanes)), step: make([]int, len(lanes)), strides: make([][]int, len(lanes))}
	for k, l := range lanes {
		w.off[k] = l.base
	}
	for i, d := range s {
		if d == 1 {
			continue
		}
		last := len(w.outer) - 1
		joined := last >= 0
		for k, l := range lanes {
			joined = joined && w.strides[k][last] == l.strides[i]*d
		}
		if joined {
			w.outer[last] *= d
		} else {
			w.outer = append(w.outer, d)
		}
		for k, l := range lanes {
			if joined {
				w.strides[k][last] = l.strides[i]
			} else {
				w.strides[k] = append(w.strides[k], l.strides[i])
			}
		}
	}
	if last := len(w.outer) - 1; last >= 0 {
		w.n = w.outer[last]
		w.outer = w.outer[:last]
		for k := range lanes {
			w.step[k] = w.strides[k][last]
		}
	}
	w.index = make([]int, len(w.outer))
	return w
}

// next goes to the following row.
func (w *walk) next() {
	for i := len(w.outer) - 1; i >= 0; i-- {
		w.index[i]++
		for k := range w.off {
			w.off[k] += w.strides[k][i]
		}
		if w.index[i] < w.outer[i] {
			return
		}
		w.index[i] = 0
		for k := range w.off {
			w.off[k] -= w.strides[k][i] * w.outer[i]
		}
	}
	w.more = false
}

// dense is the lane of an array that has the walked shape itself.
func dense(s shape) lane { return lane{strides: s.Strides()} }

// broadcast is the lane of an array of shape s that is broadcast to shape to:
// its stride is 0 on the axes it does not have.
func broadcast(s, to shape) lane {
	st := make([]int, len(to))
	off := len(to) - len(s)
	for i, d := range s.Strides() {
		if s[i] != 1 {
			st[off+i] = d
		}
	}
	return lane{strides: st}
}

// copyStrided copies elements of one type between two strided places.
func copyStrided(dst, src array, s shape, to, from lane) {
	switch dst.DType() {
	case tensor.Float32:
		copyElements[float32](dst, src, s, to, from)
	case tensor.Float64:
		copyElements[float64](dst, src, s, to, from)
	case tensor.Int32:
		copyElements[int32](dst, src, s, to, from)
	case tensor.Int64:
		copyElements[int64](dst, src, s, to, from)
	case tensor.Uint8:
		copyElements[uint8](dst, src, s, to, from)
	case tensor.Bool:
		copyElements[bool](dst, src, s, to, from)
	case tensor.String:
		copyElements[string](dst, src, s, to, from)
	}
}

func copyElements[T tensor.Element](dst, src array, s shape, to, from lane) {
	d, x := tensor.Data[T](dst), tensor.Data[T](src)
	for w := newWalk(s, to, from); w.more; w.next() {
		i, j := w.off[0], w.off[1]
		if w.step[0] == 1 && w.step[1] == 1 {
			copy(d[i:i+w.n], x[j:j+w.n])
			continue
		}
		for range w.n {
			d[i] = x[j]
			i += w.step[0]
			j += w.step[1]
		}
	}
}
