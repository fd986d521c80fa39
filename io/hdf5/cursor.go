package hdf5

import (
	"bytes"
	"encoding/binary"
	"math"
)

// undefined is the address of something that was never allocated, whatever the file's address size.
const undefined = math.MaxUint64

var le = binary.LittleEndian

// cursor reads a block front to back. The first read beyond its end makes it stay in error, so callers check once.
type cursor struct {
	b   []byte
	err error
	f   *File // for the sizes of addresses and lengths
}

func (c *cursor) fail(format string, a ...any) {
	if c.err == nil {
		c.err = malformed(format, a...)
	}
}

func (c *cursor) take(n int) []byte {
	if c.err != nil || n < 0 || n > len(c.b) {
		c.fail("structure is cut off")
		return nil
	}
	r := c.b[:n:n]
	c.b = c.b[n:]
	return r
}

// uint reads n bytes, lowest first; bytes above the eighth must not matter and are dropped.
func (c *cursor) uint(n int) (v uint64) {
	for i, x := range c.take(n) {
		if i < 8 {
			v |= uint64(x) << (8 * i)
		}
	}
	return v
}

func (c *cursor) u8() int        { return int(c.uint(1)) }
func (c *cursor) u16() int       { return int(c.uint(2)) }
func (c *cursor) u32() int64     { return int64(c.uint(4)) }
func (c *cursor) length() uint64 { return c.uint(c.f.lengthSize) }

// u32n reads a 32-bit count of bytes for use with take.
func (c *cursor) u32n() int {
	if v := c.u32(); v <= math.MaxInt32 {
		return int(v)
	}
	c.fail("size above 2 GiB in a header")
	return 0
}

func (c *cursor) address() uint64 {
	v := c.uint(c.f.offsetSize)
	if c.f.offsetSize < 8 && v == 1<<(8*c.f.offsetSize)-1 {
		return undefined
	}
	return v
}

func (c *cursor) signature(s string) {
	if b := c.take(len(s)); c.err == nil && string(b) != s {
		c.fail("signature %q where %q must be", b, s)
	}
}

// version reads one byte and refuses values above max.
func (c *cursor) version(what string, max int) int {
	v := c.u8()
	if c.err == nil && v > max {
		c.err = fail(ErrUnsupported, "%s version %d", what, v)
	}
	return v
}

func cstring(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}
