package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// winograd emits the one-dimensional transforms of Winograd's convolution with the points 0, ±a, ±b, ∞; see Winograd in package kernel.
func winograd(g *gen) {
	g.winogradTransform("winogradInput", "six inputs become six coefficients", 6, g.winogradInput)
	g.winogradTransform("winogradOutput2", "six products become two outputs", 6, func(m []vec) []vec { return g.winogradOutput(m, 2) })
	g.winogradTransform("winogradOutput4", "six products become four outputs", 6, func(m []vec) []vec { return g.winogradOutput(m, 4) })
	g.winogradTransform("winogradGrad", "gradients of four outputs become six coefficients", 4, g.winogradGrad)
	g.winogradTransform("winogradWeights3", "three weights become six coefficients", 3, g.winogradWeights)
	g.winogradTransform("winogradWeights5", "five weights become six coefficients", 5, g.winogradWeights)
	g.winogradTransform("winogradWeightsGrad", "six products become gradients of three weights", 6, g.winogradWeightsGrad)
}

// The finite points that are not zero and their squares; all products below are exact in float32.
const (
	pointA, pointB   = 11. / 16, 3. / 2
	squareA, squareB = pointA * pointA, pointB * pointB
)

func (g *gen) winogradInput(d []vec) []vec {
	product, sum := g.f(squareA*squareB), g.f(squareA+squareB)
	evenA, oddA := g.fnma(d[2], g.f(squareB), d[4]), g.fnma(d[1], g.f(squareB), d[3])
	evenB, oddB := g.fnma(d[2], g.f(squareA), d[4]), g.fnma(d[1], g.f(squareA), d[3])
	return []vec{
		g.fma(d[0], product, g.fnma(d[2], sum, d[4])),
		g.fma(oddA, g.f(pointA), evenA), g.fnma(oddA, g.f(pointA), evenA),
		g.fma(oddB, g.f(pointB), evenB), g.fnma(oddB, g.f(pointB), evenB),
		g.fma(d[1], product, g.fnma(d[3], sum, d[5])),
	}
}

func (g *gen) winogradOutput(m []vec, outputs int) []vec {
	evenA, evenB, oddA, oddB := g.add(m[1], m[2]), g.add(m[3], m[4]), g.sub(m[1], m[2]), g.sub(m[3], m[4])
	power := func(a, b vec, n int) vec {
		return g.fma(b, g.f(math.Pow(pointB, float64(n))), g.mul(a, g.f(math.Pow(pointA, float64(n)))))
	}
	first := g.add(g.add(m[0], evenA), evenB)
	if outputs == 2 {
		return []vec{first, g.add(power(oddA, oddB, 1), m[5])}
	}
	return []vec{first, power(oddA, oddB, 1), power(evenA, evenB, 2), g.add(power(oddA, oddB, 3), m[5])}
}

// winogradGrad evaluates the polynomial with the coefficients y at the points.
func (g *gen) winogradGrad(y []vec) []vec {
	at := func(x float64) (plus, minus vec) {
		even, odd := g.fma(y[2], g.f(x*x), y[0]), g.fma(y[3], g.f(x*x*x), g.mul(y[1], g.f(x)))
		return g.add(even, odd), g.sub(even, odd)
	}
	plusA, minusA := at(pointA)
	plusB, minusB := at(pointB)
	return []vec{y[0], plusA, minusA, plusB, minusB, y[3]}
}

// Factors of the transforms of weights: 1/Π(x-y), x being one finite point and y the others.
const (
	factor0 = 1 / (squareA * squareB)
	factorA = 1 / (2 * squareA * (squareA - squareB))
	factorB = 1 / (2 * squareB * (squareB - squareA))
)

func (g *gen) winogradWeights(w []vec) []vec {
	at := func(x, factor float64) (plus, minus vec) {
		even, odd := g.fma(w[2], g.f(factor*x*x), g.mul(w[0], g.f(factor))), g.mul(w[1], g.f(factor*x))
		if len(w) == 5 {
			even, odd = g.fma(w[4], g.f(factor*x*x*x*x), even), g.fma(w[3], g.f(factor*x*x*x), odd)
		}
		return g.add(even, odd), g.sub(even, odd)
	}
	plusA, minusA := at(pointA, factorA)
	plusB, minusB := at(pointB, factorB)
	return []vec{g.mul(w[0], g.f(factor0)), plusA, minusA, plusB, minusB, w[len(w)-1]}
}

func (g *gen) winogradWeightsGrad(m []vec) []vec {
	evenA, evenB, oddA, oddB := g.add(m[1], m[2]), g.add(m[3], m[4]), g.sub(m[1], m[2]), g.sub(m[3], m[4])
	power := func(a, b vec, n int) vec {
		return g.fma(b, g.f(factorB*math.Pow(pointB, float64(n))), g.mul(a, g.f(factorA*math.Pow(pointA, float64(n)))))
	}
	return []vec{g.fma(m[0], g.f(factor0), power(evenA, evenB, 0)), power(oddA, oddB, 1), g.add(power(evenA, evenB, 2), m[5])}
}

// winogradTransform emits the loops: for each of several blocks, vectors of n floats, as many as there are inputs, are combined element by element. All distances
// are bytes.
func (g *gen) winogradTransform(name, doc string, inputs int, f func([]vec) []vec) {
	g.function(name, "func(dst, src *float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int)", doc+", see winogradFunc.")
	dst, src, dstRow, srcRow := g.param("dst"), g.param("src"), g.param("dstRow"), g.param("srcRow")
	dst3, src3, srcHigh, dstHigh := g.GP64(), g.GP64(), g.GP64(), g.GP64()
	g.LEAQ(Mem{Base: srcRow, Index: srcRow, Scale: 2}, src3)
	g.LEAQ(Mem{Base: dstRow, Index: dstRow, Scale: 2}, dst3)
	left, i := g.GP64(), g.GP64()
	s, d := g.GP64(), g.GP64()
	g.Label("block")
	g.MOVQ(g.slot("n"), left)
	g.XORQ(i, i)
	g.passes(left, i, 1, func(_ int, m *mask) {
		g.LEAQ(Mem{Base: src, Index: i, Scale: 4}, s)
		g.LEAQ(Mem{Base: dst, Index: i, Scale: 4}, d)
		g.LEAQ(Mem{Base: s, Index: src3, Scale: 1}, srcHigh)
		g.LEAQ(Mem{Base: d, Index: dst3, Scale: 1}, dstHigh)
		at := func(low, high, step reg.GPVirtual, k int) Mem {
			if k < 3 {
				return spaced(low, step, step, k)
			}
			return spaced(high, step, step, k-3)
		}
		x := make([]vec, inputs)
		for k := range x {
			x[k] = g.v()
			if m == nil {
				g.VMOVUPS(at(s, srcHigh, srcRow, k), x[k])
			} else {
				g.loadMasked(at(s, srcHigh, srcRow, k), *m, x[k])
			}
		}
		for k, y := range f(x) {
			if m == nil {
				g.VMOVUPS(y, at(d, dstHigh, dstRow, k))
			} else {
				g.storeMasked(y, *m, at(d, dstHigh, dstRow, k))
			}
		}
	})
	g.ADDQ(g.slot("srcBlock"), src)
	g.ADDQ(g.slot("dstBlock"), dst)
	g.DECQ(g.slot("blocks"))
	g.JNZ(LabelRef("block"))
	g.end()
}
