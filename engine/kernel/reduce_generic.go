package kernel

import "math"

// genericReduce holds the portable reductions.
var genericReduce = [numReduce]reduceFunc{
	opSum: func(x []float32) float32 {
		var s [8]float32
		for ; len(x) >= 8; x = x[8:] {
			s[0], s[1], s[2], s[3] = s[0]+x[0], s[1]+x[1], s[2]+x[2], s[3]+x[3]
			s[4], s[5], s[6], s[7] = s[4]+x[4], s[5]+x[5], s[6]+x[6], s[7]+x[7]
		}
		for i, v := range x {
			s[i] += v
		}
		return join8(&s)
	},
	opSumSquares: func(x []float32) float32 { return dotGeneric(x, x) },
	opMaxOf: func(x []float32) float32 {
		m := float32(math.Inf(-1))
		for _, v := range x {
			m = max(m, v)
		}
		return m
	},
	opMinOf: func(x []float32) float32 {
		m := float32(math.Inf(1))
		for _, v := range x {
			m = min(m, v)
		}
		return m
	},
}

// join8 adds eight interleaved sums as a tree.
func join8(s *[8]float32) float32 {
	return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]))
}

// dotGeneric: Σ x[i]·y[i] in eight interleaved sums.
func dotGeneric(x, y []float32) float32 {
	var s [8]float32
	for len(x) >= 8 && len(y) >= 8 {
		s[0], s[1], s[2], s[3] = s[0]+x[0]*y[0], s[1]+x[1]*y[1], s[2]+x[2]*y[2], s[3]+x[3]*y[3]
		s[4], s[5], s[6], s[7] = s[4]+x[4]*y[4], s[5]+x[5]*y[5], s[6]+x[6]*y[6], s[7]+x[7]*y[7]
		x, y = x[8:], y[8:]
	}
	for i, v := range x {
		s[i] += v * y[i]
	}
	return join8(&s)
}
