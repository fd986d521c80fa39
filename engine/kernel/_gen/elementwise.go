package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A loop is a function over slices of equal length: every vector of the inputs goes through body, whose results go to the outputs. The length is that of
// the first output. The rest that does not fill a vector is loaded and stored through a mask.
type loop struct {
	name, signature, doc string
	in, out              []string
	unroll               int
	setup                func() // loads what stays in registers
	body                 func(x []vec) []vec
}

func (g *gen) loop(l loop) {
	g.function(l.name, l.signature, l.doc)
	pointers := map[string]reg.GPVirtual{}
	for _, names := range [][]string{l.in, l.out} {
		for _, n := range names {
			if _, ok := pointers[n]; !ok {
				pointers[n] = g.base(n)
			}
		}
	}
	left, i := g.length(l.out[0]), g.GP64()
	g.XORQ(i, i)
	if l.setup != nil {
		l.setup()
	}
	pass := func(u int, m *mask) {
		at := func(n string) Mem { return Mem{Base: pointers[n], Index: i, Scale: 4, Disp: u * g.bytes} }
		x := make([]vec, len(l.in))
		for j, n := range l.in {
			x[j] = g.v()
			if m != nil {
				g.loadMasked(at(n), *m, x[j])
			} else {
				g.VMOVUPS(at(n), x[j])
			}
		}
		for j, y := range l.body(x) {
			if m != nil {
				g.storeMasked(y, *m, at(l.out[j]))
			} else {
				g.VMOVUPS(y, at(l.out[j]))
			}
		}
	}
	g.passes(left, i, l.unroll, pass)
	g.end()
}

// passes emits the loops over left elements, counting i up: unroll vectors at a time, single vectors, the masked rest. left is used up.
func (g *gen) passes(left, i reg.GPVirtual, unroll int, pass func(u int, m *mask)) {
	tail, done := g.label("tail"), g.label("done")
	steps := []int{1}
	if unroll > 1 {
		steps = []int{unroll, 1}
	}
	for _, u := range steps {
		again, next := g.label("vectors"), g.label("next")
		if u == 1 {
			next = tail
		}
		n := U32(uint32(u * g.lanes()))
		g.CMPQ(left, n)
		g.JLT(LabelRef(next))
		g.Label(again)
		for j := range u {
			pass(j, nil)
		}
		g.ADDQ(n, i)
		g.SUBQ(n, left)
		g.CMPQ(left, n)
		g.JGE(LabelRef(again))
		g.Label(next)
	}
	g.TESTQ(left, left)
	g.JZ(LabelRef(done))
	m := g.firstLanes(left)
	pass(0, &m)
	g.Label(done)
}

// one wraps a formula with a single result.
func one(f func(x []vec) vec) func(x []vec) []vec {
	return func(x []vec) []vec { return []vec{f(x)} }
}

// A formula is an elementwise function of two operands.
type formula struct {
	name string
	f    func(a, b vec) vec
}

// truth makes 0/1 of a comparison.
func (g *gen) truth(predicate uint8, a, b vec) vec { return g.keep(g.cmp(predicate, a, b), g.fv(1)) }

func (g *gen) formulas() []formula {
	return []formula{
		{"add", func(a, b vec) vec { return g.add(a, b) }},
		{"sub", func(a, b vec) vec { return g.sub(a, b) }},
		{"mul", func(a, b vec) vec { return g.mul(a, b) }},
		{"div", func(a, b vec) vec { return g.div(a, b) }},
		{"max", func(a, b vec) vec { return g.choose(g.cmp(unord, a, a), a, g.max(a, b)) }},
		{"min", func(a, b vec) vec { return g.choose(g.cmp(unord, a, a), a, g.min(a, b)) }},
		{"greater", func(a, b vec) vec { return g.truth(gt, a, b) }},
		{"greaterEqual", func(a, b vec) vec { return g.truth(ge, a, b) }},
		{"less", func(a, b vec) vec { return g.truth(lt, a, b) }},
		{"lessEqual", func(a, b vec) vec { return g.truth(le, a, b) }},
		{"equal", func(a, b vec) vec { return g.truth(eq, a, b) }},
		{"notEqual", func(a, b vec) vec { return g.truth(neqU, a, b) }},
	}
}

func elementwise(g *gen) {
	for _, f := range g.formulas() {
		g.loop(loop{name: f.name, signature: "func(dst, a, b []float32)", doc: "see the exported function.", in: []string{"a", "b"}, out: []string{"dst"}, unroll: 4,
			body: one(func(x []vec) vec { return f.f(x[0], x[1]) })})
	}
	reversed := []formula{
		{"scalarSub", func(a, b vec) vec { return g.sub(b, a) }},
		{"scalarDiv", func(a, b vec) vec { return g.div(b, a) }},
	}
	for i, f := range append(g.formulas(), reversed...) {
		name := f.name
		if i < len(g.formulas()) {
			name += "Scalar"
		}
		var s vec
		g.loop(loop{name: name, signature: "func(dst, a []float32, s float32)", doc: "see the exported function.", in: []string{"a"}, out: []string{"dst"}, unroll: 4,
			setup: func() { s = g.broadcast("s") },
			body:  one(func(x []vec) vec { return f.f(x[0], s) })})
	}
	g.loop(loop{name: "reluGrad", signature: "func(dst, a, b []float32)", doc: "a where b > 0, else 0.", in: []string{"a", "b"}, out: []string{"dst"}, unroll: 4,
		body: one(func(x []vec) vec { return g.keep(g.cmp(gt, x[1], g.f(0)), x[0]) })})
	g.loop(loop{name: "where", signature: "func(dst, cond, a, b []float32)", doc: "a where cond is not 0, else b.", in: []string{"cond", "a", "b"}, out: []string{"dst"}, unroll: 4,
		body: one(func(x []vec) vec { return g.choose(g.cmp(neqU, x[0], g.f(0)), x[1], x[2]) })})
	g.loop(loop{name: "mulAdd", signature: "func(dst, a, b, c []float32)", doc: "a·b + c, rounded twice.", in: []string{"a", "b", "c"}, out: []string{"dst"}, unroll: 4,
		body: one(func(x []vec) vec { return g.add(g.mul(x[0], x[1]), x[2]) })})
	var s vec
	g.loop(loop{name: "scaleAdd", signature: "func(dst, x []float32, s float32)", doc: "dst + s·x, rounded twice.", in: []string{"dst", "x"}, out: []string{"dst"}, unroll: 4,
		setup: func() { s = g.broadcast("s") },
		body:  one(func(x []vec) vec { return g.add(x[0], g.mul(x[1], s)) })})
	g.simpleUnary()
}

// simpleUnary emits the unary kernels that need no polynomial.
func (g *gen) simpleUnary() {
	for _, u := range []struct {
		name string
		f    func(x vec) vec
	}{
		{"neg", func(x vec) vec { return g.xor(x, g.i(signBit)) }},
		{"abs", g.abs},
		{"sqrt", g.root},
		{"rsqrt", func(x vec) vec { return g.div(g.fv(1), g.sqrt(x)) }},
		{"square", func(x vec) vec { return g.mul(x, x) }},
		{"reciprocal", func(x vec) vec { return g.div(g.fv(1), x) }},
		{"relu", g.relu},
		{"sign", func(x vec) vec {
			return g.choose(g.cmp(eqU, x, g.f(0)), x, g.or(g.and(x, g.i(signBit)), g.f(1)))
		}},
		{"floor", func(x vec) vec { return g.round(downward, x) }},
		{"ceil", func(x vec) vec { return g.round(upward, x) }},
		{"round", func(x vec) vec { return g.round(nearestEven, x) }},
		{"bfloat16", func(x vec) vec { return g.choose(g.cmp(unord, x, x), x, g.roundBits(x, 16)) }},
		{"float16", g.float16},
	} {
		g.unary(u.name, 4, u.f)
	}
}

// roundBits clears the n lowest bits of float32s, rounding to nearest, ties to even.
func (g *gen) roundBits(x vec, n uint8) vec {
	odd := g.v()
	g.VPSRLD(U8(n), x, odd)
	odd = g.and(odd, g.i(1))
	sum := g.v()
	g.VPADDD(g.i(1<<(n-1)-1), x, sum)
	g.VPADDD(odd, sum, sum)
	return g.and(sum, g.i(^uint32(0)<<n))
}

// float16 rounds to the nearest half-precision number. Those below 2^-14 are multiples of 2^-24, as is the last place of float32s from 1/2 to 1.
func (g *gen) float16(x vec) vec {
	a := g.abs(x)
	y := g.roundBits(a, 13)
	y = g.choose(g.cmp(lt, a, g.f(0x1p-14)), g.sub(g.add(a, g.f(0.5)), g.f(0.5)), y)
	y = g.choose(g.cmp(ge, a, g.f(65520)), g.i(0x7f800000), y)
	return g.choose(g.cmp(unord, x, x), x, g.withSign(y, x))
}

// relu keeps what is not <= 0: positive numbers and NaN.
func (g *gen) relu(x vec) vec { return g.keep(g.cmp(nleU, x, g.f(0)), x) }

func (g *gen) unary(name string, unroll int, f func(x vec) vec) {
	g.loop(loop{name: name, signature: "func(dst, x []float32)", doc: "see the exported function.", in: []string{"x"}, out: []string{"dst"}, unroll: unroll,
		body: one(func(x []vec) vec { return f(x[0]) })})
}
