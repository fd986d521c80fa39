//go:build arm64 && !noasm

package kernel

// native returns the NEON table, which every arm64 CPU can run.
func native() []*table { return []*table{tableNEON()} }

// fmaPeakNEON counts two operations for each of four lanes.
func fmaPeakNEON(iterations int) float64 {
	peakLoopNEON(iterations)
	return float64(iterations) * 24 * 8
}
