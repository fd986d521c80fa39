package applications

import keras "github.com/kerasgo/kerasgo/kerasgo"

// Args are the arguments that all architectures have. Those with more of their
// own repeat these.
type Args struct {
	// IncludeTop says whether the classifier is part of the network. Without it the
	// output is the last feature map, (batch, h, w, channels), or what Pooling makes
	// of it, and images of other sizes are welcome.
	IncludeTop *bool `keras:"include_top,default=true"`
	// Weights is the path of a file of weights in any of Keras's formats, or imagenet
	// for the file that Keras keeps in its cache, the folder models in KERAS_HOME or
	// ~/.keras. Without it the weights start at random; that is the default here.
	Weights string `keras:"weights"`
	// InputTensor is the symbol that the network reads instead of an input of its own.
	InputTensor *keras.Symbol `keras:"-"`
	// InputShape is the images' (height, width, channels), -1 for what may vary. By
	// default it is the size the network was made for, or any without its top.
	InputShape []int `keras:"input_shape,shape"`
	// Pooling is what becomes of the features without a top: their average, their
	// maximum, or, by default, nothing.
	Pooling              string `keras:"pooling,enum=avg|max"`
	Classes              int    `keras:"classes,default=1000,min=1"`                                        // number of outputs of the top
	ClassifierActivation any    `keras:"classifier_activation,kind=activation,default=softmax,none=linear"` // of the top; linear gives logits
	Name                 string `keras:"name"`                                                              // of the model
	// Trainable false freezes all weights, as trainable = False on Keras's model.
	Trainable *bool `keras:"trainable,default=true"`
}
