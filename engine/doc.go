// Package engine holds no code: it is the tour of the packages below it, which
// compute, and the glossary of their words. None of them knows Keras.
//
// # Tour
//
// A computation is described with [ops] as a graph of values ([graph]), whose
// derivatives are more nodes of the same graph. [plan] compiles the graph into a
// Program, [run] executes it with persistent workers on the loops of [kernel].
// Arrays that cross the border are [tensor]s; random numbers come from [rng].
//
//	g := graph.New()
//	x := g.Input("x", graph.Spec{Shape: graph.Shape{128, 784}})
//	y := ops.Softmax(ops.MatMul(x, w), -1)
//	…
//	p, err := plan.Compile(g, []graph.Value{y})
//	f, err := p.NewFrame(variables, run.Default().Size())
//	err = run.Default().Run(f)
//
// Every op can also evaluate itself with plain loops (Eval): the definition of
// truth, which graph.Run uses and which every fast path is tested against.
//
// # Letters of dimensions
//
//	N           samples of a batch, always the first axis of data
//	H, W        rows and columns of images
//	C           channels, always the last axis of data
//	Cin, Cout   channels that a convolution reads and makes
//	KH, KW      rows and columns of a convolution's kernel; also kh, kw
//	Ho, Wo      rows and columns of an output image
//	M, N, K     of a matrix product: (M, K)·(K, N) → (M, N)
//
// Images are (N, H, W, C), kernels of convolutions (KH, KW, Cin/groups, Cout),
// kernels of dense layers (in, out): Keras's own layouts.
//
// # Words
//
//	trace     one run of the layers' Call for given shapes, which yields a graph
//	Program   a compiled trace: immutable, shared by all callers
//	frame     the memory of one running Program: its arena, its inputs and outputs, the workers' scratch
//	arena     the one block of a frame that holds all intermediate arrays, at offsets that plan has chosen by lifetime
//	lowering  the kernel calls chosen for an op or a fused group of ops
//	step      one kernel call over the whole of its operands
//	chunk     a part of a step that one worker does; there are as many as the step's shapes say
//	phase     steps that need nothing of each other and run side by side; after it all workers meet (a barrier)
//	segment   ops that run one after the other on a few samples at a time, so that what is between them stays in
//	          the cache: convolution, bias, relu and max-pooling are one
//	lane      one of a fixed number of partial sums into which a reduction over samples is split; the number follows
//	          from the shapes, so threads may come and go while the bits stay
//
// [graph]: https://pkg.go.dev/github.com/kerasgo/kerasgo/engine/graph
// [ops]: https://pkg.go.dev/github.com/kerasgo/kerasgo/engine/ops
// [plan]: https://pkg.go.dev/github.com/kerasgo/kerasgo/engine/plan
// [run]: https://pkg.go.dev/github.com/kerasgo/kerasgo/engine/run
// [kernel]: https://pkg.go.dev/github.com/kerasgo/kerasgo/engine/kernel
// [tensor]: https://pkg.go.dev/github.com/kerasgo/kerasgo/engine/tensor
// [rng]: https://pkg.go.dev/github.com/kerasgo/kerasgo/engine/rng
package engine
