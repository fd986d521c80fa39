//go:build amd64 && !noasm

package kernel

// rowsOf32 checks the bounds for a kernel that copies rows of panelN numbers.
func rowsOf32(pack func(dst, src *float32, lds, rows int)) func(dst, src []float32, lds, rows int) {
	return func(dst, src []float32, lds, rows int) {
		_, _ = dst[rows*panelN-1], src[(rows-1)*lds+panelN-1]
		pack(&dst[0], &src[0], 4*lds, rows)
	}
}

// squaresOf does the same for a kernel that turns squares of the given side.
func squaresOf(pack func(dst, src *float32, lds, blocks int), side int) func(dst, src []float32, lds, rows int) {
	return func(dst, src []float32, lds, rows int) {
		_, _ = dst[rows*panelN-1], src[(panelN-1)*lds+rows-1]
		whole := rows / side
		for i := 0; i < panelN && whole > 0; i += side {
			pack(&dst[i], &src[i*lds], 4*lds, whole)
		}
		transposeBlock(dst, panelN, src, lds, 0, panelN, whole*side, rows)
	}
}
