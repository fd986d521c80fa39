package hdf5

import (
	"errors"
	"io"
)

// Output is a file laid out but not yet written: every address is fixed, tensor data are still where the plan has them.
type Output struct {
	blocks []block
	size   uint64
	first  []byte // superblock
}

type block struct {
	addr, size uint64
	b          []byte
	source     func(io.Writer) error // instead of b
}

const superblockSize = 96

// Layout lays a file out in the form that h5py writes by default.
func Layout(root *GroupPlan) (*Output, error) {
	l := &layouter{pos: superblockSize}
	entry, err := l.group(root, "/")
	if err != nil {
		return nil, err
	}
	l.closeHeap()
	o := &Output{blocks: l.blocks, size: (l.pos + 7) &^ 7}
	b := append([]byte(fileSignature), 0, 0, 0, 0, 0, 8, 8, 0)
	b = put32(put16(put16(b, leafK), nodeK), 0)
	b = put64(put64(put64(put64(b, 0), undefined), o.size), undefined)
	b = put64(put64(b, 0), entry.header)
	o.first = put64(put64(put32(put32(b, cacheGroup), 0), entry.tree), entry.heap)
	return o, nil
}

// Write lays a file out and writes it to w as one stream.
func Write(w io.Writer, root *GroupPlan) error {
	o, err := Layout(root)
	if err != nil {
		return err
	}
	_, err = o.WriteTo(w)
	return err
}

// Size returns the bytes of the file.
func (o *Output) Size() int64 { return int64(o.size) }

// WriteTo writes the file. It can be called again and writes the same bytes.
func (o *Output) WriteTo(w io.Writer) (int64, error) {
	c := &counter{w: w}
	_, err := c.Write(o.first)
	for i := 0; i < len(o.blocks) && err == nil; i++ {
		b := &o.blocks[i]
		if err = c.pad(b.addr); err != nil {
			break
		}
		if b.source == nil {
			_, err = c.Write(b.b)
		} else if err = b.source(c); err == nil && c.n != b.addr+b.size {
			err = fail(ErrPlan, "a Source wrote %d bytes where %d were declared", c.n-b.addr, b.size)
		}
	}
	if err == nil {
		err = c.pad(o.size)
	}
	return int64(c.n), err
}

// counter counts what passes through to w.
type counter struct {
	w io.Writer
	n uint64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += uint64(n)
	return n, err
}

// pad writes zeros up to a position at most 7 bytes ahead.
func (c *counter) pad(to uint64) error {
	if to == c.n {
		return nil
	}
	_, err := c.Write(make([]byte, to-c.n))
	return err
}

// layouter assigns addresses in the order in which blocks will be written.
type layouter struct {
	pos    uint64
	blocks []block
	heap   *heapCollection // the global heap collection with room
}

func (l *layouter) alloc(n uint64) uint64 {
	a := (l.pos + 7) &^ 7
	l.pos = a + n
	return a
}

func (l *layouter) put(b []byte) uint64 {
	a := l.alloc(uint64(len(b)))
	l.blocks = append(l.blocks, block{addr: a, size: uint64(len(b)), b: b})
	return a
}

// within adds a path to an error of this package.
func within(path string, err error) error {
	var e *Error
	if errors.As(err, &e) && e.Path == "" {
		e.Path = path
	}
	return err
}
