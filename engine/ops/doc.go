// Package ops holds the operations that graphs are made of, and the functions
// that layers, losses and optimizers are written with. It runs nothing by
// itself: a call such as Add(a, b) puts a node into the graph of its arguments.
//
// Each op is a small comparable struct named …Op with its shape rule (Infer), its
// derivative in terms of other ops (Gradient) and its definition as plain loops
// (Eval), which compiled programs are held against. Every element is computed in
// float64 and stored in the type of the output; sums are kept in float64.
//
// Conventions of the functions:
//   - Axes may be negative and then count from the end. An empty list of axes
//     means all of them.
//   - Elementwise functions broadcast as NumPy does, and want one type for all
//     operands; Cast converts.
//   - Truth is 1 and 0 in the float type of the operands, float32 for integers.
//   - Nothing returns an error: the graph keeps the first one, which wraps
//     graph.ErrShape when shapes or types do not fit.
//   - Images are (N, H, W, C), kernels (kh, kw, Cin/groups, Cout).
//
// Gradients at kinks follow TensorFlow: relu'(0) = 0, abs'(0) = 0, Clip passes
// the gradient at its bounds, Maximum and Minimum give it to the first operand on
// a tie, Max and Min reductions share it among all equal extremes.
package ops
