package hdf5

import (
	"io"
	"os"
)

// File is an HDF5 file open for reading.
type File struct {
	name       string
	r          io.ReaderAt
	closer     io.Closer
	size       uint64 // bytes in r
	base       uint64 // where addresses count from (after a user block)
	offsetSize int    // bytes per address
	lengthSize int    // bytes per length
	rootAddr   uint64
	superblock int

	budget   int64           // bytes of metadata that may still be read
	stored   uint64          // bytes of raw data handed out, each dataset counted once
	expanded uint64          // bytes of data beyond the stored ones, likewise
	counted  map[uint64]bool // datasets in stored and expanded
	headers  map[uint64]*header
	paths    map[uint64]string // the one path of each group opened
	heaps    map[uint64]map[int]string
	root     *Group
}

// Open opens the named file. The caller closes it.
func Open(name string) (*File, error) {
	r, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	st, err := r.Stat()
	if err != nil {
		r.Close()
		return nil, err
	}
	f, err := newFile(name, r, st.Size())
	if err != nil {
		r.Close()
		return nil, err
	}
	f.closer = r
	return f, nil
}

// NewReader reads an HDF5 file of the given size from r, for instance a stored member of a zip archive. Close does not close r.
func NewReader(r io.ReaderAt, size int64) (*File, error) { return newFile("", r, size) }

func newFile(name string, r io.ReaderAt, size int64) (*File, error) {
	f := &File{
		name: name, r: r, size: uint64(max(size, 0)), offsetSize: 8, lengthSize: 8,
		// Everything is read once and cached, so an honest file stays far below this; a cyclic one runs out of it.
		budget:  8*size + 1<<20,
		headers: map[uint64]*header{}, paths: map[uint64]string{}, heaps: map[uint64]map[int]string{}, counted: map[uint64]bool{},
	}
	err := f.readSuperblock()
	if err == nil {
		f.root, err = f.openRoot()
	}
	if err != nil {
		return nil, f.locate("", err)
	}
	return f, nil
}

// Close closes the file if Open opened it.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Root returns the root group.
func (f *File) Root() *Group { return f.root }

// SuperblockVersion returns 0 to 3; files written with h5py's default settings have 0.
func (f *File) SuperblockVersion() int { return f.superblock }

// position turns an address into an offset in r, if n bytes from there lie inside the file.
func (f *File) position(addr, n uint64) (int64, error) {
	p := addr + f.base
	if p < addr || p > f.size || n > f.size-p {
		return 0, malformed("%d bytes at address %#x lie outside the file of %d bytes", n, addr, f.size)
	}
	return int64(p), nil
}

// at reads n bytes of metadata. No allocation is larger than the file, and the budget ends cycles and quadratic re-reading.
func (f *File) at(addr, n uint64) (*cursor, error) {
	p, err := f.position(addr, n)
	if err != nil {
		return nil, err
	}
	if f.budget -= int64(n) + 32; f.budget < 0 {
		return nil, malformed("structures refer to each other in circles or overlap")
	}
	b := make([]byte, n)
	if _, err := f.r.ReadAt(b, p); err != nil && err != io.EOF {
		return nil, &Error{Kind: ErrFormat, Reason: "reading", Cause: err}
	}
	return &cursor{b: b, f: f}, nil
}

// upTo is at for a structure of unknown size, which may end at the end of the file.
func (f *File) upTo(addr, n uint64) (*cursor, error) {
	if p := addr + f.base; p >= addr && p <= f.size {
		n = min(n, f.size-p)
	}
	return f.at(addr, n)
}

// verifyChecksums is switched off only by tests, to reach with damaged files what lies behind checksums.
var verifyChecksums = true

// checked reads a block that begins with a signature and ends with its checksum, and removes both.
func (f *File) checked(addr, n uint64, signature string) (*cursor, error) {
	if n < 8 {
		return nil, malformed("block %s of %d bytes", signature, n)
	}
	c, err := f.at(addr, n)
	if err != nil {
		return nil, err
	}
	if string(c.b[:len(signature)]) != signature {
		return nil, malformed("signature %q at address %#x where %q must be", c.b[:min(4, len(c.b))], addr, signature)
	}
	if verifyChecksums && lookup3(c.b[:n-4]) != le.Uint32(c.b[n-4:]) {
		return nil, malformed("wrong checksum of %s at address %#x", signature, addr)
	}
	c.b = c.b[len(signature) : n-4]
	return c, nil
}

// Limits against data that a file declares but does not hold, tighter than those of Keras (4 GiB and 1000 times).
const (
	freeExpansion = 256 << 20 // bytes any dataset may have without being stored
	maxExpansion  = 1000      // times its stored bytes above that
)

// account refuses a dataset (known by its address) that expands beyond the limits, or datasets that together use more bytes than the file has.
func (f *File) account(addr, stored, expanded uint64) error {
	stored = min(stored, f.size)
	if expanded > freeExpansion && expanded/maxExpansion >= max(stored, 1) {
		return fail(ErrRefused, "%d bytes of data are declared, %d are stored", expanded, stored)
	}
	if f.counted[addr] {
		return nil
	}
	extra := expanded - min(expanded, stored)
	if stored > f.size-f.stored {
		return fail(ErrRefused, "datasets share the same bytes")
	}
	if total := f.expanded + extra; total > 4*freeExpansion && total/maxExpansion >= f.size {
		return fail(ErrRefused, "the datasets together declare %d bytes, the file has %d", total, f.size)
	}
	f.counted[addr] = true
	f.stored += stored
	f.expanded += extra
	return nil
}
