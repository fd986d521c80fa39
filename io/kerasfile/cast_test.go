package kerasfile

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHalfRoundTrip converts every half and every bfloat16 to float32 and back.
func TestHalfRoundTrip(t *testing.T) {
	for _, dtype := range []string{"float16", "bfloat16"} {
		data := make([]byte, 0, 2<<16)
		for i := range 1 << 16 {
			data = append(data, byte(i), byte(i>>8))
		}
		v, err := Tensor{DType: dtype, Shape: []int{1 << 16}, Data: data}.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		back, err := FromFloat32s("x", dtype, []int{1 << 16}, v)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range v {
			if got := int(back.Data[2*i]) | int(back.Data[2*i+1])<<8; got != i && x == x {
				t.Fatalf("%s %#x: %v becomes %#x", dtype, i, x, got)
			}
		}
	}
}

// TestHalfRounding rounds to nearest even; the expected bits are numpy's.
func TestHalfRounding(t *testing.T) {
	for x, want := range map[float32]uint16{
		1.00048828125: 0x3c00, 1.00146484375: 0x3c02, 65519: 0x7bff, 65520: 0x7c00, 1e10: 0x7c00, -1e10: 0xfc00,
		2.9802322387695312e-08: 0, 2.980232594040899e-08: 1, 8.940696716308594e-08: 2, 6.1005353e-05: 0x400, 6.097e-05: 0x3ff, 0.1: 0x2e66,
	} {
		if got := toFloat16(x); got != want {
			t.Errorf("float16(%v) = %#x, want %#x", x, got, want)
		}
	}
	for x, want := range map[float32]uint16{1.00390625: 0x3f80, 1.01171875: 0x3f82, 0.1: 0x3dcd, 3.4e38: 0x7f80} {
		if got := toBFloat16(x); got != want {
			t.Errorf("bfloat16(%v) = %#x, want %#x", x, got, want)
		}
	}
	if got := toFloat16(float32(math.NaN())); got&0x7fff <= 0x7c00 {
		t.Errorf("NaN: %#x", got)
	}
}

func TestFromFloat32s(t *testing.T) {
	for dtype, want := range map[string][]byte{
		"float32": {0, 0, 0x40, 0x40}, "float64": {0, 0, 0, 0, 0, 0, 8, 0x40}, "int8": {3}, "int16": {3, 0}, "int64": {3, 0, 0, 0, 0, 0, 0, 0}, "uint32": {3, 0, 0, 0},
	} {
		x, err := FromFloat32s("x", dtype, nil, []float32{3})
		if err != nil || !cmp.Equal(want, x.Data) {
			t.Errorf("%s: % x, %v", dtype, x.Data, err)
		}
	}
	for dtype, v := range map[string]float32{"int8": 128, "uint8": -1, "bool": 2, "int32": 0.5, "int64": float32(math.Inf(1)), "uint16": float32(math.NaN()), "string": 0} {
		if _, err := FromFloat32s("x", dtype, nil, []float32{v}); err == nil || !strings.Contains(err.Error(), "variable x: ") {
			t.Errorf("%s of %v: %v", dtype, v, err)
		}
	}
}
