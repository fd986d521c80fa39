package hdf5

import (
	"math"
	"math/bits"
)

// Record types of version 2 B-trees.
const (
	recordHugeObject     = 1
	recordLinkName       = 5
	recordAttributeName  = 8
	recordChunk          = 10
	recordFilteredChunk  = 11
	maxBtree2Depth       = 32
	btree2NodeOverhead   = 10 // signature, version, type, checksum
	btree2NodePrefixSize = 6
)

// btree2 is a version 2 B-tree being walked.
type btree2 struct {
	f          *File
	recordSize int
	countSize  int      // bytes of a child's record count
	maxRecords []uint64 // by level, 0 = leaf
	pointer    []int    // bytes of a child pointer, by level
	visit      func(record []byte) error
}

// encodedSize is the number of bytes HDF5 uses for values up to v.
func encodedSize(v uint64) int { return max(0, bits.Len64(v)-1)/8 + 1 }

// btree2 walks the tree at addr in key order.
func (f *File) btree2(addr uint64, kind int, visit func(record []byte) error) error {
	c, err := f.checked(addr, uint64(22+f.offsetSize+f.lengthSize), "BTHD")
	if err != nil {
		return err
	}
	c.version("B-tree", 0)
	t, nodeSize, recordSize, depth := c.u8(), c.u32n(), c.u16(), c.u16()
	c.take(2) // split and merge percent
	root, n := c.address(), c.u16()
	if c.err != nil {
		return c.err
	}
	if t != kind || recordSize == 0 || nodeSize < 16+recordSize || depth > maxBtree2Depth {
		return malformed("version 2 B-tree of type %d at address %#x where type %d must be", t, addr, kind)
	}
	if root == undefined || n == 0 {
		return nil
	}
	b := &btree2{f: f, recordSize: recordSize, maxRecords: make([]uint64, depth+1), pointer: make([]int, depth+1), visit: visit}
	b.maxRecords[0] = uint64((nodeSize - btree2NodeOverhead) / recordSize)
	b.countSize = encodedSize(b.maxRecords[0])
	below := b.maxRecords[0] // records in a full subtree
	for u := 1; u <= depth; u++ {
		b.pointer[u] = f.offsetSize + b.countSize
		if u > 1 {
			b.pointer[u] += encodedSize(below)
		}
		room := nodeSize - btree2NodeOverhead - b.pointer[u]
		if room < 0 {
			return malformed("version 2 B-tree nodes of %d bytes", nodeSize)
		}
		b.maxRecords[u] = uint64(room / (recordSize + b.pointer[u]))
		hi, lo := bits.Mul64(b.maxRecords[u]+1, below)
		if hi != 0 || lo > math.MaxInt64 {
			return malformed("version 2 B-tree is too deep")
		}
		below = lo + b.maxRecords[u]
	}
	return b.node(root, uint64(n), depth)
}

func (b *btree2) node(addr, n uint64, level int) error {
	if n > b.maxRecords[level] {
		return malformed("version 2 B-tree node with %d records at address %#x", n, addr)
	}
	size := btree2NodeOverhead + n*uint64(b.recordSize)
	if level == 0 {
		c, err := b.f.checked(addr, size, "BTLF")
		if err != nil {
			return err
		}
		c.take(2)
		for range n {
			r := c.take(b.recordSize)
			if c.err != nil {
				return c.err
			}
			if err := b.visit(r); err != nil {
				return err
			}
		}
		return nil
	}
	c, err := b.f.checked(addr, size+(n+1)*uint64(b.pointer[level]), "BTIN")
	if err != nil {
		return err
	}
	c.take(2)
	records := c.take(int(n) * b.recordSize)
	for i := range n + 1 {
		child, k := c.address(), c.uint(b.countSize)
		c.take(b.pointer[level] - b.f.offsetSize - b.countSize)
		if c.err != nil {
			return c.err
		}
		if err := b.node(child, k, level-1); err != nil {
			return err
		}
		if i < n {
			if err := b.visit(records[int(i)*b.recordSize : int(i+1)*b.recordSize]); err != nil {
				return err
			}
		}
	}
	return nil
}
