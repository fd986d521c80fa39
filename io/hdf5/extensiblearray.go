package hdf5

import "math/bits"

// extensibleArray walks the chunk index of datasets with one unlimited dimension: an index block with the first elements, then data blocks of
// growing size, the first of them named by the index block, later ones by super blocks.
type extensibleArray struct {
	f          *File
	elem       func(c *cursor, size int, number uint64) error
	size       int    // bytes of an element
	n          uint64 // elements in use
	pos        uint64 // number of the next element
	offsetLen  int    // bytes of a block offset
	perPage    uint64 // elements in a page of a large data block
	minPerData uint64 // elements in the smallest data block
}

func (f *File) extensibleArray(addr uint64, elem func(c *cursor, size int, number uint64) error) error {
	c, err := f.checked(addr, uint64(12+6*f.lengthSize+f.offsetSize+4), "EAHD")
	if err != nil {
		return err
	}
	c.take(2)
	a := &extensibleArray{f: f, elem: elem, size: c.u8()}
	maxBits, inIndex, minData, minPointers, pageBits := c.u8(), c.u8(), c.u8(), c.u8(), c.u8()
	c.take(4 * f.lengthSize) // statistics
	a.n = c.length()
	c.length()
	index := c.address()
	if c.err != nil {
		return c.err
	}
	if a.size < f.offsetSize || minData == 0 || minPointers == 0 || maxBits > 64 || pageBits > 62 || a.n > f.size {
		return malformed("extensible array of %d elements of %d bytes", a.n, a.size)
	}
	if index == undefined {
		return nil
	}
	a.offsetLen, a.perPage, a.minPerData = (maxBits+7)/8, 1<<pageBits, uint64(minData)
	supers := 1 + maxBits - (bits.Len(uint(minData)) - 1)
	direct := 2 * (bits.Len(uint(minPointers)) - 1) // super blocks whose data blocks the index block names
	pointers := 2 * (minPointers - 1)
	if supers < direct {
		return malformed("extensible array with %d super blocks", supers)
	}
	c, err = f.checked(index, uint64(6+f.offsetSize+inIndex*a.size+(pointers+supers-direct)*f.offsetSize+4), "EAIB")
	if err != nil {
		return err
	}
	c.take(2 + f.offsetSize)
	if err := a.run(c, uint64(inIndex)); err != nil {
		return err
	}
	dataBlocks := &cursor{b: c.take(pointers * f.offsetSize), f: f}
	for s := 0; s < supers && a.pos < a.n && c.err == nil; s++ {
		blocks, perBlock := uint64(1)<<(s/2), a.minPerData<<((s+1)/2)
		if s >= direct {
			err = a.superBlock(c.address(), blocks, perBlock)
		} else {
			for range blocks {
				if len(dataBlocks.b) > 0 && err == nil {
					err = a.dataBlock(dataBlocks.address(), perBlock, nil)
				}
			}
		}
		if err != nil {
			return err
		}
	}
	return c.err
}

// run reads k elements, fewer at the end of the array.
func (a *extensibleArray) run(c *cursor, k uint64) error {
	for range k {
		if a.pos >= a.n {
			return nil
		}
		e := &cursor{b: c.take(a.size), f: a.f, err: c.err}
		if err := a.elem(e, a.size, a.pos); err != nil {
			return err
		}
		a.pos++
	}
	return c.err
}

// skip passes over elements that were never written.
func (a *extensibleArray) skip(k uint64) { a.pos += min(k, a.n-a.pos) }

func (a *extensibleArray) superBlock(addr, blocks, perBlock uint64) error {
	f := a.f
	if addr == undefined {
		for range min(blocks, a.n) {
			a.skip(perBlock)
		}
		return nil
	}
	if blocks > f.size || perBlock > f.size*a.perPage && perBlock > f.size {
		return malformed("extensible array with %d blocks of %d elements", blocks, perBlock)
	}
	bitmap := uint64(0) // bytes per data block: which pages are written
	if perBlock > a.perPage {
		bitmap = (perBlock/a.perPage + 7) / 8
	}
	if hi, total := bits.Mul64(blocks, bitmap+uint64(f.offsetSize)); hi != 0 || total > f.size {
		return malformed("extensible array super block with %d blocks", blocks)
	}
	prefix := 2 + f.offsetSize + a.offsetLen
	c, err := f.checked(addr, uint64(4+prefix)+blocks*(bitmap+uint64(f.offsetSize))+4, "EASB")
	if err != nil {
		return err
	}
	c.take(prefix)
	maps := c.take(int(blocks * bitmap))
	for i := range blocks {
		if a.pos >= a.n {
			return nil
		}
		if err := a.dataBlock(c.address(), perBlock, maps[i*bitmap:(i+1)*bitmap]); err != nil {
			return err
		}
	}
	return c.err
}

// dataBlock reads k elements. Large blocks have pages, of which written names those in use (nil: all).
func (a *extensibleArray) dataBlock(addr, k uint64, written []byte) error {
	f := a.f
	if addr == undefined {
		a.skip(k)
		return nil
	}
	if k > f.size {
		return malformed("extensible array block of %d elements", k)
	}
	prefix := 6 + f.offsetSize + a.offsetLen
	if k <= a.perPage {
		c, err := f.checked(addr, uint64(prefix)+k*uint64(a.size)+4, "EADB")
		if err != nil {
			return err
		}
		c.take(prefix - 4)
		return a.run(c, k)
	}
	pageSize := a.perPage*uint64(a.size) + 4
	for i := range k / a.perPage {
		if a.pos >= a.n {
			return nil
		}
		if written != nil && written[i/8]>>(7-i%8)&1 == 0 {
			a.skip(a.perPage)
			continue
		}
		c, err := f.checked(addr+uint64(prefix)+4+i*pageSize, pageSize, "")
		if err != nil {
			return err
		}
		if err := a.run(c, a.perPage); err != nil {
			return err
		}
	}
	return nil
}
