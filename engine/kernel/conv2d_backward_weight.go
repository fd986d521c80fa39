package kernel

// pixelBlock is the number of output pixels over which one product of BackwardWeight sums before it adds to dw: enough to hide the traffic with dw,
// few enough that their inputs and gradients stay in the first-level cache.
const pixelBlock = 128

// BackwardWeight adds to dw (KH, KW, Cin/Groups, Cout) the gradient of a loss with respect to w, from x and dy (Ho, Wo, Cout).
//
// For every row of the kernel one Brgemm with the transposed left-hand side: M = the (KW, Cin) window, K = the pixels of an output row, a batch over
// output rows. With horizontal padding, dilation in W or groups it goes tap by tap instead, over those pixels whose input lies in the image;
// for few channels the zero-bordered band of Forward is cheaper.
func (g *Conv2D) BackwardWeight(dw, x, dy, scratch []float32) {
	switch {
	case g.depthwise():
		g.depthwiseBackwardWeight(dw, x, dy, scratch)
	case g.pointwise() && !g.pairs:
		m := Brgemm{M: g.Cin, N: g.Cout, NB: 1, LdA: g.Cin, LdB: g.Cout, LdC: g.Cout, Accumulate: true}
		n := g.Ho * g.Wo
		for p := 0; p < n; p += pixelBlock {
			m.K = min(pixelBlock, n-p)
			m.TN(dw, x[p*g.Cin:], dy[p*g.Cout:])
		}
	case g.weightBand():
		g.backwardWeightWindow(dw, x, dy, scratch)
	default:
		g.backwardWeightTaps(dw, x, dy)
	}
}

// weightBand reports whether BackwardWeight takes whole windows.
func (g *Conv2D) weightBand() bool { return g.window() && (!g.bordered() || g.Cin < 16) }

func (g *Conv2D) weightScratch() int {
	if g.weightBand() {
		return g.bandSize()
	}
	return 0
}

// weightRows is the number of output rows that make up about one pixelBlock.
func (g *Conv2D) weightRows() int { return max(1, pixelBlock/g.Wo) }

func (g *Conv2D) backwardWeightWindow(dw, x, dy, scratch []float32) {
	step := g.weightRows()
	if g.bordered() {
		step = min(step, g.bandRows())
	}
	m := Brgemm{M: g.KW * g.Cin, N: g.Cout, K: g.Wo, LdA: g.StrideW * g.Cin, LdB: g.Cout, LdC: g.Cout, StrideB: g.Wo * g.Cout, Accumulate: true, Pairs: g.pairs}
	for lo := 0; lo < g.Ho; lo += step {
		hi := min(lo+step, g.Ho)
		rows, first, pitch := g.band(x, scratch, lo, hi)
		m.StrideA = g.StrideH * pitch
		for kh := range g.KH {
			h := lo*g.StrideH + kh*g.DilH - g.PadT
			b0, b1 := inside(h, g.StrideH, g.H, hi-lo)
			if m.NB = b1 - b0; m.NB == 0 {
				continue
			}
			m.TN(dw[kh*m.M*g.Cout:], rows[(h+b0*g.StrideH-first)*pitch:], dy[(lo+b0)*m.StrideB:])
		}
	}
}

func (g *Conv2D) backwardWeightTaps(dw, x, dy []float32) {
	groups := g.groups()
	ci, co := g.Cin/groups, g.Cout/groups
	step, row := g.weightRows(), g.W*g.Cin
	m := Brgemm{M: ci, N: co, LdA: g.StrideW * g.Cin, LdB: g.Cout, LdC: g.Cout, StrideA: g.StrideH * row, StrideB: g.Wo * g.Cout, Accumulate: true}
	for lo := 0; lo < g.Ho; lo += step {
		hi := min(lo+step, g.Ho)
		for kh := range g.KH {
			h := lo*g.StrideH + kh*g.DilH - g.PadT
			b0, b1 := inside(h, g.StrideH, g.H, hi-lo)
			if m.NB = b1 - b0; m.NB == 0 {
				continue
			}
			src, grad := x[(h+b0*g.StrideH)*row:], dy[(lo+b0)*m.StrideB:]
			for kw := range g.KW {
				off := kw*g.DilW - g.PadL
				w0, w1 := inside(off, g.StrideW, g.W, g.Wo)
				if m.K = w1 - w0; m.K == 0 {
					continue
				}
				dst := dw[(kh*g.KW+kw)*ci*g.Cout:]
				for q := range groups {
					m.TN(dst[q*co:], src[(w0*g.StrideW+off)*g.Cin+q*ci:], grad[w0*g.Cout+q*co:])
				}
			}
		}
	}
}
