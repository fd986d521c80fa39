package kernel

import (
	"math"
	"slices"
)

// Radix sort (least significant digit first, which keeps the order of equal keys) of 32-bit keys in three passes; short lines are sorted by comparisons.
const (
	radixBits   = 11
	radixDigits = 1 << radixBits
	radixPasses = 3
	radixLeast  = 512 // elements from which on counting digits pays
)

// SortScratch is the number of float32s that Sort needs for n elements.
func SortScratch(n int) int { return 4*n + radixPasses*radixDigits }

// Sort stores the first len(y) elements of x in ascending or descending order, and their places in x. Equal elements, such as the two zeros, keep their order;
// NaN counts as smaller than any number.
func Sort(y []float32, places []int32, x []float32, descending bool, scratch []float32) {
	n := len(x)
	s := integers(need(scratch, SortScratch(n)))
	keys, ids, keys2, ids2, counts := s[:n], s[n:][:n], s[2*n:][:n], s[3*n:][:n], s[4*n:]
	for i, v := range x {
		keys[i], ids[i] = sortKey(v, descending), uint32(i)
	}
	if n < radixLeast {
		slices.SortStableFunc(ids, func(a, b uint32) int {
			switch p, q := keys[a], keys[b]; {
			case p < q:
				return -1
			case p > q:
				return 1
			}
			return 0
		})
	} else {
		clear(counts)
		for _, k := range keys {
			for p := range radixPasses {
				counts[p*radixDigits+int(k>>(p*radixBits)%radixDigits)]++
			}
		}
		for p := range radixPasses {
			digits, at := counts[p*radixDigits:][:radixDigits], uint32(0)
			for d, count := range digits {
				digits[d], at = at, at+count
			}
			for i, k := range keys {
				d := k >> (p * radixBits) % radixDigits
				to := digits[d]
				digits[d]++
				keys2[to], ids2[to] = k, ids[i]
			}
			keys, ids, keys2, ids2 = keys2, ids2, keys, ids
		}
	}
	for i := range y {
		y[i], places[i] = x[ids[i]], int32(ids[i])
	}
}

// sortKey is a number whose order as an integer is that of x.
func sortKey(x float32, descending bool) uint32 {
	var k uint32
	switch b := math.Float32bits(x); {
	case x != x: // before all others
	case x == 0:
		k = signBit
	case b&signBit != 0:
		k = ^b
	default:
		k = b | signBit
	}
	if descending {
		return ^k
	}
	return k
}

const signBit = 1 << 31
