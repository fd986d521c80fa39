package graph

import "fmt"

// MaxRank is the largest number of axes an op's attribute can describe.
const MaxRank = 8

// Dims is a short list of ints (a shape, axes, a permutation) that can be
// compared with ==, so that ops which hold one stay comparable.
type Dims struct {
	n int
	d [MaxRank]int
}

// MakeDims packs a list of at most MaxRank ints.
func MakeDims(list ...int) Dims {
	var d Dims
	if len(list) > MaxRank {
		panic(fmt.Sprintf("graph: %d dimensions, at most %d are supported", len(list), MaxRank))
	}
	d.n = copy(d.d[:], list)
	return d
}

// Len returns the number of ints.
func (d Dims) Len() int { return d.n }

// At returns int i.
func (d Dims) At(i int) int { return d.d[:d.n][i] }

// List returns a new slice of the ints.
func (d Dims) List() []int { return append([]int{}, d.d[:d.n]...) }

// String prints the ints as a Python tuple.
func (d Dims) String() string { return Shape(d.List()).String() }
