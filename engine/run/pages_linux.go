package run

import (
	"syscall"
	"unsafe"
)

// wantHugePages advises the system to map memory by large pages: products walk over an arena in steps of many KiB, for which the processor would have to look up
// a small page each time.
func wantHugePages(p unsafe.Pointer, size int) {
	skip := int(-uintptr(p) % hugePage)
	if size = (size - skip) / hugePage * hugePage; size > 0 {
		_ = syscall.Madvise(unsafe.Slice((*byte)(unsafe.Add(p, skip)), size), syscall.MADV_HUGEPAGE) // small pages do, too
	}
}
