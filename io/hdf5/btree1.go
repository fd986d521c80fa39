package hdf5

// Node types of version 1 B-trees.
const (
	btreeGroups = 0
	btreeChunks = 1
)

// btree1 walks a version 1 B-tree of any depth in key order and calls leaf with each lowest child and the key to its left.
func (f *File) btree1(addr uint64, kind, keySize int, leaf func(key []byte, child uint64) error) error {
	return f.btree1Node(addr, -1, kind, keySize, leaf)
}

// btree1Node walks one node; level is the one its parent expects, -1 at the root. Levels fall, so the recursion ends.
func (f *File) btree1Node(addr uint64, level, kind, keySize int, leaf func(key []byte, child uint64) error) error {
	prefix := uint64(8 + 2*f.offsetSize)
	c, err := f.at(addr, prefix)
	if err != nil {
		return err
	}
	c.signature("TREE")
	t, l, n := c.u8(), c.u8(), c.u16()
	if c.err != nil {
		return c.err
	}
	if t != kind || level >= 0 && l != level {
		return malformed("B-tree node of type %d, level %d at address %#x", t, l, addr)
	}
	c, err = f.at(addr+prefix, uint64(n)*uint64(keySize+f.offsetSize))
	if err != nil {
		return err
	}
	for range n {
		key, child := c.take(keySize), c.address()
		if l > 0 {
			err = f.btree1Node(child, l-1, kind, keySize, leaf)
		} else {
			err = leaf(key, child)
		}
		if err != nil {
			return err
		}
	}
	return c.err
}
