//go:build amd64 && !noasm

package kernel

// transposeAVX2 transposes 8×8 blocks in registers and the borders one by one.
func transposeAVX2(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	r, c := rows&^7, cols&^7
	if r > 0 {
		for j := 0; j < c; j += 8 {
			transposeBlocksAVX2(&dst[j*ldd], &src[j], 4*ldd, 4*lds, r/8)
		}
	}
	transposeBlock(dst, ldd, src, lds, 0, r, c, cols)
	transposeBlock(dst, ldd, src, lds, r, rows, 0, cols)
}
