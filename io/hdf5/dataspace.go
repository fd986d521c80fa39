package hdf5

import (
	"math"
	"math/bits"
)

// maxRank is HDF5's limit on dimensions.
const maxRank = 32

// dataspace is the shape of a dataset or attribute.
type dataspace struct {
	dims, max []uint64 // max may hold "unlimited"; it equals dims if the file gives none
	null      bool     // no value at all, as opposed to an empty one
	n         uint64   // elements
}

func readDataspace(c *cursor) (s dataspace) {
	v, rank, flags := c.u8(), c.u8(), c.u8()
	switch {
	case c.err != nil:
		return s
	case v == 1:
		c.take(5)
	case v == 2:
		s.null = c.u8() == 2
	default:
		c.fail("dataspace version %d", v)
	}
	if rank > maxRank {
		c.fail("dataspace of rank %d", rank)
	}
	s.n = 1
	empty := false
	for range rank {
		d := c.length()
		if c.err != nil {
			return s
		}
		s.dims = append(s.dims, d)
		if d == 0 {
			empty = true
			continue
		}
		// The product without zeros must fit too: strides are computed from it.
		hi, lo := bits.Mul64(s.n, d)
		if hi != 0 || lo > math.MaxInt>>1 {
			c.err = fail(ErrRefused, "shape %v has too many elements", s.dims)
			return s
		}
		s.n = lo
	}
	if empty || s.null {
		s.n = 0
	}
	s.max = s.dims
	if flags&1 != 0 {
		s.max = nil
		for range rank {
			m := c.length()
			if c.f.lengthSize < 8 && m == 1<<(8*c.f.lengthSize)-1 {
				m = undefined
			}
			s.max = append(s.max, m)
		}
	}
	return s
}

// shape returns dims as ints; their product fits.
func (s *dataspace) shape() []int {
	out := make([]int, len(s.dims))
	for i, d := range s.dims {
		out[i] = int(d)
	}
	return out
}

// bytes returns the size of n elements, or an error if it cannot be addressed.
func (s *dataspace) bytes(t *Type) (uint64, error) {
	hi, lo := bits.Mul64(s.n, uint64(t.Size))
	if hi != 0 || lo > math.MaxInt>>1 {
		return 0, fail(ErrRefused, "%d elements of %d bytes", s.n, t.Size)
	}
	return lo, nil
}
