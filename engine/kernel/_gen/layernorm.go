package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// layerNorm emits the kernels of layer normalization; see LayerNorm in package kernel. A row stays in the first-level cache while it is read again and
// again.
func layerNorm(g *gen) {
	for _, rms := range []bool{false, true} {
		g.layerNorm(rms)
		g.layerNormGrad(rms)
	}
}

// along emits pass for all vectors of a row, of which the first unroll each have a place u of their own.
func (g *gen) along(cols, left, i reg.GPVirtual, unroll int, pass func(u int, m *mask)) {
	g.MOVQ(cols, left)
	g.XORQ(i, i)
	g.passes(left, i, unroll, pass)
}

// nextRow moves the pointers to the next row of their matrices, of the given number of columns, and of stats, which has two, and jumps back while there are
// rows left.
func (g *gen) nextRow(again string, stats, cols reg.GPVirtual, matrices ...reg.GPVirtual) {
	for _, p := range matrices {
		g.LEAQ(Mem{Base: p, Index: cols, Scale: 4}, p)
	}
	g.ADDQ(U8(8), stats)
	g.DECQ(g.slot("rows"))
	g.JNZ(LabelRef(again))
}

// total adds up partial sums; all lanes of the result are the same.
func (g *gen) total(acc []vec) vec {
	add := func(a, b vec) vec { return g.add(a, b) }
	for len(acc) > 1 {
		for j := range len(acc) / 2 {
			g.VADDPS(acc[len(acc)/2+j], acc[j], acc[j])
		}
		acc = acc[:len(acc)/2]
	}
	return g.horizontal(acc[0], add)
}

// at loads a vector of an array at m, or its rest through a mask.
func (g *gen) at(m Mem, k *mask) vec {
	r := g.v()
	if k != nil {
		g.loadMasked(m, *k, r)
	} else {
		g.VMOVUPS(m, r)
	}
	return r
}

func (g *gen) put(x vec, m Mem, k *mask) {
	if k != nil {
		g.storeMasked(x, *k, m)
	} else {
		g.VMOVUPS(x, m)
	}
}

func (g *gen) layerNorm(rms bool) {
	name, doc := "layerNorm", "y = (x-mean)·r·gamma + beta with r = 1/√(variance+epsilon); mean and r of each row go to stats; inverse is 1/cols."
	if rms {
		name, doc = "rmsNorm", "layerNorm with mean 0."
	}
	g.function(name, "func(y, stats, x, gamma, beta []float32, epsilon, inverse float32, rows, cols int)", doc)
	y, stats, x, gamma, beta := g.base("y"), g.base("stats"), g.base("x"), g.base("gamma"), g.base("beta")
	cols, left, i := g.param("cols"), g.GP64(), g.GP64()
	epsilon, inverse := g.broadcast("epsilon"), g.broadcast("inverse")
	again := g.label("row")
	g.Label(again)
	place := func(base reg.GPVirtual, u int) Mem { return Mem{Base: base, Index: i, Scale: 4, Disp: u * g.bytes} }
	mean := g.zero()
	if !rms {
		acc := g.sums(1, 4)[0]
		g.along(cols, left, i, 4, func(u int, m *mask) { g.VADDPS(g.at(place(x, u), m), acc[u], acc[u]) })
		g.VMULPS(inverse, g.total(acc), mean)
	}
	squares := g.sums(1, 4)[0]
	g.along(cols, left, i, 4, func(u int, m *mask) {
		d := g.at(place(x, u), m)
		if !rms {
			d = g.sub(d, mean)
			if m != nil {
				d = g.keep(*m, d)
			}
		}
		g.VFMADD231PS(d, d, squares[u])
	})
	r := g.fma(g.total(squares), inverse, epsilon)
	root, one := r.AsX(), g.XMM() // narrow: wide roots and quotients take several times as long
	g.VSQRTPS(root, root)
	g.VMOVUPS(g.f(1), one)
	g.VDIVPS(root, one, root)
	g.VMOVSS(mean.AsX(), Mem{Base: stats})
	g.VMOVSS(root, Mem{Base: stats, Disp: 4})
	g.VBROADCASTSS(root, r)
	g.along(cols, left, i, 4, func(u int, m *mask) {
		v := g.at(place(x, u), m)
		if !rms {
			v = g.sub(v, mean)
		}
		v = g.mul(v, r)
		to := g.at(place(beta, u), m)
		g.VFMADD231PS(g.at(place(gamma, u), m), v, to)
		g.put(to, place(y, u), m)
	})
	g.nextRow(again, stats, cols, x, y)
	g.end()
}

func (g *gen) layerNormGrad(rms bool) {
	name, doc := "layerNormGrad", "gradients of layerNorm; those of gamma and beta are added to dgamma and dbeta."
	if rms {
		name, doc = "rmsNormGrad", "gradients of rmsNorm; those of gamma and beta are added to dgamma and dbeta."
	}
	unroll := 4
	if !g.wide() {
		unroll = 2
	}
	g.function(name, "func(dx, dgamma, dbeta, x, dy, gamma, stats []float32, inverse float32, rows, cols int)", doc)
	dx, dgamma, dbeta := g.base("dx"), g.base("dgamma"), g.base("dbeta")
	x, dy, gamma, stats := g.base("x"), g.base("dy"), g.base("gamma"), g.base("stats")
	cols, left, i := g.param("cols"), g.GP64(), g.GP64()
	inverse := g.broadcast("inverse")
	again := g.label("row")
	g.Label(again)
	place := func(base reg.GPVirtual, u int) Mem { return Mem{Base: base, Index: i, Scale: 4, Disp: u * g.bytes} }
	mean, r := g.v(), g.v()
	g.VBROADCASTSS(Mem{Base: stats}, mean)
	g.VBROADCASTSS(Mem{Base: stats, Disp: 4}, r)
	sums := g.sums(2, unroll)
	sum, dot := sums[0], sums[1]
	centered := func(u int, m *mask) vec {
		v := g.at(place(x, u), m)
		if rms {
			return v
		}
		return g.sub(v, mean)
	}
	g.along(cols, left, i, unroll, func(u int, m *mask) {
		normal, d := g.mul(centered(u, m), r), g.at(place(dy, u), m)
		toGamma := g.at(place(dgamma, u), m)
		g.VFMADD231PS(d, normal, toGamma)
		g.put(toGamma, place(dgamma, u), m)
		g.put(g.add(d, g.at(place(dbeta, u), m)), place(dbeta, u), m)
		d = g.mul(d, g.at(place(gamma, u), m))
		if !rms {
			g.VADDPS(d, sum[u], sum[u])
		}
		g.VFMADD231PS(d, normal, dot[u])
	})
	scale := g.mul(inverse, r)
	b := g.mul(g.mul(g.total(dot), scale), r) // dx = r·gamma·dy - b·(x-mean) - c
	var c vec
	if !rms {
		c = g.mul(g.total(sum), scale)
	}
	g.along(cols, left, i, unroll, func(u int, m *mask) {
		d := g.mul(g.at(place(dy, u), m), g.at(place(gamma, u), m))
		d = g.mul(d, r)
		if !rms {
			d = g.sub(d, c)
		}
		g.VFNMADD231PS(centered(u, m), b, d)
		g.put(d, place(dx, u), m)
	})
	g.nextRow(again, stats, cols, x, dy, dx)
	g.end()
}
