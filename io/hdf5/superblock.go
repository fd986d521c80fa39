package hdf5

const fileSignature = "\x89HDF\r\n\x1a\n"

// readSuperblock finds the superblock at offset 0, 512, 1024, 2048, ... (a user block may precede it) and reads it.
func (f *File) readSuperblock() error {
	for off := uint64(0); off+9 <= f.size; off = max(512, off*2) {
		f.base = off
		c, err := f.upTo(0, 128)
		if err != nil {
			return err
		}
		if string(c.b[:8]) == fileSignature {
			return f.parseSuperblock(c)
		}
	}
	return malformed("no HDF5 signature")
}

func (f *File) parseSuperblock(c *cursor) error {
	c.take(8)
	f.superblock = c.version("superblock", 3)
	if f.superblock < 2 {
		c.take(4) // versions of free space, root group and shared headers
		f.offsetSize, f.lengthSize = c.u8(), c.u8()
		c.take(9) // leaf and internal K, flags
		if f.superblock == 1 {
			c.take(4) // indexed storage K
		}
	} else {
		f.offsetSize, f.lengthSize = c.u8(), c.u8()
		c.take(1)
	}
	if c.err != nil {
		return c.err
	}
	if f.offsetSize < 2 || f.offsetSize > 8 || f.lengthSize < 2 || f.lengthSize > 8 {
		return malformed("superblock: addresses of %d bytes, lengths of %d", f.offsetSize, f.lengthSize)
	}
	base := c.address()
	c.address() // free space or superblock extension
	end := c.address()
	if f.superblock < 2 {
		c.address() // driver information
		c.address() // link name of the root
	}
	f.rootAddr = c.address()
	if c.err != nil {
		return c.err
	}
	if f.superblock >= 2 {
		if _, err := f.checked(0, uint64(12+4*f.offsetSize+4), fileSignature); err != nil {
			return err
		}
	}
	// Addresses count from where the superblock is; the file may have got or lost a user block since its base and end were written.
	if end != undefined && end >= base && end-base > f.size-f.base {
		return malformed("the file is cut off: %d of %d bytes", f.size-f.base, end-base)
	}
	return nil
}
