package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// move copies the elements of a box between two arrays, each with its own start
// and its own stride along every axis. One move serves transposing, slicing,
// flipping, padding, joining and broadcasting.
type move struct {
	axes     []moveAxis // outermost first; neighbours that both arrays run through evenly are one
	to, from int        // where the box starts
	rows     int        // runs along the last axis
}

// moveAxis is a length and the strides of the two arrays along it.
type moveAxis struct{ n, to, from int }

func newMove(box graph.Shape, to int, toStrides []int, from int, fromStrides []int) move {
	m := move{to: to, from: from, rows: 1}
	for i, n := range box {
		if n == 1 {
			continue
		}
		a := moveAxis{n, toStrides[i], fromStrides[i]}
		if k := len(m.axes) - 1; k >= 0 && m.axes[k].to == a.to*n && m.axes[k].from == a.from*n {
			a.n *= m.axes[k].n
			m.axes[k] = a
			continue
		}
		m.axes = append(m.axes, a)
	}
	if len(m.axes) == 0 {
		m.axes = []moveAxis{{1, 1, 1}}
	}
	for _, a := range m.axes[:len(m.axes)-1] {
		m.rows *= a.n
	}
	return m
}

// emitMoves adds one step, begun as s, that does all of the moves, which are from
// the buffers froms into to.
func (c *compiler) emitMoves(s run.Step, to int, moves []move, froms []int) {
	var parts []part // of each chunk
	for k, m := range moves {
		parts = append(parts, m.split(k)...)
	}
	if len(parts) == 0 {
		return
	}
	s.Chunks = len(parts)
	run1 := mover(c.prog.Buffers[to].Spec.DType, moves, froms, to)
	if run1 == nil {
		panic("plan: " + c.prog.Buffers[to].Spec.DType.String() + " values cannot be moved")
	}
	s.Run = func(f *run.Frame, chunk int, _ []float32) { run1(f, parts[chunk]) }
	c.emit(s, []int{to}, froms)
}

// part is what one chunk does: rows [lo, hi) of a move, and of these the elements
// [at, at+n).
type part struct{ move, lo, hi, at, n int }

// split cuts a move into parts of about chunkSize elements.
func (m move) split(index int) []part {
	n := m.axes[len(m.axes)-1].n
	var parts []part
	if n > chunkSize {
		for r := range m.rows {
			for at := 0; at < n; at += chunkSize {
				parts = append(parts, part{index, r, r + 1, at, min(chunkSize, n-at)})
			}
		}
		return parts
	}
	if n == 0 {
		return nil
	}
	per := chunkSize / n
	for lo := 0; lo < m.rows; lo += per {
		parts = append(parts, part{index, lo, min(lo+per, m.rows), 0, n})
	}
	return parts
}

// mover returns the function that does a part, or nil for types that do not lie
// in arenas.
func mover(t tensor.DType, moves []move, froms []int, to int) func(*run.Frame, part) {
	switch t {
	case tensor.Float32:
		return moverOf(func(f *run.Frame, b int) []float32 { return f.F32[b] }, moves, froms, to)
	case tensor.Float64:
		return moverOf(elements[float64], moves, froms, to)
	case tensor.Int32:
		return moverOf(elements[int32], moves, froms, to)
	case tensor.Int64:
		return moverOf(elements[int64], moves, froms, to)
	case tensor.Uint8:
		return moverOf(elements[uint8], moves, froms, to)
	}
	return nil
}

func elements[T tensor.Element](f *run.Frame, b int) []T { return tensor.Data[T](f.T[b]) }

func moverOf[T tensor.Element](data func(f *run.Frame, b int) []T, moves []move, froms []int, to int) func(*run.Frame, part) {
	return func(f *run.Frame, p part) {
		m := &moves[p.move]
		dst, src := data(f, to), data(f, froms[p.move])
		last := m.axes[len(m.axes)-1]
		outer := m.axes[:len(m.axes)-1]
		var index [graph.MaxRank]int
		i, j, r := m.to, m.from, p.lo
		for k := len(outer) - 1; k >= 0; k-- {
			index[k] = r % outer[k].n
			r /= outer[k].n
			i += index[k] * outer[k].to
			j += index[k] * outer[k].from
		}
		inner := moveAxis{n: 1}
		if len(outer) > 0 {
			inner, outer = outer[len(outer)-1], outer[:len(outer)-1]
		}
		done := index[len(outer)] // of the inner axis
		for row := p.lo; ; {
			rows := min(inner.n-done, p.hi-row)
			copyRows(dst, src, i+p.at*last.to, j+p.at*last.from, rows, inner, p.n, last)
			if row += rows; row == p.hi {
				return
			}
			i, j, done = i-done*inner.to, j-done*inner.from, 0
			for k := len(outer) - 1; k >= 0; k-- { // the next place of the outer axes
				a := outer[k]
				index[k]++
				i, j = i+a.to, j+a.from
				if index[k] < a.n {
					break
				}
				index[k] = 0
				i, j = i-a.to*a.n, j-a.from*a.n
			}
		}
	}
}

// copyRows copies n elements along the axis a, for so many rows along the axis r.
func copyRows[T tensor.Element](dst, src []T, i, j, rows int, r moveAxis, n int, a moveAxis) {
	switch {
	case a.to != 1 || a.from != 1:
		for range rows {
			to, from := i, j
			for range n {
				dst[to] = src[from]
				to += a.to
				from += a.from
			}
			i += r.to
			j += r.from
		}
	case n == 8: // often, and a call would take longer than the copying
		for range rows {
			*(*[8]T)(dst[i:]) = *(*[8]T)(src[j:])
			i += r.to
			j += r.from
		}
	case n == 16:
		for range rows {
			*(*[16]T)(dst[i:]) = *(*[16]T)(src[j:])
			i += r.to
			j += r.from
		}
	default:
		for range rows {
			copy(dst[i:i+n], src[j:j+n])
			i += r.to
			j += r.from
		}
	}
}

// emitTransposed does a float32 move whose last axis is contiguous only in the
// output, by a transposing kernel over that axis and the one that is contiguous in
// the input. It reports whether there is such an axis.
func (c *compiler) emitTransposed(n *graph.Node, to int, m move, from int) bool {
	last := m.axes[len(m.axes)-1]
	at := -1
	for k, a := range m.axes[:len(m.axes)-1] {
		if a.from == 1 {
			at = k
		}
	}
	if at < 0 || last.to != 1 || last.from < 1 || last.n < 4 || m.axes[at].n < 4 || c.prog.Buffers[to].Spec.DType != tensor.Float32 {
		return false
	}
	across := m.axes[at]
	if across.to < last.n || last.from < across.n {
		return false
	}
	var outer []moveAxis
	count := 1
	for k, a := range m.axes[:len(m.axes)-1] {
		if k != at {
			outer = append(outer, a)
			count *= a.n
		}
	}
	cols := max(8, min(across.n, chunkSize/last.n/8*8)) // of the stored matrix, in one chunk
	pieces := (across.n + cols - 1) / cols
	s := step(n)
	s.Chunks = count * pieces
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		r, lo := chunk/pieces, chunk%pieces*cols
		i, j := m.to, m.from
		for k := len(outer) - 1; k >= 0; k-- {
			i += r % outer[k].n * outer[k].to
			j += r % outer[k].n * outer[k].from
			r /= outer[k].n
		}
		kernel.Transpose(f.F32[to][i+lo*across.to:], across.to, f.F32[from][j+lo:], last.from, last.n, min(cols, across.n-lo))
	}
	c.emit(s, []int{to}, []int{from})
	return true
}
