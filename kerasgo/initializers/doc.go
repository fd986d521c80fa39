// Package initializers makes the starting values of weights. It holds no state:
// an initializer is a struct whose fields are Keras's arguments.
//
// The numbers are drawn from the stream that the model hands in, so that they
// follow from the model's seed and the weight's path. With Seed set they follow
// from Seed alone, and equal shapes get equal numbers, as in Keras. The
// distributions are Keras's; the numbers are not, since Keras's own backends
// differ among each other too.
package initializers
