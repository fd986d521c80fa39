// Transfer_learning teaches a network new classes from few images. A MobileNet that has
// learned the digits 0 to 4 is frozen, and a new head on it learns 5 to 9; then the whole
// is tuned in small steps.
//
//	go run ./examples/transfer_learning
//	go run ./examples/transfer_learning -weights mobilenet_2_5_224_tf_no_top.h5
//
// With -weights the frozen part comes from a file instead, such as Keras's weights of
// ImageNet, or from its cache (-weights imagenet).
package main

import (
	"flag"
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/applications"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/mnist"
)

func main() {
	weights := flag.String("weights", "", "file of the network's weights, or imagenet; by default it is trained here")
	samples := flag.Int("n", 30000, "number of images to train the network on")
	few := flag.Int("few", 1000, "number of images to train the new head on")
	flag.Parse()

	base := keras.Must(network(*weights))
	if *weights == "" {
		fmt.Println("The network learns the digits 0 to 4:")
		keras.Must(fit(classifier(base), 0, *samples, 2, 1e-3))
	}

	base.SetTrainable(false)
	fmt.Printf("A new head on the frozen network learns the digits 5 to 9 from %d images:\n", *few)
	model := classifier(base)
	keras.Must(fit(model, 5, *few, 10, 1e-3))
	fmt.Printf("Test accuracy: %.4f\n", keras.Must(accuracy(model, 5)))

	base.SetTrainable(true)
	fmt.Println("The whole is tuned:")
	keras.Must(fit(model, 5, *few, 30, 5e-4))
	fmt.Printf("Test accuracy: %.4f\n", keras.Must(accuracy(model, 5)))
}

// network is a small MobileNet without its classifier: (32, 32, 3) → 256 features.
func network(weights string) (*keras.Model, error) {
	return applications.MobileNet{
		Alpha: 0.25, InputShape: []int{32, 32, 3}, IncludeTop: new(false), Pooling: "avg", Weights: weights,
	}.Model()
}

// classifier puts a head for five classes on the network, and before it what makes of a
// grey image of 28x28 pixels one of 32x32 in colour: (28, 28, 1) → 5 probabilities.
func classifier(base *keras.Model) *keras.Model {
	image := keras.Input(28, 28, 1)
	x := keras.Apply(layers.ZeroPadding2D{Padding: &[2][2]int{{2, 2}, {2, 2}}}, image)
	x = keras.Apply(layers.Concatenate{}, x, x, x)
	x = keras.Apply(layers.Rescaling{Scale: 1 / 127.5, Offset: -1.0}, x) // as MobileNet's PreprocessInput
	x = keras.Apply(base, x)
	x = keras.Apply(layers.Dense{Units: 5, Activation: "softmax", Name: "head"}, x)
	return keras.NewModel(image, x)
}

// fit trains the model on n images of the five digits from first on. What is frozen and
// what is not counts from Compile on.
func fit(model *keras.Model, first, n, epochs int, rate float64) (*keras.History, error) {
	trainX, trainY, _, _, err := mnist.LoadData()
	if err != nil {
		return nil, err
	}
	x, y := digits(trainX, trainY, first, n)
	err = model.Compile(keras.Compile{Optimizer: optimizers.Adam{LearningRate: rate}, Loss: "sparse_categorical_crossentropy", Metrics: []any{"accuracy"}})
	if err != nil {
		return nil, err
	}
	return model.Fit(x, y, keras.Fit{BatchSize: 64, Epochs: epochs})
}

// accuracy is the share of the test images of the five digits from first on that the
// model recognises.
func accuracy(model *keras.Model, first int) (float64, error) {
	_, _, testX, testY, err := mnist.LoadData()
	if err != nil {
		return 0, err
	}
	x, y := digits(testX, testY, first, testX.Shape()[0])
	score, err := model.EvaluateDict(x, y, keras.Evaluate{BatchSize: 500, Verbose: keras.Silent})
	return score["accuracy"], err
}

// digits returns up to n images (n, 28, 28, 1) of the five digits from first on, and their
// numbers (n) less first.
func digits(x, y *tensor.Tensor, first, n int) (images, classes *tensor.Tensor) {
	var rows []int
	var labels []int32
	for i := range y.Size() {
		if d := int(y.Float64At(i)) - first; d >= 0 && d < 5 && len(rows) < n {
			rows, labels = append(rows, i), append(labels, int32(d))
		}
	}
	images = tensor.New(x.DType(), len(rows), 28, 28)
	tensor.Gather(images, x, rows)
	return images.Reshape(len(rows), 28, 28, 1), tensor.From(labels, len(labels))
}
