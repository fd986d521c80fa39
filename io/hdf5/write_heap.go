package hdf5

import "math"

// heapSize is libhdf5's smallest global heap collection; a longer string gets one of its own size.
const heapSize = 4096

// heapCollection is a global heap collection being filled. Its address and size are fixed from the start, so references can be written
// before it is full.
type heapCollection struct {
	addr uint64
	b    []byte // used part; its capacity is the size
	n    int    // objects
}

// strings stores strings in the global heap and returns references to them. The empty string is the reference of zeros.
func (l *layouter) strings(ss []string) ([]byte, error) {
	out := make([]byte, 0, 16*len(ss))
	for _, s := range ss {
		if len(s) == 0 {
			out = append(out, make([]byte, 16)...)
			continue
		}
		if len(s) > math.MaxInt32 {
			return nil, fail(ErrUnsupported, "string of %d bytes", len(s))
		}
		need := 16 + (len(s)+7)&^7
		if l.heap == nil || len(l.heap.b)+need > cap(l.heap.b) || l.heap.n == math.MaxUint16 {
			l.closeHeap()
			l.openHeap(need)
		}
		h := l.heap
		h.n++
		h.b = put64(put32(put16(put16(h.b, h.n), 0), 0), uint64(len(s)))
		h.b = pad8(append(h.b, s...))
		out = put32(put64(put32(out, len(s)), h.addr), h.n)
	}
	return out, nil
}

func (l *layouter) openHeap(need int) {
	size := max(heapSize, 16+need)
	b := make([]byte, size)
	l.heap = &heapCollection{addr: l.put(b), b: append(b[:0], "GCOL\x01\x00\x00\x00"...)}
	l.heap.b = put64(l.heap.b, uint64(size))
}

// closeHeap marks the rest of the collection as free; too little for an object header stays zero.
func (l *layouter) closeHeap() {
	if l.heap == nil {
		return
	}
	if free := cap(l.heap.b) - len(l.heap.b); free >= 16 {
		put64(put64(l.heap.b, 0), uint64(free))
	}
	l.heap = nil
}
