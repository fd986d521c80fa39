// Package layers holds Keras's layers, one file for each class.
//
// A layer is a struct literal whose fields are Keras's constructor arguments:
//
//	layers.Conv2D{Filters: 32, KernelSize: [2]int{5, 5}, Activation: "relu"}
//
// A field left at zero has Keras's default. The struct describes the layer; its
// weights live in the model it is added to, so adding the same literal twice
// gives two layers. Layers compute nothing themselves: Call composes ops.
//
// A layer of your own is the same three things: a struct with keras tags, Build
// and Call, and one spec.Register line (see examples/custom_layer).
package layers
