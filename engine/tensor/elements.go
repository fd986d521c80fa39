package tensor

import "fmt"

// Offset returns the place of an element in the flat data.
func (t *Tensor) Offset(index ...int) int {
	if len(index) != len(t.shape) {
		fail("At", "%d indices for a tensor of shape %v", len(index), t.shape)
	}
	off := 0
	for i, x := range index {
		if x < 0 || x >= t.shape[i] {
			fail("At", "index %v is outside %v", index, t.shape)
		}
		off = off*t.shape[i] + x
	}
	return off
}

// At returns one element of a numeric tensor as float64; true is 1.
func (t *Tensor) At(index ...int) float64 { return t.Float64At(t.Offset(index...)) }

// Float64At returns element i of the flat data as float64; true is 1.
func (t *Tensor) Float64At(i int) float64 {
	switch d := t.stored().(type) {
	case *coded:
		return float64(d.values[d.codes[i]])
	case []float32:
		return float64(d[i])
	case []float64:
		return d[i]
	case []int32:
		return float64(d[i])
	case []int64:
		return float64(d[i])
	case []uint8:
		return float64(d[i])
	case []bool:
		if d[i] {
			return 1
		}
		return 0
	}
	fail("At", "a %v tensor has no numbers", t.dtype)
	return 0
}

// SetFloat64At stores v, converted to the element type, at place i of the flat
// data. Integers are truncated toward zero, as Keras's cast does; a bool is v != 0.
func (t *Tensor) SetFloat64At(i int, v float64) {
	switch d := t.flat().(type) {
	case []float32:
		d[i] = float32(v)
	case []float64:
		d[i] = v
	case []int32:
		d[i] = int32(v)
	case []int64:
		d[i] = int64(v)
	case []uint8:
		d[i] = uint8(int64(v))
	case []bool:
		d[i] = v != 0
	default:
		fail("Set", "a %v tensor has no numbers", t.dtype)
	}
}

// String describes the tensor without printing all of it: type, shape and the
// first elements.
func (t *Tensor) String() string {
	const show = 8
	n := min(t.Size(), show)
	dots := ""
	if t.Size() > show {
		dots = " …"
	}
	return fmt.Sprintf("tensor(%v %v %v%s)", t.dtype, t.shape, t.head(n), dots)
}

// head returns the first n elements.
func (t *Tensor) head(n int) any {
	if c, ok := t.stored().(*coded); ok {
		d := make([]float32, n)
		c.decode(d, 0)
		return d
	}
	return slice1(t.stored(), 0, n)
}
