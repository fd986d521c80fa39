package keras_test

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// Residual adds what its layers make of x to x.
type Residual struct {
	Units  int            `keras:"units,default=4"`
	Layers []*keras.Layer `attr:"parts"`
}

func (r *Residual) Init() {
	for range 2 {
		r.Layers = append(r.Layers, keras.Share(layers.Dense{Units: r.Units, Activation: "tanh"}))
	}
}

func (r *Residual) Call(c *keras.Context, in ...graph.Value) graph.Value {
	x := in[0]
	for _, l := range r.Layers {
		x = c.Call(l, x)
	}
	return ops.Add(in[0], x)
}

// TrainStep is Keras's, and logs how large the gradients are.
func (r *Residual) TrainStep(s *keras.Step) {
	y := s.Call(s.Model(), s.X...)
	loss := s.ComputeLoss(y)
	weights := s.Model().TrainableWeights()
	grads := s.Gradients(loss, weights)
	s.Apply(s.Optimizer(), grads, weights)
	s.ComputeMetrics(loss, y)
	s.Log("slope", ops.Sqrt(ops.Sum(ops.Square(grads[0]), nil, false)))
}

func ExampleNewSubclass() {
	model := keras.NewSubclass(&Residual{})
	keras.Check(model.Compile(keras.Compile{Optimizer: "sgd", Loss: "mse"}))
	x := tensor.New(tensor.Float32, 32, 4)
	h := keras.Must(model.Fit(x, x, keras.Fit{Verbose: keras.Silent}))
	fmt.Println(model.Name(), model.CountParams(), h.History)
	// Output: residual 40 map[loss:[0] slope:[0]]
}
