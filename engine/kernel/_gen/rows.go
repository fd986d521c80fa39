package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func rows(g *gen) {
	g.addRows("addBias", func(x vec) vec { return x })
	g.addRows("addBiasRelu", g.relu)
	g.sumRows()
}

// addRows emits dst = f(src + bias) for all rows of a matrix.
func (g *gen) addRows(name string, f func(x vec) vec) {
	g.function(name, "func(dst, src, bias []float32, rows, cols int)", "bias is added to every row.")
	dst, src, bias, rows, cols := g.base("dst"), g.base("src"), g.base("bias"), g.param("rows"), g.param("cols")
	left, i := g.GP64(), g.GP64()
	g.Label("row")
	g.MOVQ(cols, left)
	g.XORQ(i, i)
	g.passes(left, i, 2, func(u int, m *mask) {
		at := func(base reg.GPVirtual) Mem { return Mem{Base: base, Index: i, Scale: 4, Disp: u * g.bytes} }
		x, b := g.v(), g.v()
		if m == nil {
			g.VMOVUPS(at(src), x)
			g.VMOVUPS(f(g.add(x, at(bias))), at(dst))
		} else {
			g.loadMasked(at(src), *m, x)
			g.loadMasked(at(bias), *m, b)
			g.storeMasked(f(g.add(x, b)), *m, at(dst))
		}
	})
	g.LEAQ(Mem{Base: dst, Index: cols, Scale: 4}, dst)
	g.LEAQ(Mem{Base: src, Index: cols, Scale: 4}, src)
	g.DECQ(rows)
	g.JNZ(LabelRef("row"))
	g.end()
}

// sumRows emits dst += Σ rows of src: four vectors of columns, then one, go down the matrix.
func (g *gen) sumRows() {
	g.function("sumRows", "func(dst, src []float32, rows, cols int)", "column sums are added to dst.")
	dst, src, rows, cols := g.base("dst"), g.base("src"), g.param("rows"), g.param("cols")
	stride, left, i, p, n := g.GP64(), g.GP64(), g.GP64(), g.GP64(), g.GP64()
	g.MOVQ(cols, stride)
	g.SHLQ(U8(2), stride)
	g.MOVQ(cols, left)
	g.XORQ(i, i)
	column := func(vectors int, m *mask) {
		acc := make([]vec, vectors)
		for j := range acc {
			acc[j] = g.zero()
		}
		down := g.label("down")
		g.LEAQ(Mem{Base: src, Index: i, Scale: 4}, p)
		g.MOVQ(rows, n)
		g.Label(down)
		for j := range acc {
			if m == nil {
				g.VADDPS(Mem{Base: p, Disp: j * g.bytes}, acc[j], acc[j])
			} else {
				x := g.v()
				g.loadMasked(Mem{Base: p}, *m, x)
				g.VADDPS(x, acc[j], acc[j])
			}
		}
		g.ADDQ(stride, p)
		g.DECQ(n)
		g.JNZ(LabelRef(down))
		for j := range acc {
			at := Mem{Base: dst, Index: i, Scale: 4, Disp: j * g.bytes}
			if m == nil {
				g.VMOVUPS(g.add(acc[j], at), at)
			} else {
				x := g.v()
				g.loadMasked(at, *m, x)
				g.storeMasked(g.add(acc[j], x), *m, at)
			}
		}
	}
	const unroll = 4
	block := U32(uint32(unroll * g.lanes()))
	g.CMPQ(left, block)
	g.JLT(LabelRef("narrow"))
	g.Label("blocks")
	column(unroll, nil)
	g.ADDQ(block, i)
	g.SUBQ(block, left)
	g.CMPQ(left, block)
	g.JGE(LabelRef("blocks"))
	g.Label("narrow")
	g.passes(left, i, 1, func(_ int, m *mask) { column(1, m) })
	g.end()
}
