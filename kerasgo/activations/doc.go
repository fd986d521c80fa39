// Package activations holds Keras's activation functions. They are no layers and
// have no weights: each maps a value of the graph to a value of the same shape
// (Glu halves one axis).
//
// A layer's Activation argument takes the name of a function ("relu"), the
// function itself, or nil for none:
//
//	layers.Dense{Units: 10, Activation: "softmax"}
//
// The registered functions use Keras's default parameters, as the strings do in
// Keras. Functions with further parameters (ReluWith, LeakyReluWith, …) are for
// layers and for your own compositions. Register a function of your own with
// spec.RegisterFunc to use it by name.
package activations
