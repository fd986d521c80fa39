package kernel

// PackedWeightsSize is the number of float32s that PackWeights writes.
func (g *Conv2D) PackedWeightsSize() int { return g.KH * g.KW * (g.Cin / g.groups()) * g.Cout }

// PackWeights writes the weights as BackwardInput reads them: the kernel rotated by 180° and each tap transposed,
//
//	dst: (KH, KW, Cout, Cin/Groups), dst[KH-1-kh, KW-1-kw, co, ci] = w[kh, kw, ci, co]
//
// so that rows of dst meet rows of dy in ascending order; for few input channels it is just the transpose, (Cout, KH·KW·Cin). Once per
// step: the packed weights serve every image.
func (g *Conv2D) PackWeights(dst, w []float32) {
	ci := g.Cin / g.groups()
	tap := ci * g.Cout
	n := g.KH * g.KW
	if g.scatters() {
		Transpose(dst, n*ci, w, g.Cout, n*ci, g.Cout)
		return
	}
	for k := range n {
		from, to := w[k*tap:][:tap], dst[(n-1-k)*tap:][:tap]
		if ci == 1 {
			copy(to, from)
			continue
		}
		Transpose(to, ci, from, g.Cout, ci, g.Cout)
	}
}

// BackwardInput computes dx (H, W, Cin), the gradient of a loss with respect to x, from dy (Ho, Wo, Cout) and the packed weights.
//
// With stride 1 and "same"-like padding it is the forward pass of another convolution. Otherwise every row of dx is the sum over kernel
// columns of one Brgemm each: M = the outputs whose tap lies in the image, written LdC = StrideW·Cin apart, K = Cout/Groups, and a batch over those
// kernel rows whose output row exists. No multiplication with padding, no col2im. Few input channels would leave most of a vector
// empty: then one product gives the gradients of all KH·KW·Cin inputs of some output pixels, which are added to dx one by one.
func (g *Conv2D) BackwardInput(dx, dy, packed, scratch []float32) {
	switch {
	case g.depthwise():
		g.depthwiseBackwardInput(dx, dy, packed, scratch)
	case g.scatters():
		g.backwardInputScatter(dx, dy, packed, scratch)
	case g.dualPays():
		d := g.dual()
		d.Forward(dx, dy, packed, scratch)
	default:
		g.backwardInputTaps(dx, dy, packed)
	}
}

// rowTaps lists, for one row h of the input (or one column, with the numbers of the other axis), the taps of the rotated kernel that meet an
// output: taps f0 + j·tapStep meet outputs o0 + j·outStep for j < n.
func rowTaps(h, pad, k, dil, stride, out int) (f0, tapStep, o0, outStep, n int) {
	tapStep = stride / gcd(stride, dil)
	outStep = tapStep * dil / stride
	first := 0 // the lowest tap of the unrotated kernel that falls on an output
	for ; first < tapStep && first < k; first++ {
		if (h+pad-first*dil)%stride == 0 {
			break
		}
	}
	if first >= min(tapStep, k) {
		return 0, tapStep, 0, outStep, 0
	}
	all := (k - first + tapStep - 1) / tapStep
	last := first + (all-1)*tapStep
	f0, o0 = k-1-last, (h+pad-last*dil)/stride
	lo, hi := inside(o0, outStep, out, all)
	return f0 + lo*tapStep, tapStep, o0 + lo*outStep, outStep, hi - lo
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (g *Conv2D) backwardInputTaps(dx, dy, packed []float32) {
	groups := g.groups()
	ci, co := g.Cin/groups, g.Cout/groups
	tap := g.Cout * ci
	m := Brgemm{N: ci, K: co, LdA: g.Cout, LdB: ci, LdC: g.StrideW * g.Cin, Accumulate: true, Pairs: g.pairs}
	for h := range g.H {
		dst := dx[h*g.W*g.Cin:][:g.W*g.Cin]
		clear(dst)
		f0, tapStep, o0, outStep, n := rowTaps(h, g.PadT, g.KH, g.DilH, g.StrideH, g.Ho)
		if n == 0 {
			continue
		}
		m.NB, m.StrideA, m.StrideB = n, outStep*g.Wo*g.Cout, tapStep*g.KW*tap
		src, wk := dy[o0*g.Wo*g.Cout:], packed[f0*g.KW*tap:]
		for kw := range g.KW {
			off := kw*g.DilW - g.PadL
			lo, hi := inside(off, g.StrideW, g.W, g.Wo)
			if m.M = hi - lo; m.M == 0 {
				continue
			}
			for q := range groups {
				m.NN(dst[(lo*g.StrideW+off)*g.Cin+q*ci:], src[lo*g.Cout+q*co:], wk[(g.KW-1-kw)*tap+q*co*ci:])
			}
		}
	}
}

// scatters reports whether BackwardInput takes the way for few input channels.
func (g *Conv2D) scatters() bool { return g.groups() == 1 && g.Cin < 8 && g.KH*g.KW > 1 }

// scatterRows is the number of output rows whose windows' gradients are computed at once.
func (g *Conv2D) scatterRows() int {
	const budget = 8 << 10
	return min(g.Ho, max(1, budget/(g.Wo*g.KH*g.KW*g.Cin)))
}

func (g *Conv2D) scatterScratch() int { return g.scatterRows() * g.Wo * g.KH * g.KW * g.Cin }

func (g *Conv2D) backwardInputScatter(dx, dy, packed, scratch []float32) {
	clear(dx[:g.H*g.W*g.Cin])
	size, step := g.KH*g.KW*g.Cin, g.scatterRows()
	m := Brgemm{N: size, K: g.Cout, NB: 1, LdA: g.Cout, LdB: size, LdC: size}
	for lo := 0; lo < g.Ho; lo += step {
		hi := min(lo+step, g.Ho)
		m.M = (hi - lo) * g.Wo
		m.NN(scratch, dy[lo*g.Wo*g.Cout:], packed)
		for oh := lo; oh < hi; oh++ {
			k0, k1 := inside(oh*g.StrideH-g.PadT, g.DilH, g.H, g.KH)
			for ow := range g.Wo {
				j0, j1 := inside(ow*g.StrideW-g.PadL, g.DilW, g.W, g.KW)
				if j0 == j1 {
					continue
				}
				windows := scratch[((oh-lo)*g.Wo+ow)*size:][:size]
				for kh := k0; kh < k1; kh++ {
					row := dx[(oh*g.StrideH-g.PadT+kh*g.DilH)*g.W*g.Cin:][:g.W*g.Cin]
					g.scatterRow(row, windows[(kh*g.KW+j0)*g.Cin:(kh*g.KW+j1)*g.Cin], ow*g.StrideW-g.PadL+j0*g.DilW)
				}
			}
		}
	}
}

// scatterRow adds the gradients of neighbouring taps to a row of dx, the first tap at column iw.
func (g *Conv2D) scatterRow(row, taps []float32, iw int) {
	if g.DilW == 1 {
		addShort(row[iw*g.Cin:], taps)
		return
	}
	for i := 0; i < len(taps); i += g.Cin {
		addShort(row[iw*g.Cin:], taps[i:i+g.Cin])
		iw += g.DilW
	}
}

// addShort adds x to the beginning of dst; for a handful of elements quicker than a kernel.
func addShort(dst, x []float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] += v
	}
}
