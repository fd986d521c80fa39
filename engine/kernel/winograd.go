package kernel

// Winograd computes a convolution with a 3×3 or 5×5 kernel and stride 1 by the minimal filtering algorithm of Winograd (Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks", 2016) on input tiles of 6×6: F(4×4, 3×3) or F(2×2, 5×5). Both use the same interpolation points, so they share
// the transform of the input:
//
//	Y = Aᵀ[(G w Gᵀ) ⊙ (Bᵀ x B)]A   summed over input channels, which makes 36 matrix products (tiles × Cin)·(Cin × Cout)
//
// so that an output costs 2.25 multiplications (3×3) or 9 (5×5) per pair of channels instead of 9 or 25. Rounding errors are larger than those of Conv2D.Forward: on
// normally distributed numbers the relative error (L2, against float64) with 32 channels is 6.7e-7 for 5×5 and 5.9e-7 for 3×3, against 5.0e-7 and 3.0e-7; with
// 128 channels 3×3 has 1.1e-6 against 5.9e-7. NaN and infinite inputs reach all outputs of their tiles.
//
// Methods work on one image, use one thread and allocate nothing; several threads may use one Winograd at once, each with its own scratch.
type Winograd struct {
	conv           Conv2D
	m              int // outputs of a tile in each direction
	th, tw         int // tiles of an image
	hp, wp         int // the input that all tiles see
	rows           int // rows of tiles that are worked on at once
	planeV, planeM int // distances of the matrices of coefficients, and of those of products
}

// winogradTiles is the number of tiles of a block, as far as whole rows of them allow: few enough that the block's coefficients, 36 for each tile and channel,
// stay in the second-level cache, enough for the matrix products.
func winogradTiles(channels int) int { return max(16, 2048/channels) }

// NewWinograd prepares g, or returns nil if g does not qualify: a 3×3 or 5×5 kernel, strides and dilations 1, no groups.
func NewWinograd(g Conv2D) *Winograd {
	if g.KH != g.KW || g.KH != 3 && g.KH != 5 || g.groups() != 1 || g.StrideH != 1 || g.StrideW != 1 || g.DilH != 1 || g.DilW != 1 || g.Ho < 1 || g.Wo < 1 {
		return nil
	}
	w := &Winograd{conv: g, m: 7 - g.KH}
	w.th, w.tw = (g.Ho+w.m-1)/w.m, (g.Wo+w.m-1)/w.m
	w.hp, w.wp = (w.th-1)*w.m+6, (w.tw-1)*w.m+6
	w.rows = min(w.th, max(1, winogradTiles(g.Cin+g.Cout)/w.tw))
	// 16 floats more, else the matrices would often lie a multiple of 4 KiB apart and crowd into few sets of the first-level cache.
	w.planeV, w.planeM = w.rows*w.tw*g.Cin+16, w.rows*w.tw*g.Cout+16
	return w
}

// Pays reports whether a batch of so many images is likely done sooner than by Conv2D.Forward: with enough channels the matrix products dominate the
// transforms, at least half of the multiplications must be saved in spite of tiles that stick out, and the transformed weights must not be much
// larger than a second-level cache nor cost more than they save; with packed weights that stay, they only have to be read.
func (w *Winograd) Pays(batch int, packed bool) bool {
	g := &w.conv
	least := 128
	if packed {
		least = 16
	}
	return g.Cin >= 16 && g.Cout >= 16 && w.PackedWeightsSize() <= 1<<20 && w.th*w.tw >= 4 && batch*w.th*w.tw >= least &&
		g.Ho*g.Wo*g.KH*g.KW >= 2*36*w.th*w.tw
}

// PackedWeightsSize is the number of float32s that PackWeights writes.
func (w *Winograd) PackedWeightsSize() int { return 36 * w.conv.Cin * w.conv.Cout }

// sizes of the parts of scratch: six rows of x with those above and below; the input transformed down the columns; of one row of coefficients, the coefficients and their
// products; the products transformed back along all rows; rows of y that go elsewhere.
func (w *Winograd) sizes() (band, half, v, m, back, strip int) {
	g := &w.conv
	return 6 * g.W * g.Cin, w.rows * 6 * w.wp * g.Cin, 6 * w.planeV, 6 * w.planeM, 6 * w.m * w.planeM, w.m * g.Wo * g.Cout
}

// ScratchSize is the number of float32s that the methods need as scratch.
func (w *Winograd) ScratchSize() int {
	band, half, v, m, back, strip := w.sizes()
	return max(band+half+v+m+back+strip, 30*winogradChunk)
}

// Forward computes y (Ho, Wo, Cout) from x (H, W, Cin) and the packed weights.
func (w *Winograd) Forward(y, x, packed, scratch []float32) {
	w.run(winogradOut{y: need(y, w.conv.Ho*w.conv.Wo*w.conv.Cout)}, x, packed, scratch, w.th)
}

// ForwardPool computes the convolution and BiasReluMaxPool2x2 of it: dst and code are (Ho/2, Wo/2, Cout).
func (w *Winograd) ForwardPool(dst []float32, code []uint8, x, packed, bias, scratch []float32, relu bool) {
	n := w.conv.Ho / 2 * (w.conv.Wo / 2) * w.conv.Cout
	w.run(winogradOut{dst: need(dst, n), code: code[:n], bias: need(bias, w.conv.Cout), relu: relu}, x, packed, scratch, (w.conv.Ho/2*2+w.m-1)/w.m)
}

// winogradOut is where the result goes: to y, or pooled to dst and code.
type winogradOut struct {
	y, dst, bias []float32
	code         []uint8
	relu         bool
}

// run computes the first rows of tiles, some of them at once. The 36 coefficients of a tile are a matrix of 6×6; one row of it at a time is
// computed, multiplied and transformed back along the row, so that coefficients and products stay in the first-level cache.
func (w *Winograd) run(out winogradOut, x, packed, scratch []float32, rows int) {
	g := &w.conv
	x, packed, scratch = need(x, g.H*g.W*g.Cin), need(packed, w.PackedWeightsSize()), need(scratch, w.ScratchSize())
	take := func(n int) []float32 {
		part := scratch[:n:n]
		scratch = scratch[n:]
		return part
	}
	nBand, nHalf, nV, nM, nBack, nStrip := w.sizes()
	band, half, v, m, back, strip := take(nBand), take(nHalf), take(nV), take(nM), take(nBack), take(nStrip)
	line := w.wp * g.Cin
	for lo := 0; lo < rows; lo += w.rows {
		n := min(w.rows, rows-lo)
		for t := range n {
			w.inputColumns(half[6*t*line:], x, band, lo+t)
		}
		p := Brgemm{M: n * w.tw, N: g.Cout, K: g.Cin, NB: 1, LdA: g.Cin, LdB: g.Cout, LdC: g.Cout, wide: true}
		for i := range 6 {
			for t := range n {
				active.winograd.input.run(v[t*w.tw*g.Cin:], half[(6*t+i)*line:], g.Cin, w.tw, 6, 6, w.planeV, g.Cin, g.Cin, w.m*g.Cin)
			}
			for j := range 6 {
				p.NN(m[j*w.planeM:], v[j*w.planeV:], packed[(6*i+j)*g.Cin*g.Cout:])
			}
			w.back().run(back[i*w.m*w.planeM:], m, p.M*g.Cout, 1, w.m, 6, w.planeM, w.planeM, 0, 0)
		}
		for t := range n {
			w.output(&out, back[t*w.tw*g.Cout:], strip, lo+t)
		}
	}
}

// inputColumns transforms the rows of x that row t of the tiles sees down the columns, to six rows of wp pixels; band is memory for rows that stick out of the image.
func (w *Winograd) inputColumns(half, x, band []float32, t int) {
	g := &w.conv
	line, row := w.wp*g.Cin, g.W*g.Cin
	left := min(g.PadL*g.Cin, line)
	used := min(row, line-left)
	for k := range 6 {
		clear(half[k*line:][:left])
		clear(half[k*line+left+used : (k+1)*line])
	}
	if used == 0 {
		return
	}
	top := t*w.m - g.PadT
	if top >= 0 && top+6 <= g.H {
		active.winograd.input.run(half[left:], x[top*row:], used, 1, 6, 6, line, row, 0, 0)
		return
	}
	for k := range 6 {
		to := band[k*used:][:used]
		if h := top + k; h >= 0 && h < g.H {
			copy(to, x[h*row:])
		} else {
			clear(to)
		}
	}
	active.winograd.input.run(half[left:], band, used, 1, 6, 6, line, used, 0, 0)
}

// size tells which transforms of weights and outputs apply: 0 for 3×3, 1 for 5×5.
func (w *Winograd) size() int { return (w.conv.KH - 3) / 2 }

// back is the transform of products to outputs.
func (w *Winograd) back() winogradFunc { return active.winograd.output[w.size()] }

// output transforms row t of the tiles, which begins at src, back along the columns, and puts the outputs where they belong.
func (w *Winograd) output(out *winogradOut, src, strip []float32, t int) {
	g := &w.conv
	row := g.Wo * g.Cout
	h := min(w.m, g.Ho-t*w.m)
	y := strip
	if out.y != nil && h == w.m {
		y = out.y[t*w.m*row:]
	}
	for k := range min(w.m, g.Wo) { // columns k, k+m, …
		w.back().run(y[k*g.Cout:], src[k*w.planeM:], g.Cout, (g.Wo-k+w.m-1)/w.m, w.m, 6, row, w.m*w.planeM, w.m*g.Cout, g.Cout)
	}
	switch {
	case out.y == nil:
		at := t * w.m / 2 * (g.Wo / 2) * g.Cout
		BiasReluMaxPool2x2(out.dst[at:], out.code[at:], y, out.bias, h, g.Wo, g.Cout, out.relu)
	case h < w.m:
		copy(out.y[t*w.m*row:], strip[:h*row])
	}
}
