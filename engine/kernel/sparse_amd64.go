//go:build amd64 && !noasm

package kernel

// sparseSumKernel computes one tile for each of n lists: acc[at] += Σ over a list's entries val·base[off·scale …]. All distances are bytes.
type sparseSumKernel func(acc, base, val *float32, off, spans, at *uint32, n, scale, accRow, baseRow int)

// sparseAheadKernel also brings a cache line of ahead closer for each entry.
type sparseAheadKernel func(acc, base, val *float32, off, spans, at *uint32, n, scale, accRow, baseRow int, ahead *float32)

// thinGradKernel computes the gradients of some rows of a kernel for one vector of channels. Distances but c are bytes.
type thinGradKernel func(dw, quads, dp *float32, code *uint8, ho, wo, c, rowDW, tapDW, rowQ int)

var (
	sparseSumKernelsAVX512 = [6][]sparseSumKernel{1: sparseSum1AVX512, 2: sparseSum2AVX512, 3: sparseSum3AVX512, 5: sparseSum5AVX512}
	thinGradKernelsAVX512  = [8][]thinGradKernel{3: thinGrad3AVX512, 5: thinGrad5AVX512, 7: thinGrad7AVX512}
	thinGradKernelsAVX2    = [8][]thinGradKernel{3: thinGrad3AVX2, 5: thinGrad5AVX2, 7: thinGrad7AVX2}
)

func sparseSumAVX512(acc, base []float32, t sparseTile, l sparseList) {
	if t.rows == 4 {
		ahead := &base[0]
		if len(t.ahead) > 0 {
			ahead = &t.ahead[0]
		}
		sparseSum4AVX512[t.width-1](&acc[0], &base[0], &l.val[0], &l.off[0], &l.spans[0], &l.at[0], len(l.spans)/2, t.scale, 4*t.accRow, 4*t.baseRow, ahead)
		return
	}
	sparseSumKernelsAVX512[t.rows][t.width-1](&acc[0], &base[0], &l.val[0], &l.off[0], &l.spans[0], &l.at[0], len(l.spans)/2, t.scale, 4*t.accRow, 4*t.baseRow)
}

// sparseSumAVX2 cuts the tile further: 12 vectors of sums are the most.
func sparseSumAVX2(acc, base []float32, t sparseTile, l sparseList) {
	call := func(k sparseSumKernel, row, from int) {
		k(&acc[row*t.accRow+from], &base[row*t.baseRow+from], &l.val[0], &l.off[0], &l.spans[0], &l.at[0], len(l.spans)/2, t.scale, 4*t.accRow, 4*t.baseRow)
	}
	row := 0
	if t.width <= len(sparseSum2AVX2) {
		for ; row+2 <= t.rows; row += 2 {
			call(sparseSum2AVX2[t.width-1], row, 0)
		}
	}
	parts := (t.width + len(sparseSum1AVX2) - 1) / len(sparseSum1AVX2)
	for ; row < t.rows; row++ {
		for i := range parts {
			from, to := i*t.width/parts, (i+1)*t.width/parts
			call(sparseSum1AVX2[to-from-1], row, from*16)
		}
	}
}

func sparseBuildKernelAVX512(val []float32, off, spans []uint32, dp []float32, code []uint8, cells, c int) {
	sparseBuildAVX512(&val[0], &off[0], &spans[0], &dp[0], &code[0], cells, c)
}

func nonzerosKernelAVX512(val []float32, off, spans []uint32, x []float32, depth, at, step int) (live int) {
	whole := len(x) / 16 * 16
	if whole > 0 {
		live = nonzerosAVX512(&val[0], &off[0], &spans[0], &x[0], whole, depth, at, 4*step)
	}
	if whole == len(x) {
		return live
	}
	block := whole / depth
	span := spans[block*step:][:2]
	if whole%depth == 0 {
		span[0] = uint32(at + block*(depth+sparseSlack))
		span[1] = span[0]
	}
	for i, v := range x[whole:] {
		if v != 0 {
			val[span[1]], off[span[1]] = v, uint32(whole%depth+i)
			span[1]++
			live++
		}
	}
	return live
}

func quadsKernelAVX2(dst, row0, row1 []float32, n int) { quadsAVX2(&dst[0], &row0[0], &row1[0], n) }

func thinGradKernelAVX512(dw, quads, dp []float32, code []uint8, t thinTile) {
	thinGrad(&thinGradKernelsAVX512, 16, dw, quads, dp, code, t)
}

func thinGradKernelAVX2(dw, quads, dp []float32, code []uint8, t thinTile) {
	thinGrad(&thinGradKernelsAVX2, 8, dw, quads, dp, code, t)
}

// thinGrad walks over the vectors of channels and the rows of the kernel.
func thinGrad(kernels *[8][]thinGradKernel, lanes int, dw, quads, dp []float32, code []uint8, t thinTile) {
	rows := kernels[t.kw]
	parts := (t.kh + len(rows) - 1) / len(rows)
	for c := 0; c < t.c; c += lanes {
		for i := range parts {
			from, to := i*t.kh/parts, (i+1)*t.kh/parts
			rows[to-from-1](&dw[from*t.rowDW+c], &quads[from*t.rowQ], &dp[c], &code[c], t.ho, t.wo, t.c, 4*t.rowDW, 4*t.tapDW, 4*t.rowQ)
		}
	}
}

func init() {
	for _, t := range tables {
		switch t.vectors() {
		case "avx512":
			t.sparseSum, t.sparseBuild, t.sumLive = sparseSumAVX512, sparseBuildKernelAVX512, sumLiveAVX512
			t.nonzeros, t.quads, t.thinGrad = nonzerosKernelAVX512, quadsKernelAVX2, thinGradKernelAVX512
		case "avx2":
			t.sparseSum, t.sparseBuild, t.sumLive = sparseSumAVX2, sparseBuildGeneric, sumLiveAVX2
			t.nonzeros, t.quads, t.thinGrad = nonzerosGeneric, quadsKernelAVX2, thinGradKernelAVX2
		}
	}
}
