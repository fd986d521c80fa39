package kernel

// Depthwise convolutions (Groups == Cin) have nothing to sum over channels, so they are no matrix products: every channel of a pixel is a multiply-add
// of its own, vectorised over channels. With several outputs per channel (Cout = mult·Cin) x is first spread to Cout channels.

// axis describes one dimension of a sliding window: output o reads inputs o·stride + k·dil - pad.
type axis struct{ in, out, k, stride, dil, pad int }

// segment returns the taps [k0, k1) of output o that lie in the image, and the end of the run of outputs from o on that have exactly these taps
// (only for runs with all taps; at the borders every output is a run of its own).
func (a axis) segment(o int) (end, k0, k1 int) {
	k0, k1 = inside(o*a.stride-a.pad, a.dil, a.in, a.k)
	if k1-k0 < a.k {
		return o + 1, k0, k1
	}
	last := (a.in - 1 - (a.k-1)*a.dil + a.pad) / a.stride
	return min(a.out, last+1), k0, k1
}

func (g *Conv2D) columns() axis { return axis{g.W, g.Wo, g.KW, g.StrideW, g.DilW, g.PadL} }

// spread is the number of floats that x takes when it has to be spread to Cout channels.
func (g *Conv2D) spread() int {
	if g.Cout == g.Cin {
		return 0
	}
	return g.H * g.W * g.Cout
}

func (g *Conv2D) depthwiseScratch() int { return g.spread() }

// spreadInput returns x with Cout channels: each channel repeated Cout/Cin times.
func (g *Conv2D) spreadInput(x, scratch []float32) []float32 {
	if g.spread() == 0 {
		return x
	}
	mult := g.Cout / g.Cin
	for i, v := range x[:g.H*g.W*g.Cin] {
		for j := range scratch[i*mult:][:mult] {
			scratch[i*mult+j] = v
		}
	}
	return scratch
}

// rowWindow is the geometry of the window kernels along one row of y.
func (g *Conv2D) rowWindow() window {
	c := g.Cout
	return window{c: c, stepY: c, stepX: g.StrideW * c, rowX: g.DilH * g.W * c, tapX: g.DilW * c, rowW: g.KW * c, tapW: c}
}

func (g *Conv2D) depthwiseForward(y, x, w, scratch []float32, from, to int) {
	x = g.spreadInput(x, scratch)
	o, c, columns := g.rowWindow(), g.Cout, g.columns()
	for oh := from; oh < to; oh++ {
		h := oh*g.StrideH - g.PadT
		k0, k1 := inside(h, g.DilH, g.H, g.KH)
		o.kh = k1 - k0
		for ow, end := 0, 0; ow < g.Wo; ow = end {
			var j0, j1 int
			end, j0, j1 = columns.segment(ow)
			o.n, o.kw = end-ow, j1-j0
			dst := y[(oh*g.Wo+ow)*c:]
			if o.kh == 0 || o.kw == 0 {
				clear(dst[:o.n*c])
				continue
			}
			o.mulAdd(dst, x[((h+k0*g.DilH)*g.W+ow*g.StrideW-g.PadL+j0*g.DilW)*c:], w[(k0*g.KW+j0)*c:])
		}
	}
}

func (g *Conv2D) depthwiseBackwardWeight(dw, x, dy, scratch []float32) {
	x = g.spreadInput(x, scratch)
	o, c, columns := g.rowWindow(), g.Cout, g.columns()
	for oh := range g.Ho {
		h := oh*g.StrideH - g.PadT
		k0, k1 := inside(h, g.DilH, g.H, g.KH)
		o.kh = k1 - k0
		for ow, end := 0, 0; ow < g.Wo; ow = end {
			var j0, j1 int
			end, j0, j1 = columns.segment(ow)
			o.n, o.kw = end-ow, j1-j0
			if o.kh == 0 || o.kw == 0 {
				continue
			}
			o.mulAddGrad(dw[(k0*g.KW+j0)*c:], x[((h+k0*g.DilH)*g.W+ow*g.StrideW-g.PadL+j0*g.DilW)*c:], dy[(oh*g.Wo+ow)*c:])
		}
	}
}

// depthwiseBackwardInput is, with stride 1, the forward pass of the dual; it sums the channels that x was spread to.
func (g *Conv2D) depthwiseBackwardInput(dx, dy, packed, scratch []float32) {
	c := g.Cout
	spread := dx
	if g.spread() > 0 {
		spread = scratch
	}
	if g.StrideH == 1 && g.StrideW == 1 {
		d := g.dual()
		d.Cin, d.Cout, d.Groups = c, c, c
		d.depthwiseForward(spread, dy, packed, nil, 0, d.Ho)
	} else {
		g.depthwiseGather(spread, dy, packed)
	}
	if g.spread() > 0 {
		mult := g.Cout / g.Cin
		for i := range dx[:g.H*g.W*g.Cin] {
			var sum float32
			for _, v := range spread[i*mult:][:mult] {
				sum += v
			}
			dx[i] = sum
		}
	}
}

// depthwiseGather is depthwiseBackwardInput for any stride: the pixels of a row of dx that lie StrideW apart see the same taps of the rotated kernel and
// consecutive outputs. Such runs of columns are found once and serve all rows. dx has Cout channels here.
func (g *Conv2D) depthwiseGather(dx, dy, packed []float32) {
	c := g.Cout
	o := window{c: c, stepY: g.StrideW * c, stepX: c}
	for r := range min(g.StrideW, g.W) {
		for iw, next := r, 0; iw < g.W; iw = next {
			e0, stepW, p0, outW, kw := rowTaps(iw, g.PadL, g.KW, g.DilW, g.StrideW, g.Wo)
			o.n, o.kw, o.tapX, o.tapW = 1, kw, outW*c, stepW*c
			for next = iw + g.StrideW; next < g.W; next += g.StrideW {
				e1, _, p1, _, n := rowTaps(next, g.PadL, g.KW, g.DilW, g.StrideW, g.Wo)
				if n != kw || n > 0 && (e1 != e0 || p1 != p0+o.n) {
					break
				}
				o.n++
			}
			for h := range g.H {
				f0, stepH, o0, outH, kh := rowTaps(h, g.PadT, g.KH, g.DilH, g.StrideH, g.Ho)
				dst := dx[(h*g.W+iw)*c:]
				if kh == 0 || kw == 0 {
					for p := range o.n {
						clear(dst[p*o.stepY:][:c])
					}
					continue
				}
				o.kh, o.rowX, o.rowW = kh, outH*g.Wo*c, stepH*g.KW*c
				o.mulAdd(dst, dy[(o0*g.Wo+p0)*c:], packed[(f0*g.KW+e0)*c:])
			}
		}
	}
}
