package tensor

import (
	"fmt"
	"slices"
	"unsafe"
)

// Tensor is a dense row-major array. Reshape and Slice share memory with the
// original; everything else copies. The zero value is not usable: make one with
// New or one of the From functions.
type Tensor struct {
	dtype DType
	shape Shape
	data  any // []float32, []float64, []int32, []int64, []uint8, []bool, []string or *coded
}

// ShapeError is the panic value of methods that were given a shape, an index or
// a type that does not fit.
type ShapeError struct {
	Op  string // the method, such as "Reshape"
	Msg string
}

func (e *ShapeError) Error() string { return "tensor: " + e.Op + ": " + e.Msg }

func fail(op, format string, args ...any) {
	panic(&ShapeError{Op: op, Msg: fmt.Sprintf(format, args...)})
}

// New returns a tensor of zeros.
func New(dtype DType, shape ...int) *Tensor {
	for _, d := range shape {
		if d < 0 {
			fail("New", "negative length in shape %v", Shape(shape))
		}
	}
	return &Tensor{dtype, slices.Clone(shape), make1(dtype, Shape(shape).Size())}
}

func make1(dtype DType, n int) any {
	switch dtype {
	case Float32:
		return make([]float32, n)
	case Float64:
		return make([]float64, n)
	case Int32:
		return make([]int32, n)
	case Int64:
		return make([]int64, n)
	case Uint8:
		return make([]uint8, n)
	case Bool:
		return make([]bool, n)
	case String:
		return make([]string, n)
	}
	panic(fmt.Sprintf("tensor: unknown dtype %d", dtype))
}

// Element is the set of Go types a tensor can hold.
type Element interface {
	float32 | float64 | int32 | int64 | uint8 | bool | string
}

// TypeOf returns the DType of a Go element type.
func TypeOf[T Element]() DType {
	var zero T
	switch any(zero).(type) {
	case float32:
		return Float32
	case float64:
		return Float64
	case int32:
		return Int32
	case int64:
		return Int64
	case uint8:
		return Uint8
	case bool:
		return Bool
	}
	return String
}

// From wraps data, which is not copied, in the given shape. With no shape it is
// one-dimensional. The number of elements must agree.
func From[T Element](data []T, shape ...int) *Tensor {
	if shape == nil {
		shape = []int{len(data)}
	}
	if n := Shape(shape).Size(); n != len(data) {
		fail("From", "shape %v wants %d elements, got %d", Shape(shape), n, len(data))
	}
	return &Tensor{TypeOf[T](), slices.Clone(shape), data}
}

// Scalar returns a tensor of rank 0.
func Scalar[T Element](v T) *Tensor { return &Tensor{TypeOf[T](), Shape{}, []T{v}} }

// Data returns the elements of t, shared, not copied. It panics when T is not
// the tensor's element type.
func Data[T Element](t *Tensor) []T {
	d, ok := t.flat().([]T)
	if !ok {
		fail("Data", "tensor is %v, not %v", t.dtype, TypeOf[T]())
	}
	return d
}

// Float32s returns the elements of a float32 tensor, shared with it.
func (t *Tensor) Float32s() []float32 { return Data[float32](t) }

// Float64s returns the elements of a float64 tensor, shared with it.
func (t *Tensor) Float64s() []float64 { return Data[float64](t) }

// Int32s returns the elements of an int32 tensor, shared with it.
func (t *Tensor) Int32s() []int32 { return Data[int32](t) }

// Shape returns the lengths of the axes. The caller must not change it.
func (t *Tensor) Shape() Shape { return t.shape }

// DType returns the element type.
func (t *Tensor) DType() DType { return t.dtype }

// Size returns the number of elements.
func (t *Tensor) Size() int { return t.shape.Size() }

// Len returns the length of the first axis, the number of samples; 1 for a scalar.
func (t *Tensor) Len() int {
	if len(t.shape) == 0 {
		return 1
	}
	return t.shape[0]
}

// Bytes returns the memory the elements take.
func (t *Tensor) Bytes() int { return t.Size() * t.dtype.Size() }

// Reshape returns a view with another shape of the same size. One length may be
// -1 and is then worked out, as in NumPy.
func (t *Tensor) Reshape(shape ...int) *Tensor {
	s := Shape(shape).Clone()
	free, n := -1, 1
	for i, d := range s {
		switch {
		case d == Unknown && free >= 0:
			fail("Reshape", "more than one -1 in %v", []int(s))
		case d == Unknown:
			free = i
		case d < 0:
			fail("Reshape", "negative length in %v", []int(s))
		default:
			n *= d
		}
	}
	if free >= 0 {
		if n == 0 || t.Size()%n != 0 {
			fail("Reshape", "cannot turn %v (%d elements) into %v", t.shape, t.Size(), []int(s))
		}
		s[free] = t.Size() / n
		n *= s[free]
	}
	if n != t.Size() {
		fail("Reshape", "cannot turn %v (%d elements) into %v", t.shape, t.Size(), []int(s))
	}
	return &Tensor{t.dtype, s, t.data}
}

// Slice returns the samples [from, to) of the first axis, sharing memory.
func (t *Tensor) Slice(from, to int) *Tensor {
	if len(t.shape) == 0 || from < 0 || to < from || to > t.shape[0] {
		fail("Slice", "[%d:%d] is outside %v", from, to, t.shape)
	}
	row := t.shape[1:].Size()
	s := t.shape.Clone()
	s[0] = to - from
	return &Tensor{t.dtype, s, slice1(t.stored(), from*row, to*row)}
}

func slice1(data any, from, to int) any {
	switch d := data.(type) {
	case []float32:
		return d[from:to]
	case []float64:
		return d[from:to]
	case []int32:
		return d[from:to]
	case []int64:
		return d[from:to]
	case []uint8:
		return d[from:to]
	case []bool:
		return d[from:to]
	case []string:
		return d[from:to]
	case *coded:
		return &coded{codes: d.codes[from:to], values: d.values}
	}
	panic("tensor: unknown data")
}

// Clone returns a copy that shares no memory with t.
func (t *Tensor) Clone() *Tensor {
	c := &Tensor{t.dtype, t.shape.Clone(), make1(t.dtype, t.Size())}
	c.CopyFrom(t)
	return c
}

// CopyFrom copies the elements of src, which must have the same type and size.
func (t *Tensor) CopyFrom(src *Tensor) {
	if t.dtype != src.dtype || t.Size() != src.Size() {
		fail("CopyFrom", "%v %v does not fit into %v %v", src.dtype, src.shape, t.dtype, t.shape)
	}
	switch d := t.flat().(type) {
	case []float32:
		if c, ok := src.stored().(*coded); ok {
			c.decode(d, 0)
		} else {
			copy(d, src.stored().([]float32))
		}
	case []float64:
		copy(d, src.data.([]float64))
	case []int32:
		copy(d, src.data.([]int32))
	case []int64:
		copy(d, src.data.([]int64))
	case []uint8:
		copy(d, src.data.([]uint8))
	case []bool:
		copy(d, src.data.([]bool))
	case []string:
		copy(d, src.data.([]string))
	}
}

// SameData reports whether two tensors have the same type and share the same
// elements from the first to the last.
func SameData(a, b *Tensor) bool {
	if a.dtype != b.dtype || a.Size() != b.Size() || a.Size() == 0 {
		return false
	}
	return a.base() == b.base()
}

// base returns the address of the first element.
func (t *Tensor) base() unsafe.Pointer {
	switch d := t.stored().(type) {
	case *coded:
		return unsafe.Pointer(unsafe.SliceData(d.codes))
	case []float32:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []float64:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []int32:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []int64:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []uint8:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []bool:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []string:
		return unsafe.Pointer(unsafe.SliceData(d))
	}
	return nil
}
