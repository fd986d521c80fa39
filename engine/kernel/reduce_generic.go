package kernel

import "math"

// genericReduce holds the portable reductions.
var genericReduce = [numReduce]reduceFunc{
	opSum: func(x []float32) float32 {
		var s [4]float32
		for ; len(x) >= 4; x = x[4:] {
			s[0], s[1], s[2], s[3] = s[0]+x[0], s[1]+x[1], s[2]+x[2], s[3]+x[3]
		}
		for i, v := range x {
			s[i] += v
		}
		return (s[0] + s[1]) + (s[2] + s[3])
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

// dotGeneric: Σ x[i]·y[i] in four interleaved sums.
func dotGeneric(x, y []float32) float32 {
	var s [4]float32
	for len(x) >= 4 {
		s[0], s[1], s[2], s[3] = s[0]+x[0]*y[0], s[1]+x[1]*y[1], s[2]+x[2]*y[2], s[3]+x[3]*y[3]
		x, y = x[4:], y[4:]
	}
	for i, v := range x {
		s[i] += v * y[i]
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}
