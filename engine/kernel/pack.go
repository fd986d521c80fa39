package kernel

// packPanelGeneric copies rows of panelN numbers that lie lds apart.
func packPanelGeneric(dst, src []float32, lds, rows int) {
	for i := range rows {
		copy(dst[i*panelN:][:panelN], src[i*lds:])
	}
}

// packPanelTGeneric does the same from a matrix stored transposed: it has panelN rows of that many numbers.
func packPanelTGeneric(dst, src []float32, lds, rows int) {
	transposeGeneric(dst, panelN, src, lds, panelN, rows)
}
