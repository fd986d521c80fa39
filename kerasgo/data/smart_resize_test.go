package data_test

import (
	"math"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/data"
)

// The numbers are what Keras 3.15.1 on TensorFlow makes of the same pixels:
// keras.preprocessing.image.smart_resize(x, size, interpolation, data_format).
func TestSmartResize(t *testing.T) {
	for _, c := range []struct {
		shape []int
		o     data.SmartResizeOptions
		out   tensor.Shape
		want  []float32
	}{
		{[]int{5, 8, 2}, data.SmartResizeOptions{Size: [2]int{3, 3}}, tensor.Shape{3, 3, 2}, []float32{
			60.3333321, 52.4444427, 15.333334, 52.3333321, 71.3333359, 29.7777748, 37, 74, 93, 29, 48.0000038, 51.3333206, 36.1111069, 50.6666679, 69.6666718, 5.66666889, 24.6666718, 61.6666718}},
		{[]int{2, 7, 4, 1}, data.SmartResizeOptions{Size: [2]int{2, 3}, Interpolation: "nearest", DataFormat: "channels_last"}, tensor.Shape{2, 2, 3, 1}, []float32{
			94, 67, 3, 40, 13, 50, 19, 93, 29, 66, 39, 76}},
		{[]int{3, 6, 9}, data.SmartResizeOptions{Size: [2]int{4, 2}, Interpolation: "bicubic", DataFormat: "channels_first"}, tensor.Shape{3, 4, 2}, []float32{
			22.136076, 67.7628021, 53.9383545, 29.5014248, 78.3708954, 55.9037399, 60.6433487, 38.1761932, 65.5016861, 60.8248177, 48.0594215, 44.6334381, 54.3665581, 50.9405785, 38.1751823,
			33.4983215, 60.8722382, 36.5647087, 41.178318, 91.5928955, 69.6540909, 39.3078232, 31.2371998, 76.8639221}},
		{[]int{4, 4, 1}, data.SmartResizeOptions{Size: [2]int{6, 3}, Interpolation: "bilinear"}, tensor.Shape{6, 3, 1}, []float32{
			37, 55.5, 74, 60.5, 53.75, 47, 75, 51.4166679, 27.8333359, 38.9999924, 49.0833321, 59.1666756, 53.5, 46.75, 40, 77, 45, 13}},
		{[]int{1, 3, 9, 1}, data.SmartResizeOptions{Size: [2]int{2, 2}, Interpolation: "lanczos3"}, tensor.Shape{1, 2, 2, 1}, []float32{20.9665565, 69.4422684, 57.167263, 27.9988766}},
	} {
		x := tensor.New(tensor.Int32, c.shape...)
		for i := range x.Size() {
			x.Int32s()[i] = int32(i * 37 % 101)
		}
		got, err := data.SmartResize(x, c.o)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Shape().Equal(c.out) {
			t.Fatalf("%v: shape %v, want %v", c.shape, got.Shape(), c.out)
		}
		for i, v := range got.Float32s() {
			if math.Abs(float64(v-c.want[i])) > 1e-4 {
				t.Errorf("%v: element %d is %v, want %v", c.shape, i, v, c.want[i])
			}
		}
	}
}

func TestSmartResizeMistakes(t *testing.T) {
	x := tensor.New(tensor.Float32, 4, 4, 1)
	for want, err := range map[string]error{
		"size is [0 3]":        second(data.SmartResize(x, data.SmartResizeOptions{Size: [2]int{0, 3}})),
		`data_format is "xyz"`: second(data.SmartResize(x, data.SmartResizeOptions{Size: [2]int{2, 2}, DataFormat: "xyz"})),
		`"cubic" is none of`:   second(data.SmartResize(x, data.SmartResizeOptions{Size: [2]int{2, 2}, Interpolation: "cubic"})),
		"wanted are numbers":   second(data.SmartResize(x.Reshape(16), data.SmartResizeOptions{Size: [2]int{2, 2}})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func second(_ *tensor.Tensor, err error) error { return err }
