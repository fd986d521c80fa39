package kernel

import "math/bits"

// Philox is the counter-based random generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, SC11):
// four random words for every pair of counter and key.
func Philox(counter [4]uint32, key [2]uint32) [4]uint32 {
	const m0, m1, w0, w1 = 0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85
	c := counter
	for range 10 {
		h0, l0 := bits.Mul32(m0, c[0])
		h1, l1 := bits.Mul32(m1, c[2])
		c = [4]uint32{h1 ^ c[1] ^ key[0], l1, h0 ^ c[3] ^ key[1], l0}
		key[0] += w0
		key[1] += w1
	}
	return c
}

// advance adds n to the lower 64 bits of a counter.
func advance(counter [4]uint32, n uint64) [4]uint32 {
	c := (uint64(counter[1])<<32 | uint64(counter[0])) + n
	counter[0], counter[1] = uint32(c), uint32(c>>32)
	return counter
}

// Uniform fills dst with numbers k·2^-24, 0 <= k < 2^24, uniform in [0, 1). Element i is word i%4 of Philox(counter + i/4, key) without its lowest 8 bits, the
// addition running over the lower 64 bits of the counter: a slice may be filled in pieces that start at multiples of 4.
func Uniform(dst []float32, key [2]uint32, counter [4]uint32) {
	for len(dst) > 0 {
		blocks := min(chunk/4, 1<<32-uint64(counter[0])) // at most until the lowest word overflows
		n := len(dst)
		if blocks < uint64(n+3)/4 {
			n = int(blocks * 4)
		}
		active.uniform(dst[:n], key, counter)
		dst, counter = dst[n:], advance(counter, blocks)
	}
}

// uniformGeneric: see Uniform.
func uniformGeneric(dst []float32, key [2]uint32, counter [4]uint32) {
	for i := 0; i < len(dst); i += 4 {
		words := Philox(advance(counter, uint64(i/4)), key)
		for j, v := range words[:min(4, len(dst)-i)] {
			dst[i+j] = float32(v>>8) * (1.0 / (1 << 24))
		}
	}
}
