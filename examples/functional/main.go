// Functional builds a model that is no chain of layers: a skip connection, one
// layer used twice, and two outputs, the digit and whether it is even.
//
//	go run ./examples/functional
package main

import (
	"flag"
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/mnist"
)

func main() {
	samples := flag.Int("n", 60000, "number of images to train on")
	flag.Parse()
	model := network()
	keras.Check(model.Summary())
	score := keras.Must(train(model, *samples))
	fmt.Printf("Test accuracy: digit %.4f, even %.4f\n", score["digit_accuracy"], score["even_accuracy"])
}

// network is (28, 28) bytes → a digit's probabilities, and that of an even digit.
func network() *keras.Model {
	image := keras.Input(28, 28)
	x := keras.Apply(layers.Reshape{TargetShape: []int{28, 28, 1}}, image)
	x = keras.Apply(layers.Rescaling{Scale: 1.0 / 255}, x)
	x = keras.Apply(layers.Conv2D{Filters: 16, KernelSize: [2]int{3, 3}, Strides: [2]int{2, 2}, Padding: "same", Activation: "relu"}, x)

	again := keras.Share(layers.Conv2D{Filters: 16, KernelSize: [2]int{3, 3}, Padding: "same", Activation: "relu", Name: "again"})
	y := again.Call(again.Call(x)) // the same weights twice
	x = keras.Apply(layers.Add{}, x, y)

	x = keras.Apply(layers.MaxPooling2D{}, x)
	x = keras.Apply(layers.Flatten{}, x)
	digit := keras.Apply(layers.Dense{Units: 10, Activation: "softmax", Name: "digit"}, x)
	even := keras.Apply(layers.Dense{Units: 1, Activation: "sigmoid", Name: "even"}, x)
	return keras.NewModel(image, keras.List(digit, even))
}

// train fits the model to the first n images and returns what it scores on the
// test images.
func train(model *keras.Model, n int) (map[string]float64, error) {
	trainX, trainY, testX, testY, err := mnist.LoadData()
	if err != nil {
		return nil, err
	}
	err = model.Compile(keras.Compile{
		Optimizer: "adam",
		Loss:      map[string]any{"digit": "sparse_categorical_crossentropy", "even": "binary_crossentropy"},
		Metrics:   map[string]any{"digit": "accuracy", "even": "accuracy"},
	})
	if err != nil {
		return nil, err
	}
	trainX, trainY = trainX.Slice(0, n), trainY.Slice(0, n)
	_, err = model.Fit(trainX, map[string]*tensor.Tensor{"digit": trainY, "even": isEven(trainY)}, keras.Fit{BatchSize: 128, Epochs: 2})
	if err != nil {
		return nil, err
	}
	return model.EvaluateDict(testX, map[string]*tensor.Tensor{"digit": testY, "even": isEven(testY)}, keras.Evaluate{BatchSize: 500, Verbose: keras.Silent})
}

// isEven turns digits (n) into 1 for even and 0 for odd ones (n, 1).
func isEven(digits *tensor.Tensor) *tensor.Tensor {
	even := make([]float32, digits.Size())
	for i := range even {
		even[i] = 1 - float32(int(digits.Float64At(i))%2)
	}
	return tensor.From(even, len(even), 1)
}
