package oracle_test

import (
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
)

// applicationTolerance is relative to the largest element; hundreds of layers add their
// rounding.
const applicationTolerance = 1e-5

// Networks with weights that follow from a formula compute what Keras's do; see
// gen/application_outputs.py.
func TestApplicationOutputs(t *testing.T) {
	type outputCase struct {
		applicationCase
		Output *array `json:"output"`
	}
	for i, c := range load[outputCase](t, "application_outputs.json.gz") {
		t.Run(fmt.Sprintf("%02d_%s", i, c.Class), func(t *testing.T) {
			m, err := application(t, c.applicationCase).Model()
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Build(); err != nil {
				t.Fatal(err)
			}
			for _, v := range m.Weights() {
				if err := v.Assign(formulaValue(v.Path(), v.Shape())); err != nil {
					t.Fatal(err)
				}
			}
			shape := m.InputShapes()[0].Clone()
			shape[0] = 2
			images := tensor.New(tensor.Float32, shape...)
			for i, u := range formulaNumbers("images", shape.Size()) {
				x := 2*u - 1
				if strings.HasPrefix(c.Class, "EfficientNet") || strings.HasPrefix(c.Class, "MobileNetV3") || strings.HasPrefix(c.Class, "ConvNeXt") {
					x = 255 * u // these scale pixels themselves
				}
				images.SetFloat64At(i, x)
			}
			y, err := m.Predict(images, keras.Predict{Verbose: keras.Silent})
			if err != nil {
				t.Fatal(err)
			}
			want := c.Output.tensor(t)
			if !y.Shape().Equal(want.Shape()) {
				t.Fatalf("output shape %v; Keras has %v", y.Shape(), want.Shape())
			}
			var most, largest float64
			for i := range y.Size() {
				most = max(most, math.Abs(y.Float64At(i)-want.Float64At(i)))
				largest = max(largest, math.Abs(want.Float64At(i)))
			}
			t.Logf("largest error %.2g", most/largest)
			if !(most <= applicationTolerance*largest) {
				t.Errorf("error %g of the largest element", most/largest)
			}
		})
	}
}

// formulaNumbers returns n numbers from 0 to 1 that follow from a path: SplitMix64,
// started at the path's FNV-1a hash.
func formulaNumbers(path string, n int) []float64 {
	h := fnv.New64a()
	h.Write([]byte(path))
	state := h.Sum64()
	out := make([]float64, n)
	for i := range out {
		state += 0x9E3779B97F4A7C15
		z := state
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		z ^= z >> 31
		out[i] = float64(z>>40) / (1 << 24)
	}
	return out
}

// formulaValue returns a weight's value. Kernels keep the size of what they multiply,
// about, so that rounding does not grow from layer to layer.
func formulaValue(path string, shape tensor.Shape) *tensor.Tensor {
	t := tensor.New(tensor.Float32, shape...)
	name := path[strings.LastIndexByte(path, '/')+1:]
	bound := 0.0 // of a kernel
	if len(shape) > 1 {
		inputs := shape[:len(shape)-1].Size() // of one output
		if shape.Last() == 1 {                // a depthwise kernel
			inputs = shape[0] * shape[1]
		}
		bound = math.Sqrt(3 / float64(inputs))
	}
	for i, u := range formulaNumbers(path, shape.Size()) {
		switch {
		case name == "count":
			u = 0
		case bound > 0:
			u = (2*u - 1) * bound
		case name == "variable": // of LayerScale
			u *= 0.2
		case name == "gamma" || name == "moving_variance" || name == "variance":
			u += 0.5
		default:
			u = (u - 0.5) * 0.4
		}
		t.SetFloat64At(i, u)
	}
	return t
}
