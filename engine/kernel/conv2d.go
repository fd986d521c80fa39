package kernel

// Conv2D is the geometry of a two-dimensional convolution (as everywhere in deep learning, a correlation) and of its gradients. The letters:
//
//	x: (H, W, Cin)   w: (KH, KW, Cin/Groups, Cout)   y: (Ho, Wo, Cout)
//	y[oh,ow,co] = Σ x[oh·StrideH+kh·DilH-PadT, ow·StrideW+kw·DilW-PadL, ci] · w[kh,kw,ci,co]   over kh, kw and the ci of co's group; x is 0 outside
//
// The methods work on one image, use one thread and allocate nothing; several threads may use one Conv2D at once, each with its own scratch of
// ScratchSize elements, whose contents do not matter. All strides and dilations are at least 1, Groups divides Cin and Cout. PadB and PadR
// follow from the other numbers; they are there for the reader. No im2col: see Forward, BackwardInput, BackwardWeight for the loops.
type Conv2D struct {
	H, W, Cin, Ho, Wo, Cout int
	KH, KW                  int
	StrideH, StrideW        int
	DilH, DilW              int
	PadT, PadL, PadB, PadR  int
	Groups                  int

	pairs bool // x, y and w are pairs of bfloat16 numbers, as far as they are read: see PairConv
}

// bandBudget is the number of floats up to which a band of zero-bordered input rows may grow: 128 KiB, a part of a second-level cache.
const bandBudget = 32 << 10

// columnBlock is the number of columns of a k×n matrix of weights that fit in half of a second-level cache, so that each row of an image finds them there.
func columnBlock(k, n int) int {
	const budget = 128 << 10
	if k*n <= budget {
		return n
	}
	return max(64, budget/k/64*64)
}

// inside returns the range [lo, hi) of those i in [0, n) for which 0 <= off+i*step < size.
func inside(off, step, size, n int) (lo, hi int) {
	if off < 0 {
		lo = (step - 1 - off) / step
	}
	if off < size {
		hi = min(n, (size-off+step-1)/step)
	}
	return min(lo, n), max(hi, min(lo, n))
}

func (g *Conv2D) groups() int     { return max(g.Groups, 1) }
func (g *Conv2D) depthwise() bool { return g.Groups > 1 && g.Groups == g.Cin }

// pointwise reports whether every output pixel sees exactly its own input pixel: the convolution is one matrix product.
func (g *Conv2D) pointwise() bool {
	return g.KH == 1 && g.KW == 1 && g.StrideH == 1 && g.StrideW == 1 && g.PadT == 0 && g.PadL == 0 && g.Ho == g.H && g.Wo == g.W && g.groups() == 1
}

// window reports whether the KW·Cin inputs that one output sees in one row lie side by side.
func (g *Conv2D) window() bool { return g.groups() == 1 && (g.DilW == 1 || g.KW == 1) }

// bordered reports whether some output's window sticks out of the image's left or right edge.
func (g *Conv2D) bordered() bool { return g.PadL > 0 || g.span() > g.W+g.PadL }

// span is the width of the input that the outputs of one row see, borders included.
func (g *Conv2D) span() int { return (g.Wo-1)*g.StrideW + (g.KW-1)*g.DilW + 1 }

// bandRows is the number of output rows that share one band of zero-bordered input rows.
func (g *Conv2D) bandRows() int {
	fit := bandBudget / (g.span() * g.Cin)
	return max(1, min(g.Ho, (fit-(g.KH-1)*g.DilH-1)/g.StrideH+1))
}

// bandSize is the size of such a band.
func (g *Conv2D) bandSize() int {
	if !g.window() || !g.bordered() {
		return 0
	}
	rows := (g.bandRows()-1)*g.StrideH + (g.KH-1)*g.DilH + 1
	return min(rows, g.H) * g.span() * g.Cin
}

// band copies the input rows that the output rows [lo, hi) see into scratch, with as many zeros to the left and right as the windows need. It
// returns a slice in which the rows, from input row first on, lie pitch elements apart; without horizontal padding that is x itself.
func (g *Conv2D) band(x, scratch []float32, lo, hi int) (rows []float32, first, pitch int) {
	if !g.bordered() {
		return x, 0, g.W * g.Cin
	}
	first = max(0, lo*g.StrideH-g.PadT)
	last := min(g.H, (hi-1)*g.StrideH-g.PadT+(g.KH-1)*g.DilH+1)
	span := g.span()
	pitch = span * g.Cin
	left := min(g.PadL, span)
	used := min(g.W, span-left)
	for h := first; h < last; h++ {
		row := scratch[(h-first)*pitch:][:pitch]
		clear(row[:left*g.Cin])
		copy(row[left*g.Cin:], x[h*g.W*g.Cin:][:used*g.Cin])
		clear(row[(left+used)*g.Cin:])
	}
	return scratch, first, pitch
}

// dual is the convolution of y with the rotated, transposed weights (see PackWeights) that gives dx when both strides are 1.
func (g *Conv2D) dual() Conv2D {
	return Conv2D{
		H: g.Ho, W: g.Wo, Cin: g.Cout, Ho: g.H, Wo: g.W, Cout: g.Cin, KH: g.KH, KW: g.KW,
		StrideH: 1, StrideW: 1, DilH: g.DilH, DilW: g.DilW, Groups: g.Groups, pairs: g.pairs,
		PadT: (g.KH-1)*g.DilH - g.PadT, PadL: (g.KW-1)*g.DilW - g.PadL,
	}
}

// Dual returns the convolution of y with the weights of PackWeights that gives dx, if there is one: both strides are 1, and no input is padded further than the
// kernel reaches.
func (g *Conv2D) Dual() (d Conv2D, ok bool) {
	if g.StrideH != 1 || g.StrideW != 1 || g.scatters() || g.PadT > (g.KH-1)*g.DilH || g.PadL > (g.KW-1)*g.DilW {
		return d, false
	}
	return g.dual(), true
}

// dualPays reports whether dx is best computed as the forward pass of the dual: it must be one, and the zeros that it multiplies at the left
// and right must be few (they are with "same" padding).
func (g *Conv2D) dualPays() bool {
	if g.StrideH != 1 || g.StrideW != 1 || !g.window() || g.PadL > (g.KW-1)*g.DilW {
		return false
	}
	exact := 0
	for kw := range g.KW {
		lo, hi := inside(kw*g.DilW-g.PadL, 1, g.W, g.Wo)
		exact += hi - lo
	}
	return g.W*g.KW*8 <= exact*9
}

// ScratchSize is the number of float32s that any method of g may need as scratch.
func (g *Conv2D) ScratchSize() int {
	if g.depthwise() {
		return g.depthwiseScratch()
	}
	size := g.bandSize()
	if g.scatters() {
		size = max(size, g.scatterScratch())
	} else if g.dualPays() {
		d := g.dual()
		size = max(size, d.bandSize(), d.pointwiseScratch())
	}
	return max(size, g.pointwiseScratch(), g.weightScratch())
}

// pointwiseGemm is the matrix product that a pointwise convolution is.
func (g *Conv2D) pointwiseGemm() Gemm {
	return Gemm{M: g.Ho * g.Wo, N: g.Cout, K: g.Cin, LdA: g.Cin, LdB: g.Cout, LdC: g.Cout}
}

func (g *Conv2D) pointwiseScratch() int {
	if !g.pointwise() {
		return 0
	}
	m := g.pointwiseGemm()
	return m.ScratchSize()
}
