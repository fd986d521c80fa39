package datasets

import "fmt"

// randomState is numpy.random.RandomState: the Mersenne Twister MT19937 (Matsumoto and
// Nishimura, 1998) with the seeding and the shuffling that NumPy has frozen.
type randomState struct {
	key [624]uint32
	at  int
}

func newRandomState(seed int) (*randomState, error) {
	if seed < 0 || int64(seed) > 1<<32-1 {
		return nil, fmt.Errorf("seed must be between 0 and 2**32 - 1, got %d", seed)
	}
	r := &randomState{at: 624}
	s := uint32(seed)
	for i := range r.key {
		r.key[i] = s
		s = 1812433253*(s^s>>30) + uint32(i) + 1
	}
	return r, nil
}

// uint32 returns the next 32 bits.
func (r *randomState) uint32() uint32 {
	if r.at == len(r.key) {
		r.twist()
	}
	y := r.key[r.at]
	r.at++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

func (r *randomState) twist() {
	const n, m = 624, 397
	for i := range n {
		y := r.key[i]&0x80000000 | r.key[(i+1)%n]&0x7fffffff
		v := r.key[(i+m)%n] ^ y>>1
		if y&1 != 0 {
			v ^= 0x9908b0df
		}
		r.key[i] = v
	}
	r.at = 0
}

// interval returns a number from 0 to most, by drawing bits until they fit.
func (r *randomState) interval(most uint32) uint32 {
	mask := most
	for _, s := range []int{1, 2, 4, 8, 16} {
		mask |= mask >> s
	}
	for {
		if v := r.uint32() & mask; v <= most {
			return v
		}
	}
}

// shuffled returns the numbers below n as shuffle leaves arange(n).
func (r *randomState) shuffled(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := r.interval(uint32(i))
		list[i], list[j] = list[j], list[i]
	}
	return list
}
