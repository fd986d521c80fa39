package mnist

import (
	"fmt"
	"math"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ASCII draws one picture as text, two characters per pixel, darker characters for higher values. It takes (h, w),
// (h, w, 1), (1, h, w), (1, h, w, 1) or the 784 values of a row, in [0, 1], or in [0, 255] as Uint8. Other shapes panic
// with a *tensor.ShapeError.
func ASCII(t *tensor.Tensor) string {
	const ramp = " .:-=+*#%@"
	var shape []int
	for _, n := range t.Shape() {
		if n != 1 {
			shape = append(shape, n)
		}
	}
	if len(shape) == 1 && shape[0] == side*side {
		shape = []int{side, side}
	}
	if len(shape) != 2 {
		panic(&tensor.ShapeError{Op: "ASCII", Msg: fmt.Sprintf("shape %v is not one picture", t.Shape())})
	}
	top := 1.0
	if t.DType() == tensor.Uint8 {
		top = 255
	}
	var s strings.Builder
	for y := range shape[0] {
		line := make([]byte, 0, 2*shape[1])
		for x := range shape[1] {
			v := t.Float64At(y*shape[1]+x) / top
			if v = min(max(v, 0), 1); math.IsNaN(v) {
				v = 0
			}
			c := ramp[int(v*float64(len(ramp)-1)+0.5)]
			line = append(line, c, c)
		}
		s.WriteString(strings.TrimRight(string(line), " ") + "\n")
	}
	return s.String()
}
