package main

import (
	"golang.org/x/sys/cpu"

	"github.com/kerasgo/kerasgo/engine/kernel"
)

// cpuFeatures lists the features of the processor that kernels could use.
func cpuFeatures() []string {
	var list []string
	for _, f := range []struct {
		name string
		has  bool
	}{
		{"sse4.1", cpu.X86.HasSSE41}, {"avx", cpu.X86.HasAVX}, {"avx2", cpu.X86.HasAVX2}, {"fma", cpu.X86.HasFMA},
		{"avx512f", cpu.X86.HasAVX512F}, {"avx512bw", cpu.X86.HasAVX512BW}, {"avx512dq", cpu.X86.HasAVX512DQ}, {"avx512vl", cpu.X86.HasAVX512VL},
		{"avx512vnni", cpu.X86.HasAVX512VNNI}, {"avx512bf16", cpu.X86.HasAVX512BF16}, {"amx-tile", cpu.X86.HasAMXTile}, {"amx-bf16", cpu.X86.HasAMXBF16},
		{"asimd", cpu.ARM64.HasASIMD}, {"asimdhp", cpu.ARM64.HasASIMDHP}, {"sve", cpu.ARM64.HasSVE},
	} {
		if f.has {
			list = append(list, f.name)
		}
	}
	return list
}

// bfloat16Note tells what the machine does with the policy mixed_bfloat16.
func bfloat16Note() string {
	const how = "computed in float32 with operands and results rounded to bfloat16: about as fast as float32"
	switch isa := kernel.ISA(); {
	case isa == "amx":
		return "products by the processor's tile unit (AMX), summed in float32"
	case isa == "avx512bf16":
		return "products by the processor's AVX512_BF16, summed in float32"
	case cpu.X86.HasAMXBF16:
		return how + "; the processor's AMX unit is not used"
	case cpu.X86.HasAVX512BF16:
		return how + "; the processor's AVX512_BF16 is not used"
	}
	return how
}
