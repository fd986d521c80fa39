// Package constraints holds projections of weights, applied after each step of
// the optimizer. They know no layer: each is a struct whose Apply composes ops.
package constraints
