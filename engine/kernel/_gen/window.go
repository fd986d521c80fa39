package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// window emits the kernels of depthwise convolution and pooling; see type window in package kernel. All of them cut the channels into blocks of two
// vectors, one vector and a masked rest, and hold a block's sums in registers while they walk over the taps of a window (or, for the gradient
// of the weights, over the pixels).
func window(g *gen) {
	g.windowMulAdd()
	g.windowMulAddGrad()
	g.windowMax()
	g.windowMaxGrad()
	g.windowSum()
	g.windowSumGrad()
}

const windowInts = ", n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW int)"

// windowBlock is one block of channels.
type windowBlock struct {
	g       *gen
	vectors int
	masked  bool
	mask    mask
}

// blocks emits body for each kind of block and moves the pointers to the next block.
func (g *gen) blocks(pointers []string, body func(b *windowBlock)) {
	left := g.slot("c")
	done := g.label("done")
	for _, vectors := range []int{2, 1} {
		loop, next := g.label("block"), g.label("next")
		g.Label(loop)
		g.CMPQ(left, U32(uint32(vectors*g.lanes())))
		g.JL(LabelRef(next))
		body(&windowBlock{g: g, vectors: vectors})
		for _, p := range pointers {
			g.ADDQ(U32(uint32(vectors*g.bytes)), g.slot(p))
		}
		g.SUBQ(U32(uint32(vectors*g.lanes())), left)
		g.JMP(LabelRef(loop))
		g.Label(next)
	}
	n := g.GP64()
	g.MOVQ(left, n)
	g.TESTQ(n, n)
	g.JE(LabelRef(done))
	body(&windowBlock{g: g, vectors: 1, masked: true, mask: g.firstLanes(n)})
	g.Label(done)
	g.end()
}

func (b *windowBlock) at(m Mem, j int) Mem {
	m.Disp += j * b.g.bytes
	return m
}

// load loads vector j of the block at m into a register.
func (b *windowBlock) load(m Mem, j int) vec {
	r := b.g.v()
	if b.masked {
		b.g.loadMasked(m, b.mask, r)
	} else {
		b.g.VMOVUPS(b.at(m, j), r)
	}
	return r
}

// operand is vector j at m as the operand of an instruction: memory, or a register if it must be masked.
func (b *windowBlock) operand(m Mem, j int) Op {
	if b.masked {
		return b.load(m, j)
	}
	return b.at(m, j)
}

func (b *windowBlock) store(r vec, m Mem, j int) {
	if b.masked {
		b.g.storeMasked(r, b.mask, m)
	} else {
		b.g.VMOVUPS(r, b.at(m, j))
	}
}

// add adds r to vector j at m in memory.
func (b *windowBlock) add(r vec, m Mem, j int) {
	sum := b.g.v()
	b.g.VADDPS(b.operand(m, j), r, sum)
	b.store(sum, m, j)
}

// pixels walks over the n output pixels, several at a time as long as possible: body gets the pointers to the first one in y and x.
func (g *gen) pixels(several int, stepX reg.Register, body func(y, x reg.GPVirtual, pixels int)) {
	left := g.AllocLocal(8)
	y, x, t := g.param("y"), g.param("x"), g.param("n")
	g.MOVQ(t, left)
	sizes := []int{several, 1}
	if several == 1 {
		sizes = sizes[1:]
	}
	for _, pixels := range sizes {
		loop, next := g.label("pixels"), g.label("pixelsDone")
		g.Label(loop)
		g.CMPQ(left, U32(uint32(pixels)))
		g.JL(LabelRef(next))
		body(y, x, pixels)
		for range pixels {
			g.ADDQ(g.slot("stepY"), y)
			g.ADDQ(stepX, x)
		}
		g.SUBQ(U32(uint32(pixels)), left)
		g.JMP(LabelRef(loop))
		g.Label(next)
	}
}

// taps walks over the taps of the window at x, and over their weights unless w is nil: body gets the pointers to one tap.
func (g *gen) taps(x reg.GPVirtual, tapX reg.Register, w, tapW reg.Register, body func(x, w reg.GPVirtual)) {
	rows := g.AllocLocal(8)
	rowX, rowW, t := g.GP64(), g.GP64(), g.param("kh")
	g.MOVQ(t, rows)
	g.MOVQ(x, rowX)
	if w != nil {
		g.MOVQ(w, rowW)
	}
	rowLoop, tapLoop := g.label("row"), g.label("tap")
	g.Label(rowLoop)
	px, pw, left := g.GP64(), g.GP64(), g.param("kw")
	g.MOVQ(rowX, px)
	if w != nil {
		g.MOVQ(rowW, pw)
	}
	g.Label(tapLoop)
	body(px, pw)
	g.ADDQ(tapX, px)
	if w != nil {
		g.ADDQ(tapW, pw)
	}
	g.DECQ(left)
	g.JNZ(LabelRef(tapLoop))
	g.ADDQ(g.slot("rowX"), rowX)
	if w != nil {
		g.ADDQ(g.slot("rowW"), rowW)
	}
	g.DECQ(rows)
	g.JNZ(LabelRef(rowLoop))
}

// sums are accumulators, cleared: one for each of several pixels or taps and each vector of a block.
func (g *gen) sums(n, vectors int) [][]vec {
	s := make([][]vec, n)
	for i := range s {
		for range vectors {
			s[i] = append(s[i], g.zero())
		}
	}
	return s
}

// spaced is the memory operand of the i-th of up to four places that lie step apart.
func spaced(base, step, step3 reg.Register, i int) Mem {
	m := Mem{Base: base}
	switch i {
	case 1, 2:
		m.Index, m.Scale = step, uint8(i)
	case 3:
		m.Index, m.Scale = step3, 1
	}
	return m
}

func (g *gen) windowMulAdd() {
	g.function("windowMulAdd", "func(y, x, w *float32"+windowInts, "y[p] = Σ x[p,i,j]·w[i,j]; four pixels at a time share the weights they load.")
	stepX, tapX, tapW, stepX3 := g.param("stepX"), g.param("tapX"), g.param("tapW"), g.GP64()
	g.LEAQ(Mem{Base: stepX, Index: stepX, Scale: 2}, stepX3)
	g.blocks([]string{"y", "x", "w"}, func(b *windowBlock) {
		g.pixels(4, stepX, func(y, x reg.GPVirtual, pixels int) {
			acc := g.sums(pixels, b.vectors)
			g.taps(x, tapX, g.param("w"), tapW, func(x, w reg.GPVirtual) {
				for j := range b.vectors {
					weight := b.load(Mem{Base: w}, j)
					for p := range acc {
						g.VFMADD231PS(b.operand(spaced(x, stepX, stepX3, p), j), weight, acc[p][j])
					}
				}
			})
			to := g.GP64()
			g.MOVQ(y, to)
			for p := range acc {
				for j, r := range acc[p] {
					b.store(r, Mem{Base: to}, j)
				}
				g.ADDQ(g.slot("stepY"), to)
			}
		})
	})
}

func (g *gen) windowMulAddGrad() {
	g.function("windowMulAddGrad", "func(w, x, y *float32"+windowInts, "w[i,j] += Σ_p x[p,i,j]·y[p]; three taps at a time share the gradients they load.")
	stepX, stepY, tapX, tapW := g.param("stepX"), g.param("stepY"), g.param("tapX"), g.param("tapW")
	g.blocks([]string{"w", "x", "y"}, func(b *windowBlock) {
		rows, left := g.AllocLocal(8), g.AllocLocal(8)
		rowX, rowW, t := g.param("x"), g.param("w"), g.param("kh")
		g.MOVQ(t, rows)
		rowLoop := g.label("row")
		g.Label(rowLoop)
		tapAtX, tapAtW, kw := g.GP64(), g.GP64(), g.param("kw")
		g.MOVQ(rowX, tapAtX)
		g.MOVQ(rowW, tapAtW)
		g.MOVQ(kw, left)
		for _, taps := range []int{3, 1} {
			loop, next, pixel := g.label("taps"), g.label("tapsDone"), g.label("pixel")
			g.Label(loop)
			g.CMPQ(left, U32(uint32(taps)))
			g.JL(LabelRef(next))
			acc := g.sums(taps, b.vectors)
			x, y, n := g.GP64(), g.param("y"), g.param("n")
			g.MOVQ(tapAtX, x)
			g.Label(pixel)
			for j := range b.vectors {
				grad := b.load(Mem{Base: y}, j)
				for t := range acc {
					g.VFMADD231PS(b.operand(spaced(x, tapX, nil, t), j), grad, acc[t][j])
				}
			}
			g.ADDQ(stepX, x)
			g.ADDQ(stepY, y)
			g.DECQ(n)
			g.JNZ(LabelRef(pixel))
			for t := range acc {
				for j, r := range acc[t] {
					b.add(r, Mem{Base: tapAtW}, j)
				}
				g.ADDQ(tapX, tapAtX)
				g.ADDQ(tapW, tapAtW)
			}
			g.SUBQ(U32(uint32(taps)), left)
			g.JMP(LabelRef(loop))
			g.Label(next)
		}
		g.ADDQ(g.slot("rowX"), rowX)
		g.ADDQ(g.slot("rowW"), rowW)
		g.DECQ(rows)
		g.JNZ(LabelRef(rowLoop))
	})
}

// Predicates of VCMPPS, all quiet.
const (
	equal     = 0
	unordered = 3
	ordered   = 7
	always    = 15
)

func (g *gen) windowMax() {
	g.function("windowMax", "func(y, x *float32"+windowInts, "y[p] = max x[p,i,j]; the first NaN wins.")
	stepX, tapX := g.param("stepX"), g.param("tapX")
	g.blocks([]string{"y", "x"}, func(b *windowBlock) {
		g.pixels(1, stepX, func(y, x reg.GPVirtual, pixels int) {
			best := make([]vec, b.vectors)
			for j := range best {
				best[j] = b.load(Mem{Base: x}, j)
			}
			g.taps(x, tapX, nil, nil, func(x, _ reg.GPVirtual) {
				for j, best := range best {
					v := b.load(Mem{Base: x}, j)
					// VMAXPS keeps best unless v is greater, so also if either is NaN; then a NaN in v takes the place of a number.
					if g.wide() {
						k, number := g.K(), g.K()
						g.VCMPPS(U8(ordered), best, best, number)
						g.VCMPPS(U8(unordered), v, v, number, k)
						g.VMAXPS(best, v, best)
						g.VMOVAPS(v, k, best)
					} else {
						m, isNaN := g.v(), g.v()
						g.VCMPPS(U8(ordered), best, best, m)
						g.VCMPPS(U8(unordered), v, v, isNaN)
						g.VANDPS(m, isNaN, m)
						g.VMAXPS(best, v, best)
						g.VBLENDVPS(m, v, best, best)
					}
				}
			})
			for j, r := range best {
				b.store(r, Mem{Base: y}, j)
			}
		})
	})
}

func (g *gen) windowMaxGrad() {
	g.function("windowMaxGrad", "func(x, u, y, v *float32"+windowInts, "x[p,i,j] += v[p] for the first tap with u[p,i,j] == y[p].")
	stepX, tapX, toU, toV := g.param("stepX"), g.param("tapX"), g.param("u"), g.param("v")
	g.SUBQ(g.slot("x"), toU)
	g.SUBQ(g.slot("y"), toV)
	g.blocks([]string{"x", "y"}, func(b *windowBlock) {
		g.pixels(1, stepX, func(y, x reg.GPVirtual, pixels int) {
			top, grad, open := make([]vec, b.vectors), make([]vec, b.vectors), make([]mask, b.vectors)
			for j := range top {
				top[j], grad[j] = b.load(Mem{Base: y}, j), b.load(Mem{Base: y, Index: toV, Scale: 1}, j)
				if g.wide() {
					open[j].k = g.K()
					g.VCMPPS(U8(always), top[j], top[j], open[j].k)
				} else {
					open[j].v = g.v()
					g.VCMPPS(U8(always), top[j], top[j], open[j].v)
				}
			}
			g.taps(x, tapX, nil, nil, func(x, _ reg.GPVirtual) {
				for j := range top {
					v := b.load(Mem{Base: x, Index: toU, Scale: 1}, j)
					if g.wide() {
						hit, dx := g.K(), b.load(Mem{Base: x}, j)
						g.VCMPPS(U8(equal), v, top[j], open[j].k, hit)
						g.KANDNW(open[j].k, hit, open[j].k)
						g.VADDPS(grad[j], dx, hit, dx)
						b.store(dx, Mem{Base: x}, j)
					} else {
						hit := g.v()
						g.VCMPPS(U8(equal), v, top[j], hit)
						g.VANDPS(open[j].v, hit, hit)
						g.VANDNPS(open[j].v, hit, open[j].v)
						g.VANDPS(grad[j], hit, hit)
						b.add(hit, Mem{Base: x}, j)
					}
				}
			})
		})
	})
}

func (g *gen) windowSum() {
	g.function("windowSum", "func(y, x *float32, s float32"+windowInts, "y[p] = s·Σ x[p,i,j].")
	stepX, tapX, s := g.param("stepX"), g.param("tapX"), g.broadcast("s")
	g.blocks([]string{"y", "x"}, func(b *windowBlock) {
		g.pixels(1, stepX, func(y, x reg.GPVirtual, pixels int) {
			acc := g.sums(1, b.vectors)
			g.taps(x, tapX, nil, nil, func(x, _ reg.GPVirtual) {
				for j, r := range acc[0] {
					g.VADDPS(b.operand(Mem{Base: x}, j), r, r)
				}
			})
			for j, r := range acc[0] {
				g.VMULPS(s, r, r)
				b.store(r, Mem{Base: y}, j)
			}
		})
	})
}

func (g *gen) windowSumGrad() {
	g.function("windowSumGrad", "func(x, y *float32, s float32"+windowInts, "x[p,i,j] += s·y[p].")
	stepX, tapX, s := g.param("stepX"), g.param("tapX"), g.broadcast("s")
	g.blocks([]string{"x", "y"}, func(b *windowBlock) {
		g.pixels(1, stepX, func(y, x reg.GPVirtual, pixels int) {
			grad := make([]vec, b.vectors)
			for j := range grad {
				grad[j] = b.load(Mem{Base: y}, j)
				g.VMULPS(s, grad[j], grad[j])
			}
			g.taps(x, tapX, nil, nil, func(x, _ reg.GPVirtual) {
				for j, r := range grad {
					b.add(r, Mem{Base: x}, j)
				}
			})
		})
	})
}
