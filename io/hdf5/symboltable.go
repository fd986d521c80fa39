package hdf5

// Cache type of a symbol table entry that holds a soft link.
const cacheSoftLink = 2

// symbols lists an old-style group: a version 1 B-tree of symbol nodes whose names lie in a local heap.
func (f *File) symbols(tree, heapAddr uint64) ([]Link, error) {
	names, err := f.localHeap(heapAddr)
	if err != nil {
		return nil, err
	}
	var links []Link
	err = f.btree1(tree, btreeGroups, f.lengthSize, func(_ []byte, node uint64) error {
		c, err := f.at(node, 8)
		if err != nil {
			return err
		}
		c.signature("SNOD")
		c.take(2)
		n := c.u16()
		if c.err != nil {
			return c.err
		}
		if c, err = f.at(node+8, uint64(n)*uint64(2*f.offsetSize+24)); err != nil {
			return err
		}
		for range n {
			name := c.uint(f.offsetSize)
			l := Link{Kind: HardLink, addr: c.address()}
			if l.Name, err = names.string(name); err != nil {
				return err
			}
			cache := c.u32()
			c.take(4)
			scratch := &cursor{b: c.take(16), f: f}
			if cache == cacheSoftLink {
				l.Kind = SoftLink
				if l.Target, err = names.string(scratch.uint(4)); err != nil {
					return err
				}
			}
			links = append(links, l)
		}
		return c.err
	})
	return links, err
}

// localHeap holds the names of a group's links.
type localHeap []byte

func (f *File) localHeap(addr uint64) (localHeap, error) {
	c, err := f.at(addr, uint64(8+2*f.lengthSize+f.offsetSize))
	if err != nil {
		return nil, err
	}
	c.signature("HEAP")
	c.take(4)
	n := c.length()
	c.length() // free list
	data := c.address()
	if c.err != nil {
		return nil, c.err
	}
	d, err := f.at(data, n)
	if err != nil {
		return nil, err
	}
	return d.b, nil
}

// maxName bounds link names, so that many links cannot share one long name of a small heap.
const maxName = 64 << 10

func (h localHeap) string(off uint64) (string, error) {
	if off >= uint64(len(h)) {
		return "", malformed("name outside the local heap")
	}
	s := cstring(h[off:min(uint64(len(h)), off+maxName+1)])
	if len(s) > maxName {
		return "", malformed("name of more than %d bytes", maxName)
	}
	return s, nil
}
