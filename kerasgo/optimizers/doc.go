// Package optimizers holds Keras's optimizers as descriptions: plain structs that
// say which variables they keep beside the model's and how one step changes a
// variable, all in graph ops. They hold no numbers themselves.
//
// Apply puts a whole step into a graph, in Keras's order: scale and clip the
// gradients, decay the weights, update, average, constrain, count. It is done in
// float32 with Keras's order of operations. The arguments that all optimizers share
// are described at Options. A user's own optimizer implements Optimizer and works
// with Apply.
package optimizers
