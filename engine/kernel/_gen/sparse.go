package main

import (
	"fmt"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sparse emits the kernels of the gradients of convolutions behind relu and 2×2 max-pooling; see SparsePool and ThinPool in package kernel.
func sparse(g *gen) {
	shapes := [][2]int{{1, 12}, {2, 6}} // rows, vectors per row up to; those of 4 rows are for SparseGemm
	if g.wide() {
		shapes = [][2]int{{1, 12}, {2, 12}, {3, 8}, {4, 2}, {5, 5}}
	}
	for _, s := range shapes {
		var names []string
		for v := 1; v <= s[1]; v++ {
			if !g.wide() && v%2 == 1 { // tiles are cut by 16 floats
				continue
			}
			names = append(names, g.sparseSum(s[0], v, s[0] == 4))
		}
		table := fmt.Sprintf("sparseSum%d%s", s[0], g.suffix)
		kind := "sparseSumKernel"
		if s[0] == 4 {
			kind = "sparseAheadKernel"
		}
		g.tables = append(g.tables, fmt.Sprintf("// %s holds the kernels of %d rows by their number of floats / 16 - 1.\nvar %s = []%s{%s}\n",
			table, s[0], table, kind, strings.Join(names, ", ")))
	}
	g.sumLive()
	if g.wide() {
		g.sparseBuild()
		g.nonzeros()
	}
	g.quads()
	thin := [][2]int{{1, 3}, {2, 3}, {3, 3}, {1, 5}, {2, 5}, {1, 7}}
	if g.wide() {
		thin = [][2]int{{1, 3}, {2, 3}, {3, 3}, {1, 5}, {2, 5}, {3, 5}, {4, 5}, {5, 5}, {1, 7}, {2, 7}, {3, 7}}
	}
	for _, kw := range []int{3, 5, 7} {
		var names []string
		for _, s := range thin {
			if s[1] == kw {
				names = append(names, g.thinGrad(s[0], kw))
			}
		}
		table := fmt.Sprintf("thinGrad%d%s", kw, g.suffix)
		g.tables = append(g.tables, fmt.Sprintf("// %s holds the kernels of %d columns by their number of rows - 1.\nvar %s = []thinGradKernel{%s}\n",
			table, kw, table, strings.Join(names, ", ")))
	}
}

// sparseSum emits one tile: for each of n lists, acc[rows × vectors] += Σ over its entries g·base[o·scale …]. All distances are bytes. With ahead it brings a
// cache line closer for each entry.
func (g *gen) sparseSum(rows, vectors int, ahead bool) string {
	name, doc := fmt.Sprintf("sparseSum%dx%d", rows, vectors), "see sparseSumKernel."
	signature := "func(acc, base, val *float32, off, spans, at *uint32, n, scale, accRow, baseRow int)"
	if ahead {
		doc, signature = "see sparseAheadKernel.", strings.TrimSuffix(signature, ")")+", ahead *float32)"
	}
	g.function(name, signature, fmt.Sprintf("tiles of %d×%d, %s", rows, vectors*g.lanes(), doc))
	base, spans, at := g.param("base"), g.param("spans"), g.param("at")
	var row, row3 reg.GPVirtual
	if rows > 1 {
		row = g.param("baseRow")
	}
	if rows > 3 {
		row3 = g.GP64()
		g.LEAQ(Mem{Base: row, Index: row, Scale: 2}, row3)
	}
	var next reg.GPVirtual
	if ahead {
		next = g.param("ahead")
	}
	acc := make([][]vec, rows)
	for i := range acc {
		for range vectors {
			acc[i] = append(acc[i], g.v())
		}
	}
	g.Label("list")
	from, left := g.GP64(), g.GP64()
	g.MOVL(Mem{Base: spans}, from.As32())
	g.MOVL(Mem{Base: spans, Disp: 4}, left.As32())
	g.SUBQ(from, left)
	g.JLE(LabelRef("next"))
	each := func(f func(r vec, m Mem)) {
		p := g.GP64()
		g.MOVL(Mem{Base: at}, p.As32())
		g.ADDQ(g.slot("acc"), p)
		for i := range acc {
			for j := range acc[i] {
				f(acc[i][j], Mem{Base: p, Disp: j * g.bytes})
			}
			if i < rows-1 {
				g.ADDQ(g.slot("accRow"), p)
			}
		}
	}
	each(func(r vec, m Mem) { g.VMOVUPS(m, r) })
	val, off := g.param("val"), g.param("off")
	g.LEAQ(Mem{Base: val, Index: from, Scale: 4}, val)
	g.LEAQ(Mem{Base: off, Index: from, Scale: 4}, off)
	g.Label("entry")
	v, p := g.v(), g.GP64()
	g.VBROADCASTSS(Mem{Base: val}, v)
	g.MOVL(Mem{Base: off}, p.As32())
	g.IMULQ(g.slot("scale"), p)
	g.ADDQ(base, p)
	if ahead {
		g.PREFETCHT1(Mem{Base: next})
		g.ADDQ(Imm(64), next)
	}
	for i := range acc {
		m := Mem{Base: p}
		switch i {
		case 1, 2, 4:
			m.Index, m.Scale = row, uint8(i)
		case 3:
			m.Index, m.Scale = row3, 1
		}
		for j := range acc[i] {
			m.Disp = j * g.bytes
			g.VFMADD231PS(m, v, acc[i][j])
		}
	}
	g.ADDQ(Imm(4), val)
	g.ADDQ(Imm(4), off)
	g.DECQ(left)
	g.JNZ(LabelRef("entry"))
	each(func(r vec, m Mem) { g.VMOVUPS(r, m) })
	g.Label("next")
	g.ADDQ(Imm(8), spans)
	g.ADDQ(Imm(4), at)
	g.DECQ(g.slot("n"))
	g.JNZ(LabelRef("list"))
	g.end()
	return name + g.suffix
}

// sumLive emits db += Σ of the live elements of each channel.
func (g *gen) sumLive() {
	g.function("sumLive", "func(db, dp []float32, code []uint8, pixels, c int)", "see sumLiveGeneric.")
	db, dp, code, c, n := g.base("db"), g.base("dp"), g.base("code"), g.param("c"), g.param("pixels")
	left, i := g.GP64(), g.GP64()
	dead := g.iv(4)
	g.Label("pixel")
	g.MOVQ(c, left)
	g.XORQ(i, i)
	g.passes(left, i, 1, func(_ int, m *mask) {
		x, s := g.v(), g.v()
		at := func(p reg.GPVirtual) Mem { return Mem{Base: p, Index: i, Scale: 4} }
		if m == nil {
			g.VMOVUPS(at(dp), x)
			g.VMOVUPS(at(db), s)
		} else {
			g.loadMasked(at(dp), *m, x)
			g.loadMasked(at(db), *m, s)
		}
		k := g.GP64()
		g.MOVQ(left, k) // loadBytes uses it up
		s = g.add(s, g.keep(g.below(g.loadBytes(code, i, k, m), dead), x))
		if m == nil {
			g.VMOVUPS(s, at(db))
		} else {
			g.storeMasked(s, *m, at(db))
		}
	})
	g.LEAQ(Mem{Base: dp, Index: c, Scale: 4}, dp)
	g.ADDQ(c, code)
	g.DECQ(n)
	g.JNZ(LabelRef("pixel"))
	g.end()
}

// below selects the lanes where the integers a < b.
func (g *gen) below(a, b vec) mask {
	if g.wide() {
		k := g.K()
		g.VPCMPD(U8(1), b, a, k)
		return mask{k: k}
	}
	d := g.v()
	g.VPCMPGTD(a, b, d)
	return mask{v: d}
}

// sparseBuild emits the lists of all positions: for every pooled pixel and each of its four places the channels whose winner is there.
func (g *gen) sparseBuild() {
	g.function("sparseBuild", "func(val *float32, off, spans *uint32, dp *float32, code *uint8, cells, c int)", "see sparseBuildGeneric; c is a multiple of 16.")
	val, off, spans, dp, code, c := g.param("val"), g.param("off"), g.param("spans"), g.param("dp"), g.param("code"), g.param("c")
	g.StaticGlobal("iota")
	g.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range g.lanes() {
		g.AppendDatum(U32(uint32(i)))
	}
	first, step := g.loaded(NewDataAddr(Symbol{Name: "iota", Static: true}, 0)), g.iv(16)
	zero, one := g.zero(), g.iv(1)
	n, i, count := g.GP64(), g.GP64(), g.GP64()
	g.XORQ(n, n)
	g.Label("cell")
	place, places := g.zero(), g.GP64()
	g.MOVQ(U32(4), places)
	g.Label("place")
	g.MOVL(n.As32(), Mem{Base: spans})
	channel := g.copy(first)
	g.XORQ(i, i)
	g.Label("channels")
	w, x, k, live := g.v(), g.v(), g.K(), g.K()
	g.VPMOVZXBD(Mem{Base: code, Index: i, Scale: 1}, w)
	g.VMOVUPS(Mem{Base: dp, Index: i, Scale: 4}, x)
	g.VPCMPEQD(place, w, k)
	g.VCMPPS(U8(neqU), zero, x, k, live)
	y, o := g.v(), g.v()
	g.VCOMPRESSPS_Z(x, live, y) // to a register first: the form that stores is slow on some CPUs
	g.VPCOMPRESSD_Z(channel, live, o)
	g.VMOVUPS(y, Mem{Base: val, Index: n, Scale: 4})
	g.VMOVUPS(o, Mem{Base: off, Index: n, Scale: 4})
	g.KMOVW(live, count.As32())
	g.POPCNTL(count.As32(), count.As32())
	g.ADDQ(count, n)
	g.VPADDD(step, channel, channel)
	g.ADDQ(Imm(16), i)
	g.CMPQ(i, c)
	g.JLT(LabelRef("channels"))
	g.MOVL(n.As32(), Mem{Base: spans, Disp: 4})
	g.ADDQ(Imm(8), spans)
	g.VPADDD(one, place, place)
	g.DECQ(places)
	g.JNZ(LabelRef("place"))
	g.ADDQ(c, code)
	g.LEAQ(Mem{Base: dp, Index: c, Scale: 4}, dp)
	g.DECQ(g.slot("cells"))
	g.JNZ(LabelRef("cell"))
	g.end()
}

// nonzeros emits the lists of one row's elements that are not zero, one for each block of depth columns.
func (g *gen) nonzeros() {
	g.function("nonzeros", "func(val *float32, off, spans *uint32, x *float32, n, depth, at, step int) int",
		"see nonzerosGeneric; n and depth are multiples of 16, step lies between spans in bytes.")
	val, off, spans, x, left, depth, at := g.param("val"), g.param("off"), g.param("spans"), g.param("x"), g.param("n"), g.param("depth"), g.param("at")
	first := g.loaded(NewDataAddr(Symbol{Name: "iota", Static: true}, 0)) // sparseBuild's
	step, zero := g.iv(16), g.zero()
	n, i, live, count := g.GP64(), g.GP64(), g.GP64(), g.GP64()
	g.XORQ(live, live)
	g.Label("block")
	g.MOVL(at.As32(), Mem{Base: spans})
	g.MOVQ(at, n)
	g.SUBQ(at, live) // live counts what is added to n
	g.MOVQ(depth, i)
	column := g.copy(first)
	g.Label("columns")
	v, y, o, not := g.v(), g.v(), g.v(), g.K()
	g.VMOVUPS(Mem{Base: x}, v)
	g.VCMPPS(U8(neqU), zero, v, not)
	g.VCOMPRESSPS_Z(v, not, y)
	g.VPCOMPRESSD_Z(column, not, o)
	g.VMOVUPS(y, Mem{Base: val, Index: n, Scale: 4})
	g.VMOVUPS(o, Mem{Base: off, Index: n, Scale: 4})
	g.KMOVW(not, count.As32())
	g.POPCNTL(count.As32(), count.As32())
	g.ADDQ(count, n)
	g.VPADDD(step, column, column)
	g.ADDQ(Imm(64), x)
	g.SUBQ(Imm(16), left)
	g.JLE(LabelRef("end"))
	g.SUBQ(Imm(16), i)
	g.JNZ(LabelRef("columns"))
	g.Label("end")
	g.MOVL(n.As32(), Mem{Base: spans, Disp: 4})
	g.ADDQ(n, live)
	g.ADDQ(g.slot("step"), spans)
	g.ADDQ(depth, at)
	g.ADDQ(Imm(16), at)
	g.TESTQ(left, left)
	g.JG(LabelRef("block"))
	g.Store(live, g.ReturnIndex(0))
	g.end()
}

// quads emits the 2×2 patches of two rows, four at a time.
func (g *gen) quads() {
	if g.wide() {
		return // AVX2 is enough for both
	}
	g.function("quads", "func(dst, row0, row1 *float32, n int)", "dst[4i…] = row0[i], row0[i+1], row1[i], row1[i+1] for i < n, a multiple of 4.")
	dst, row0, row1, n := g.param("dst"), g.param("row0"), g.param("row1"), g.param("n")
	g.Label("pixels")
	var r [4]reg.VecVirtual
	for i, m := range []Mem{{Base: row0}, {Base: row0, Disp: 4}, {Base: row1}, {Base: row1, Disp: 4}} {
		r[i] = g.XMM()
		g.VMOVUPS(m, r[i])
	}
	op := func(f func(ops ...Op), a, b vec) vec {
		d := g.XMM()
		f(b, a, d)
		return d
	}
	a, b := op(g.VUNPCKLPS, r[0], r[1]), op(g.VUNPCKHPS, r[0], r[1])
	c, d := op(g.VUNPCKLPS, r[2], r[3]), op(g.VUNPCKHPS, r[2], r[3])
	for i, q := range []vec{op(g.VUNPCKLPD, a, c), op(g.VUNPCKHPD, a, c), op(g.VUNPCKLPD, b, d), op(g.VUNPCKHPD, b, d)} {
		g.VMOVUPS(q, Mem{Base: dst, Disp: 16 * i})
	}
	g.ADDQ(Imm(16), row0)
	g.ADDQ(Imm(16), row1)
	g.ADDQ(Imm(64), dst)
	g.SUBQ(Imm(4), n)
	g.JNZ(LabelRef("pixels"))
	g.end()
}

// thinGrad emits dw[rows × kw] += Σ over pooled pixels g·(the input that the winner saw), for one vector of channels: each winner picks its input
// out of the patch of four.
func (g *gen) thinGrad(rows, kw int) string {
	name := fmt.Sprintf("thinGrad%dx%d", rows, kw)
	g.function(name, "func(dw, quads, dp *float32, code *uint8, ho, wo, c, rowDW, tapDW, rowQ int)", fmt.Sprintf("%d×%d taps, see thinGradKernel.", rows, kw))
	quads, dp, code, c := g.param("quads"), g.param("dp"), g.param("code"), g.param("c")
	var acc [][]vec
	for i := range rows {
		acc = append(acc, nil)
		for range kw {
			acc[i] = append(acc[i], g.v())
		}
	}
	each := func(f func(r vec, m Mem)) {
		p, row := g.GP64(), g.param("dw")
		for i := range acc {
			g.MOVQ(row, p)
			for j := range acc[i] {
				f(acc[i][j], Mem{Base: p})
				if j < kw-1 {
					g.ADDQ(g.slot("tapDW"), p)
				}
			}
			g.ADDQ(g.slot("rowDW"), row)
		}
	}
	each(func(r vec, m Mem) { g.VMOVUPS(m, r) })
	rowQ := g.param("rowQ")
	var rowQ3 reg.GPVirtual
	if rows > 3 {
		rowQ3 = g.GP64()
		g.LEAQ(Mem{Base: rowQ, Index: rowQ, Scale: 2}, rowQ3)
	}
	dead := g.iv(4)
	g.Label("row")
	p, left := g.GP64(), g.param("wo")
	g.MOVQ(quads, p)
	g.Label("pixel")
	w, x := g.v(), g.v()
	g.VPMOVZXBD(Mem{Base: code}, w)
	g.VMOVUPS(Mem{Base: dp}, x)
	x = g.keep(g.below(w, dead), x)
	for i := range acc {
		m := Mem{Base: p}
		switch i {
		case 1, 2, 4:
			m.Index, m.Scale = rowQ, uint8(i)
		case 3:
			m.Index, m.Scale = rowQ3, 1
		}
		for j := range acc[i] {
			m.Disp = 16 * j
			q := g.v()
			if g.wide() {
				g.VBROADCASTF32X4(m, q)
			} else {
				g.VBROADCASTF128(m, q)
			}
			g.VPERMILPS(w, q, q)
			g.VFMADD231PS(q, x, acc[i][j])
		}
	}
	g.ADDQ(c, code)
	g.LEAQ(Mem{Base: dp, Index: c, Scale: 4}, dp)
	g.ADDQ(Imm(32), p)
	g.DECQ(left)
	g.JNZ(LabelRef("pixel"))
	g.LEAQ(Mem{Base: quads, Index: rowQ, Scale: 2}, quads)
	g.DECQ(g.slot("ho"))
	g.JNZ(LabelRef("row"))
	each(func(r vec, m Mem) { g.VMOVUPS(r, m) })
	g.end()
	return name + g.suffix
}
