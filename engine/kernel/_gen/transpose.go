package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose emits the transposition of a column of 8×8 blocks; AVX2 is enough for both instruction sets.
func transpose(g *gen) {
	if g.wide() {
		return
	}
	g.function("transposeBlocks", "func(dst, src *float32, ldd, lds, blocks int)",
		"8×8 blocks of src, one below the other, become a row of blocks of dst; distances are bytes.")
	dst, src, ldd, lds, blocks := g.param("dst"), g.param("src"), g.param("ldd"), g.param("lds"), g.param("blocks")
	row := func(p, ld reg.GPVirtual) func(i int) { // moves p down i rows
		return func(i int) {
			for range i {
				g.ADDQ(ld, p)
			}
		}
	}
	g.Label("block")
	p := g.GP64()
	g.MOVQ(src, p)
	left, right := make([]vec, 4), make([]vec, 4) // columns 0..3 and 4..7: row i in the lower half, row i+4 in the upper
	next := row(p, lds)
	for i := range 4 {
		left[i], right[i] = g.YMM(), g.YMM()
		g.VMOVUPS(Mem{Base: p}, left[i].AsX())
		g.VMOVUPS(Mem{Base: p, Disp: 16}, right[i].AsX())
		next(1)
	}
	for i := range 4 {
		g.VINSERTF128(U8(1), Mem{Base: p}, left[i], left[i])
		g.VINSERTF128(U8(1), Mem{Base: p, Disp: 16}, right[i], right[i])
		next(1)
	}
	g.MOVQ(p, src)
	g.MOVQ(dst, p)
	for _, half := range [][]vec{left, right} {
		for _, column := range g.transpose4(half[0], half[1], half[2], half[3]) {
			g.VMOVUPS(column, Mem{Base: p})
			g.ADDQ(ldd, p)
		}
	}
	g.ADDQ(Imm(32), dst)
	g.DECQ(blocks)
	g.JNZ(LabelRef("block"))
	g.end()
}

// transpose4 transposes the 4×4 matrices in each 128-bit part of four vectors.
func (g *gen) transpose4(r0, r1, r2, r3 vec) [4]vec {
	op := func(f func(ops ...Op), a, b vec) vec {
		d := g.v()
		f(b, a, d)
		return d
	}
	a, b := op(g.VUNPCKLPS, r0, r1), op(g.VUNPCKHPS, r0, r1)
	c, d := op(g.VUNPCKLPS, r2, r3), op(g.VUNPCKHPS, r2, r3)
	return [4]vec{op(g.VUNPCKLPD, a, c), op(g.VUNPCKHPD, a, c), op(g.VUNPCKLPD, b, d), op(g.VUNPCKHPD, b, d)}
}
