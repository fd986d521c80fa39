package applications

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// InceptionV3 is 11 modules of parallel convolutions with windows of different sizes,
// large ones split into a row and a column: 24 million weights, for images of 299x299.
//
// Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception Architecture
// for Computer Vision", 2015.
type InceptionV3 Args

func init() { spec.Register[InceptionV3]("keras.applications") }

// PreprocessInput scales pixels to -1…1.
func (InceptionV3) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "tf")
}

// Model makes the model.
func (d InceptionV3) Model() (*keras.Model, error) {
	n, err := begin("InceptionV3", Args(d), 299, 75)
	if err != nil {
		return nil, err
	}
	x := inception(n.input, window{32, 3, 3, 2, "valid"}, window{32, 3, 3, 1, "valid"}, window{64, 3, 3, 1, "same"})
	x = inceptionPool(x)
	x = inception(x, window{80, 1, 1, 1, "valid"}, window{192, 3, 3, 1, "valid"})
	x = inceptionPool(x)

	// 35x35: windows of 1, 5, and twice 3.
	for i, pooled := range []int{32, 64, 64} {
		x = mix(fmt.Sprintf("mixed%d", i),
			inception(x, same(64, 1, 1)),
			inception(x, same(48, 1, 1), same(64, 5, 5)),
			inception(x, same(64, 1, 1), same(96, 3, 3), same(96, 3, 3)),
			inception(averaged(x), same(pooled, 1, 1)))
	}
	x = mix("mixed3",
		inception(x, window{384, 3, 3, 2, "valid"}),
		inception(x, same(64, 1, 1), same(96, 3, 3), window{96, 3, 3, 2, "valid"}),
		inceptionPool(x))

	// 17x17: windows of 7, as a row and a column.
	for i, c := range []int{128, 160, 160, 192} {
		x = mix(fmt.Sprintf("mixed%d", i+4),
			inception(x, same(192, 1, 1)),
			inception(x, same(c, 1, 1), same(c, 1, 7), same(192, 7, 1)),
			inception(x, same(c, 1, 1), same(c, 7, 1), same(c, 1, 7), same(c, 7, 1), same(192, 1, 7)),
			inception(averaged(x), same(192, 1, 1)))
	}
	x = mix("mixed8",
		inception(x, same(192, 1, 1), window{320, 3, 3, 2, "valid"}),
		inception(x, same(192, 1, 1), same(192, 1, 7), same(192, 7, 1), window{192, 3, 3, 2, "valid"}),
		inceptionPool(x))

	// 8x8: rows and columns side by side.
	for i := range 2 {
		whole := inception(x, same(320, 1, 1))
		few := inception(x, same(384, 1, 1))
		crossed := mix(fmt.Sprintf("mixed9_%d", i), inception(few, same(384, 1, 3)), inception(few, same(384, 3, 1)))
		many := inception(x, same(448, 1, 1), same(384, 3, 3))
		double := mix("", inception(many, same(384, 1, 3)), inception(many, same(384, 3, 1)))
		x = mix(fmt.Sprintf("mixed%d", 9+i), whole, crossed, double, inception(averaged(x), same(192, 1, 1)))
	}
	x = n.classify(x, "avg_pool", "", "")
	const file = "inception_v3_weights_tf_dim_ordering_tf_kernels"
	return n.end(x, "inception_v3", file+".h5", file+"_notop.h5")
}

// window is one convolution of a chain.
type window struct {
	filters, rows, columns, stride int
	padding                        string
}

// same is a window with stride 1 that keeps the image's size.
func same(filters, rows, columns int) window { return window{filters, rows, columns, 1, "same"} }

// inception applies convolutions one after the other, each normalized and cut at 0.
func inception(x *keras.Symbol, chain ...window) *keras.Symbol {
	for _, w := range chain {
		x = keras.Apply(layers.Conv2D{Filters: w.filters, KernelSize: [2]int{w.rows, w.columns}, Strides: square(w.stride), Padding: w.padding, UseBias: new(false)}, x)
		x = keras.Apply(layers.BatchNormalization{Axis: new(3), Scale: new(false)}, x)
		x = activate(x, "relu", "")
	}
	return x
}

// mix joins the channels of parallel branches.
func mix(name string, branches ...*keras.Symbol) *keras.Symbol {
	return keras.Apply(layers.Concatenate{Axis: new(3), Name: name}, branches...)
}

// averaged replaces each pixel by the average around it.
func averaged(x *keras.Symbol) *keras.Symbol {
	return keras.Apply(layers.AveragePooling2D{PoolSize: square(3), Strides: square(1), Padding: "same"}, x)
}

// inceptionPool halves the image.
func inceptionPool(x *keras.Symbol) *keras.Symbol {
	return keras.Apply(layers.MaxPooling2D{PoolSize: square(3), Strides: square(2)}, x)
}

var _ Application = InceptionV3{}
