package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// attention emits the softmax of a block of scores and its gradient; see AttentionWeights in package kernel.
func attention(g *gen) {
	g.attentionWeights()
	g.attentionGrad()
}

func (g *gen) attentionWeights() {
	g.function("attentionWeights", "func(s, stats []float32, scale float32, rows, cols int)",
		"s = e^(scale·s-top) with top = max scale·s of each row; top and 1/Σ s go to stats.")
	s, stats, cols, left, i, n := g.base("s"), g.base("stats"), g.param("cols"), g.GP64(), g.GP64(), g.GP64()
	scale := g.broadcast("scale")
	place := func(u int) Mem { return Mem{Base: s, Index: i, Scale: 4, Disp: u * g.bytes} }
	larger := func(a, b vec) vec { return g.max(a, b) }
	next := func(again string) {
		g.LEAQ(Mem{Base: s, Index: cols, Scale: 4}, s)
		g.ADDQ(U8(8), stats)
		g.DECQ(n)
		g.JNZ(LabelRef(again))
	}

	again := g.label("row") // two passes over the block, so that exponentials do not wait for the maxima of their own row
	g.MOVQ(g.slot("rows"), n)
	g.Label(again)
	tops := make([]vec, 4)
	for j := range tops {
		tops[j] = g.iv(0xff800000)
	}
	g.along(cols, left, i, 4, func(u int, m *mask) {
		v := g.mul(g.at(place(u), m), scale)
		if m != nil {
			v = g.choose(*m, v, g.iv(0xff800000))
		}
		g.VMAXPS(v, tops[u], tops[u])
	})
	top := g.horizontal(larger(larger(tops[0], tops[1]), larger(tops[2], tops[3])), larger)
	g.VMOVSS(top.AsX(), Mem{Base: stats})
	next(again)

	again = g.label("row")
	g.Load(g.Param("s").Base(), s)
	g.Load(g.Param("stats").Base(), stats)
	g.MOVQ(g.slot("rows"), n)
	g.Label(again)
	top = g.v()
	g.VBROADCASTSS(Mem{Base: stats}, top)
	sums := g.sums(1, 4)[0]
	g.along(cols, left, i, 4, func(u int, m *mask) {
		v := g.copy(top)
		g.VFMSUB231PS(g.at(place(u), m), scale, v)
		v = g.expBelow(v)
		if m != nil {
			v = g.keep(*m, v)
		}
		g.put(v, place(u), m)
		g.VADDPS(v, sums[u], sums[u])
	})
	sum, one := g.total(sums).AsX(), g.XMM()
	g.VMOVUPS(g.f(1), one)
	g.VDIVPS(sum, one, one)
	g.VMOVSS(one, Mem{Base: stats, Disp: 4})
	next(again)
	g.end()
}

// expBelow is exp for numbers that are not far above 0: it rounds by adding a large number, which is quicker.
func (g *gen) expBelow(x vec) vec {
	const large = 3 << 22
	x = g.max(g.fv(-104), x)
	n := g.fma(x, g.f(math.Log2E), g.fv(large))
	n = g.sub(n, g.f(large))
	r := g.fnma(n, g.f(ln2High), x)
	r = g.fnma(n, g.f(ln2Low), r)
	p := g.fma(g.horner(r, expPoly...), g.mul(r, r), r)
	return g.scale2(g.add(p, g.f(1)), n)
}

func (g *gen) attentionGrad() {
	g.function("attentionGrad", "func(s, d, stats []float32, scale, outer float32, rows, cols int)",
		"s = e^(scale·s-top)/Σ, the weights, by the stats of attentionWeights; d = outer·s·(d - Σ s·d).")
	s, d, stats, cols, left, i := g.base("s"), g.base("d"), g.base("stats"), g.param("cols"), g.GP64(), g.GP64()
	scale, outer := g.broadcast("scale"), g.broadcast("outer")
	again := g.label("row")
	g.Label(again)
	place := func(base reg.GPVirtual, u int) Mem { return Mem{Base: base, Index: i, Scale: 4, Disp: u * g.bytes} }
	top, w := g.v(), g.v()
	g.VBROADCASTSS(Mem{Base: stats}, top)
	g.VBROADCASTSS(Mem{Base: stats, Disp: 4}, w)
	unroll := 4
	if !g.wide() {
		unroll = 2
	}
	dots := g.sums(1, unroll)[0]
	g.along(cols, left, i, unroll, func(u int, m *mask) {
		v := g.copy(top)
		g.VFMSUB231PS(g.at(place(s, u), m), scale, v)
		v = g.mul(g.expBelow(v), w)
		if m != nil {
			v = g.keep(*m, v)
		}
		g.put(v, place(s, u), m)
		g.VFMADD231PS(g.at(place(d, u), m), v, dots[u])
	})
	dot := g.total(dots)
	g.along(cols, left, i, unroll, func(u int, m *mask) {
		v := g.mul(g.sub(g.at(place(d, u), m), dot), outer)
		g.put(g.mul(v, g.at(place(s, u), m)), place(d, u), m)
	})
	g.nextRow(again, stats, cols, s, d)
	g.end()
}
