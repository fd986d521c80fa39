//go:build amd64 && !noasm

package kernel

import "golang.org/x/sys/cpu"

// native returns the tables that this CPU and operating system can run, best first.
func native() []*table {
	var found []*table
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasFMA && cpu.X86.HasBMI2 {
		found = append(found, tableAVX512())
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA && cpu.X86.HasBMI2 {
		found = append(found, tableAVX2())
	}
	return found
}
