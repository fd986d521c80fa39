//go:build amd64 && !noasm

package kernel

import "golang.org/x/sys/cpu"

// native returns the tables that this CPU and operating system can run, best first.
func native() []*table {
	var found []*table
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasFMA && cpu.X86.HasBMI2 {
		found = append(found, avx512Table())
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA && cpu.X86.HasBMI2 {
		found = append(found, avx2Table())
	}
	return found
}

var (
	gemmNNSetAVX512 = gemmSet{lanes: 16, wide: gemmWideNNAVX512, full: gemmFullNNAVX512, ragged: gemmRaggedNNAVX512, narrow: gemmNarrowNNAVX512}
	gemmTNSetAVX512 = gemmSet{lanes: 16, wide: gemmWideTNAVX512, full: gemmFullTNAVX512, ragged: gemmRaggedTNAVX512, narrow: gemmNarrowTNAVX512}
	gemmNNSetAVX2   = gemmSet{lanes: 8, full: gemmFullNNAVX2, ragged: gemmRaggedNNAVX2, narrow: gemmNarrowNNAVX2}
	gemmTNSetAVX2   = gemmSet{lanes: 8, full: gemmFullTNAVX2, ragged: gemmRaggedTNAVX2, narrow: gemmNarrowTNAVX2}
)

// avx512Table holds the AVX-512 kernels.
func avx512Table() *table {
	t := generic
	t.isa = "avx512"
	t.gemm = gemmAVX512
	return &t
}

func gemmAVX512(g Brgemm, transA bool, c, a, b []float32) {
	if transA {
		gemmTNSetAVX512.run(&g, c, a, b, true)
	} else {
		gemmNNSetAVX512.run(&g, c, a, b, false)
	}
}

// avx2Table holds the AVX2 kernels.
func avx2Table() *table {
	t := generic
	t.isa = "avx2"
	t.gemm = gemmAVX2
	return &t
}

func gemmAVX2(g Brgemm, transA bool, c, a, b []float32) {
	if transA {
		gemmTNSetAVX2.run(&g, c, a, b, true)
	} else {
		gemmNNSetAVX2.run(&g, c, a, b, false)
	}
}
