package main

import (
	. "github.com/mmcloughlin/avo/operand"
)

// Vector arithmetic. Operands come in the order of the formula; the first one is a register, the last source may be memory. Every method returns a
// new register.

func (g *gen) add(a vec, b Op) vec { d := g.v(); g.VADDPS(b, a, d); return d }
func (g *gen) sub(a vec, b Op) vec { d := g.v(); g.VSUBPS(b, a, d); return d }
func (g *gen) mul(a vec, b Op) vec { d := g.v(); g.VMULPS(b, a, d); return d }
func (g *gen) div(a vec, b Op) vec { d := g.v(); g.VDIVPS(b, a, d); return d }
func (g *gen) sqrt(a Op) vec       { d := g.v(); g.VSQRTPS(a, d); return d }
func (g *gen) and(a vec, b Op) vec { d := g.v(); g.VANDPS(b, a, d); return d }
func (g *gen) or(a vec, b Op) vec  { d := g.v(); g.VORPS(b, a, d); return d }
func (g *gen) xor(a vec, b Op) vec { d := g.v(); g.VXORPS(b, a, d); return d }

// max and min return b if either operand is NaN or both are zeros.
func (g *gen) max(a vec, b Op) vec { d := g.v(); g.VMAXPS(b, a, d); return d }
func (g *gen) min(a vec, b Op) vec { d := g.v(); g.VMINPS(b, a, d); return d }

// root is the square root, rounded correctly like sqrt. With AVX-512 an estimate is refined by multiply-adds, which do not wait for the divider: two steps after
// Markstein, the second one of which rounds correctly (tested for every mantissa). Numbers outside of [2^-76, 2^100), where a remainder might be subnormal,
// take the instruction.
func (g *gen) root(x vec) vec {
	if !g.wide() {
		return g.sqrt(x)
	}
	const lowest, highest = (127 - 76) << 23, (127 + 100) << 23 // as bits
	slow, done := g.label("slow"), g.label("root")
	y, inside := g.v(), g.K()
	bits := g.v()
	g.VPSUBD(g.i(lowest), x, bits)
	g.VPCMPUD(U8(1), g.i(highest-lowest), bits, inside)
	g.KORTESTW(inside, inside)
	g.JCC(LabelRef(slow))
	estimate := g.v()
	g.VRSQRT14PS(x, estimate)
	g.VMULPS(x, estimate, y)
	half := g.mul(estimate, g.f(0.5))
	rest := g.fnma(half, y, g.fv(0.5))
	g.VFMADD231PS(rest, y, y)
	g.VFMADD231PS(rest, half, half)
	g.VFMADD231PS(g.fnma(y, y, x), half, y)
	g.JMP(LabelRef(done))
	g.Label(slow)
	g.VSQRTPS(x, y)
	g.Label(done)
	return y
}

// fma is a·b + c, rounded once; fnma is c - a·b.
func (g *gen) fma(a vec, b Op, c vec) vec {
	d := g.copy(c)
	g.VFMADD231PS(b, a, d)
	return d
}

func (g *gen) fnma(a vec, b Op, c vec) vec {
	d := g.copy(c)
	g.VFNMADD231PS(b, a, d)
	return d
}

func (g *gen) copy(a vec) vec { d := g.v(); g.VMOVAPS(a, d); return d }

// horner evaluates a polynomial, coefficients given lowest first.
func (g *gen) horner(x vec, c ...float64) vec {
	p := g.fv(c[len(c)-1])
	for i := len(c) - 2; i >= 0; i-- {
		g.VFMADD213PS(g.f(c[i]), x, p)
	}
	return p
}

// Rounding modes of round.
const (
	nearestEven = 0
	downward    = 1
	upward      = 2
)

func (g *gen) round(mode uint8, a Op) vec {
	d := g.v()
	if g.wide() {
		g.VRNDSCALEPS(U8(mode|8), a, d)
	} else {
		g.VROUNDPS(U8(mode|8), a, d)
	}
	return d
}

// Comparison predicates: o = false for NaN, u = true for NaN.
const (
	eq    = 0x00
	eqU   = 0x08
	lt    = 0x11
	le    = 0x12
	unord = 0x03
	ord   = 0x07
	neqU  = 0x04
	nltU  = 0x15
	nleU  = 0x16
	ge    = 0x1d
	gt    = 0x1e
)

// cmp selects the lanes where a predicate b.
func (g *gen) cmp(predicate uint8, a vec, b Op) mask {
	if g.wide() {
		k := g.K()
		g.VCMPPS(U8(predicate), b, a, k)
		return mask{k: k}
	}
	d := g.v()
	g.VCMPPS(U8(predicate), b, a, d)
	return mask{v: d}
}

// choose is yes in the selected lanes and no in the others.
func (g *gen) choose(m mask, yes Op, no vec) vec {
	d := g.v()
	if g.wide() {
		g.VBLENDMPS(yes, no, m.k, d)
	} else {
		g.VBLENDVPS(m.v, yes, no, d)
	}
	return d
}

// keep is x in the selected lanes and 0 in the others.
func (g *gen) keep(m mask, x vec) vec {
	d := g.v()
	if g.wide() {
		g.VMOVAPS_Z(x, m.k, d)
	} else {
		g.VANDPS(x, m.v, d)
	}
	return d
}

// both selects the lanes of a that are also in b.
func (g *gen) both(a, b mask) mask {
	if g.wide() {
		k := g.K()
		g.KANDW(a.k, b.k, k)
		return mask{k: k}
	}
	return mask{v: g.and(a.v, b.v)}
}

const (
	signBit = 0x80000000
	absBits = 0x7fffffff
)

func (g *gen) abs(a vec) vec { return g.and(a, g.i(absBits)) }

// withSign gives a (not negative) the sign of b.
func (g *gen) withSign(a, b vec) vec { return g.or(a, g.and(b, g.i(signBit))) }
