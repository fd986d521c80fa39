package keras_test

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/operations"
	"github.com/kerasgo/kerasgo/spec"
)

// The distance of every row from the mean of its sample, without a layer.
func ExampleOp() {
	x := keras.Input(2, 2) // rows of pairs
	mean := keras.Op(operations.Mean{Axis: spec.Ints{1}, Keepdims: true}, x)
	distance := keras.Op(operations.Norm{Axis: spec.Ints{-1}}, x.Sub(mean))
	model := keras.NewModel(x, keras.List(distance, x.At(keras.All, 0).Mul(2)))

	data := tensor.From([]float32{0, 0, 6, 8}, 1, 2, 2)
	out := keras.Must(model.PredictAll(data, keras.Predict{Verbose: -1}))
	fmt.Println(out[0].Float32s(), out[1].Float32s())
	for _, l := range model.Layers() {
		fmt.Println(l.Name(), l.Class())
	}
	// Output:
	// [5 5] [0 0]
	// input_layer InputLayer
	// mean Mean
	// subtract Subtract
	// get_item GetItem
	// norm Norm
	// multiply Multiply
}
