// Package tensor holds the only array type a kerasgo user meets: a dense,
// contiguous, row-major array with a run-time element type.
//
// It is not a compute library: nothing here multiplies matrices. Arithmetic
// lives in engine/ops, which builds graphs, and in engine/kernel, which runs
// them. Methods panic with *ShapeError on a programmer's mistake (a bad index, a
// reshape that does not fit), as Go slices do; the model methods of package
// keras turn that panic into an error.
package tensor
