package kernel

// ThinPool computes the gradient of the weights of a convolution with few input channels (such as the first one of a network) that 2×2 max-pooling, maybe
// after relu, follows, from the gradient of the pooled output.
//
// A vector holds 16 output channels of one pooled pixel. Each channel's winner saw one of four neighbouring inputs; it picks its own by a
// permutation within a vector of that 2×2 patch. So there are a quarter of the products of the dense gradient, which is never made. Dead elements count as
// zeros: against an infinite input they give NaN, as in a dense product.
//
// Methods work on one image, use one thread and allocate nothing; several threads may use one ThinPool at once.
type ThinPool struct {
	conv       Conv2D
	ho, wo     int // of the pooled output
	rows       int // pooled rows of a band
	wp, wq     int // columns of the input that the outputs see, and of patches
	hp, strips int // rows of input in a band; floats of them
}

// NewThinPool prepares the gradient of g followed by 2×2 max-pooling. It returns nil if g does not qualify: strides and dilations must be 1, no groups, at most
// 4 input channels, a kernel 3, 5 or 7 wide, and output channels by 16.
func NewThinPool(g Conv2D) *ThinPool {
	t := &ThinPool{conv: g, ho: g.Ho / 2, wo: g.Wo / 2}
	if g.groups() != 1 || g.StrideH != 1 || g.StrideW != 1 || g.DilH != 1 || g.DilW != 1 || g.Cin > 4 || g.Cout%16 != 0 || t.ho == 0 || t.wo == 0 ||
		g.KW != 3 && g.KW != 5 && g.KW != 7 || g.KH > 16 {
		return nil
	}
	t.wp = 2*t.wo + g.KW - 1
	t.wq = (t.wp - 1 + 3) / 4 * 4
	const budget = 32 << 10 // bytes of patches of a band
	t.rows = min(t.ho, max(1, (budget/(16*t.wq)-g.KH+2)/2))
	t.hp = 2*t.rows + g.KH - 1
	t.strips = t.hp * (t.wq + 4)
	return t
}

// ScratchSize is the number of float32s that BackwardWeight needs as scratch.
func (t *ThinPool) ScratchSize() int { return t.strips + (t.hp-1)*t.wq*4 }

// BackwardWeight adds to dw (KH, KW, Cin, Cout) the gradient with respect to the weights, from the input x (H, W, Cin), the gradient of the pooled output dp
// (Ho/2, Wo/2, Cout) and its codes.
func (t *ThinPool) BackwardWeight(dw, x, dp []float32, code []uint8, scratch []float32) {
	g := &t.conv
	x, dp, dw = need(x, g.H*g.W*g.Cin), need(dp, t.ho*t.wo*g.Cout), need(dw, g.KH*g.KW*g.Cin*g.Cout)
	code = code[:len(dp)]
	scratch = need(scratch, t.ScratchSize())
	plane, quads := scratch[:t.strips], scratch[t.strips:]
	pitch := t.wq + 4
	tile := thinTile{kh: g.KH, kw: g.KW, wo: t.wo, c: g.Cout, rowDW: g.KW * g.Cin * g.Cout, tapDW: g.Cin * g.Cout, rowQ: 4 * t.wq}
	for lo := 0; lo < t.ho; lo += t.rows {
		tile.ho = min(t.rows, t.ho-lo)
		rows := 2*tile.ho + g.KH - 1
		at := lo * t.wo * g.Cout
		for ci := range g.Cin {
			for v := range rows {
				t.plane(plane[v*pitch:][:pitch], x, ci, 2*lo+v-g.PadT)
			}
			for v := range rows - 1 {
				active.quads(quads[v*4*t.wq:][:4*t.wq], plane[v*pitch:][:pitch], plane[(v+1)*pitch:][:pitch], t.wq)
			}
			active.thinGrad(dw[ci*g.Cout:], quads, dp[at:], code[at:], tile)
		}
	}
}

// plane copies channel ci of row h of the image, with zeros beside it.
func (t *ThinPool) plane(dst, x []float32, ci, h int) {
	g := &t.conv
	if h < 0 || h >= g.H {
		clear(dst)
		return
	}
	left := min(g.PadL, len(dst))
	n := min(g.W, len(dst)-left)
	row := x[h*g.W*g.Cin:][:g.W*g.Cin]
	clear(dst[:left])
	clear(dst[left+n:])
	if g.Cin == 1 {
		copy(dst[left:], row[:n])
		return
	}
	for i := range n {
		dst[left+i] = row[i*g.Cin+ci]
	}
}
