// Package rng makes random numbers that are a function of their address: the
// same (seed, stream, position) gives the same number on any machine and for any
// number of threads. The generator is Philox 4x32-10 (Salmon, Moraes, Dror and
// Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
//
// It is not for cryptography.
package rng

import (
	"hash/fnv"
	"math"
)

// Philox returns four random words for a key and a counter.
func Philox(key [2]uint32, ctr [4]uint32) [4]uint32 {
	const m0, m1, w0, w1 = 0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85
	for range 10 {
		p0, p1 := uint64(m0)*uint64(ctr[0]), uint64(m1)*uint64(ctr[2])
		ctr = [4]uint32{
			uint32(p1>>32) ^ ctr[1] ^ key[0], uint32(p1),
			uint32(p0>>32) ^ ctr[3] ^ key[1], uint32(p0),
		}
		key[0] += w0
		key[1] += w1
	}
	return ctr
}

// Float turns a random word into a float in [0, 1) with 24 random bits.
func Float(w uint32) float32 { return float32(w>>8) * (1.0 / (1 << 24)) }

// Hash returns a stream number for a name, such as a layer's path.
func Hash(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}

// Stream is an endless sequence of random numbers. It is not safe for concurrent
// use; make one for each purpose with New.
type Stream struct {
	key  [2]uint32
	id   uint64
	pos  uint64
	buf  [4]uint32
	left int
}

// New returns the stream with number id of a seed. Streams of different numbers
// are independent.
func New(seed, id uint64) *Stream {
	return &Stream{key: [2]uint32{uint32(seed), uint32(seed >> 32)}, id: id}
}

// Uint32 returns 32 random bits.
func (s *Stream) Uint32() uint32 {
	if s.left == 0 {
		s.buf = Philox(s.key, [4]uint32{uint32(s.pos), uint32(s.pos >> 32), uint32(s.id), uint32(s.id >> 32)})
		s.pos++
		s.left = 4
	}
	s.left--
	return s.buf[3-s.left]
}

// Ahead returns a stream that begins n blocks of four words, that is n calls of
// Normal, after the next word of s, and whether s is at the beginning of a block, as
// it must be.
func (s *Stream) Ahead(n int) (Stream, bool) {
	return Stream{key: s.key, id: s.id, pos: s.pos + uint64(n)}, s.left == 0
}

// Float64 returns a number in [0, 1) with 53 random bits.
func (s *Stream) Float64() float64 {
	hi, lo := uint64(s.Uint32()), uint64(s.Uint32())
	return float64((hi<<32|lo)>>11) / (1 << 53)
}

// Uniform returns a number in [lo, hi).
func (s *Stream) Uniform(lo, hi float64) float64 { return lo + (hi-lo)*s.Float64() }

// Normal returns a number from the standard normal distribution (Box and Muller).
func (s *Stream) Normal() float64 {
	u, v := 1-s.Float64(), s.Float64()
	return math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*v)
}

// TruncatedNormal returns a number from the standard normal distribution, drawn
// again while it is more than two standard deviations from the mean.
func (s *Stream) TruncatedNormal() float64 {
	for {
		if x := s.Normal(); math.Abs(x) <= 2 {
			return x
		}
	}
}

// Intn returns a number in [0, n) without bias; n must be positive.
func (s *Stream) Intn(n int) int {
	limit := uint64(math.MaxUint64) - uint64(math.MaxUint64)%uint64(n)
	for {
		if x := uint64(s.Uint32())<<32 | uint64(s.Uint32()); x < limit {
			return int(x % uint64(n))
		}
	}
}

// Perm fills p with a random permutation of 0…len(p)-1 (Fisher and Yates).
func (s *Stream) Perm(p []int) {
	for i := range p {
		p[i] = i
	}
	for i := len(p) - 1; i > 0; i-- {
		j := s.Intn(i + 1)
		p[i], p[j] = p[j], p[i]
	}
}
