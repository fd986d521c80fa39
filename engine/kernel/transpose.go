package kernel

// Transpose writes dst[j*ldd+i] = src[i*lds+j] for i < rows, j < cols: dst is [cols][rows] with rows ldd apart, src is [rows][cols] with rows lds apart.
// dst and src must not overlap.
func Transpose(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	if rows <= 0 || cols <= 0 {
		return
	}
	_, _ = dst[(cols-1)*ldd+rows-1], src[(rows-1)*lds+cols-1]
	active.transpose(dst, ldd, src, lds, rows, cols)
}

// transposeGeneric goes through 8×8 blocks, so that both sides stay in cache lines.
func transposeGeneric(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	for i0 := 0; i0 < rows; i0 += 8 {
		for j0 := 0; j0 < cols; j0 += 8 {
			transposeBlock(dst, ldd, src, lds, i0, min(i0+8, rows), j0, min(j0+8, cols))
		}
	}
}

// transposeBlock transposes rows i0..i1 and columns j0..j1 of src.
func transposeBlock(dst []float32, ldd int, src []float32, lds, i0, i1, j0, j1 int) {
	for i := i0; i < i1; i++ {
		row := src[i*lds+j0 : i*lds+j1]
		for j, v := range row {
			dst[(j0+j)*ldd+i] = v
		}
	}
}
