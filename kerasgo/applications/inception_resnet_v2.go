package applications

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// InceptionResNetV2 is 40 residual blocks of parallel convolutions, whose sum is scaled
// down before it is added to the block's input: 56 million weights, for images of
// 299x299.
//
// Szegedy, Ioffe, Vanhoucke and Alemi, "Inception-v4, Inception-ResNet and the Impact
// of Residual Connections on Learning", 2016.
type InceptionResNetV2 Args

func init() { spec.Register[InceptionResNetV2]("keras.applications") }

// PreprocessInput scales pixels to -1…1.
func (InceptionResNetV2) PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error) {
	return PreprocessInput(images, "tf")
}

// Model makes the model.
func (d InceptionResNetV2) Model() (*keras.Model, error) {
	n, err := begin("InceptionResNetV2", Args(d), 299, 75)
	if err != nil {
		return nil, err
	}
	x := inception(n.input, window{32, 3, 3, 2, "valid"}, window{32, 3, 3, 1, "valid"}, same(64, 3, 3))
	x = inceptionPool(x)
	x = inception(x, window{80, 1, 1, 1, "valid"}, window{192, 3, 3, 1, "valid"})
	x = inceptionPool(x)
	x = mix("mixed_5b",
		inception(x, same(96, 1, 1)),
		inception(x, same(48, 1, 1), same(64, 5, 5)),
		inception(x, same(64, 1, 1), same(96, 3, 3), same(96, 3, 3)),
		inception(averaged(x), same(64, 1, 1)))

	for i := range 10 {
		x = scaledResidual(x, fmt.Sprintf("block35_%d", i+1), 0.17, true,
			[]window{same(32, 1, 1)},
			[]window{same(32, 1, 1), same(32, 3, 3)},
			[]window{same(32, 1, 1), same(48, 3, 3), same(64, 3, 3)})
	}
	x = mix("mixed_6a",
		inception(x, window{384, 3, 3, 2, "valid"}),
		inception(x, same(256, 1, 1), same(256, 3, 3), window{384, 3, 3, 2, "valid"}),
		inceptionPool(x))
	for i := range 20 {
		x = scaledResidual(x, fmt.Sprintf("block17_%d", i+1), 0.1, true,
			[]window{same(192, 1, 1)},
			[]window{same(128, 1, 1), same(160, 1, 7), same(192, 7, 1)})
	}
	x = mix("mixed_7a",
		inception(x, same(256, 1, 1), window{384, 3, 3, 2, "valid"}),
		inception(x, same(256, 1, 1), window{288, 3, 3, 2, "valid"}),
		inception(x, same(256, 1, 1), same(288, 3, 3), window{320, 3, 3, 2, "valid"}),
		inceptionPool(x))
	for i := range 10 {
		scale, last := 0.2, i == 9
		if last {
			scale = 1
		}
		x = scaledResidual(x, fmt.Sprintf("block8_%d", i+1), scale, !last,
			[]window{same(192, 1, 1)},
			[]window{same(192, 1, 1), same(224, 1, 3), same(256, 3, 1)})
	}
	x = keras.Apply(layers.Conv2D{Filters: 1536, KernelSize: square(1), Padding: "same", UseBias: new(false), Name: "conv_7b"}, x)
	x = keras.Apply(layers.BatchNormalization{Axis: new(3), Scale: new(false), Name: "conv_7b_bn"}, x)
	x = activate(x, "relu", "conv_7b_ac")
	x = n.classify(x, "avg_pool", "", "")
	const file = "inception_resnet_v2_weights_tf_dim_ordering_tf_kernels"
	return n.end(x, "inception_resnet_v2", file+".h5", file+"_notop.h5")
}

// scaledResidual adds to x what parallel chains make of it, brought to x's channels and
// scaled.
func scaledResidual(x *keras.Symbol, name string, scale float64, relu bool, chains ...[]window) *keras.Symbol {
	var branches []*keras.Symbol
	for _, chain := range chains {
		branches = append(branches, inception(x, chain...))
	}
	y := mix(name+"_mixed", branches...)
	y = keras.Apply(layers.Conv2D{Filters: channels(x), KernelSize: square(1), Padding: "same", Name: name + "_conv"}, y)
	x = keras.Apply(layers.CustomScaleLayer{Scale: scale}, x, y)
	if relu {
		x = activate(x, "relu", name+"_ac")
	}
	return x
}

var _ Application = InceptionResNetV2{}
