package keras_test

import (
	"fmt"
	"log"
	"os"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// points returns 200 points of the unit square and whether they lie above its
// diagonal.
func points() (x, y *tensor.Tensor) {
	x, y = tensor.New(tensor.Float32, 200, 2), tensor.New(tensor.Float32, 200, 1)
	for i, u := range units(400, 1) {
		x.Float32s()[i] = float32(u)
	}
	for i := range 200 {
		if x.At(i, 1) > x.At(i, 0) {
			y.Float32s()[i] = 1
		}
	}
	return x, y
}

func Example() {
	x, y := points()
	keras.SetRandomSeed(1)

	model := keras.NewSequential()
	model.Add(layers.Dense{Units: 8, Activation: "relu", InputShape: []int{2}})
	model.Add(layers.Dense{Units: 1, Activation: "sigmoid"})
	keras.Check(model.Compile(keras.Compile{Loss: "binary_crossentropy", Optimizer: optimizers.Adam{LearningRate: 0.05}, Metrics: []any{"accuracy"}}))

	history := keras.Must(model.Fit(x, y, keras.Fit{Epochs: 30, BatchSize: 20, Verbose: keras.Silent}))
	loss := history.History["loss"]
	fmt.Println("epochs:", len(loss), "the loss fell:", loss[29] < loss[0]/2)

	score := keras.Must(model.Evaluate(x, y, keras.Evaluate{Verbose: keras.Silent}))
	fmt.Println("accuracy above 95 %:", score[1] > 0.95)

	p := keras.Must(model.Predict(tensor.From([]float32{0.1, 0.9, 0.9, 0.1}, 2, 2), keras.Predict{Verbose: keras.Silent}))
	fmt.Printf("above: %.0f, below: %.0f\n", p.At(0, 0), p.At(1, 0))
	// Output:
	// epochs: 30 the loss fell: true
	// accuracy above 95 %: true
	// above: 1, below: 0
}

func ExampleNewModel() {
	image := keras.InputWith(layers.InputLayer{Shape: []int{28, 28, 1}, Name: "image"})
	size := keras.InputWith(layers.InputLayer{Shape: []int{3}, Name: "size"})
	x := keras.Apply(layers.Flatten{}, keras.Apply(layers.Conv2D{Filters: 4, KernelSize: [2]int{3, 3}, Activation: "relu"}, image))
	x = keras.Apply(layers.Concatenate{}, x, size)
	kind := keras.Apply(layers.Dense{Units: 10, Activation: "softmax", Name: "kind"}, x)
	price := keras.Apply(layers.Dense{Units: 1, Name: "price"}, x)

	model := keras.NewModel(keras.List(image, size), keras.List(kind, price))
	keras.Check(model.Compile(keras.Compile{
		Loss:        map[string]any{"kind": "sparse_categorical_crossentropy", "price": "mse"},
		LossWeights: map[string]float64{"price": 0.1},
		Metrics:     map[string][]any{"kind": {"accuracy"}},
	}))
	for _, l := range model.Layers() {
		fmt.Println(l.Class(), l.Name())
	}
	fmt.Println(model.OutputShapes())
	// Output:
	// InputLayer image
	// Conv2D conv2d
	// Flatten flatten
	// InputLayer size
	// Concatenate concatenate
	// Dense kind
	// Dense price
	// [(None, 10) (None, 1)]
}

func ExampleShare() {
	a, b := keras.Input(4), keras.Input(4)
	encode := keras.Share(layers.Dense{Units: 8, Activation: "relu"})
	distance := keras.Apply(layers.Subtract{}, encode.Call(a), encode.Call(b))
	model := keras.NewModel(keras.List(a, b), keras.Apply(layers.Dense{Units: 1}, distance))
	keras.Check(model.Build())
	fmt.Println(model.CountParams(), "parameters")
	// Output: 49 parameters
}

func ExampleModel_Add() {
	model := keras.NewSequential()
	model.Add(layers.Dense{Units: 10, InputShape: []int{4}})
	model.Add(layers.Dropout{Rate: 1.5})
	model.Add(layers.Dense{Units: 1})
	fmt.Println(model.Compile(keras.Compile{Loss: "mse"}))
	// Output: example_test.go:96: model.Add(layers.Dropout): rate 1.5 is outside [0, 1]
}

func ExampleModel_SummaryWith() {
	model := keras.NewSequential(layers.Dense{Units: 128, Activation: "relu", InputShape: []int{784}}, layers.Dense{Units: 10})
	if err := model.SummaryWith(keras.SummaryOptions{Out: os.Stdout, LineLength: 50}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Model: "sequential"
	// ┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
	// ┃ Layer (type)        ┃ Output Shape   ┃ Param # ┃
	// ┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
	// │ dense (Dense)       │ (None, 128)    │ 100,480 │
	// ├─────────────────────┼────────────────┼─────────┤
	// │ dense_1 (Dense)     │ (None, 10)     │   1,290 │
	// └─────────────────────┴────────────────┴─────────┘
	//  Total params: 101,770 (397.54 KB)
	//  Trainable params: 101,770 (397.54 KB)
	//  Non-trainable params: 0 (0.00 B)
}

func ExampleFit_callbacks() {
	x, y := points()
	keras.SetRandomSeed(1)
	model := keras.NewSequential(layers.Dense{Units: 1, Activation: "sigmoid", InputShape: []int{2}})
	keras.Check(model.Compile(keras.Compile{Loss: "mse", Optimizer: optimizers.SGD{LearningRate: 0.0}}))
	history := keras.Must(model.Fit(x, y, keras.Fit{
		Epochs: 100, ValidationSplit: 0.2, Verbose: keras.Silent,
		Callbacks: []any{callbacks.EarlyStopping{Patience: 3, Verbose: 1}},
	}))
	fmt.Println(history.Keys())
	// Output:
	// Epoch 4: early stopping
	// [loss val_loss]
}

func ExampleModel_SetTrainable() {
	base := keras.NewSequential(layers.Dense{Units: 8, InputShape: []int{4}}).Named("base")
	base.SetTrainable(false)
	model := keras.NewSequential(base, layers.Dense{Units: 2})
	keras.Check(model.Build())
	for _, w := range model.Weights() {
		fmt.Println(w.Path(), w.Shape(), w.Trainable())
	}
	// Output:
	// dense/kernel (4, 8) false
	// dense/bias (8,) false
	// dense/kernel (8, 2) true
	// dense/bias (2,) true
}

func ExampleModel_TrainOnBatch() {
	x, y := points()
	keras.SetRandomSeed(1)
	model := keras.NewSequential(layers.Dense{Units: 1, Activation: "sigmoid", InputShape: []int{2}})
	keras.Check(model.Compile(keras.Compile{Loss: "binary_crossentropy", Optimizer: optimizers.SGD{LearningRate: 1.0}}))
	before := keras.Must(model.TestOnBatch(x, y))
	for range 50 {
		keras.Must(model.TrainOnBatch(x, y))
	}
	after := keras.Must(model.TestOnBatch(x, y))
	fmt.Println("better:", after[0] < before[0])
	// Output: better: true
}

func ExampleToCategorical() {
	y := keras.Must(keras.ToCategorical(tensor.From([]int32{0, 2, 1}), 3))
	fmt.Println(y.Shape(), y.Float64s())
	_, err := keras.ToCategorical(tensor.From([]int32{0, 3}), 3)
	fmt.Println(err)
	// Output:
	// (3, 3) [1 0 0 0 0 1 0 1 0]
	// keras: ToCategorical: class 3 is outside 0…2
}

func ExampleNormalize() {
	x := keras.Must(keras.Normalize(tensor.From([]float64{3, 4, 0, 2}, 2, 2), -1, 2))
	fmt.Println(x.Float64s())
	// Output: [0.6 0.8 0 1]
}

// stopAt is a callback of one's own.
type stopAt struct {
	callbacks.Base
	loss float64
}

func (s *stopAt) OnEpochEnd(_ int, logs callbacks.Logs) error {
	if logs["loss"] < s.loss {
		s.Model().StopTraining()
	}
	return nil
}

func ExampleFit_ownCallback() {
	x, y := points()
	keras.SetRandomSeed(1)
	model := keras.NewSequential(layers.Dense{Units: 1, Activation: "sigmoid", InputShape: []int{2}})
	keras.Check(model.Compile(keras.Compile{Loss: "binary_crossentropy", Optimizer: optimizers.Adam{LearningRate: 0.1}}))
	history := keras.Must(model.Fit(x, y, keras.Fit{Epochs: 1000, Verbose: keras.Silent, Callbacks: []any{&stopAt{loss: 0.3}}}))
	fmt.Println("stopped early:", len(history.Epoch) < 1000)
	// Output: stopped early: true
}
