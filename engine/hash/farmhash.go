package hash

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// The odd constants of FarmHash.
const (
	k0 = 0xc3a5c85c97cb3127
	k1 = 0xb492b66fbe98f273
	k2 = 0x9ae16a3b2f90404f
)

// Fingerprint64 is Google's FarmHash Fingerprint64 (farmhashna::Hash64), which
// TensorFlow's string_to_hash_bucket_fast takes modulo the number of buckets.
func Fingerprint64(s string) uint64 {
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	switch n := len(b); {
	case n <= 16:
		return upTo16(b)
	case n <= 32:
		return upTo32(b)
	case n <= 64:
		return upTo64(b)
	}
	return over64(b)
}

func rotate(x uint64, right int) uint64 { return bits.RotateLeft64(x, -right) }

func shiftMix(x uint64) uint64 { return x ^ x>>47 }

func word(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// mix16 hashes two words to one.
func mix16(u, v, mul uint64) uint64 {
	a := shiftMix((u ^ v) * mul)
	return shiftMix((v^a)*mul) * mul
}

func upTo16(b []byte) uint64 {
	n := uint64(len(b))
	switch {
	case n >= 8:
		mul := k2 + 2*n
		x, y := word(b)+k2, word(b[n-8:])
		return mix16(rotate(y, 37)*mul+x, (rotate(x, 25)+y)*mul, mul)
	case n >= 4:
		x, y := uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
		return mix16(n+x<<3, y, k2+2*n)
	case n > 0:
		x := uint64(b[0]) + uint64(b[n/2])<<8
		y := n + uint64(b[n-1])<<2
		return shiftMix(x*k2^y*k0) * k2
	}
	return k2
}

func upTo32(b []byte) uint64 {
	n := uint64(len(b))
	mul := k2 + 2*n
	w, x := word(b)*k1, word(b[8:])
	y, z := word(b[n-8:])*mul, word(b[n-16:])*k2
	return mix16(rotate(w+x, 43)+rotate(y, 30)+z, w+rotate(x+k2, 18)+y, mul)
}

func upTo64(b []byte) uint64 {
	n := uint64(len(b))
	mul := k2 + 2*n
	w, x := word(b)*k2, word(b[8:])
	c, d := word(b[n-8:])*mul, word(b[n-16:])*k2
	y := rotate(w+x, 43) + rotate(c, 30) + d
	z := mix16(y, w+rotate(x+k2, 18)+c, mul)
	e, f := word(b[16:])*mul, word(b[24:])
	g, h := (y+word(b[n-32:]))*mul, (z+word(b[n-24:]))*mul
	return mix16(rotate(e+f, 43)+rotate(g, 30)+h, e+rotate(f+w, 18)+g, mul)
}

// pair is 128 bits of state.
type pair struct{ lo, hi uint64 }

// weak mixes 32 bytes into two words.
func weak(b []byte, x, y uint64) pair {
	x += word(b)
	y = rotate(y+x+word(b[24:]), 21)
	first := x
	x += word(b[8:]) + word(b[16:])
	y += rotate(x, 44)
	return pair{x + word(b[24:]), y + first}
}

// over64 goes through blocks of 64 bytes; the last one ends where the text does.
func over64(b []byte) uint64 {
	n := len(b)
	const seed = 81
	var v, w pair
	y := uint64(seed)
	y = y*k1 + 113
	z := shiftMix(y*k2+113) * k2
	x := uint64(seed)
	x = x*k2 + word(b)
	block := func(b []byte, mul, times uint64) {
		x = rotate(x+y+v.lo+word(b[8:]), 37) * mul
		y = rotate(y+v.hi+word(b[48:]), 42) * mul
		x ^= w.hi * times
		y += v.lo*times + word(b[40:])
		z = rotate(z+w.lo, 33) * mul
		v = weak(b, v.hi*mul, x+w.lo)
		w = weak(b[32:], z+w.hi, y+word(b[16:]))
		z, x = x, z
	}
	rest := b
	for ; len(rest) > 64; rest = rest[64:] {
		block(rest, k1, 1)
	}
	mul := uint64(k1) + z&0xff<<1
	w.lo += uint64(n-1) & 63
	v.lo += w.lo
	w.lo += v.lo
	block(b[n-64:], mul, 9)
	return mix16(mix16(v.lo, w.lo, mul)+shiftMix(y)*k0+z, mix16(v.hi, w.hi, mul)+x, mul)
}

// CrossKey is the combination that TensorFlow's cross_hashed starts with.
const CrossKey = 0xDECAFCAFFE

// Combine appends a fingerprint to a combination of others, as TensorFlow's
// FingerprintCat64 does.
func Combine(fp, next uint64) uint64 {
	const mul = 0xc6a4a7935bd1e995
	r := (fp ^ mul ^ shiftMix(next*mul)*mul) * mul
	return shiftMix(shiftMix(r) * mul)
}
