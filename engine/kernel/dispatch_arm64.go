//go:build arm64 && !noasm

package kernel

// native returns the NEON table, which every arm64 CPU can run: matrix products, and with them dense layers and convolutions, are vector code, all else is
// portable.
func native() []*table {
	t := generic
	t.isa = "neon"
	t.gemm = gemmNEON
	t.fmaPeak = fmaPeakNEON
	return []*table{&t}
}

// fmaPeakNEON counts two operations for each of four lanes.
func fmaPeakNEON(iterations int) float64 {
	peakLoopNEON(iterations)
	return float64(iterations) * 24 * 8
}
