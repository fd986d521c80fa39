// Vae trains a variational autoencoder on the digits, and draws new ones. It is a model
// with a training step of its own, as Keras's guide writes it with train_step: the encoder
// yields the mean and the variance of a code, the decoder makes a digit of a code drawn
// from these, and the loss is what is lost on the way plus how far the codes are from a
// normal distribution. Source: Kingma, Welling, Auto-Encoding Variational Bayes, 2013.
//
//	go run ./examples/vae
package main

import (
	"flag"
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/mnist"
)

// VAE is the model: digits (batch, 28, 28) with values from 0 to 1 → the same, as the
// decoder makes them of the mean code.
type VAE struct {
	Latent int // length of a code

	Encoder, Decoder         *keras.Model
	Loss, Reconstruction, KL *keras.Metric
}

// Init makes the two networks.
func (v *VAE) Init() {
	digit := keras.Input(28, 28)
	x := keras.Apply(layers.Flatten{}, digit)
	x = keras.Apply(layers.Dense{Units: 256, Activation: "relu"}, x)
	mean := keras.Apply(layers.Dense{Units: v.Latent, Name: "mean"}, x)
	logVar := keras.Apply(layers.Dense{Units: v.Latent, Name: "log_var"}, x)
	v.Encoder = keras.NewModel(digit, keras.List(mean, logVar))
	v.Decoder = keras.NewSequential(
		layers.Dense{Units: 256, Activation: "relu", InputShape: []int{v.Latent}},
		layers.Dense{Units: 784, Activation: "sigmoid"},
		layers.Reshape{TargetShape: []int{28, 28}})
	v.Loss = keras.NewMetric(metrics.Mean{Name: "loss"})
	v.Reconstruction = keras.NewMetric(metrics.Mean{Name: "reconstruction"})
	v.KL = keras.NewMetric(metrics.Mean{Name: "kl"})
}

// Call decodes the mean code.
func (v *VAE) Call(c *keras.Context, in ...graph.Value) graph.Value {
	return c.Call(v.Decoder, c.Call(v.Encoder, in[0]))
}

// TrainStep is one step of training.
func (v *VAE) TrainStep(s *keras.Step) {
	loss := v.loss(s)
	weights := s.Model().TrainableWeights()
	s.Apply(s.Optimizer(), s.Gradients(loss, weights), weights)
}

// TestStep is one step of evaluation.
func (v *VAE) TestStep(s *keras.Step) { v.loss(s) }

// loss returns the loss of a batch, for each digit, and logs its two parts.
func (v *VAE) loss(s *keras.Step) graph.Value {
	x := s.X[0]
	code := s.CallMulti(v.Encoder, x)
	mean, logVar := code[0], code[1] // (batch, Latent)
	noise := s.Normal(nil, mean.Shape()...)
	y := s.Call(v.Decoder, ops.Add(mean, ops.Mul(ops.Exp(ops.MulScalar(logVar, 0.5)), noise)))

	lost := losses.Compute(losses.BinaryCrossentropy{Axis: new(-1)}, x, y, graph.Value{}, graph.Value{}) // the mean of all pixels
	lost = ops.MulScalar(lost, 784)
	kl := ops.Sub(ops.AddScalar(logVar, 1), ops.Add(ops.Square(mean), ops.Exp(logVar)))
	kl = ops.MulScalar(ops.Mean(ops.Sum(kl, []int{1}, false), nil, false), -0.5)
	loss := ops.Add(lost, kl)
	s.Log("loss", s.Update(v.Loss, loss))
	s.Log("reconstruction", s.Update(v.Reconstruction, lost))
	s.Log("kl", s.Update(v.KL, kl))
	return loss
}

func main() {
	samples := flag.Int("n", 20000, "number of images to train on")
	flag.Parse()
	model := keras.Must(train(*samples, 5))
	for _, code := range [][]float32{{-1, -1}, {-1, 1}, {0, 0}, {1, -1}, {1, 1}} {
		fmt.Println(code)
		fmt.Println(mnist.ASCII(keras.Must(draw(model, code))))
	}
}

// train fits a model with codes of length 2 to the first n images.
func train(n, epochs int) (*keras.Model, error) {
	images, _, tests, _, err := mnist.LoadData() // bytes
	if err != nil {
		return nil, err
	}
	model := keras.NewSubclass(&VAE{Latent: 2})
	if err := model.Compile(keras.Compile{Optimizer: optimizers.Adam{LearningRate: 2e-3}}); err != nil {
		return nil, err
	}
	_, err = model.Fit(scaled(images.Slice(0, n)), nil, keras.Fit{
		BatchSize: 128, Epochs: epochs, Verbose: 2, ValidationData: keras.Data{X: scaled(tests.Slice(0, 1000))},
	})
	return model, err
}

// scaled turns bytes into numbers from 0 to 1.
func scaled(images *tensor.Tensor) *tensor.Tensor {
	x := images.Cast(tensor.Float32)
	for i := range x.Float32s() {
		x.Float32s()[i] /= 255
	}
	return x
}

// draw makes a digit (28, 28) of a code.
func draw(model *keras.Model, code []float32) (*tensor.Tensor, error) {
	decoder := model.Value().(*VAE).Decoder
	y, err := decoder.Predict(tensor.From(code, 1, len(code)), keras.Predict{Verbose: keras.Silent})
	if err != nil {
		return nil, err
	}
	return y.Reshape(28, 28), nil
}
