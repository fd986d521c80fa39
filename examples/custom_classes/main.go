// Custom_classes trains a small recurrent network made of classes of one's own: package
// shop has one of every kind. The stock of a shop is to be told from the sales of five
// days; too little is worse than too much.
//
//	go run ./examples/custom_classes
package main

import (
	"fmt"
	"math"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/examples/custom_classes/shop"
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

func main() {
	model := network()
	x, y := data(512)
	stop := &shop.GoodEnough{Below: 0.05}
	history := keras.Must(model.Fit(x, y, keras.Fit{Epochs: 50, Callbacks: []any{stop}, Verbose: 2}))
	fmt.Println("Good enough after", len(history.History["loss"]), "epochs")
}

// network is a compiled model: (5, 3) → 2.
func network() *keras.Model {
	model := keras.NewSequential()
	cell := layers.RNN{Cell: shop.LeakyCell{Units: 4}}
	model.Add(layers.Bidirectional{Layer: cell, InputShape: []int{5, 3}})
	model.Add(shop.Scale{Start: new(1.5)})
	model.Add(layers.Dense{Units: 2, Activation: "bent", KernelInitializer: shop.Wave{}, KernelRegularizer: shop.Quartic{}, KernelConstraint: shop.Box{Limit: new(0.8)}})
	model.Add(layers.Lambda{Function: "times", Arguments: map[string]any{"factor": 2.0}})
	keras.Check(model.Compile(keras.Compile{
		Optimizer: shop.Smooth{LearningRate: shop.Falling{Rate: 0.2, Half: 100}},
		Loss:      shop.Asymmetric{},
		Metrics:   []any{shop.Within{}},
	}))
	return model
}

// data makes n samples: what is sold, and what it means for two days to come.
func data(n int) (x, y *tensor.Tensor) {
	x, y = tensor.New(tensor.Float32, n, 5, 3), tensor.New(tensor.Float32, n, 2)
	for i := range x.Float32s() {
		x.Float32s()[i] = float32(math.Sin(float64(i*i%1009) / 50))
	}
	for i := range n {
		sold := x.Float32s()[i*15 : i*15+15]
		y.Float32s()[2*i] = (sold[0] + sold[12] + 1) / 2
		y.Float32s()[2*i+1] = (sold[14] + 1) / 2
	}
	return x, y
}
