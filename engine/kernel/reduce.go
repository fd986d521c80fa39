package kernel

import "math"

// reduceOp numbers the kernels that make one number of a slice.
type reduceOp int

const (
	opSum reduceOp = iota
	opSumSquares
	opMaxOf
	opMinOf
	numReduce
)

// sumBlock is the length up to which sums run straight through a kernel's accumulators; longer slices are halved at multiples of it and added pairwise,
// which keeps the rounding error near log2(n) and makes the order a function of the length alone.
const sumBlock = 2048

func pairwiseReduce(op reduceOp, x []float32) float32 {
	if len(x) <= sumBlock {
		return active.reduce[op](x)
	}
	blocks := (len(x) + sumBlock - 1) / sumBlock
	mid := (blocks + 1) / 2 * sumBlock
	return pairwiseReduce(op, x[:mid]) + pairwiseReduce(op, x[mid:])
}

// Sum returns Σ x[i]; 0 for an empty slice.
func Sum(x []float32) float32 { return pairwiseReduce(opSum, x) }

// SumSquares returns Σ x[i]².
func SumSquares(x []float32) float32 { return pairwiseReduce(opSumSquares, x) }

// Dot returns Σ x[i]·y[i] over the elements of x; y must be at least as long.
func Dot(x, y []float32) float32 {
	y = need(y, len(x))
	if len(x) <= sumBlock {
		return active.dot(x, y)
	}
	blocks := (len(x) + sumBlock - 1) / sumBlock
	mid := (blocks + 1) / 2 * sumBlock
	return Dot(x[:mid], y[:mid]) + Dot(x[mid:], y[mid:])
}

// MaxOf returns the largest element, NaN if any is NaN, -Inf for an empty slice.
func MaxOf(x []float32) float32 {
	m := float32(math.Inf(-1))
	for ; len(x) > chunk; x = x[chunk:] {
		m = larger(m, active.reduce[opMaxOf](x[:chunk]))
	}
	return larger(m, active.reduce[opMaxOf](x))
}

// MinOf returns the smallest element, NaN if any is NaN, +Inf for an empty slice.
func MinOf(x []float32) float32 {
	m := float32(math.Inf(1))
	for ; len(x) > chunk; x = x[chunk:] {
		m = smaller(m, active.reduce[opMinOf](x[:chunk]))
	}
	return smaller(m, active.reduce[opMinOf](x))
}
