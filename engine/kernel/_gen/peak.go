package main

import (
	. "github.com/mmcloughlin/avo/operand"
)

// peak emits a loop of independent multiply-adds on registers only.
func peak(g *gen) {
	chains := 12
	if g.wide() {
		chains = 24
	}
	g.function("fmaLoop", "func(iterations int)", "independent multiply-adds in registers; 24 (AVX2) or 48 (AVX-512) of them in every iteration.")
	n := g.param("iterations")
	a, b := g.zero(), g.zero()
	acc := make([]vec, chains)
	for i := range acc {
		acc[i] = g.zero()
	}
	g.Label("again")
	for range 2 {
		for i := range acc {
			g.VFMADD231PS(a, b, acc[i])
		}
	}
	g.DECQ(n)
	g.JNZ(LabelRef("again"))
	g.end()
}
