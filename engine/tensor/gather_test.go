package tensor_test

import (
	"fmt"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// TestGather copies rows between all numeric types, and bool to numbers.
func TestGather(t *testing.T) {
	types := []tensor.DType{tensor.Float32, tensor.Float64, tensor.Int32, tensor.Int64, tensor.Uint8, tensor.Bool}
	for _, from := range types {
		for _, to := range types {
			t.Run(fmt.Sprintf("%v to %v", from, to), func(t *testing.T) {
				src, dst := tensor.New(from, 4, 3), tensor.New(to, 2, 3)
				for i := range src.Size() {
					src.SetFloat64At(i, float64(i%2))
				}
				tensor.Gather(dst, src, []int{3, 1})
				for i, r := range []int{3, 1} {
					for k := range 3 {
						if got, want := dst.At(i, k), src.At(r, k); got != want {
							t.Errorf("row %d, element %d is %v, want %v", i, k, got, want)
						}
					}
				}
			})
		}
	}
}
