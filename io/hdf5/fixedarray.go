package hdf5

// fixedArray walks the chunk index of datasets of fixed shape. elem is called with each element's number and a cursor at its bytes.
func (f *File) fixedArray(addr uint64, elem func(c *cursor, size int, number uint64) error) error {
	c, err := f.checked(addr, uint64(8+f.lengthSize+f.offsetSize+4), "FAHD")
	if err != nil {
		return err
	}
	c.take(2)
	size, pageBits, n, block := c.u8(), c.u8(), c.length(), c.address()
	if c.err != nil {
		return c.err
	}
	if size < f.offsetSize || n > f.size {
		return malformed("fixed array of %d elements of %d bytes", n, size)
	}
	if block == undefined {
		return nil
	}
	run := func(c *cursor, from, k uint64) error {
		for i := range k {
			e := &cursor{b: c.take(size), f: f, err: c.err}
			if err := elem(e, size, from+i); err != nil {
				return err
			}
		}
		return c.err
	}
	perPage := uint64(1) << min(pageBits, 62)
	prefix := uint64(6 + f.offsetSize)
	if n <= perPage {
		c, err := f.checked(block, prefix+n*uint64(size)+4, "FADB")
		if err != nil {
			return err
		}
		c.take(2 + f.offsetSize)
		return run(c, 0, n)
	}
	pages := (n-1)/perPage + 1
	prefix += (pages + 7) / 8
	head, err := f.checked(block, prefix+4, "FADB")
	if err != nil {
		return err
	}
	written := head.b[2+f.offsetSize:] // a bit per page, highest first
	for i := range pages {
		if written[i/8]>>(7-i%8)&1 == 0 {
			continue
		}
		k := min(perPage, n-i*perPage)
		c, err := f.checked(block+prefix+4+i*(perPage*uint64(size)+4), k*uint64(size)+4, "")
		if err != nil {
			return err
		}
		if err := run(c, i*perPage, k); err != nil {
			return err
		}
	}
	return nil
}
