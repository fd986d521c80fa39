package kerasfile

import (
	"encoding/binary"
	"fmt"
	"math"
)

// FromFloat32s makes a tensor of the named dtype from float32 values. Floats are rounded to the nearest, ties to even; for an integer or bool
// dtype every value must fit exactly.
func FromFloat32s(name, dtype string, shape []int, v []float32) (Tensor, error) {
	t := Tensor{Name: name, Shape: shape, DType: dtype}
	le := binary.LittleEndian
	switch dtype {
	case "float32":
		return Float32s(name, shape, v), nil
	case "float64":
		for _, x := range v {
			t.Data = le.AppendUint64(t.Data, math.Float64bits(float64(x)))
		}
		return t, nil
	case "float16":
		for _, x := range v {
			t.Data = le.AppendUint16(t.Data, toFloat16(x))
		}
		return t, nil
	case "bfloat16":
		for _, x := range v {
			t.Data = le.AppendUint16(t.Data, toBFloat16(x))
		}
		return t, nil
	}
	limits := map[string]struct {
		size     int
		min, max float64
	}{
		"bool": {1, 0, 1}, "int8": {1, math.MinInt8, math.MaxInt8}, "uint8": {1, 0, math.MaxUint8},
		"int16": {2, math.MinInt16, math.MaxInt16}, "uint16": {2, 0, math.MaxUint16},
		"int32": {4, math.MinInt32, math.MaxInt32}, "uint32": {4, 0, math.MaxUint32},
		"int64": {8, math.MinInt64, math.MaxInt64 - 1023}, "uint64": {8, 0, math.MaxInt64 - 1023},
	}
	l, ok := limits[dtype]
	if !ok {
		return t, fmt.Errorf("variable %s: dtype %q cannot be written", name, dtype)
	}
	for _, x := range v {
		if y := float64(x); y != math.Trunc(y) || !(y >= l.min && y <= l.max) {
			return t, fmt.Errorf("variable %s: %v is no %s", name, x, dtype)
		}
		var b [8]byte
		le.PutUint64(b[:], uint64(int64(x)))
		t.Data = append(t.Data, b[:l.size]...)
	}
	return t, nil
}

// toBFloat16 rounds to the upper 16 bits.
func toBFloat16(x float32) uint16 {
	b := math.Float32bits(x)
	if x != x {
		return uint16(b>>16) | 0x40 // keep it a NaN
	}
	return uint16((b + 0x7fff + b>>16&1) >> 16)
}

// toFloat16 rounds to IEEE 754 half precision.
func toFloat16(x float32) uint16 {
	b := math.Float32bits(x)
	sign := uint16(b >> 16 & 0x8000)
	b &= 0x7fffffff
	switch {
	case b > 0x7f800000: // NaN
		return sign | 0x7e00
	case b >= 0x477ff000: // rounds to 65536 or more
		return sign | 0x7c00
	case b >= 0x38800000: // normal: move the bias from 127 to 15, drop 13 bits
		b -= 112 << 23
		return sign | uint16((b+0xfff+b>>13&1)>>13)
	}
	// Subnormal: units of 2^-24. The product is exact, and RoundToEven rounds it once.
	return sign | uint16(math.RoundToEven(float64(math.Float32frombits(b))*(1<<24)))
}
