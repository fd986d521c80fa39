package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
)

// bfloat16 emits what products of bfloat16 numbers need, with AVX-512: a pair of them lies in the place of one float32.
func bfloat16(g *gen) {
	if !g.wide() {
		return
	}
	for _, s := range []gemmShape{{"FullPairs", 12, 2, false, true}, {"RaggedPairs", 12, 2, true, true}, {"NarrowPairs", 12, 1, true, true}} {
		g.brgemmShape(s)
	}
	g.function("pairsLoop", "func(iterations int)", "independent multiply-adds of pairs in registers, 48 in every iteration.")
	n := g.param("iterations")
	a, b := g.zero(), g.zero()
	acc := make([]vec, 24)
	for i := range acc {
		acc[i] = g.zero()
	}
	g.Label("again")
	for range 2 {
		for i := range acc {
			g.VPDPWSSD(a, b, acc[i])
		}
	}
	g.DECQ(n)
	g.JNZ(LabelRef("again"))
	g.end()

	g.loop(loop{name: "mixPairs", signature: "func(dst, a, b []float32)", doc: "pairs of a's and b's elements, a's in the lower half.", in: []string{"a", "b"}, out: []string{"dst"}, unroll: 4,
		body: one(func(x []vec) vec {
			low, high := g.nearest(x[0]), g.nearest(x[1])
			g.VPSRLD(U8(16), low, low)
			return g.or(low, high)
		})})
	g.packPairs()
	g.mixPanel()
}

// mixPanel emits the copy of panels: rows of 32 numbers become half as many rows of pairs.
func (g *gen) mixPanel() {
	g.function("mixPanel", "func(dst, src *float32, lds, pairs int)", "rows of 32 numbers, lds bytes apart, are rounded and paired with the next one.")
	dst, src, lds, n := g.param("dst"), g.param("src"), g.param("lds"), g.param("pairs")
	g.Label("row")
	for d := 0; d < panelBytes; d += 64 {
		g.PREFETCHT0(Mem{Base: src, Index: lds, Scale: 8, Disp: d})
	}
	for d := 0; d < panelBytes; d += 64 {
		low, high := g.nearest(g.loaded(Mem{Base: src, Disp: d})), g.nearest(g.loaded(Mem{Base: src, Index: lds, Scale: 1, Disp: d}))
		g.VPSRLD(U8(16), low, low)
		g.VMOVUPS(g.or(low, high), Mem{Base: dst, Disp: d})
	}
	g.LEAQ(Mem{Base: src, Index: lds, Scale: 2}, src)
	g.ADDQ(U32(panelBytes), dst)
	g.DECQ(n)
	g.JNZ(LabelRef("row"))
	g.end()
}

// nearest rounds to bfloat16, in the upper half of each lane; NaN stays as it is but for its lower half, which is cleared.
func (g *gen) nearest(x vec) vec {
	return g.choose(g.cmp(unord, x, x), g.or(g.and(x, g.i(0xffff0000)), g.i(0x00400000)), g.roundBits(x, 16))
}

// packPairs emits the conversion of a row: 32 numbers become 16 pairs.
func (g *gen) packPairs() {
	g.function("packPairs", "func(dst, src *float32, pairs int)", "2·pairs numbers are rounded; pairs is a multiple of 16.")
	dst, src, n := g.param("dst"), g.param("src"), g.param("pairs")
	g.StaticGlobal("oddWords")
	g.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 32 {
		g.AppendDatum(U16(uint16(2*i + 1)))
	}
	odd := g.v()
	g.VMOVUPS(NewDataAddr(Symbol{Name: "oddWords", Static: true}, 0), odd)
	g.Label("again")
	low, high := g.nearest(g.loaded(Mem{Base: src})), g.nearest(g.loaded(Mem{Base: src, Disp: 64}))
	g.VPERMT2W(high, odd, low)
	g.VMOVUPS(low, Mem{Base: dst})
	g.ADDQ(U32(128), src)
	g.ADDQ(Imm(64), dst)
	g.SUBQ(Imm(16), n)
	g.JNZ(LabelRef("again"))
	g.end()
}

// dotProduct matches VPDPWSSD, the stand-in for VDPBF16PS, which neither avo nor Go's assembler knows: but for the prefix (F3 instead of 66) both are encoded alike.
var dotProduct = regexp.MustCompile(`(?m)^\tVPDPWSSD\s+Z(\d+), Z(\d+), Z(\d+)$`)

// encodeDotProducts replaces the stand-ins by bytes: EVEX.512.F3.0F38.W0 52 /r.
func encodeDotProducts(asm []byte) []byte {
	return dotProduct.ReplaceAllFunc(asm, func(line []byte) []byte {
		var r [3]int // second factor, first factor, sum
		for i, s := range dotProduct.FindSubmatch(line)[1:] {
			r[i], _ = strconv.Atoi(string(s))
		}
		not := func(x, bit int) int { return ^x >> bit & 1 }
		code := []int{
			0x62,
			not(r[2], 3)<<7 | not(r[0], 4)<<6 | not(r[0], 3)<<5 | not(r[2], 4)<<4 | 2,
			^r[1]&15<<3 | 1<<2 | 2,
			2<<5 | not(r[1], 4)<<3,
			0x52,
			0xc0 | r[2]&7<<3 | r[0]&7,
		}
		return []byte(bytesOf(code, fmt.Sprintf("VDPBF16PS Z%d, Z%d, Z%d", r[0], r[1], r[2])))
	})
}

// bytesOf writes an instruction that the assembler does not know.
func bytesOf(code []int, comment string) string {
	parts := make([]string, len(code))
	for i, b := range code {
		parts[i] = fmt.Sprintf("BYTE $0x%02x", b)
	}
	return "\t" + strings.Join(parts, "; ") + " // " + comment
}
