// The classic Keras notebook, one Go line for each line of Python: a CNN that
// reaches 99 % on MNIST.
package main

import (
	"fmt"

	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/mnist"
)

func main() {
	data := keras.Must(mnist.ReadDataSets("mnist/", mnist.Options{OneHot: true}))

	// %%
	trainX, trainY := data.Train.Images, data.Train.Labels
	testX, testY := data.Test.Images, data.Test.Labels
	fmt.Println(trainX.Shape())

	// %%
	trainX = trainX.Reshape(-1, 28, 28, 1)
	testX = testX.Reshape(-1, 28, 28, 1)

	// %%
	model := keras.NewSequential()
	model.Add(layers.Conv2D{Filters: 32, KernelSize: [2]int{5, 5}, Padding: "valid", InputShape: []int{28, 28, 1}})
	model.Add(layers.Activation{Activation: "relu"})
	model.Add(layers.MaxPooling2D{PoolSize: [2]int{2, 2}})
	model.Add(layers.Conv2D{Filters: 64, KernelSize: [2]int{5, 5}, Padding: "valid"})
	model.Add(layers.Activation{Activation: "relu"})
	model.Add(layers.MaxPooling2D{PoolSize: [2]int{2, 2}})
	model.Add(layers.Flatten{})
	model.Add(layers.Dense{Units: 128})
	model.Add(layers.Activation{Activation: "relu"})
	model.Add(layers.Dropout{Rate: 0.5})
	model.Add(layers.Dense{Units: 10})
	model.Add(layers.Activation{Activation: "softmax"})

	// %%
	keras.Check(model.Compile(keras.Compile{Loss: "categorical_crossentropy", Optimizer: "adam", Metrics: []any{"accuracy"}}))
	keras.Must(model.Fit(trainX, trainY, keras.Fit{BatchSize: 128, Epochs: 10, Verbose: 1}))
	score := keras.Must(model.Evaluate(testX, testY, keras.Evaluate{BatchSize: 128, Verbose: keras.Silent}))
	fmt.Println("Test accuracy:", score[1])
}
