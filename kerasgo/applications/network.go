package applications

import (
	"fmt"
	"os"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// An Application is an architecture with its arguments.
type Application interface {
	// Model makes the model, with the weights of a file if the arguments name one.
	Model() (*keras.Model, error)
	// PreprocessInput returns images, a tensor (batch, height, width, 3) or (height,
	// width, 3) of pixels from 0 to 255 in the order red, green, blue, as the numbers
	// that the network was trained on.
	PreprocessInput(images *tensor.Tensor) (*tensor.Tensor, error)
}

// imagenet stands for the weights in Keras's cache; they are for so many classes.
const (
	imagenet        = "imagenet"
	imagenetClasses = 1000
)

// network is an architecture that is being built.
type network struct {
	Args
	class string        // such as ResNet50, for messages
	input *keras.Symbol // the images
}

// begin completes and checks the arguments and makes the input. Side is the images'
// height and width by default, smallest the least; side 0 leaves them open with a top too.
func begin(class string, args Args, side, smallest int) (*network, error) {
	fail := func(err error) (*network, error) { return nil, fmt.Errorf("applications: %s: %w", class, err) }
	args, err := spec.Complete(args)
	if err != nil {
		return fail(err)
	}
	n := &network{Args: args, class: class}
	if err := n.checkWeights(); err != nil {
		return fail(err)
	}
	if n.InputShape, err = n.inputShape(side, smallest); err != nil {
		return fail(err)
	}
	n.input = n.InputTensor
	if n.input == nil {
		n.input = keras.Input(n.InputShape...)
	}
	if shape := n.input.Shape(); len(shape) != 4 {
		return fail(fmt.Errorf("input_tensor has shape %v; wanted (batch, height, width, channels)", shape))
	}
	return n, nil
}

// checkWeights refuses weights that do not exist or do not go with the top.
func (n *network) checkWeights() error {
	switch n.Weights {
	case "":
		return nil
	case imagenet:
		if *n.IncludeTop && n.Classes != imagenetClasses {
			return fmt.Errorf("weights: imagenet with its top is for %d classes, not %d; leave the top out (include_top: false) and add your own", imagenetClasses, n.Classes)
		}
	default:
		if _, err := os.Stat(n.Weights); err != nil {
			return fmt.Errorf("weights is nothing, %q or the path of a file: %w", imagenet, err)
		}
	}
	class, ok := spec.ClassOf(n.ClassifierActivation)
	if *n.IncludeTop && (!ok || class.Name != "softmax" && class.Name != "linear") {
		return fmt.Errorf("classifier_activation must be softmax or linear with the weights of a file")
	}
	return nil
}

// inputShape returns the images' shape by Keras's rules.
func (n *network) inputShape(side, smallest int) ([]int, error) {
	shape := n.InputShape
	fixed := *n.IncludeTop && side > 0
	if fixed && n.Weights == imagenet {
		want := []int{side, side, 3}
		if shape != nil && !slices.Equal(shape, want) {
			return nil, fmt.Errorf("input_shape must be %v with imagenet's weights and top, is %v", want, shape)
		}
		return want, nil
	}
	switch {
	case shape == nil && fixed:
		return []int{side, side, 3}, nil
	case shape == nil:
		return []int{tensor.Unknown, tensor.Unknown, 3}, nil
	case len(shape) != 3:
		return nil, fmt.Errorf("input_shape %v has %d numbers; wanted height, width and channels", shape, len(shape))
	case n.Weights == imagenet && shape[2] != 3:
		return nil, fmt.Errorf("input_shape %v has %d channels; imagenet's weights want 3", shape, shape[2])
	}
	if side == 0 && slices.Contains(shape[:2], tensor.Unknown) {
		return shape, nil
	}
	for _, d := range shape[:2] {
		if d != tensor.Unknown && d < smallest {
			return nil, fmt.Errorf("input_shape %v is too small; height and width are at least %d", shape, smallest)
		}
		if d == tensor.Unknown && fixed {
			return nil, fmt.Errorf("input_shape %v: with include_top height and width must be known", shape)
		}
	}
	return shape, nil
}

// end makes the model that computes x. Names are those of the model by default and
// of the files of ImageNet's weights, with and without top.
func (n *network) end(x *keras.Symbol, name, withTop, noTop string) (*keras.Model, error) {
	m := keras.NewModel(keras.List(keras.SourceInputs(n.input)...), x)
	if n.Name != "" {
		name = n.Name
	}
	m.Named(name)
	fail := func(err error) (*keras.Model, error) { return nil, fmt.Errorf("applications: %s: %w", n.class, err) }
	if err := m.Err(); err != nil {
		return fail(err)
	}
	path := n.Weights
	if path == imagenet {
		file := withTop
		if !*n.IncludeTop {
			file = noTop
		}
		var err error
		if path, err = cached(file); err != nil {
			return fail(fmt.Errorf("weights: %w", err))
		}
	}
	if path != "" {
		if err := m.LoadWeights(path); err != nil {
			return fail(err)
		}
	}
	if !*n.Trainable {
		m.SetTrainable(false)
	}
	return m, nil
}

// classify ends a network with the average of each channel and a dense classifier,
// or with its features. Names are those of the pooling layers, "" for automatic ones.
func (n *network) classify(x *keras.Symbol, top, avg, max string) *keras.Symbol {
	if !*n.IncludeTop {
		return n.features(x, avg, max)
	}
	x = keras.Apply(layers.GlobalAveragePooling2D{Name: top}, x)
	return keras.Apply(layers.Dense{Units: n.Classes, Activation: n.ClassifierActivation, Name: "predictions"}, x)
}

// features pools the last feature map as asked.
func (n *network) features(x *keras.Symbol, avg, max string) *keras.Symbol {
	switch n.Pooling {
	case "avg":
		return keras.Apply(layers.GlobalAveragePooling2D{Name: avg}, x)
	case "max":
		return keras.Apply(layers.GlobalMaxPooling2D{Name: max}, x)
	}
	return x
}
