package kernel

// sparseTile describes the sums of one kernel call: rows × width·16 elements, rows accRow and baseRow floats apart. An entry's base lies
// scale·(its offset) bytes from the beginning. Kernels may bring a line of ahead closer for each entry.
type sparseTile struct {
	rows, width, accRow, baseRow, scale int
	ahead                               []float32
}

// sparseList is several lists of entries (val, off): list i goes from spans[2i] to spans[2i+1] and its sums lie at[i] bytes from the beginning.
type sparseList struct {
	val            []float32
	off, spans, at []uint32
}

// sparseSumGeneric: for every list i, acc[at[i] …] += Σ over its entries val·base[off·scale …].
func sparseSumGeneric(acc, base []float32, t sparseTile, l sparseList) {
	n := t.width * 16
	for i := 0; i < len(l.spans)/2; i++ {
		from, to := l.spans[2*i], l.spans[2*i+1]
		for r := range t.rows {
			sums := acc[int(l.at[i]/4)+r*t.accRow:][:n]
			for e := from; e < to; e++ {
				v, x := l.val[e], base[int(l.off[e])*t.scale/4+r*t.baseRow:][:n]
				for j := range sums {
					sums[j] += v * x[j]
				}
			}
		}
	}
}

// sparseBuildGeneric makes the lists by position of some pooled pixels: for each of a pixel's four places the values and channels of the elements whose code
// is that place and whose gradient is not zero. val and off have room for sparseSlack elements more than are alive.
func sparseBuildGeneric(val []float32, off, spans []uint32, dp []float32, code []uint8, cells, c int) {
	n := uint32(0)
	for cell := range cells {
		g, k := dp[cell*c:][:c], code[cell*c:][:c]
		for place := range 4 {
			spans[8*cell+2*place] = n
			for ch, v := range g {
				val[n], off[n] = v, uint32(ch)
				if int(k[ch]) == place && v != 0 {
					n++
				}
			}
			spans[8*cell+2*place+1] = n
		}
	}
}

// nonzerosGeneric lists the values and places of the elements of x that are not zero, block by block of depth elements, and returns their number. The list of
// block b begins at val[at+b·(depth+sparseSlack)], with places counted from the beginning of the block, and spans[b·step] and the next one say where it begins and ends.
// A list may overwrite sparseSlack elements behind its block's last one.
func nonzerosGeneric(val []float32, off, spans []uint32, x []float32, depth, at, step int) (live int) {
	for k := 0; k < len(x); k += depth {
		n := at
		for i, v := range x[k:min(k+depth, len(x))] {
			val[n], off[n] = v, uint32(i)
			if v != 0 {
				n++
			}
		}
		span := spans[k/depth*step:][:2]
		span[0], span[1] = uint32(at), uint32(n)
		live += n - at
		at += depth + sparseSlack
	}
	return live
}

// sumLiveGeneric: db[ch] += Σ dp[p,ch] over the pixels p with code[p,ch] < Dead.
func sumLiveGeneric(db, dp []float32, code []uint8, pixels, c int) {
	db = db[:c]
	for p := range pixels {
		g, k := dp[p*c:][:c], code[p*c:][:c]
		for ch, v := range g {
			if k[ch] < Dead {
				db[ch] += v
			}
		}
	}
}

// quadsGeneric: dst[4i…] = row0[i], row0[i+1], row1[i], row1[i+1] for i < n.
func quadsGeneric(dst, row0, row1 []float32, n int) {
	for i := range n {
		q := dst[4*i:][:4]
		q[0], q[1], q[2], q[3] = row0[i], row0[i+1], row1[i], row1[i+1]
	}
}

// thinTile describes a call of thinGrad: a kernel of kh×kw taps over ho×wo pooled pixels of c channels, taps of dw rowDW and tapDW floats apart, rows of patches
// rowQ floats apart.
type thinTile struct{ kh, kw, ho, wo, c, rowDW, tapDW, rowQ int }

// thinGradGeneric: dw[i,j,ch] += Σ over pooled pixels p dp[p,ch]·quads[2·row+i, 2·column+j, code[p,ch]], dead elements left out.
func thinGradGeneric(dw, quads, dp []float32, code []uint8, t thinTile) {
	for i := range t.kh {
		for j := range t.kw {
			tap := dw[i*t.rowDW+j*t.tapDW:][:t.c]
			for p := range t.ho * t.wo {
				q := quads[(2*(p/t.wo)+i)*t.rowQ+4*(2*(p%t.wo)+j):][:4]
				g, k := dp[p*t.c:][:t.c], code[p*t.c:][:t.c]
				for ch, v := range g {
					if k[ch] < Dead {
						tap[ch] += v * q[k[ch]]
					}
				}
			}
		}
	}
}
