package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// accumulators is the number of independent partial results of a reduction.
const accumulators = 4

// A reduction combines all elements of its slices into one number: partial results in four vectors, joined in a fixed order.
type reduction struct {
	name, signature, doc string
	in                   []string
	start                float64                      // of every lane
	join                 func(a, b vec) vec           // of two partial results
	step                 func(acc vec, x []vec) vec   // of one vector of each input
	output               string                       // also stores map(x) here, if set
	value                func(x []vec, m *mask) []vec // maps the inputs before step, nil for none; lanes outside m must become neutral
	setup                func()
}

func (g *gen) reduction(r reduction) {
	g.function(r.name, r.signature, r.doc)
	pointers := map[string]reg.GPVirtual{}
	for _, n := range r.in {
		pointers[n] = g.base(n)
	}
	left, i := g.length(r.in[len(r.in)-1]), g.GP64()
	var out reg.GPVirtual
	if r.output != "" {
		out = g.base(r.output)
	}
	g.XORQ(i, i)
	if r.setup != nil {
		r.setup()
	}
	acc := make([]vec, accumulators)
	for j := range acc {
		acc[j] = g.fv(r.start)
	}
	g.passes(left, i, accumulators, func(u int, m *mask) {
		x := make([]vec, len(r.in))
		for j, n := range r.in {
			at := Mem{Base: pointers[n], Index: i, Scale: 4, Disp: u * g.bytes}
			x[j] = g.v()
			if m == nil {
				g.VMOVUPS(at, x[j])
				continue
			}
			g.loadMasked(at, *m, x[j])
			if r.start != 0 {
				x[j] = g.choose(*m, x[j], g.fv(r.start))
			}
		}
		if r.value != nil {
			x = r.value(x, m)
		}
		if r.output != "" {
			at := Mem{Base: out, Index: i, Scale: 4, Disp: u * g.bytes}
			if m == nil {
				g.VMOVUPS(x[0], at)
			} else {
				g.storeMasked(x[0], *m, at)
			}
		}
		g.VMOVAPS(r.step(acc[u], x), acc[u])
	})
	total := r.join(r.join(acc[0], acc[1]), r.join(acc[2], acc[3]))
	result, err := g.ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	g.VMOVSS(g.horizontal(total, r.join).AsX(), result.Addr) // Store would pick MOVSS, which has no registers above 15
	g.end()
}

// horizontal joins all lanes into lane 0, upper half with lower half.
func (g *gen) horizontal(x vec, join func(a, b vec) vec) vec {
	if g.wide() {
		d := g.v()
		g.VSHUFF64X2(U8(0x4e), x, x, d) // swaps 256-bit halves
		x = join(x, d)
		d = g.v()
		g.VSHUFF64X2(U8(0xb1), x, x, d) // swaps 128-bit quarters
		x = join(x, d)
	} else {
		d := g.v()
		g.VPERM2F128(U8(1), x, x, d)
		x = join(x, d)
	}
	for _, order := range []uint8{0x4e, 0xb1} {
		d := g.v()
		g.VPERMILPS(U8(order), x, d)
		x = join(x, d)
	}
	return x
}

func reductions(g *gen) {
	add := func(a, b vec) vec { return g.add(a, b) }
	g.reduction(reduction{name: "sum", signature: "func(x []float32) float32", doc: "Σ x.", in: []string{"x"}, join: add,
		step: func(acc vec, x []vec) vec { return g.add(acc, x[0]) }})
	g.reduction(reduction{name: "sumSquares", signature: "func(x []float32) float32", doc: "Σ x².", in: []string{"x"}, join: add,
		step: func(acc vec, x []vec) vec { return g.fma(x[0], x[0], acc) }})
	g.reduction(reduction{name: "dot", signature: "func(x, y []float32) float32", doc: "Σ x·y.", in: []string{"x", "y"}, join: add,
		step: func(acc vec, x []vec) vec { return g.fma(x[0], x[1], acc) }})
	for _, f := range g.formulas()[4:6] {
		start := math.Inf(-1)
		if f.name == "min" {
			start = math.Inf(1)
		}
		g.reduction(reduction{name: f.name + "Of", signature: "func(x []float32) float32", doc: "the " + f.name + "imum, NaN if any is NaN.", in: []string{"x"}, start: start,
			join: f.f, step: func(acc vec, x []vec) vec { return f.f(acc, x[0]) }})
	}
	var m vec
	exps := reduction{in: []string{"x"}, join: add, step: func(acc vec, x []vec) vec { return g.add(acc, x[0]) },
		setup: func() { m = g.broadcast("m") },
		value: func(x []vec, tail *mask) []vec {
			y := g.exp(g.sub(x[0], m))
			if tail != nil {
				y = g.keep(*tail, y)
			}
			return []vec{y}
		}}
	exps.name, exps.signature, exps.doc = "expSubSum", "func(x []float32, m float32) float32", "Σ e^(x-m)."
	g.reduction(exps)
	exps.name, exps.signature, exps.doc, exps.output = "expSub", "func(dst, x []float32, m float32) float32", "dst = e^(x-m); the result is the sum.", "dst"
	g.reduction(exps)
}
