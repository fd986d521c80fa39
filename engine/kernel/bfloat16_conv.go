package kernel

// PairConv is a convolution, or one of its gradients, of images and weights that are rounded to bfloat16, summed in float32. Neighbours of a sum make a pair (see
// PairGemm), and the loops are those of Conv2D for a geometry with half as long sums:
//
//	Forward        pairs of input channels: x (H, W, Cin/2), w (KH, KW, Cin/2, Cout)
//	BackwardInput  pairs of output channels: dy (Ho, Wo, Cout/2), w (KH, KW, Cout/2, Cin)
//	BackwardWeight pairs of pixels, side by side in a row
//
// The methods work on one image, use one thread and allocate nothing.
type PairConv struct {
	whole Conv2D
	part  Conv2D // of pairs
}

// HasTiles reports whether pairs are multiplied by AMX, ten times as fast as float32s and more: then PairConv is faster than Winograd's algorithm and sums over the
// gradients that are not zero, too, and three products of pairs are faster than one of float32s.
func HasTiles() bool { return active.tiles }

// pairable reports whether sums are long and rows of results wide enough for pairs.
func (g *Conv2D) pairable(summed, results int) bool {
	return active.fastPairs && g.groups() == 1 && g.window() && summed%2 == 0 && summed >= 8 && results >= 16
}

// NewPairForward returns the forward pass, or nil where pairs would not be faster than float32s.
func NewPairForward(g Conv2D) *PairConv {
	if !g.pairable(g.Cin, g.Cout) {
		return nil
	}
	p := PairConv{g, g}
	p.part.Cin, p.part.pairs = g.Cin/2, true
	return &p
}

// NewPairInput returns the gradient with respect to the input, or nil.
func NewPairInput(g Conv2D) *PairConv {
	if !g.pairable(g.Cout, g.Cin) || g.scatters() {
		return nil
	}
	p := PairConv{g, g}
	p.part.Cout, p.part.pairs = g.Cout/2, true
	return &p
}

// imageLimit is the number of float32s of an image's pairs up to which they stay in the second-level cache.
const imageLimit = 192 << 10

// NewPairWeight returns the gradient with respect to the weights, or nil.
func NewPairWeight(g Conv2D) *PairConv {
	span := g.span()
	if !g.pairable(8, g.Cout) || g.Cin < 8 || g.Wo < 4 || g.H*span*g.Cin > imageLimit || active.tiles && g.StrideH != 1 {
		return nil
	}
	p := PairConv{g, g}
	p.part.W, p.part.PadL, p.part.PadR = span, 0, 0
	p.part.Wo, p.part.StrideW, p.part.pairs = (g.Wo+1)/2, 2*g.StrideW, true
	return &p
}

// imageSize is the number of pairs of an input (of Forward) or of an output's gradient (of BackwardInput).
func (p *PairConv) imageSize() int {
	if p.part.Cin < p.whole.Cin {
		return p.part.H * p.part.W * p.part.Cin
	}
	return p.part.Ho * p.part.Wo * p.part.Cout
}

// packImage makes the pairs of channels of an image at the beginning of scratch, and returns them and the rest.
func (p *PairConv) packImage(x, scratch []float32) (image, rest []float32) {
	n := p.imageSize()
	active.packPairs(scratch[:n], x[:2*n])
	return scratch[:n], scratch[n:]
}

// PackedWeightsSize is the number of float32s that PackWeights writes.
func (p *PairConv) PackedWeightsSize() int {
	return p.whole.KH * p.whole.KW * p.whole.Cin * p.whole.Cout / 2
}

// PackWeights makes the pairs of w (KH, KW, Cin, Cout) for Forward, or of what Conv2D.PackWeights makes of it for BackwardInput.
func (p *PairConv) PackWeights(dst, w []float32) {
	cols := p.whole.Cout
	if p.part.Cout < p.whole.Cout {
		cols = p.whole.Cin
	}
	for r := range p.PackedWeightsSize() / cols {
		active.mixPairs(dst[r*cols:][:cols], w[2*r*cols:][:cols], w[(2*r+1)*cols:][:cols])
	}
}

// ScratchSize is the number of float32s that Forward, ForwardPool and BackwardInput need as scratch.
func (p *PairConv) ScratchSize() int { return p.imageSize() + p.part.ForwardPoolScratch() }

// Forward is Conv2D.Forward with packed weights.
func (p *PairConv) Forward(y, x, weights, scratch []float32) {
	image, scratch := p.packImage(x, scratch)
	p.part.Forward(y, image, weights, scratch)
}

// ForwardPool is Conv2D.ForwardPool with packed weights.
func (p *PairConv) ForwardPool(dst []float32, code []uint8, x, weights, bias, scratch []float32, relu bool) {
	image, scratch := p.packImage(x, scratch)
	p.part.ForwardPool(dst, code, image, weights, bias, scratch, relu)
}

// BackwardInput is Conv2D.BackwardInput with packed weights.
func (p *PairConv) BackwardInput(dx, dy, weights, scratch []float32) {
	image, scratch := p.packImage(dy, scratch)
	p.part.BackwardInput(dx, image, weights, scratch)
}

// BackwardScratch is the number of float32s that BackwardWeight needs as scratch.
func (p *PairConv) BackwardScratch() int {
	g := &p.part
	size := g.H*g.W*g.Cin + g.Ho*g.Wo*g.Cout
	if active.tiles {
		size += g.KW * g.Cin * g.H * g.Wo
	}
	return size
}

// BackwardWeight adds to dw what Conv2D.BackwardWeight adds, from x (H, W, Cin) and dy (Ho, Wo, Cout): the pairs are those of x's columns that a tap meets at two
// neighbouring pixels of y, and of these pixels.
func (p *PairConv) BackwardWeight(dw, x, dy, scratch []float32) {
	g := &p.part
	image, scratch := scratch[:g.H*g.W*g.Cin], scratch[g.H*g.W*g.Cin:]
	grad, scratch := scratch[:g.Ho*g.Wo*g.Cout], scratch[g.Ho*g.Wo*g.Cout:]
	p.mixColumns(image, x)
	p.mixPixels(grad, dy)
	if active.tiles {
		p.tileWeight(dw, image, grad, scratch)
		return
	}
	g.BackwardWeight(dw, image, grad, scratch)
}

// mixColumns makes pairs of the columns w and w+StrideW of the zero-bordered image.
func (p *PairConv) mixColumns(dst, x []float32) {
	g, c := &p.whole, p.whole.Cin
	span := p.part.W
	for h := range g.H {
		row, to := x[h*g.W*c:][:g.W*c], dst[h*span*c:][:span*c]
		// Column i of the row of pairs holds columns i-PadL and i-PadL+StrideW of x: in three parts, both inside and one of them outside.
		for i := 0; i < span; {
			first, second := i-g.PadL, i-g.PadL+g.StrideW
			in := func(w int) bool { return w >= 0 && w < g.W }
			n := 1
			if in(first) && in(second) {
				n = min(g.W-second, span-i)
				active.mixPairs(to[i*c:][:n*c], row[first*c:][:n*c], row[second*c:][:n*c])
				i += n
				continue
			}
			for j := range c {
				var a, b float32
				if in(first) {
					a = row[first*c+j]
				}
				if in(second) {
					b = row[second*c+j]
				}
				to[i*c+j] = pair(a, b)
			}
			i += n
		}
	}
}

// mixPixels makes pairs of neighbouring pixels of each row.
func (p *PairConv) mixPixels(dst, dy []float32) {
	g, c := &p.whole, p.whole.Cout
	half := p.part.Wo
	for h := range g.Ho {
		row, to := dy[h*g.Wo*c:][:g.Wo*c], dst[h*half*c:][:half*c]
		for i := range g.Wo / 2 {
			active.mixPairs(to[i*c:][:c], row[2*i*c:][:c], row[(2*i+1)*c:][:c])
		}
		if g.Wo%2 > 0 {
			for j, v := range row[(g.Wo-1)*c:] {
				to[(half-1)*c+j] = pair(v, 0)
			}
		}
	}
}

// tileWeight turns the image, so that tiles get rows of pixels: turned is (KW·Cin, H, Wo/2). StrideH is 1.
func (p *PairConv) tileWeight(dw, image, grad, turned []float32) {
	g := &p.part
	window, ld := g.KW*g.Cin, g.H*g.Wo
	for h := range g.H {
		for kw := range g.KW {
			active.transpose(turned[kw*g.Cin*ld+h*g.Wo:], ld, image[(h*g.W+kw*g.DilW)*g.Cin:], g.StrideW*g.Cin, g.Wo, g.Cin)
		}
	}
	for kh := range g.KH {
		off := kh*g.DilH - g.PadT
		lo, hi := inside(off, 1, g.H, g.Ho)
		m := Brgemm{M: window, N: g.Cout, K: (hi - lo) * g.Wo, NB: 1, LdA: ld, LdB: g.Cout, LdC: g.Cout, Accumulate: true, Pairs: true}
		if m.K > 0 {
			m.NN(dw[kh*window*g.Cout:], turned[(lo+off)*g.Wo:], grad[lo*g.Wo*g.Cout:])
		}
	}
}
