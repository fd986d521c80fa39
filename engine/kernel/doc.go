// Package kernel is not a tensor library: it holds the innermost loops, on plain float32 slices, that the engine's programs are made of.
//
// Every function here is single-threaded and allocates nothing; splitting work over threads is the caller's business. Lengths are taken from
// the destination; sources must be at least as long, else the function panics as an index expression would. A destination may be the very same
// slice as a source unless the function says otherwise; partly overlapping slices give undefined values.
//
// Each kernel exists as portable Go (the reference: x_generic.go) and, on amd64, as generated AVX2 and AVX-512 assembly (the generator, a module
// of its own, is in _gen; run go generate to rebuild the committed *.s files). One table of function pointers is chosen at start-up from the
// CPU's feature bits. The environment variable KERASGO_ISA=generic|avx2|avx512|avx512bf16|amx forces a table; InitErr tells when that was not possible.
// The build tag noasm leaves out all assembly.
//
// Results depend on the instruction set (within the stated rounding errors) but never on the machine's load, alignment or thread count:
// the order of every sum is a function of the lengths alone. Elementwise kernels without transcendental functions, the optimizer steps,
// the random numbers and the pooling kernels give the same bits on every instruction set.
package kernel

//go:generate go -C _gen run .
