package tensor

import "gonum.org/v1/gonum/mat"

// Cast returns t converted to another numeric type, or t itself when it has
// that type already.
func (t *Tensor) Cast(dtype DType) *Tensor {
	if t.dtype == dtype {
		return t
	}
	if dtype == String || t.dtype == String {
		fail("Cast", "cannot turn %v into %v", t.dtype, dtype)
	}
	c := New(dtype, t.shape...)
	convert(c, t)
	return c
}

// Gather copies the samples rows of the first axis of src into dst, whose first
// axis must be len(rows) long; types may differ and are converted.
func Gather(dst, src *Tensor, rows []int) {
	if dst.Size() != src.shape[1:].Size()*len(rows) {
		fail("Gather", "%d rows of %v do not fit into %v", len(rows), src.shape, dst.shape)
	}
	GatherAt(dst, 0, src, rows)
}

// GatherAt copies the samples rows of src into those of dst from sample at on; types
// may differ and are converted. Several goroutines may fill parts of one tensor.
func GatherAt(dst *Tensor, at int, src *Tensor, rows []int) {
	row := src.shape[1:].Size()
	if at < 0 || (at+len(rows))*row > dst.Size() {
		fail("Gather", "%d rows of %v do not fit into %v from %d on", len(rows), src.shape, dst.shape, at)
	}
	for _, r := range rows {
		if r < 0 || r >= src.shape[0] {
			fail("Gather", "row %d is outside %v", r, src.shape)
		}
	}
	// This runs for every batch of training: no allocations, plain loops.
	var done bool
	from, to, data := at*row, (at+len(rows))*row, src.stored()
	switch d := dst.flat().(type) {
	case []float32:
		if c, ok := data.(*coded); ok {
			for i, r := range rows {
				c.decode(d[from+i*row:][:row], r*row)
			}
			return
		}
		done = gatherTo(d[from:to], data, rows, row)
	case []float64:
		done = gatherTo(d[from:to], data, rows, row)
	case []int32:
		done = gatherTo(d[from:to], data, rows, row)
	case []int64:
		done = gatherTo(d[from:to], data, rows, row)
	case []uint8:
		done = gatherTo(d[from:to], data, rows, row)
	}
	if done {
		return
	}
	for i, r := range rows {
		d := &Tensor{dst.dtype, Shape{row}, slice1(dst.flat(), from+i*row, from+(i+1)*row)}
		s := &Tensor{src.dtype, Shape{row}, slice1(data, r*row, (r+1)*row)}
		convert(d, s)
	}
}

type number interface {
	float32 | float64 | int32 | int64 | uint8
}

// gatherTo copies rows of n elements of src, when it holds numbers.
func gatherTo[D number](d []D, src any, rows []int, n int) bool {
	switch s := src.(type) {
	case []D:
		for i, r := range rows {
			copy(d[i*n:(i+1)*n], s[r*n:])
		}
	case []float32:
		gatherRows(d, s, rows, n)
	case []float64:
		gatherRows(d, s, rows, n)
	case []int32:
		gatherRows(d, s, rows, n)
	case []int64:
		gatherRows(d, s, rows, n)
	case []uint8:
		gatherRows(d, s, rows, n)
	default:
		return false
	}
	return true
}

func gatherRows[D, S number](d []D, s []S, rows []int, n int) {
	for i, r := range rows {
		to := d[i*n : (i+1)*n]
		for k, v := range s[r*n : (r+1)*n] {
			to[k] = D(v)
		}
	}
}

// convert copies src into dst, which has the same size, converting elements.
func convert(dst, src *Tensor) {
	if dst.dtype == src.dtype {
		dst.CopyFrom(src)
		return
	}
	// The common cases are worth a loop of their own: images and labels.
	if d, ok := dst.flat().([]float32); ok {
		switch s := src.stored().(type) {
		case []uint8:
			for i, v := range s {
				d[i] = float32(v)
			}
			return
		case []float64:
			for i, v := range s {
				d[i] = float32(v)
			}
			return
		}
	}
	if d, ok := dst.flat().([]int64); ok { // int32 and uint8 only widen
		switch s := src.stored().(type) {
		case []int32:
			for i, v := range s {
				d[i] = int64(v)
			}
			return
		}
	}
	for i := range src.Size() {
		dst.SetFloat64At(i, src.Float64At(i))
	}
}

// FromMatrix copies a gonum matrix into a float64 tensor of shape (rows, cols).
func FromMatrix(m mat.Matrix) *Tensor {
	r, c := m.Dims()
	t := New(Float64, r, c)
	d := t.Float64s()
	for i := range r {
		for j := range c {
			d[i*c+j] = m.At(i, j)
		}
	}
	return t
}

// Matrix copies a tensor of rank 2 into a gonum matrix.
func (t *Tensor) Matrix() *mat.Dense {
	if len(t.shape) != 2 {
		fail("Matrix", "shape %v is not a matrix", t.shape)
	}
	m := mat.NewDense(t.shape[0], t.shape[1], nil)
	d := m.RawMatrix().Data
	for i := range d {
		d[i] = t.Float64At(i)
	}
	return m
}
