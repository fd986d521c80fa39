package rng

import (
	"fmt"
	"math/bits"
)

// MT19937 is numpy.random.RandomState, and Python's random: the Mersenne Twister MT19937 (Matsumoto and
// Nishimura, 1998) with the seeding and the shuffling that NumPy has frozen. kerasgo's
// own random numbers do not come from it; it repeats what Keras does with a seed.
type MT19937 struct {
	key [624]uint32
	at  int
}

// NewNumPy returns numpy.random.RandomState(seed).
func NewNumPy(seed int) (*MT19937, error) {
	if seed < 0 || int64(seed) > 1<<32-1 {
		return nil, fmt.Errorf("seed must be between 0 and 2**32 - 1, got %d", seed)
	}
	r := &MT19937{at: 624}
	s := uint32(seed)
	for i := range r.key {
		r.key[i] = s
		s = 1812433253*(s^s>>30) + uint32(i) + 1
	}
	return r, nil
}

// NewPython returns Python's random.Random(seed).
func NewPython(seed uint64) *MT19937 {
	r, _ := NewNumPy(19650218)
	key := []uint32{uint32(seed)}
	if high := uint32(seed >> 32); high > 0 {
		key = append(key, high)
	}
	const n = len(r.key)
	i := 1
	next := func() {
		if i++; i == n {
			r.key[0] = r.key[n-1]
			i = 1
		}
	}
	for k := range n {
		j := k % len(key)
		r.key[i] = (r.key[i] ^ (r.key[i-1]^r.key[i-1]>>30)*1664525) + key[j] + uint32(j)
		next()
	}
	for range n - 1 {
		r.key[i] = (r.key[i] ^ (r.key[i-1]^r.key[i-1]>>30)*1566083941) - uint32(i)
		next()
	}
	r.key[0] = 1 << 31
	r.at = n
	return r
}

// PythonShuffled returns the numbers below n as Python's random.shuffle leaves
// list(range(n)).
func (r *MT19937) PythonShuffled(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	for i := n - 1; i > 0; i-- {
		shift := bits.LeadingZeros32(uint32(i + 1))
		j := r.uint32() >> shift
		for j > uint32(i) {
			j = r.uint32() >> shift
		}
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// uint32 returns the next 32 bits.
func (r *MT19937) uint32() uint32 {
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

func (r *MT19937) twist() {
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
func (r *MT19937) interval(most uint32) uint32 {
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

// Shuffled returns the numbers below n as NumPy's shuffle leaves arange(n).
func (r *MT19937) Shuffled(n int) []int {
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
