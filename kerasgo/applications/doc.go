// Package applications holds the image classifiers of keras.applications: from
// VGG16 of 2014 to ConvNeXt of 2022, layer for layer as Keras builds them, so that
// Keras's weight files fit. It holds no weights and downloads none.
//
// Each architecture is a struct whose fields are the arguments of Keras's
// constructor, and Model makes the model:
//
//	model := keras.Must(applications.MobileNetV2{Alpha: 0.35, Classes: 10}.Model())
//
// The struct is also a layer, a model inside another one: the usual start of
// transfer learning is a network without its classifier, frozen, with a new one
// behind it:
//
//	base := applications.MobileNetV2{InputShape: []int{96, 96, 3}, IncludeTop: new(false), Pooling: "avg",
//		Weights: "imagenet", Trainable: new(false)}
//	model := keras.NewSequential(base, layers.Dense{Units: 10, Activation: "softmax"})
//
// Images are (batch, height, width, channels). What numbers a network wants its
// pixels as differs; its method PreprocessInput turns pixels from 0 to 255 into
// them. DecodePredictions names the classes of ImageNet.
package applications
