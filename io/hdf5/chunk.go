package hdf5

import (
	"cmp"
	"io"
	"math/bits"
	"slices"
)

// chunk is one stored block of a chunked dataset.
type chunk struct {
	addr, size uint64 // as stored
	mask       uint32 // filters that were skipped
	number     uint64 // row-major among all chunks of the dataset
}

// chunkGrid counts in chunks.
type chunkGrid struct {
	dims   []uint64 // elements of the dataset
	chunk  []uint64 // elements of a chunk
	counts []uint64 // chunks per dimension
}

// number returns the row-major number of the chunk that holds the element at off, false if it lies outside the dataset (which has shrunk).
func (g *chunkGrid) number(off []uint64) (n uint64, ok bool) {
	for i, o := range off {
		if o >= g.dims[i] {
			return 0, false
		}
		n = n*g.counts[i] + o/g.chunk[i]
	}
	return n, true
}

// offset is the inverse of number for any counts. If slow is not negative, that dimension varies slowest, as in extensible arrays.
func (g *chunkGrid) offset(n uint64, counts []uint64, slow int) []uint64 {
	off := make([]uint64, len(g.dims))
	for k := len(off) - 1; k >= 0; k-- {
		if k != slow {
			off[k] = n % counts[k] * g.chunk[k]
			n /= counts[k]
		}
	}
	if slow >= 0 {
		hi, lo := bits.Mul64(n, g.chunk[slow])
		if off[slow] = lo; hi != 0 {
			off[slow] = undefined
		}
	}
	return off
}

func (d *Dataset) grid() (g chunkGrid, err error) {
	l, size := &d.layout, uint64(d.typ.Size)
	g = chunkGrid{dims: d.space.dims, chunk: l.chunkDims, counts: make([]uint64, len(l.chunkDims))}
	l.chunkBytes = size
	for i, n := range l.chunkDims {
		if n == 0 {
			return g, malformed("chunk dimension 0")
		}
		hi, lo := bits.Mul64(l.chunkBytes, n)
		if hi != 0 || lo > 1<<32 {
			return g, malformed("chunk of %v elements", l.chunkDims)
		}
		l.chunkBytes = lo
		g.counts[i] = g.dims[i]/n + min(g.dims[i]%n, 1)
	}
	return g, nil
}

// listChunks reads the chunk index once.
func (d *Dataset) listChunks() error {
	l := &d.layout
	if l.listed {
		return nil
	}
	g, err := d.grid()
	if err != nil {
		return err
	}
	if l.addr != undefined && d.space.n > 0 {
		add := func(off []uint64, c chunk) error {
			n, ok := g.number(off)
			if !ok || c.addr == undefined {
				return nil
			}
			if c.number = n; len(d.filters) == 0 || c.size == 0 {
				c.size = l.chunkBytes
			}
			if _, err := d.h.f.position(c.addr, c.size); err != nil {
				return err
			}
			l.chunks = append(l.chunks, c)
			return nil
		}
		if err := d.walkIndex(&g, add); err != nil {
			l.chunks = nil
			return err
		}
		slices.SortFunc(l.chunks, func(a, b chunk) int { return cmp.Compare(a.number, b.number) })
		for i := 1; i < len(l.chunks); i++ {
			if l.chunks[i].number == l.chunks[i-1].number {
				l.chunks = nil
				return malformed("two chunks for the same elements")
			}
		}
	}
	l.listed = true
	return nil
}

// walkIndex calls add with the element offset of each chunk in the index.
func (d *Dataset) walkIndex(g *chunkGrid, add func(off []uint64, c chunk) error) error {
	f, l, rank := d.h.f, &d.layout, len(g.dims)
	switch l.index {
	case indexBtree1:
		return f.btree1(l.addr, btreeChunks, 8+8*(rank+1), func(key []byte, child uint64) error {
			if len(key) < 8+8*rank {
				return malformed("chunk key")
			}
			off := make([]uint64, rank)
			for i := range off {
				off[i] = le.Uint64(key[8+8*i:])
			}
			return add(off, chunk{addr: child, size: uint64(le.Uint32(key)), mask: le.Uint32(key[4:])})
		})
	case indexSingle:
		c := l.single
		c.addr = l.addr
		return add(make([]uint64, rank), c)
	case indexImplicit:
		n := uint64(1)
		for _, k := range g.counts {
			n *= k // fits: the product of the dims does
		}
		if hi, lo := bits.Mul64(n, l.chunkBytes); hi != 0 || lo > f.size {
			return malformed("%d chunks of %d bytes in a file of %d", n, l.chunkBytes, f.size)
		}
		for i := range n {
			if err := add(g.offset(i, g.counts, -1), chunk{addr: l.addr + i*l.chunkBytes}); err != nil {
				return err
			}
		}
		return nil
	case indexBtree2:
		return d.walkChunkBtree2(g, add)
	}
	// Arrays count the chunks of the largest shape.
	counts, slow := make([]uint64, rank), -1
	for i := range counts {
		counts[i] = max(1, g.counts[i])
		if m := d.space.max[i]; m == undefined {
			slow = i
		} else if n := g.chunk[i]; m/n+min(m%n, 1) > 0 {
			counts[i] = m/n + min(m%n, 1)
		}
	}
	filtered := len(d.filters) > 0
	elem := func(c *cursor, size int, number uint64) error {
		k := chunk{addr: c.address()}
		if filtered {
			k.size, k.mask = c.uint(size-f.offsetSize-4), uint32(c.u32())
		}
		if c.err != nil || k.addr == undefined {
			return c.err
		}
		if l.index == indexFixed {
			return add(g.offset(number, counts, -1), k)
		}
		return add(g.offset(number, counts, slow), k)
	}
	if l.index == indexFixed {
		return f.fixedArray(l.addr, elem)
	}
	return f.extensibleArray(l.addr, elem)
}

func (d *Dataset) walkChunkBtree2(g *chunkGrid, add func(off []uint64, c chunk) error) error {
	f, rank := d.h.f, len(g.dims)
	kind := recordChunk
	if len(d.filters) > 0 {
		kind = recordFilteredChunk
	}
	return f.btree2(d.layout.addr, kind, func(rec []byte) error {
		c := &cursor{b: rec, f: f}
		k := chunk{addr: c.address()}
		if kind == recordFilteredChunk {
			k.size, k.mask = c.uint(len(rec)-f.offsetSize-4-8*rank), uint32(c.u32())
		}
		off := make([]uint64, rank)
		for i := range off {
			n := c.uint(8)
			if n >= max(1, g.counts[i]) {
				n = undefined / g.chunk[i] // outside
			}
			off[i] = n * g.chunk[i]
		}
		if c.err != nil {
			return c.err
		}
		return add(off, k)
	})
}

// readChunks assembles the elements; what no chunk covers gets the fill value.
func (d *Dataset) readChunks(dst []byte) error {
	f, l := d.h.f, &d.layout
	g, err := d.grid()
	if err != nil {
		return err
	}
	covered := uint64(1)
	for _, n := range g.counts {
		covered *= n
	}
	if uint64(len(l.chunks)) < covered {
		d.fillIn(dst)
	}
	var buf []byte
	for _, c := range l.chunks {
		if uint64(cap(buf)) < c.size {
			buf = make([]byte, c.size)
		}
		p, err := f.position(c.addr, c.size)
		if err != nil {
			return err
		}
		buf = buf[:c.size]
		if _, err := f.r.ReadAt(buf, p); err != nil && err != io.EOF {
			return &Error{Kind: ErrFormat, Reason: "reading a chunk", Cause: err}
		}
		off := g.offset(c.number, g.counts, -1)
		mask := c.mask
		if l.flags&1 != 0 && g.partial(off) {
			mask = ^uint32(0)
		}
		data, err := d.undo(buf, mask, l.chunkBytes)
		if err != nil {
			return err
		}
		g.copyChunk(dst, data, off, uint64(d.typ.Size))
	}
	return nil
}

// partial tells whether a chunk reaches over the edge of the dataset.
func (g *chunkGrid) partial(off []uint64) bool {
	for i, o := range off {
		if g.dims[i]-o < g.chunk[i] {
			return true
		}
	}
	return false
}

// copyChunk copies the part of a chunk that lies inside the dataset, row by row.
func (g *chunkGrid) copyChunk(dst, src []byte, off []uint64, size uint64) {
	last := len(g.dims) - 1
	row := min(g.chunk[last], g.dims[last]-off[last]) * size
	pos := make([]uint64, len(g.dims))
	for {
		var from, to uint64
		for i := range pos {
			from = from*g.chunk[i] + pos[i]
			to = to*g.dims[i] + off[i] + pos[i]
		}
		copy(dst[to*size:to*size+row], src[from*size:])
		i := last - 1
		for ; i >= 0; i-- {
			if pos[i]++; pos[i] < g.chunk[i] && off[i]+pos[i] < g.dims[i] {
				break
			}
			pos[i] = 0
		}
		if i < 0 {
			return
		}
	}
}
