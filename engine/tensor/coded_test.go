package tensor_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// greys are values that no other rule would make.
func greys() *[256]float32 {
	var v [256]float32
	for i := range v {
		v[i] = float32(i)*0.1 - 3
	}
	return &v
}

// pair returns a coded tensor of shape (5, 2, 3) and the same one of float32s.
func pair() (c, plain *tensor.Tensor) {
	codes, floats := make([]uint8, 30), make([]float32, 30)
	for i := range codes {
		codes[i] = uint8(i * 37)
		floats[i] = greys()[codes[i]]
	}
	return tensor.Coded(codes, greys(), 5, 2, 3), tensor.From(floats, 5, 2, 3)
}

// TestCoded: every method of a coded tensor gives what it gives for float32s, before
// and after these were made.
func TestCoded(t *testing.T) {
	for name, f := range map[string]func(x *tensor.Tensor) any{
		"Float32s": func(x *tensor.Tensor) any { return x.Float32s() },
		"DType":    func(x *tensor.Tensor) any { return x.DType() },
		"Shape":    func(x *tensor.Tensor) any { return x.Shape() },
		"Bytes":    func(x *tensor.Tensor) any { return x.Bytes() },
		"String":   func(x *tensor.Tensor) any { return x.String() },
		"At":       func(x *tensor.Tensor) any { return x.At(3, 1, 2) },
		"Slice":    func(x *tensor.Tensor) any { return x.Slice(1, 4).Slice(1, 2).Float32s() },
		"Reshape":  func(x *tensor.Tensor) any { return x.Reshape(-1, 10).Slice(1, 2).Float32s() },
		"Clone":    func(x *tensor.Tensor) any { return x.Clone().Float32s() },
		"Cast":     func(x *tensor.Tensor) any { return x.Cast(tensor.Float64).Float64s() },
		"Cast32":   func(x *tensor.Tensor) any { return x.Cast(tensor.Float32).Float32s() },
		"Int64":    func(x *tensor.Tensor) any { return tensor.Data[int64](x.Cast(tensor.Int64)) },
		"CopyFrom": func(x *tensor.Tensor) any {
			y := tensor.New(tensor.Float32, 30)
			y.CopyFrom(x)
			return y.Float32s()
		},
		"Gather": func(x *tensor.Tensor) any {
			y := tensor.New(tensor.Float32, 3, 6)
			tensor.Gather(y, x, []int{4, 0, 4})
			return y.Float32s()
		},
		"Gather64": func(x *tensor.Tensor) any {
			y := tensor.New(tensor.Float64, 3, 6)
			tensor.Gather(y, x, []int{4, 0, 4})
			return y.Float64s()
		},
		"GatherAt": func(x *tensor.Tensor) any {
			y := tensor.New(tensor.Float32, 4, 6)
			tensor.GatherAt(y, 2, x, []int{1, 3})
			return y.Float32s()
		},
		"Set": func(x *tensor.Tensor) any {
			x.SetFloat64At(7, 0.5)
			return []any{x.At(1, 0, 1), x.Float32s(), x.Slice(1, 2).Float32s()}
		},
		"written": func(x *tensor.Tensor) any {
			x.Float32s()[8] = 9
			y := x.Reshape(30)
			return []any{y.Float64At(8), y.Clone().Float32s(), tensor.SameData(x, y)}
		},
		"SameData": func(x *tensor.Tensor) any {
			return []bool{tensor.SameData(x, x.Reshape(30)), tensor.SameData(x, x.Clone()), tensor.SameData(x.Slice(0, 2), x.Slice(2, 4))}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, plain := pair()
			want := f(plain)
			if diff := cmp.Diff(want, f(c)); diff != "" {
				t.Errorf("coded (-float32s +coded):\n%s", diff)
			}
			if diff := cmp.Diff(want, f(c)); diff != "" {
				t.Errorf("a second time (-float32s +coded):\n%s", diff)
			}
			made, _ := pair()
			made.Float32s()
			if diff := cmp.Diff(want, f(made)); diff != "" {
				t.Errorf("once the float32s are made (-float32s +coded):\n%s", diff)
			}
		})
	}
}

// TestCodedFromManyGoroutines: all get the same float32s.
func TestCodedFromManyGoroutines(t *testing.T) {
	c, plain := pair()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			x := c.Reshape(30).Float32s()
			if diff := cmp.Diff(plain.Float32s(), x); diff != "" || &x[0] != &c.Float32s()[0] {
				t.Errorf("other elements: %s", diff)
			}
		})
	}
	all.Wait()
}

func TestCodedErrors(t *testing.T) {
	for want, f := range map[string]func(){
		"wants 6 elements, got 5": func() { tensor.Coded(make([]uint8, 5), greys(), 2, 3) },
		"tensor is float32":       func() { c, _ := pair(); tensor.Data[uint8](c) },
		"do not fit":              func() { c, _ := pair(); tensor.GatherAt(tensor.New(tensor.Float32, 3, 6), 2, c, []int{0, 1}) },
		"outside":                 func() { c, _ := pair(); tensor.Gather(tensor.New(tensor.Float32, 1, 6), c, []int{5}) },
	} {
		func() {
			defer func() {
				if e, ok := recover().(*tensor.ShapeError); !ok || !strings.Contains(e.Error(), want) {
					t.Errorf("got %v, want an error with %q", e, want)
				}
			}()
			f()
		}()
	}
}
