package kernel

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSort: the order is that of cmp.Compare, and stable, for lines that are sorted by comparisons and by digits.
func TestSort(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{0, 1, 2, 17, radixLeast - 1, radixLeast, 3000} {
		for _, descending := range []bool{false, true} {
			x, _ := guarded(t, r, n, 1)
			mixed(r, x)
			want := make([]int32, n)
			for i := range want {
				want[i] = int32(i)
			}
			slices.SortStableFunc(want, func(a, b int32) int {
				if descending {
					a, b = b, a
				}
				return cmp.Compare(x[a], x[b])
			})
			take := n - n/3
			y, checkY := guarded(t, r, take, 0)
			scratch, checkScratch := guarded(t, r, SortScratch(n), 2)
			got := make([]int32, take)
			Sort(y, got, x, descending, scratch)
			checkY()
			checkScratch()
			for i, place := range got {
				if place != want[i] || !same(y[i], x[place]) {
					t.Fatalf("%d elements, descending %v: element %d is %v from place %d, want place %d", n, descending, i, y[i], place, want[i])
				}
			}
		}
	}
}
