package kernel

// Pool2D is the geometry of a two-dimensional pooling and of its gradient: x (H, W, C), y (Ho, Wo, C). Output (oh, ow) sees the inputs
// (oh·StrideH+kh-PadT, ow·StrideW+kw-PadL) for kh < KH, kw < KW that lie in the image; padding does not count. Every window must
// have at least one input in the image. The methods work on one image, use one thread and allocate nothing.
type Pool2D struct {
	H, W, C, Ho, Wo  int
	KH, KW           int
	StrideH, StrideW int
	PadT, PadL       int
}

// runs calls the window kernel do, which gets the places of a run of outputs in y and x, for all runs of outputs that have the same taps.
func (g *Pool2D) runs(do func(o window, y, x int)) {
	c := g.C
	o := window{c: c, stepY: c, stepX: g.StrideW * c, rowX: g.W * c, tapX: c}
	columns := axis{g.W, g.Wo, g.KW, g.StrideW, 1, g.PadL}
	for oh := range g.Ho {
		h := oh*g.StrideH - g.PadT
		k0, k1 := inside(h, 1, g.H, g.KH)
		o.kh = k1 - k0
		for ow, end := 0, 0; ow < g.Wo; ow = end {
			var j0, j1 int
			end, j0, j1 = columns.segment(ow)
			o.n, o.kw = end-ow, j1-j0
			if o.kh > 0 && o.kw > 0 {
				do(o, (oh*g.Wo+ow)*c, ((h+k0)*g.W+ow*g.StrideW-g.PadL+j0)*c)
			}
		}
	}
}

// MaxForward computes y, the maximum of each window; NaN if the window has one.
func (g *Pool2D) MaxForward(y, x []float32) {
	g.runs(func(o window, py, px int) { o.max(y[py:], x[px:]) })
}

// MaxBackward computes dx from x, y = MaxForward(x) and dy: each element of dy goes to the first maximum of its window, in row-major order. Windows whose
// maximum is NaN give nothing.
func (g *Pool2D) MaxBackward(dx, x, y, dy []float32) {
	clear(dx[:g.H*g.W*g.C])
	g.runs(func(o window, py, px int) { o.maxGrad(dx[px:], x[px:], y[py:], dy[py:]) })
}

// AvgForward computes y, the mean of those inputs of each window that lie in the image.
func (g *Pool2D) AvgForward(y, x []float32) {
	g.runs(func(o window, py, px int) { o.sum(y[py:], x[px:], 1/float32(o.kh*o.kw)) })
}

// AvgBackward computes dx from dy: each element of dy is shared evenly by the inputs of its window.
func (g *Pool2D) AvgBackward(dx, dy []float32) {
	clear(dx[:g.H*g.W*g.C])
	g.runs(func(o window, py, px int) { o.sumGrad(dx[px:], dy[py:], 1/float32(o.kh*o.kw)) })
}
