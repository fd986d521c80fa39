package hdf5

import "math/bits"

// lookup3 is Bob Jenkins' hash lookup3.c (hashlittle with initial value 0), HDF5's checksum of metadata.
func lookup3(k []byte) uint32 {
	a := 0xdeadbeef + uint32(len(k))
	b, c := a, a
	rot := bits.RotateLeft32
	for len(k) > 12 {
		a += le.Uint32(k)
		b += le.Uint32(k[4:])
		c += le.Uint32(k[8:])
		a = (a - c) ^ rot(c, 4)
		c += b
		b = (b - a) ^ rot(a, 6)
		a += c
		c = (c - b) ^ rot(b, 8)
		b += a
		a = (a - c) ^ rot(c, 16)
		c += b
		b = (b - a) ^ rot(a, 19)
		a += c
		c = (c - b) ^ rot(b, 4)
		b += a
		k = k[12:]
	}
	if len(k) == 0 {
		return c
	}
	var t [12]byte
	copy(t[:], k)
	a += le.Uint32(t[:])
	b += le.Uint32(t[4:])
	c += le.Uint32(t[8:])
	c = (c ^ b) - rot(b, 14)
	a = (a ^ c) - rot(c, 11)
	b = (b ^ a) - rot(a, 25)
	c = (c ^ b) - rot(b, 16)
	a = (a ^ c) - rot(c, 4)
	b = (b ^ a) - rot(a, 14)
	c = (c ^ b) - rot(b, 24)
	return c
}

// fletcher32 is the checksum of the fletcher32 filter: 16-bit big-endian words, sums modulo 65535.
func fletcher32(p []byte) uint32 {
	var a, b uint32
	i := 0
	for n := len(p) / 2; n > 0; {
		k := min(n, 360) // more words could overflow the 32-bit sums
		n -= k
		for range k {
			a += uint32(p[i])<<8 | uint32(p[i+1])
			b += a
			i += 2
		}
		a, b = a&0xffff+a>>16, b&0xffff+b>>16
	}
	if len(p)&1 != 0 {
		a += uint32(p[len(p)-1]) << 8
		b += a
		a, b = a&0xffff+a>>16, b&0xffff+b>>16
	}
	a, b = a&0xffff+a>>16, b&0xffff+b>>16
	return b<<16 | a
}
