package hash

import (
	"math/bits"
	"unsafe"
)

// SipHash is SipHash-2-4 (Aumasson and Bernstein, 2012) of s under a key of two words,
// which TensorFlow's string_to_hash_bucket_strong takes modulo the number of buckets.
func SipHash(key [2]uint64, s string) uint64 {
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	v := [4]uint64{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573}
	absorb := func(m uint64) {
		v[3] ^= m
		round(&v)
		round(&v)
		v[0] ^= m
	}
	rest := b
	for ; len(rest) >= 8; rest = rest[8:] {
		absorb(word(rest))
	}
	last := uint64(len(b)) << 56
	for i, c := range rest {
		last |= uint64(c) << (8 * i)
	}
	absorb(last)
	v[2] ^= 0xff
	for range 4 {
		round(&v)
	}
	return v[0] ^ v[1] ^ v[2] ^ v[3]
}

func round(v *[4]uint64) {
	v[0] += v[1]
	v[2] += v[3]
	v[1] = bits.RotateLeft64(v[1], 13) ^ v[0]
	v[3] = bits.RotateLeft64(v[3], 16) ^ v[2]
	v[0] = bits.RotateLeft64(v[0], 32)
	v[2] += v[1]
	v[0] += v[3]
	v[1] = bits.RotateLeft64(v[1], 17) ^ v[2]
	v[3] = bits.RotateLeft64(v[3], 21) ^ v[0]
	v[2] = bits.RotateLeft64(v[2], 32)
}
