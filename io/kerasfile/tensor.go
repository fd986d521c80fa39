package kerasfile

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"

	"github.com/kerasgo/kerasgo/io/hdf5"
)

// Tensor is a named array. Data are its elements, little-endian and in row-major order.
type Tensor struct {
	Name  string
	Shape []int  // empty for a scalar
	DType string // "float32", "float16", "bfloat16", "int64", "bool", ...
	Data  []byte
}

var hostIsLittle = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// Float32s makes a tensor of float32. The values are not copied where memory already looks like the file, so they must not change until the
// tensor is written.
func Float32s(name string, shape []int, v []float32) Tensor {
	t := Tensor{Name: name, Shape: shape, DType: "float32"}
	if hostIsLittle {
		t.Data = view(v)
		return t
	}
	for _, x := range v {
		t.Data = binary.LittleEndian.AppendUint32(t.Data, math.Float32bits(x))
	}
	return t
}

// Float64s makes a tensor of float64, as Float32s does.
func Float64s(name string, shape []int, v []float64) Tensor {
	t := Tensor{Name: name, Shape: shape, DType: "float64"}
	if hostIsLittle {
		t.Data = view(v)
		return t
	}
	for _, x := range v {
		t.Data = binary.LittleEndian.AppendUint64(t.Data, math.Float64bits(x))
	}
	return t
}

// Int32s makes a tensor of int32, as Float32s does.
func Int32s(name string, shape []int, v []int32) Tensor {
	t := Tensor{Name: name, Shape: shape, DType: "int32"}
	if hostIsLittle {
		t.Data = view(v)
		return t
	}
	for _, x := range v {
		t.Data = binary.LittleEndian.AppendUint32(t.Data, uint32(x))
	}
	return t
}

// Int64s makes a tensor of int64, as Float32s does.
func Int64s(name string, shape []int, v []int64) Tensor {
	t := Tensor{Name: name, Shape: shape, DType: "int64"}
	if hostIsLittle {
		t.Data = view(v)
		return t
	}
	for _, x := range v {
		t.Data = binary.LittleEndian.AppendUint64(t.Data, uint64(x))
	}
	return t
}

// view returns the memory of v as bytes.
func view[T float32 | float64 | int32 | int64](v []T) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*int(unsafe.Sizeof(v[0])))
}

// Len returns the number of elements that the shape names.
func (t Tensor) Len() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Float32s returns the elements of a numeric tensor as float32. For a float32 tensor the result shares the tensor's memory where possible.
func (t Tensor) Float32s() ([]float32, error) {
	if t.DType == "float32" && hostIsLittle && len(t.Data) > 0 && len(t.Data)%4 == 0 {
		if p := unsafe.Pointer(&t.Data[0]); uintptr(p)%4 == 0 {
			return unsafe.Slice((*float32)(p), len(t.Data)/4), nil
		}
	}
	v, err := hdf5.DecodeFloat32s(t.DType, t.Data)
	if err != nil {
		return nil, fmt.Errorf("variable %s: %w", t.Name, err)
	}
	return v, nil
}

// Float64s returns the elements of a numeric tensor as float64.
func (t Tensor) Float64s() ([]float64, error) {
	v, err := hdf5.DecodeFloat64s(t.DType, t.Data)
	if err != nil {
		return nil, fmt.Errorf("variable %s: %w", t.Name, err)
	}
	return v, nil
}

// Int64s returns the elements of an integer or bool tensor, exactly.
func (t Tensor) Int64s() ([]int64, error) {
	v, err := hdf5.DecodeInt64s(t.DType, t.Data)
	if err != nil {
		return nil, fmt.Errorf("variable %s: %w", t.Name, err)
	}
	return v, nil
}

// readTensor reads a dataset. Its bytes are aligned for any element type.
func readTensor(d *hdf5.Dataset, name string) (Tensor, error) {
	t := Tensor{Name: name, Shape: d.Shape(), DType: d.DType()}
	if _, err := hdf5.TypeOf(t.DType); err != nil {
		return t, fmt.Errorf("%s: a variable of type %q", d.Path(), t.DType)
	}
	n, err := d.Size()
	if err != nil {
		return t, err
	}
	if n > 0 {
		words := make([]uint64, (n+7)/8)
		t.Data = unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), n)
	}
	return t, d.ReadInto(t.Data)
}

// plan returns the dataset that stores the tensor.
func (t Tensor) plan() (*hdf5.DatasetPlan, error) {
	typ, err := hdf5.TypeOf(t.DType)
	if err != nil {
		return nil, fmt.Errorf("variable %s: %w", t.Name, err)
	}
	d := &hdf5.DatasetPlan{Type: typ, Shape: t.Shape, Data: t.Data}
	if t.DType == "bfloat16" { // numpy has no such type; Keras marks the bytes
		d.SetAttr("dtype", hdf5.Text("bfloat16"))
	}
	return d, nil
}
