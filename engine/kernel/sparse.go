package kernel

// SparsePool computes the gradients of a convolution that relu and 2×2 max-pooling follow, from the gradient of the pooled output.
//
// At most a quarter of the gradient of the convolution's output is not zero: one place of each window, and none where relu was at work. So the
// gradients are sums over lists of live entries rather than matrix products. An entry (oh, ow, co) with gradient v adds v times the window of x at
// (oh, ow) to the weights of co (BackwardWeight), and v times the weights of co to the window of dx (BackwardInput); in both cases a tile of the
// window stays in vector registers while a whole list passes by.
//
// Entries whose gradient is zero are not multiplied: where a dense product would give 0·Inf = NaN, SparsePool leaves the sum alone. NaN
// and infinite gradients of live entries do arrive.
//
// Large images are worked on in bands of rows that fit in the first-level cache; small ones, for BackwardWeight, by twos, so that the sums are loaded
// and stored half as often: see Images. Methods use one thread and allocate nothing; several threads may use one SparsePool at once.
type SparsePool struct {
	conv       Conv2D
	ho, wo     int // of the pooled output
	hp, wp     int // of the input that all outputs see, borders included
	exact      bool
	rows       int // pooled rows of a band
	run        int // floats of one row of a window
	weight     []sparseCut
	input      []sparseCut
	place      []uint32 // by position in a band: where its window begins, in bytes
	size, slot int      // entries of the lists of one image; floats of the lists
	images     int      // whose lists are made together
}

// sparseCut is one tile of the window, for all output channels: rows×width elements from row kh and element from on.
type sparseCut struct {
	kh, rows, from, width int
	off                   int      // where its weights begin in the private layouts: (Cout, rows, width)
	at                    []uint32 // by channel: the same in bytes from off on
}

// Limits of SparsePool.
const (
	sparseBand   = 32 << 10  // bytes of input that a band may have, as long as it has several rows
	sparsePair   = 40 << 10  // bytes of input of two images that are worked on together
	sparseMost   = 256 << 10 // bytes of input of a band of one pooled row
	sparseChunk  = 48 << 10  // bytes of the weights that the entries of one position choose from
	sparseWidest = 12        // vectors of 16
)

// sparseWidth is the largest width of a tile by its number of rows, in vectors of 16: its sums must fit in the registers.
var sparseWidth = [6]int{1: sparseWidest, 2: 12, 3: 8, 4: 2, 5: 5}

// NewSparsePool prepares the gradients of g followed by relu and 2×2 max-pooling. It returns nil if g does not qualify: strides and dilations must be 1,
// no groups, both channel counts multiples of 16, and a band must not be too large.
func NewSparsePool(g Conv2D) *SparsePool {
	s := &SparsePool{conv: g, ho: g.Ho / 2, wo: g.Wo / 2, hp: g.Ho + g.KH - 1, wp: g.Wo + g.KW - 1, run: g.KW * g.Cin}
	line := 4 * s.wp * g.Cin
	if g.groups() != 1 || g.StrideH != 1 || g.StrideW != 1 || g.DilH != 1 || g.DilW != 1 || g.Cin%16 != 0 || g.Cout%16 != 0 ||
		s.ho == 0 || s.wo == 0 || (g.KH+1)*line > sparseMost {
		return nil
	}
	s.exact = g.PadT == 0 && g.PadL == 0 && s.hp == g.H && s.wp == g.W
	s.rows = min(s.ho, max(1, (sparseBand/line-g.KH+1)/2))
	s.size = s.ho * s.wo * g.Cout
	s.images = 1
	if s.exact && s.bands() == 1 && 2*s.hp*line <= sparsePair {
		s.images = 2
	}
	s.slot = s.images*(4*s.size+2*sparseSlack+8*s.ho*s.wo) + 2*s.bands()*g.Cout
	for cell := range s.rows * s.wo {
		for k := range 4 {
			oh, ow := cell/s.wo*2+k/2, cell%s.wo*2+k%2
			s.place = append(s.place, uint32(4*(oh*s.wp+ow)*g.Cin))
		}
	}
	off := 0
	for kh := 0; kh < g.KH; {
		rows := sparseRows(g.KH - kh)
		s.weight = s.cut(s.weight, &off, kh, rows, sparseWidth[rows])
		kh += rows
	}
	off = 0
	for kh := range g.KH {
		s.input = s.cut(s.input, &off, kh, 1, min(sparseWidest, max(1, sparseChunk/(64*g.Cout))))
	}
	return s
}

// sparseRows is the number of rows of the next tile when left rows of the kernel are left.
func sparseRows(left int) int {
	switch {
	case left == 4:
		return 2
	case left == 6:
		return 3
	}
	return min(left, 5)
}

// cut appends the tiles of some rows of the window, of nearly equal width.
func (s *SparsePool) cut(cuts []sparseCut, off *int, kh, rows, widest int) []sparseCut {
	vectors := s.run / 16
	parts := (vectors + widest - 1) / widest
	for i := range parts {
		from, to := i*vectors/parts*16, (i+1)*vectors/parts*16
		c := sparseCut{kh: kh, rows: rows, from: from, width: to - from, off: *off}
		for k := range s.conv.Cout {
			c.at = append(c.at, uint32(4*k*rows*c.width))
		}
		*off += s.conv.Cout * rows * c.width
		cuts = append(cuts, c)
	}
	return cuts
}

func (s *SparsePool) bands() int { return (s.ho + s.rows - 1) / s.rows }

// Images is the largest number of images, one behind the other in memory, that Build and BackwardWeight take at once.
func (s *SparsePool) Images() int { return s.images }

// WeightSize is the number of float32s of the gradient of the weights in the layout of BackwardWeight, and of the weights in that of PackWeights.
func (s *SparsePool) WeightSize() int { return s.conv.KH * s.run * s.conv.Cout }

// ScratchSize is the number of float32s that BackwardWeight and BackwardInput need as scratch.
func (s *SparsePool) ScratchSize() int {
	if s.exact {
		return 0
	}
	return s.hp * s.wp * s.conv.Cin
}

// FinishParts is the number of parts in which Finish can be done, so that threads can share the work.
func (s *SparsePool) FinishParts() int { return len(s.weight) * (s.conv.Cout / 16) }

// FinishRange returns the range [lo, hi) of the gradient of the weights that part i of Finish reads.
func (s *SparsePool) FinishRange(i int) (lo, hi int) {
	blocks := s.conv.Cout / 16
	c := &s.weight[i/blocks]
	n := 16 * c.rows * c.width
	lo = c.off + i%blocks*n
	return lo, lo + n
}

// Finish writes part i of the gradient of the weights, collected by BackwardWeight, in the layout of the weights: dw is (KH, KW, Cin, Cout).
func (s *SparsePool) Finish(dw, part []float32, i int) {
	co := s.conv.Cout
	lo, hi := s.FinishRange(i)
	c := &s.weight[i/(co/16)]
	part = part[lo:hi]
	for r := range c.rows {
		Transpose(dw[((c.kh+r)*s.run+c.from)*co+i%(co/16)*16:], co, part[r*c.width:], c.rows*c.width, 16, c.width)
	}
}

// PackWeights writes the weights w (KH, KW, Cin, Cout) as BackwardInput reads them.
func (s *SparsePool) PackWeights(packed, w []float32) {
	co := s.conv.Cout
	for _, c := range s.input {
		Transpose(packed[c.off:], c.width, w[(c.kh*s.run+c.from)*co:], co, c.width, co)
	}
}

// BackwardWeight adds to part the gradient with respect to the weights from the input x (n, H, W, Cin) and the lists that Build made of the n images.
// part has WeightSize elements in a layout that Finish turns into that of the weights.
func (s *SparsePool) BackwardWeight(part, x, lists, scratch []float32, n int) {
	l := s.lists(lists)
	part = need(part, s.WeightSize())
	pitch := s.wp * s.conv.Cin
	base := need(x, n*s.conv.H*s.conv.W*s.conv.Cin)
	if !s.exact {
		base = need(scratch, s.ScratchSize())
		s.border(base, x)
	}
	for b := range s.bands() {
		list := l.byChannel(s, b)
		for i := range s.weight {
			c := &s.weight[i]
			list.at = c.at
			t := sparseTile{rows: c.rows, width: c.width / 16, accRow: c.width, baseRow: pitch, scale: 1}
			active.sparseSum(part[c.off:], base[(2*b*s.rows+c.kh)*pitch+c.from:], t, list)
		}
	}
}

// BackwardInput computes dx (H, W, Cin), the gradient with respect to the input of one image, from the lists that Build made and the packed weights.
func (s *SparsePool) BackwardInput(dx, lists, packed, scratch []float32, image int) {
	l := s.lists(lists)
	packed = need(packed, s.WeightSize())
	pitch := s.wp * s.conv.Cin
	dx = need(dx, s.conv.H*s.conv.W*s.conv.Cin)
	to := dx
	if !s.exact {
		to = need(scratch, s.ScratchSize())
	}
	clear(to)
	for b := range s.bands() {
		list := l.byPosition(s, image, b)
		list.at = s.place
		for i := range s.input {
			c := &s.input[i]
			t := sparseTile{rows: 1, width: c.width / 16, scale: 4 * c.width}
			active.sparseSum(to[(2*b*s.rows+c.kh)*pitch+c.from:], packed[c.off:], t, list)
		}
	}
	if !s.exact {
		s.crop(dx, to)
	}
}

// border copies the image x into the middle of zeros: (hp, wp, Cin).
func (s *SparsePool) border(dst, x []float32) { padImage(dst, x, &s.conv, s.hp, s.wp) }

// crop copies the image out of its border; what no output sees has no gradient.
func (s *SparsePool) crop(dx, src []float32) {
	g := &s.conv
	n := max(0, min(g.W, s.wp-g.PadL)) * g.Cin
	for h := range g.H {
		row := dx[h*g.W*g.Cin:][:g.W*g.Cin]
		if v := h + g.PadT; v < s.hp && n > 0 {
			copy(row[:n], src[(v*s.wp+g.PadL)*g.Cin:])
			clear(row[n:])
		} else {
			clear(row)
		}
	}
}

// padImage copies x (g.H, g.W, g.Cin) to dst (hp, wp, Cin), PadT rows down and PadL columns right, with zeros around; what does not fit is left out.
func padImage(dst, x []float32, g *Conv2D, hp, wp int) {
	left := min(g.PadL, wp)
	n := min(g.W, wp-left)
	for v := range hp {
		row := dst[v*wp*g.Cin:][:wp*g.Cin]
		h := v - g.PadT
		if h < 0 || h >= g.H {
			clear(row)
			continue
		}
		clear(row[:left*g.Cin])
		copy(row[left*g.Cin:], x[h*g.W*g.Cin:][:n*g.Cin])
		clear(row[(left+n)*g.Cin:])
	}
}
