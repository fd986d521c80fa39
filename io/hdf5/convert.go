package hdf5

import (
	"encoding/binary"
	"math"
	"slices"
	"unsafe"
)

// hostIsLittle tells whether numbers in memory look as in a file, so that data can be read in place.
var hostIsLittle = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// bytesOf returns the memory of a slice of numbers.
func bytesOf[T float32 | float64 | int64](v []T) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*int(unsafe.Sizeof(v[0])))
}

// toLittleEndian turns big-endian elements round, in place.
func toLittleEndian(t *Type, d []byte) []byte {
	switch t.Class {
	case ClassInt, ClassFloat, ClassEnum, ClassBitfield:
		if t.BigEndian && t.Size > 1 {
			for i := 0; i+t.Size <= len(d); i += t.Size {
				slices.Reverse(d[i : i+t.Size])
			}
		}
	}
	return d
}

// decodeInt64s converts little-endian integers and bools. Unsigned values above the largest int64 are an error.
func decodeInt64s(t *Type, d []byte) ([]int64, error) {
	get, err := integerGetter(t)
	if err != nil {
		return nil, err
	}
	out := make([]int64, len(d)/t.Size)
	for i := range out {
		v := get(d[i*t.Size:])
		if !t.Signed && v < 0 {
			return nil, fail(ErrType, "uint64 value %d does not fit into int64", uint64(v))
		}
		out[i] = v
	}
	return out, nil
}

func integerGetter(t *Type) (func([]byte) int64, error) {
	switch t.DType() {
	case "int8":
		return func(b []byte) int64 { return int64(int8(b[0])) }, nil
	case "uint8", "bool":
		return func(b []byte) int64 { return int64(b[0]) }, nil
	case "int16":
		return func(b []byte) int64 { return int64(int16(le.Uint16(b))) }, nil
	case "uint16":
		return func(b []byte) int64 { return int64(le.Uint16(b)) }, nil
	case "int32":
		return func(b []byte) int64 { return int64(int32(le.Uint32(b))) }, nil
	case "uint32":
		return func(b []byte) int64 { return int64(le.Uint32(b)) }, nil
	case "int64", "uint64":
		return func(b []byte) int64 { return int64(le.Uint64(b)) }, nil
	}
	return nil, fail(ErrType, "%s values are no integers", t.describe())
}

// decodeFloats converts little-endian numbers of the named dtype, which for bfloat16 stored as opaque bytes differs from the type's own.
func decodeFloats[T float32 | float64](t *Type, dtype string, d []byte) ([]T, error) {
	if t.Size == 0 {
		return nil, fail(ErrType, "%s values are no numbers", t.describe())
	}
	out := make([]T, len(d)/t.Size)
	switch dtype {
	case "float16":
		for i := range out {
			out[i] = T(float16ToFloat32(le.Uint16(d[2*i:])))
		}
	case "bfloat16":
		for i := range out {
			out[i] = T(math.Float32frombits(uint32(le.Uint16(d[2*i:])) << 16))
		}
	case "float32":
		for i := range out {
			out[i] = T(math.Float32frombits(le.Uint32(d[4*i:])))
		}
	case "float64":
		for i := range out {
			out[i] = T(math.Float64frombits(le.Uint64(d[8*i:])))
		}
	case "uint64":
		for i := range out {
			out[i] = T(le.Uint64(d[8*i:]))
		}
	default:
		get, err := integerGetter(t)
		if err != nil {
			return nil, fail(ErrType, "%s values are no numbers", t.describe())
		}
		for i := range out {
			out[i] = T(get(d[i*t.Size:]))
		}
	}
	return out, nil
}

// float16ToFloat32 is exact: every IEEE 754 half is a single.
func float16ToFloat32(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exp, man := uint32(h>>10&31), uint32(h&0x3ff)
	switch {
	case exp == 31: // infinity or NaN
		return math.Float32frombits(sign | 0xff<<23 | man<<13)
	case exp > 0:
		return math.Float32frombits(sign | (exp+112)<<23 | man<<13)
	}
	v := float32(man) / (1 << 24) // zero or subnormal
	return math.Float32frombits(sign | math.Float32bits(v))
}

// DecodeFloat32s converts little-endian numbers of the named dtype, as Raw returns them, to float32.
func DecodeFloat32s(dtype string, data []byte) ([]float32, error) {
	t, err := TypeOf(dtype)
	if err != nil {
		return nil, err
	}
	return decodeFloats[float32](t, dtype, data)
}

// DecodeFloat64s is DecodeFloat32s without loss for float64.
func DecodeFloat64s(dtype string, data []byte) ([]float64, error) {
	t, err := TypeOf(dtype)
	if err != nil {
		return nil, err
	}
	return decodeFloats[float64](t, dtype, data)
}

// DecodeInt64s converts little-endian integers or bools of the named dtype, as Raw returns them, exactly.
func DecodeInt64s(dtype string, data []byte) ([]int64, error) {
	t, err := TypeOf(dtype)
	if err != nil {
		return nil, err
	}
	return decodeInt64s(t, data)
}
