package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// norm emits the kernels of batch normalization; see BatchNorm in package kernel. The sums go down columns, up to four vectors of them side by side; the
// elementwise kernels go along rows.
func norm(g *gen) {
	g.normMoments()
	g.normSums("normSums", false, false)
	g.normSums("normSumsMasked", true, false)
	g.normSums("normSumsStore", true, true)
	g.normForward("normForward", false)
	g.normForward("normForwardAdd", true)
	g.normBackward("normBackward", false)
	g.normBackward("normBackwardMasked", true)
}

// strip is a block of columns.
type strip struct {
	g       *gen
	vectors int
	mask    *mask
	at      map[string]reg.GPVirtual // pointers that go down the rows
	i       reg.GPVirtual
}

// strips emits body for blocks of up to four vectors of columns: begin before the first row, row for each row, end after the last.
func (g *gen) strips(matrices []string, most int, begin, row, end func(s *strip)) {
	cols := g.param("cols")
	stride, left, i, n := g.GP64(), g.GP64(), g.GP64(), g.GP64()
	g.MOVQ(cols, stride)
	g.SHLQ(U8(2), stride)
	g.MOVQ(cols, left)
	g.XORQ(i, i)
	column := func(vectors int, m *mask) {
		s := &strip{g: g, vectors: vectors, mask: m, at: map[string]reg.GPVirtual{}, i: i}
		begin(s)
		for _, name := range matrices {
			p := g.base(name)
			g.LEAQ(Mem{Base: p, Index: i, Scale: 4}, p)
			s.at[name] = p
		}
		g.MOVQ(g.slot("rows"), n)
		down := g.label("down")
		g.Label(down)
		row(s)
		for _, name := range matrices {
			g.ADDQ(stride, s.at[name])
		}
		g.DECQ(n)
		g.JNZ(LabelRef(down))
		end(s)
	}
	wide, narrow := g.label("wide"), g.label("narrow")
	block := U32(uint32(most * g.lanes()))
	g.CMPQ(left, block)
	g.JLT(LabelRef(narrow))
	g.Label(wide)
	column(most, nil)
	g.ADDQ(block, i)
	g.SUBQ(block, left)
	g.CMPQ(left, block)
	g.JGE(LabelRef(wide))
	g.Label(narrow)
	g.passes(left, i, 1, func(_ int, m *mask) { column(1, m) })
	g.end()
}

// load loads vector j at m.
func (s *strip) load(m Mem, j int) vec {
	r := s.g.v()
	m.Disp += j * s.g.bytes
	if s.mask != nil {
		s.g.loadMasked(m, *s.mask, r)
	} else {
		s.g.VMOVUPS(m, r)
	}
	return r
}

func (s *strip) store(r vec, m Mem, j int) {
	m.Disp += j * s.g.bytes
	if s.mask != nil {
		s.g.storeMasked(r, *s.mask, m)
	} else {
		s.g.VMOVUPS(r, m)
	}
}

// next is where the strip's row of a matrix is, columns where its columns of a vector are.
func (s *strip) next(name string) Mem { return Mem{Base: s.at[name]} }

func (s *strip) columns(name string) Mem { return Mem{Base: s.g.base(name), Index: s.i, Scale: 4} }

func (s *strip) vector(name string) []vec {
	m, r := s.columns(name), make([]vec, s.vectors)
	for j := range r {
		r[j] = s.load(m, j)
	}
	return r
}

// addTo adds accumulators to a vector in memory.
func (s *strip) addTo(name string, acc []vec) {
	m := s.columns(name)
	for j, a := range acc {
		s.store(s.g.add(a, s.load(m, j)), m, j)
	}
}

func (g *gen) normMoments() {
	g.function("normMoments", "func(sum, squares, x, shift []float32, rows, cols int)", "sum += Σ (x-shift), squares += Σ (x-shift)², down the rows.")
	var sum, squares, shift []vec
	g.strips([]string{"x"}, 4, func(s *strip) {
		shift = s.vector("shift")
		sum, squares = g.sums(1, s.vectors)[0], g.sums(1, s.vectors)[0]
	}, func(s *strip) {
		for j := range sum {
			d := g.sub(s.load(s.next("x"), j), shift[j])
			g.VADDPS(d, sum[j], sum[j])
			g.VFMADD231PS(d, d, squares[j])
		}
	}, func(s *strip) {
		s.addTo("sum", sum)
		s.addTo("squares", squares)
	})
}

// within keeps dy where lo < y <= hi.
func (g *gen) within(dy, y, lo, hi vec) vec {
	return g.keep(g.both(g.cmp(gt, y, lo), g.cmp(le, y, hi)), dy)
}

func (g *gen) normSums(name string, masked, store bool) {
	signature, doc, most := "x, dy, mean []float32, rows, cols int)", "sum += Σ dy, dot += Σ dy·(x-mean), down the rows", 4
	matrices := []string{"x", "dy"}
	if masked {
		signature, doc = "x, dy, y, mean []float32, lo, hi float32, rows, cols int)", doc+", where lo < y <= hi"
		matrices = append(matrices, "y")
	}
	signature = "func(sum, dot, " + signature
	if store {
		signature, doc = "func(kept, "+signature[len("func("):], doc+"; kept is dy there, else 0"
		matrices = append(matrices, "kept")
	}
	if !g.wide() {
		most = 2
	}
	g.function(name, signature, doc+".")
	var lo, hi vec
	if masked {
		lo, hi = g.broadcast("lo"), g.broadcast("hi")
	}
	var sum, dot, mean []vec
	g.strips(matrices, most, func(s *strip) {
		mean = s.vector("mean")
		sum, dot = g.sums(1, s.vectors)[0], g.sums(1, s.vectors)[0]
	}, func(s *strip) {
		for j := range sum {
			dy := s.load(s.next("dy"), j)
			if masked {
				dy = g.within(dy, s.load(s.next("y"), j), lo, hi)
			}
			if store {
				s.store(dy, s.next("kept"), j)
			}
			g.VADDPS(dy, sum[j], sum[j])
			g.VFMADD231PS(dy, g.sub(s.load(s.next("x"), j), mean[j]), dot[j])
		}
	}, func(s *strip) {
		s.addTo("sum", sum)
		s.addTo("dot", dot)
	})
}

// alongRows emits body for the vectors of all rows: matrices advance from row to row, vectors are the same for each.
func (g *gen) alongRows(matrices, vectors []string, body func(load func(name string) vec) vec) {
	at := map[string]reg.GPVirtual{}
	for _, name := range append(matrices, vectors...) {
		at[name] = g.base(name)
	}
	cols, left, i := g.param("cols"), g.GP64(), g.GP64()
	g.Label("alongRow")
	g.MOVQ(cols, left)
	g.XORQ(i, i)
	g.passes(left, i, 4, func(u int, m *mask) {
		place := func(name string) Mem { return Mem{Base: at[name], Index: i, Scale: 4, Disp: u * g.bytes} }
		y := body(func(name string) vec {
			r := g.v()
			if m == nil {
				g.VMOVUPS(place(name), r)
			} else {
				g.loadMasked(place(name), *m, r)
			}
			return r
		})
		if m == nil {
			g.VMOVUPS(y, place(matrices[0]))
		} else {
			g.storeMasked(y, *m, place(matrices[0]))
		}
	})
	for _, name := range matrices {
		g.LEAQ(Mem{Base: at[name], Index: cols, Scale: 4}, at[name])
	}
	g.DECQ(g.slot("rows"))
	g.JNZ(LabelRef("alongRow"))
	g.end()
}

func (g *gen) normForward(name string, add bool) {
	signature, doc, matrices := "func(y, x, mean, scale, offset []float32, lo, hi float32, rows, cols int)", "(x-mean)·scale + offset", []string{"y", "x"}
	if add {
		signature, doc, matrices = "func(y, x, r, mean, scale, offset []float32, lo, hi float32, rows, cols int)", doc+" + r", append(matrices, "r")
	}
	g.function(name, signature, "y = "+doc+", limited to [lo, hi].")
	lo, hi := g.broadcast("lo"), g.broadcast("hi")
	g.alongRows(matrices, []string{"mean", "scale", "offset"}, func(load func(name string) vec) vec {
		v := load("offset")
		g.VFMADD231PS(g.sub(load("x"), load("mean")), load("scale"), v)
		if add {
			v = g.add(v, load("r"))
		}
		return g.min(hi, g.max(lo, v))
	})
}

func (g *gen) normBackward(name string, masked bool) {
	signature, doc, matrices := "func(dx, x, dy, mean, a, b, c []float32, rows, cols int)", "dx = a·dy + b·(x-mean) + c", []string{"dx", "x", "dy"}
	var lo, hi vec
	if masked {
		signature, doc, matrices = "func(dx, x, dy, y, mean, a, b, c []float32, lo, hi float32, rows, cols int)", doc+", dy counting where lo < y <= hi", append(matrices, "y")
	}
	g.function(name, signature, doc+".")
	if masked {
		lo, hi = g.broadcast("lo"), g.broadcast("hi")
	}
	g.alongRows(matrices, []string{"mean", "a", "b", "c"}, func(load func(name string) vec) vec {
		v, dy := load("c"), load("dy")
		if masked {
			dy = g.within(dy, load("y"), lo, hi)
		}
		g.VFMADD231PS(g.sub(load("x"), load("mean")), load("b"), v)
		g.VFMADD231PS(dy, load("a"), v)
		return v
	})
}
