package hdf5

// Layout classes.
const (
	layoutCompact    = 0
	layoutContiguous = 1
	layoutChunked    = 2
	layoutVirtual    = 3
)

// Chunk indexes of layout version 4 and 5; version 3 and older use a version 1 B-tree.
const (
	indexBtree1     = 0
	indexSingle     = 1
	indexImplicit   = 2
	indexFixed      = 3
	indexExtensible = 4
	indexBtree2     = 5
)

// layout tells where a dataset's elements lie.
type layout struct {
	class   int
	addr    uint64 // of the data or of the chunk index
	compact []byte

	index      int
	chunkDims  []uint64 // elements per dimension, without the element size
	chunkBytes uint64   // of an unfiltered chunk; set by listChunks
	flags      int      // bit 0: partial edge chunks are not filtered; bit 1: the single chunk is
	single     chunk
	chunks     []chunk
	listed     bool
}

func readLayout(c *cursor, rank int) (l layout, err error) {
	v := c.version("layout", 5)
	var dims []uint64
	switch {
	case v < 3:
		n := c.u8()
		l.class = c.u8()
		c.take(5)
		if l.class != layoutCompact {
			l.addr = c.address()
		}
		for range n {
			dims = append(dims, c.uint(4))
		}
		if l.class == layoutCompact {
			l.compact = c.take(c.u32n())
		}
	default:
		l.class = c.u8()
		switch {
		case l.class == layoutCompact:
			l.compact = c.take(c.u16())
		case l.class == layoutContiguous:
			l.addr = c.address()
		case l.class == layoutChunked && v == 3:
			n := c.u8()
			l.addr = c.address()
			for range n {
				dims = append(dims, c.uint(4))
			}
		case l.class == layoutChunked:
			dims = l.readIndex(c)
		}
	}
	if c.err != nil {
		return l, c.err
	}
	switch l.class {
	case layoutCompact, layoutContiguous:
	case layoutChunked:
		if rank == 0 || len(dims) != rank+1 { // the element size comes last
			return l, malformed("chunks of rank %d in a dataset of rank %d", len(dims)-1, rank)
		}
		l.chunkDims = dims[:rank]
	case layoutVirtual:
		return l, fail(ErrRefused, "virtual dataset: the data lie in other datasets")
	default:
		return l, malformed("layout class %d", l.class)
	}
	return l, nil
}

// readIndex reads the version 4 description of chunks. What it repeats of the index's own header is skipped.
func (l *layout) readIndex(c *cursor) (dims []uint64) {
	l.flags = c.u8()
	n, width := c.u8(), c.u8()
	for range n {
		dims = append(dims, c.uint(width))
	}
	l.index = c.u8()
	switch l.index {
	case indexSingle:
		if l.flags&2 != 0 {
			l.single.size, l.single.mask = c.length(), uint32(c.u32())
		}
	case indexImplicit:
	case indexFixed:
		c.take(1) // page bits
	case indexExtensible:
		c.take(5)
	case indexBtree2:
		c.take(6)
	default:
		c.fail("chunk index type %d", l.index)
	}
	l.addr = c.address()
	return dims
}
