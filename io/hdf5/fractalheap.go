package hdf5

import "math/bits"

// fractalHeap stores the links and attributes of objects that have many ("dense storage").
type fractalHeap struct {
	f                *File
	idLen            int
	offsetLen        int // bytes of an offset inside the heap
	lengthLen        int // bytes of an object's length
	width            int // blocks per row
	start, maxDirect uint64
	root, hugeTree   uint64
	rows             int // of the root indirect block; 0: the root is a direct block
	checksummed      bool
	blocks           map[uint64][]byte
	hugeObjects      map[uint64]span // read on first use
}

func (f *File) fractalHeap(addr uint64) (*fractalHeap, error) {
	c, err := f.checked(addr, uint64(26+12*f.lengthSize+3*f.offsetSize), "FRHP")
	if err != nil {
		return nil, err
	}
	h := &fractalHeap{f: f, blocks: map[uint64][]byte{}}
	c.version("fractal heap", 0)
	h.idLen = c.u16()
	filters := c.u16()
	h.checksummed = c.u8()&2 != 0
	maxManaged := uint64(c.u32())
	c.length() // next huge ID
	h.hugeTree = c.address()
	c.length()               // free space
	c.address()              // free space manager
	c.take(8 * f.lengthSize) // statistics
	h.width = c.u16()
	h.start, h.maxDirect = c.length(), c.length()
	maxHeap := c.u16()
	c.take(2) // rows at creation
	h.root, h.rows = c.address(), c.u16()
	if c.err != nil {
		return nil, c.err
	}
	if filters != 0 {
		return nil, fail(ErrUnsupported, "fractal heap with filters")
	}
	if h.start == 0 || h.start&(h.start-1) != 0 || h.maxDirect < h.start || h.width == 0 || maxHeap > 64 || h.idLen < 3 || h.rows > 64 {
		return nil, malformed("fractal heap at address %#x", addr)
	}
	h.offsetLen = (maxHeap + 7) / 8
	h.lengthLen = encodedSize(min(h.maxDirect, maxManaged))
	return h, nil
}

// object returns the bytes of the object with this ID.
func (h *fractalHeap) object(id []byte) ([]byte, error) {
	c := &cursor{b: id, f: h.f}
	first := c.u8()
	switch first >> 4 & 3 {
	case 0: // managed
		off, n := c.uint(h.offsetLen), c.uint(h.lengthLen)
		if c.err != nil {
			return nil, c.err
		}
		if h.rows == 0 {
			return h.direct(h.root, h.start, 0, off, n)
		}
		return h.indirect(h.root, h.rows, 0, off, n, 0)
	case 1: // huge
		return h.huge(c)
	case 2: // tiny
		n := first&15 + 1
		if h.idLen > 18 {
			n = (first&15<<8 | c.u8()) + 1
		}
		return c.take(n), c.err
	}
	return nil, malformed("fractal heap ID of type 3")
}

func (h *fractalHeap) huge(c *cursor) ([]byte, error) {
	var s span
	if h.idLen-1 >= h.f.offsetSize+h.f.lengthSize { // the ID holds address and length
		s = span{c.address(), c.length()}
	} else {
		key := c.uint(min(h.idLen-1, h.f.lengthSize))
		if err := h.readHugeObjects(); err != nil {
			return nil, err
		}
		var ok bool
		if s, ok = h.hugeObjects[key]; !ok {
			return nil, malformed("huge object %d is missing", key)
		}
	}
	if c.err != nil {
		return nil, c.err
	}
	d, err := h.f.at(s.addr, s.n)
	if err != nil {
		return nil, err
	}
	return d.b, nil
}

func (h *fractalHeap) readHugeObjects() error {
	if h.hugeObjects != nil {
		return nil
	}
	h.hugeObjects = map[uint64]span{}
	return h.f.btree2(h.hugeTree, recordHugeObject, func(rec []byte) error {
		c := &cursor{b: rec, f: h.f}
		s := span{c.address(), c.length()}
		h.hugeObjects[c.length()] = s
		return c.err
	})
}

// rowSize is the size of the blocks in a row: start, start, 2 start, 4 start, ... 0 means it does not fit into 64 bits.
func (h *fractalHeap) rowSize(row int) uint64 {
	if row <= 1 {
		return h.start
	}
	s := h.start << (row - 1)
	if s>>(row-1) != h.start {
		return 0
	}
	return s
}

// indirect finds the object at heap offset off through an indirect block whose own first offset is base.
func (h *fractalHeap) indirect(addr uint64, rows int, base, off, n uint64, depth int) ([]byte, error) {
	if depth > 16 || rows <= 0 || rows > 64 {
		return nil, malformed("fractal heap of %d rows, depth %d", rows, depth)
	}
	directRows := bits.Len64(h.maxDirect/h.start) + 1
	block, ok := h.blocks[addr]
	prefix := 1 + h.f.offsetSize + h.offsetLen
	if !ok {
		c, err := h.f.checked(addr, uint64(4+prefix+rows*h.width*h.f.offsetSize+4), "FHIB")
		if err != nil {
			return nil, err
		}
		block = c.b
		h.blocks[addr] = block
	}
	c := &cursor{b: block, f: h.f}
	c.take(prefix)
	for r := range rows {
		size := h.rowSize(r)
		if size == 0 {
			return nil, malformed("fractal heap row %d", r)
		}
		row := &cursor{b: c.take(h.width * h.f.offsetSize), f: h.f}
		if c.err != nil {
			return nil, c.err
		}
		if hi, lo := bits.Mul64(size, uint64(h.width)); off < base || hi == 0 && off-base >= lo {
			base += lo
			continue
		}
		k := (off - base) / size
		row.take(int(k) * h.f.offsetSize)
		child := row.address()
		if row.err != nil {
			return nil, row.err
		}
		if child == undefined {
			break
		}
		base += k * size
		if r < directRows {
			return h.direct(child, size, base, off, n)
		}
		return h.indirect(child, bits.Len64(size/h.start/uint64(h.width)), base, off, n, depth+1)
	}
	return nil, malformed("fractal heap offset %d is not stored", off)
}

// direct returns n bytes at heap offset off of a direct block; offsets count the block's own header.
func (h *fractalHeap) direct(addr, size, base, off, n uint64) ([]byte, error) {
	b, ok := h.blocks[addr]
	if !ok {
		c, err := h.f.at(addr, size)
		if err != nil {
			return nil, err
		}
		b = c.b
		if c.signature("FHDB"); c.err != nil {
			return nil, c.err
		}
		if h.checksummed { // computed with its own field zeroed
			p := 5 + h.f.offsetSize + h.offsetLen
			if len(b) < p+4 {
				return nil, malformed("fractal heap block of %d bytes", len(b))
			}
			sum := le.Uint32(b[p:])
			le.PutUint32(b[p:], 0)
			if verifyChecksums && lookup3(b) != sum {
				return nil, malformed("wrong checksum of FHDB at address %#x", addr)
			}
		}
		h.blocks[addr] = b
	}
	o := off - base
	if o > uint64(len(b)) || n > uint64(len(b))-o {
		return nil, malformed("fractal heap object outside its block")
	}
	return b[o : o+n : o+n], nil
}
