package kernel

// Forward computes y (Ho, Wo, Cout) from x (H, W, Cin) and w (KH, KW, Cin/Groups, Cout).
//
// Implicit matrix product: the (KW, Cin) window of an output pixel is contiguous in a row of x, and w is the row-major right-hand matrix as it
// stands; so each output row is one Brgemm with M = Wo, K = KW·Cin and a batch over the kernel rows. Rows above and below the image
// are left out of the batch; columns beside it are zeros in a copied band of rows. Dilation in W and groups go tap by tap instead.
func (g *Conv2D) Forward(y, x, w, scratch []float32) { g.ForwardRows(y, x, w, scratch, 0, g.Ho) }

// ForwardRows computes the rows [from, to) of y, so that several threads can share one image; y, x and w are whole. The bits are those of Forward.
func (g *Conv2D) ForwardRows(y, x, w, scratch []float32, from, to int) {
	switch {
	case g.depthwise():
		g.depthwiseForward(y, x, w, scratch, from, to)
	case g.pointwise() && !g.pairs:
		m := g.pointwiseGemm()
		m.M = (to - from) * g.Wo
		m.Run(y[from*g.Wo*g.Cout:], x[from*g.W*g.Cin:], w, scratch)
	case g.window():
		g.forwardWindow(y, x, w, scratch, from, to)
	default:
		g.forwardTaps(y, x, w, from, to)
	}
}

// forwardWindow: one product per output row over whole windows; all rows for some columns of w before the next columns.
func (g *Conv2D) forwardWindow(y, x, w, scratch []float32, from, to int) {
	step := g.bandRows()
	if !g.bordered() {
		step = g.Ho
	}
	tap := g.KW * g.Cin * g.Cout
	columns := columnBlock(g.KH*g.KW*g.Cin, g.Cout)
	m := Brgemm{M: g.Wo, K: g.KW * g.Cin, LdA: g.StrideW * g.Cin, LdB: g.Cout, LdC: g.Cout, StrideB: tap, Pairs: g.pairs}
	for lo := from; lo < to; lo += step {
		hi := min(lo+step, to)
		rows, first, pitch := g.band(x, scratch, lo, hi)
		m.StrideA = g.DilH * pitch
		for n := 0; n < g.Cout; n += columns {
			m.N = min(columns, g.Cout-n)
			for oh := lo; oh < hi; oh++ {
				h := oh*g.StrideH - g.PadT
				k0, k1 := inside(h, g.DilH, g.H, g.KH)
				dst := y[oh*g.Wo*g.Cout:][:g.Wo*g.Cout]
				if m.NB = k1 - k0; m.NB == 0 {
					clear(dst)
					continue
				}
				m.NN(dst[n:], rows[(h+k0*g.DilH-first)*pitch:], w[k0*tap+n:])
			}
		}
	}
}

// forwardTaps: for every output row, column of the kernel and group one product over those output columns whose input lies in the image.
func (g *Conv2D) forwardTaps(y, x, w []float32, from, to int) {
	groups := g.groups()
	ci, co := g.Cin/groups, g.Cout/groups
	tap := ci * g.Cout
	m := Brgemm{N: co, K: ci, LdA: g.StrideW * g.Cin, LdB: g.Cout, LdC: g.Cout, StrideA: g.DilH * g.W * g.Cin, StrideB: g.KW * tap, Accumulate: true, Pairs: g.pairs}
	for oh := from; oh < to; oh++ {
		dst := y[oh*g.Wo*g.Cout:][:g.Wo*g.Cout]
		clear(dst)
		h := oh*g.StrideH - g.PadT
		k0, k1 := inside(h, g.DilH, g.H, g.KH)
		if m.NB = k1 - k0; m.NB == 0 {
			continue
		}
		src, wk := x[(h+k0*g.DilH)*g.W*g.Cin:], w[k0*m.StrideB:]
		for kw := range g.KW {
			off := kw*g.DilW - g.PadL
			lo, hi := inside(off, g.StrideW, g.W, g.Wo)
			if m.M = hi - lo; m.M == 0 {
				continue
			}
			for q := range groups {
				m.NN(dst[lo*g.Cout+q*co:], src[(lo*g.StrideW+off)*g.Cin+q*ci:], wk[kw*tap+q*co:])
			}
		}
	}
}
