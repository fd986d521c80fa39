//go:build amd64 && !noasm

package kernel

import (
	"fmt"
	"slices"

	"golang.org/x/sys/cpu"
)

// native returns the tables that this CPU and operating system can run, best first.
func native() []*table {
	var found []*table
	avx512 := cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasFMA && cpu.X86.HasBMI2
	if avx512 && allowTiles() {
		if err := checkTiles(); err != nil {
			disabled = append(disabled, fmt.Errorf("amx: %w", err))
		} else {
			found = append(found, tableAMX())
		}
	}
	if avx512 {
		found = append(found, tableAVX512())
	}
	if avx512 && cpu.X86.HasAVX512BF16 {
		// AMD's cores do as many VDPBF16PS of a vector's width as multiply-adds, Intel's half as many: there it would be slower than float32.
		at := len(found)
		if vendorAMD() {
			at--
		}
		found = slices.Insert(found, at, tableAVX512BF16())
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA && cpu.X86.HasBMI2 {
		found = append(found, tableAVX2())
	}
	return found
}
