package kernel

import "unsafe"

// sparseSlack is the number of elements that building a list may overwrite behind its end.
const sparseSlack = 16

// ListsSize is the number of float32s that the lists of Images images take.
func (s *SparsePool) ListsSize() int { return s.slot }

// sparseLists are the live entries of some images, twice. Of each image by position, that is by band, pooled pixel and winner: values and channels. Of all
// images together by band and channel: values and places of the window in bytes. A span is the first and the end of a list, counted from the beginning
// of its band.
type sparseLists struct {
	val1         []float32
	off1, spans1 []uint32
	val2         []float32
	off2, spans2 []uint32
}

// lists cuts memory of ListsSize elements into the lists.
func (s *SparsePool) lists(x []float32) sparseLists {
	x = need(x, s.slot)
	take := func(n int) []float32 {
		part := x[:n:n]
		x = x[n:]
		return part
	}
	return sparseLists{
		take(s.images * (s.size + sparseSlack)), integers(take(s.images * (s.size + sparseSlack))), integers(take(s.images * 8 * s.ho * s.wo)),
		take(s.images * s.size), integers(take(s.images * s.size)), integers(take(2 * s.bands() * s.conv.Cout)),
	}
}

// integers is the same memory as unsigned integers.
func integers(x []float32) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// band returns the number of pooled pixels before band b and in it.
func (s *SparsePool) band(b int) (before, cells int) {
	lo := b * s.rows
	return lo * s.wo, (min(lo+s.rows, s.ho) - lo) * s.wo
}

func (l *sparseLists) byPosition(s *SparsePool, image, b int) sparseList {
	before, cells := s.band(b)
	at := image*(s.size+sparseSlack) + before*s.conv.Cout
	return sparseList{val: l.val1[at:], off: l.off1[at:], spans: l.spans1[8*(image*s.ho*s.wo+before):][:8*cells]}
}

func (l *sparseLists) byChannel(s *SparsePool, b int) sparseList {
	before, _ := s.band(b) // 0 if there are several images
	n := s.conv.Cout
	return sparseList{val: l.val2[before*n:], off: l.off2[before*n:], spans: l.spans2[2*b*n:][:2*n]}
}

// Build makes the lists of n images, at most Images, from the gradient of their pooled output dp (n, Ho/2, Wo/2, Cout) and the codes of its elements that
// BiasReluMaxPool2x2 wrote. It returns the number of live entries: those with a winner and a gradient that is not zero.
func (s *SparsePool) Build(lists, dp []float32, code []uint8, n int) int {
	l := s.lists(lists)
	if n < 1 || n > s.images {
		panic("kernel: lists of too many images")
	}
	dp = need(dp, n*s.size)
	_ = code[n*s.size-1]
	live, co := 0, s.conv.Cout
	for b := range s.bands() {
		before, cells := s.band(b)
		two := l.byChannel(s, b)
		for c := range co {
			first := uint32(c * cells * s.images)
			two.spans[2*c], two.spans[2*c+1] = first, first
		}
		for i := range n {
			one, at := l.byPosition(s, i, b), i*s.size+before*co
			active.sparseBuild(one.val, one.off, one.spans, dp[at:][:cells*co], code[at:][:cells*co], cells, co)
			live += int(one.spans[len(one.spans)-1])
			turnLists(&two, &one, s.place, uint32(4*i*s.hp*s.wp*s.conv.Cin))
		}
	}
	return live
}

// turnLists appends to the lists by channel those by position of an image that begins at base.
func turnLists(dst, src *sparseList, place []uint32, base uint32) {
	for p := 0; p < len(src.spans); p += 2 {
		from, to, at := src.spans[p], src.spans[p+1], place[p/2]+base
		off, val := src.off[from:to], src.val[from:to]
		for e, c := range off {
			end := &dst.spans[2*c+1]
			dst.val[*end], dst.off[*end] = val[e], at
			*end++
		}
	}
}

// SumLive adds to db (c) the gradient with respect to the bias: the sum over pixels of the elements of dp (pixels, c) whose code is below Dead.
func SumLive(db, dp []float32, code []uint8, pixels, c int) {
	if pixels <= 0 || c <= 0 {
		return
	}
	_ = code[pixels*c-1]
	active.sumLive(need(db, c), need(dp, pixels*c), code, pixels, c)
}
