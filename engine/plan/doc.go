// Package plan compiles a graph of ops into a Program that package run executes.
//
// The passes, each in a file of its own, in order:
//
//	fuse.go         conv + bias + relu + max-pool become one op, before differentiation
//	simplify.go     dead values and common subexpressions go, small constants are computed
//	elementwise.go  elementwise ops become loops, as few as may be; block.go runs one over cache-sized blocks
//	join_product.go  products become part of the loops that alone read them
//	sparse_product.go  products with inputs that are zero for the most part multiply the rest only
//	lower*.go       every op, or fused group, becomes kernel calls split into chunks
//	schedule.go     kernel calls that do not depend on each other share a phase, small ones form chains
//	memory.go       one arena, offsets by lifetime
//
// An op without a lowering runs its own Eval: correctness never waits for speed.
package plan
