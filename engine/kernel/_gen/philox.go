package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
)

// philox emits Uniform for whole vectors of blocks: one Philox block per lane.
func philox(g *gen) {
	g.StaticGlobal("lane")
	g.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range g.lanes() {
		g.AppendDatum(U32(uint32(i)))
	}
	g.function("uniformBlocks", "func(dst []float32, k0, k1, c0, c1, c2, c3 uint32)", "see Uniform; len(dst) is a multiple of four vectors.")
	dst, left := g.base("dst"), g.length("dst")
	first := g.v()
	g.VBROADCASTSS(g.slot("c0"), first)
	g.VPADDD(NewDataAddr(Symbol{Name: "lane", Static: true}, 0), first, first)
	odd := mask{}
	if g.wide() {
		odd.k = g.K()
		t := g.GP32()
		g.MOVL(U32(0xaaaa), t)
		g.KMOVW(t, odd.k)
	}
	m0, m1 := g.iv(0xD2511F53), g.iv(0xCD9E8D57)

	g.Label("blocks")
	c := [4]vec{g.v(), g.v(), g.v(), g.v()}
	g.VMOVAPS(first, c[0])
	k := [2]vec{g.v(), g.v()}
	for i, name := range []string{"c1", "c2", "c3"} {
		g.VBROADCASTSS(g.slot(name), c[i+1])
	}
	g.VBROADCASTSS(g.slot("k0"), k[0])
	g.VBROADCASTSS(g.slot("k1"), k[1])
	rounds := g.GP64()
	g.MOVQ(U32(10), rounds)
	g.Label("round")
	h0, l0 := g.mul32(c[0], m0, odd)
	h1, l1 := g.mul32(c[2], m1, odd)
	g.VMOVAPS(g.xor(g.xor(h1, c[1]), k[0]), c[0])
	g.VMOVAPS(g.xor(g.xor(h0, c[3]), k[1]), c[2])
	g.VMOVAPS(l1, c[1])
	g.VMOVAPS(l0, c[3])
	g.VPADDD(g.i(0x9E3779B9), k[0], k[0])
	g.VPADDD(g.i(0xBB67AE85), k[1], k[1])
	g.DECQ(rounds)
	g.JNZ(LabelRef("round"))

	for i := range c {
		g.VPSRLD(U8(8), c[i], c[i])
		g.VCVTDQ2PS(c[i], c[i])
		g.VMULPS(g.f(0x1p-24), c[i], c[i])
	}
	for j, x := range g.transpose4(c[0], c[1], c[2], c[3]) { // part q of x is block 4q+j
		for q := range g.bytes / 16 {
			at := Mem{Base: dst, Disp: 16 * (4*q + j)}
			switch {
			case q == 0:
				g.VMOVUPS(x.AsX(), at)
			case g.wide():
				g.VEXTRACTF32X4(U8(uint8(q)), x, at)
			default:
				g.VEXTRACTF128(U8(uint8(q)), x, at)
			}
		}
	}
	g.VPADDD(g.i(uint32(g.lanes())), first, first)
	g.ADDQ(U32(uint32(4*g.bytes)), dst)
	g.SUBQ(U32(uint32(4*g.lanes())), left)
	g.JNZ(LabelRef("blocks"))
	g.end()
}

// mul32 multiplies unsigned 32-bit lanes and returns both halves of the products.
func (g *gen) mul32(x, m vec, odd mask) (high, low vec) {
	low, high = g.v(), g.v()
	g.VPMULLD(m, x, low)
	even, shifted, odds := g.v(), g.v(), g.v()
	g.VPMULUDQ(m, x, even)
	g.VPSRLQ(U8(32), x, shifted)
	g.VPMULUDQ(m, shifted, odds)
	g.VPSRLQ(U8(32), even, even)
	if g.wide() {
		g.VPBLENDMD(odds, even, odd.k, high)
	} else {
		g.VPBLENDD(U8(0xaa), odds, even, high)
	}
	return high, low
}
