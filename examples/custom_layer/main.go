// Custom_layer trains a model with a layer of its own, package highway: once
// described in Go, or, with -spec, from a spec file, by this program of a few lines.
//
//	go run ./examples/custom_layer
//	go run ./examples/custom_layer -spec examples/custom_layer/digits.yaml
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/kerasgo/kerasgo/examples/custom_layer/highway"
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/mnist"
)

func main() {
	file := flag.String("spec", "", "spec to run; the model below if empty")
	samples := flag.Int("n", 60000, "number of images to train on, without -spec")
	flag.Parse()
	if *file != "" {
		keras.Check(runSpec(*file))
		return
	}
	accuracy := keras.Must(train(*samples))
	fmt.Println("Test accuracy:", accuracy)
}

// train fits the model to the first n images.
func train(n int) (accuracy float64, err error) {
	trainX, trainY, testX, testY, err := mnist.LoadData() // bytes (60000, 28, 28), digits (60000)
	if err != nil {
		return 0, err
	}
	model := keras.NewSequential()
	model.Add(layers.Flatten{InputShape: []int{28, 28}})
	model.Add(layers.Rescaling{Scale: 1.0 / 255})
	model.Add(layers.Dense{Units: 64, Activation: "relu"})
	model.Add(highway.Highway{})
	model.Add(highway.Highway{Activation: "tanh", GateBias: new(-1.0)})
	model.Add(layers.Dense{Units: 10, Activation: "softmax"})
	if err := model.Compile(keras.Compile{Loss: "sparse_categorical_crossentropy", Optimizer: "adam", Metrics: []any{"accuracy"}}); err != nil {
		return 0, err
	}
	if _, err := model.Fit(trainX.Slice(0, n), trainY.Slice(0, n), keras.Fit{BatchSize: 128, Epochs: 2}); err != nil {
		return 0, err
	}
	score, err := model.Evaluate(testX, testY, keras.Evaluate{BatchSize: 500, Verbose: keras.Silent})
	if err != nil {
		return 0, err
	}
	return score[1], nil
}

// runSpec does what the command "kerasgo fit" does, with the layers of this program.
func runSpec(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	e, errs := experiment.Parse(file, text, nil)
	if len(errs) > 0 {
		return errs
	}
	_, err = e.Run(context.Background(), experiment.Options{Progress: os.Stderr, Results: os.Stdout, NoSave: true})
	return err
}
