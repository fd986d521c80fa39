// Package keras is Keras in Go: models are built, trained, evaluated, saved and
// loaded with Keras's names, defaults, order of calls and numbers.
//
//	model := keras.NewSequential()
//	model.Add(layers.Dense{Units: 128, Activation: "relu", InputShape: []int{784}})
//	model.Add(layers.Dense{Units: 10, Activation: "softmax"})
//	keras.Check(model.Compile(keras.Compile{Loss: "sparse_categorical_crossentropy", Optimizer: "adam", Metrics: []any{"accuracy"}}))
//	history := keras.Must(model.Fit(x, y, keras.Fit{Epochs: 5}))
//
// A Model is a graph of layer calls. Layers are struct literals from package
// layers; they describe, and the model owns the weights. Calling the model traces
// the layers into a graph of ops (engine/graph), which is differentiated,
// compiled (engine/plan) and run on SIMD kernels (engine/run).
//
// Methods return errors, they don't panic. Add and the functions that apply
// layers record the first error, with the caller's file and line; Compile returns
// it. Must and Check keep a notebook to one Go line for each Python line.
package keras
