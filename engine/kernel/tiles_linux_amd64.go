//go:build !noasm

package kernel

import (
	"syscall"

	"golang.org/x/sys/cpu"
)

// allowTiles asks the kernel for the state of the tile unit, which a process has only on demand (Linux 5.16), and reports whether it is there. The request also
// makes sure that the threads' signal stacks are large enough for it; Go's are.
func allowTiles() bool {
	const requestComponent, tileData = 0x1023, 18 // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
	if !cpu.X86.HasAMXTile || !cpu.X86.HasAMXBF16 {
		return false
	}
	_, _, errno := syscall.RawSyscall(syscall.SYS_ARCH_PRCTL, requestComponent, tileData, 0)
	return errno == 0
}
