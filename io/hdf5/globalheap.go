package hdf5

// globalHeap returns the objects of a global heap collection (variable-length strings), by index. Strings of one object share its memory,
// so a small file cannot ask for many large copies.
func (f *File) globalHeap(addr uint64) (map[int]string, error) {
	if m, ok := f.heaps[addr]; ok {
		return m, nil
	}
	prefix := 8 + f.lengthSize
	c, err := f.at(addr, uint64(prefix))
	if err != nil {
		return nil, err
	}
	c.signature("GCOL")
	c.take(4) // version
	n := c.length()
	if c.err != nil {
		return nil, c.err
	}
	if c, err = f.at(addr, n); err != nil {
		return nil, err
	}
	c.take(prefix)
	m := map[int]string{}
	for c.err == nil && len(c.b) >= prefix {
		i := c.u16()
		c.take(6) // reference count
		n := c.length()
		if i == 0 { // free space, always last
			break
		}
		if n > uint64(len(c.b)) {
			return nil, malformed("object %d of the global heap at address %#x", i, addr)
		}
		m[i] = string(c.take(int(n)))
		c.take(min(int(-n&7), len(c.b)))
	}
	if c.err != nil {
		return nil, c.err
	}
	f.heaps[addr] = m
	return m, nil
}
