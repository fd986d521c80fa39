package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func pool(g *gen) {
	g.poolRow("poolRowLinear", false)
	g.poolRow("poolRowRelu", true)
	g.unpoolRow()
}

// pooledPixels emits the loops over pooled pixels and, within each, over channels: two pointers into each of two rows of the large image move two pixels a step.
func (g *gen) pooledPixels(row0, row1 string, small []reg.GPVirtual, sizes []int, pass func(at [4]reg.GPVirtual, i reg.GPVirtual, left reg.GPVirtual, m *mask)) {
	var at [4]reg.GPVirtual
	at[0], at[2] = g.base(row0), g.base(row1)
	at[1], at[3] = g.GP64(), g.GP64()
	c := g.param("c")
	g.LEAQ(Mem{Base: at[0], Index: c, Scale: 4}, at[1])
	g.LEAQ(Mem{Base: at[2], Index: c, Scale: 4}, at[3])
	left, i := g.GP64(), g.GP64()
	g.Label("pixel")
	g.MOVQ(g.slot("c"), left)
	g.XORQ(i, i)
	g.passes(left, i, 1, func(_ int, m *mask) { pass(at, i, left, m) })
	g.MOVQ(g.slot("c"), i)
	for _, p := range at {
		g.LEAQ(Mem{Base: p, Index: i, Scale: 8}, p)
	}
	for j, p := range small {
		g.LEAQ(Mem{Base: p, Index: i, Scale: uint8(sizes[j])}, p)
	}
	g.DECQ(g.slot("wo"))
	g.JNZ(LabelRef("pixel"))
	g.end()
}

// poolRow emits bias + max pooling (+ relu) of two rows, with the codes of the winners.
func (g *gen) poolRow(name string, relu bool) {
	g.function(name, "func(dst []float32, code []uint8, src0, src1, bias []float32, wo, c int)", "see poolRowGeneric.")
	dst, code, bias := g.base("dst"), g.base("code"), g.base("bias")
	g.pooledPixels("src0", "src1", []reg.GPVirtual{dst, code}, []int{4, 1}, func(at [4]reg.GPVirtual, i, left reg.GPVirtual, m *mask) {
		load := func(p reg.GPVirtual) vec {
			x := g.v()
			if m == nil {
				g.VMOVUPS(Mem{Base: p, Index: i, Scale: 4}, x)
			} else {
				g.loadMasked(Mem{Base: p, Index: i, Scale: 4}, *m, x)
			}
			return x
		}
		best := load(at[0])
		winner := g.zero()
		for j := 1; j < 4; j++ {
			x := load(at[j])
			beats := g.both(g.cmp(nleU, x, best), g.cmp(ord, best, best))
			best = g.choose(beats, x, best)
			winner = g.choose(beats, g.i(uint32(j)), winner)
		}
		best = g.add(best, load(bias))
		if relu {
			live := g.cmp(nleU, best, g.f(0))
			best = g.keep(live, best)
			winner = g.choose(live, winner, g.iv(4))
		}
		if m == nil {
			g.VMOVUPS(best, Mem{Base: dst, Index: i, Scale: 4})
		} else {
			g.storeMasked(best, *m, Mem{Base: dst, Index: i, Scale: 4})
		}
		g.storeBytes(winner, code, i, left, m)
	})
}

// storeBytes stores the lowest byte of every lane.
func (g *gen) storeBytes(x vec, p, i, left reg.GPVirtual, m *mask) {
	b, at := g.XMM(), Mem{Base: p, Index: i, Scale: 1}
	if g.wide() {
		g.VPMOVDB(x, b)
		if m == nil {
			g.VMOVDQU(b, at)
		} else {
			g.VMOVDQU8(b, m.k, at)
		}
		return
	}
	g.VEXTRACTI128(U8(1), x, b)
	g.VPACKSSDW(b, x.AsX(), b)
	g.VPACKUSWB(b, b, b)
	if m == nil {
		g.VMOVQ(b, at)
		return
	}
	bytes, q := g.GP64(), g.GP64()
	again := g.label("bytes")
	g.VMOVQ(b, bytes)
	g.LEAQ(at, q)
	g.Label(again)
	g.MOVB(bytes.As8(), Mem{Base: q})
	g.SHRQ(U8(8), bytes)
	g.INCQ(q)
	g.DECQ(left)
	g.JNZ(LabelRef(again))
}

// loadBytes loads bytes into lanes.
func (g *gen) loadBytes(p, i, left reg.GPVirtual, m *mask) vec {
	d, at := g.v(), Mem{Base: p, Index: i, Scale: 1}
	switch {
	case m == nil:
		g.VPMOVZXBD(at, d)
	case g.wide():
		g.VPMOVZXBD_Z(at, m.k, d)
	default:
		bytes, b, q := g.GP64(), g.GP64(), g.GP64()
		again := g.label("bytes")
		g.XORQ(bytes, bytes)
		g.LEAQ(at, q)
		g.Label(again)
		g.SHLQ(U8(8), bytes)
		g.MOVBQZX(Mem{Base: q, Index: left, Scale: 1, Disp: -1}, b)
		g.ORQ(b, bytes)
		g.DECQ(left)
		g.JNZ(LabelRef(again))
		x := g.XMM()
		g.VMOVQ(bytes, x)
		g.VPMOVZXBD(x, d)
	}
	return d
}

// unpoolRow emits the scattering of one row of gradients to their winners.
func (g *gen) unpoolRow() {
	g.function("unpoolRow", "func(dy0, dy1, dp []float32, code []uint8, wo, c int)", "see unpoolRowGeneric.")
	dp, code := g.base("dp"), g.base("code")
	g.pooledPixels("dy0", "dy1", []reg.GPVirtual{dp, code}, []int{4, 1}, func(at [4]reg.GPVirtual, i, left reg.GPVirtual, m *mask) {
		x := g.v()
		if m == nil {
			g.VMOVUPS(Mem{Base: dp, Index: i, Scale: 4}, x)
		} else {
			g.loadMasked(Mem{Base: dp, Index: i, Scale: 4}, *m, x)
		}
		winner := g.loadBytes(code, i, left, m)
		for j := range at {
			var won mask
			if g.wide() {
				won.k = g.K()
				g.VPCMPEQD(g.i(uint32(j)), winner, won.k)
			} else {
				won.v = g.v()
				g.VPCMPEQD(g.i(uint32(j)), winner, won.v)
			}
			out := Mem{Base: at[j], Index: i, Scale: 4}
			if m == nil {
				g.VMOVUPS(g.keep(won, x), out)
			} else {
				g.storeMasked(g.keep(won, x), *m, out)
			}
		}
	})
}
