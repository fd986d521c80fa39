//go:build amd64 && !noasm

package kernel

// noescape returns p and hides from the compiler that it does: a buffer on the stack stays there although it is passed through a function pointer. The kernels
// behind those pointers keep no pointers.
//
//go:noescape
func noescape(p *float32) *float32
