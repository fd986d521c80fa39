//go:build arm64 && !noasm

package kernel

// Kernels over rows that go along each row with the elementwise ones.

func addBiasNEON(dst, src, bias []float32, rows, cols int) {
	for r := range rows {
		addNEON(dst[r*cols:][:cols], src[r*cols:][:cols], bias[:cols])
	}
}

func addBiasReluNEON(dst, src, bias []float32, rows, cols int) {
	for r := range rows {
		addReluNEON(dst[r*cols:][:cols], src[r*cols:][:cols], bias[:cols])
	}
}

// sumRowsNEON sums each column from 0 and then adds the sum to dst.
func sumRowsNEON(dst, src []float32, rows, cols int) {
	var sum [256]float32
	for c := 0; c < cols; c += len(sum) {
		s := sum[:min(len(sum), cols-c)]
		clear(s)
		for r := range rows {
			addNEON(s, s, src[r*cols+c:][:len(s)])
		}
		addNEON(dst[c:][:len(s)], dst[c:][:len(s)], s)
	}
}

func attentionWeightsNEON(s, stats []float32, scale float32, rows, cols int) {
	for r := range rows {
		row := s[r*cols:][:cols]
		mulScalarNEON(row, row, scale)
		top := maxOfNEON(row)
		stats[2*r], stats[2*r+1] = top, 1/expSubNEON(row, row, top)
	}
}

func attentionGradNEON(s, d, stats []float32, scale, outer float32, rows, cols int) {
	for r := range rows {
		w, g := s[r*cols:][:cols], d[r*cols:][:cols]
		mulScalarNEON(w, w, scale)
		expSubNEON(w, w, stats[2*r])
		mulScalarNEON(w, w, stats[2*r+1])
		subScalarNEON(g, g, dotNEON(w, g))
		mulScalarNEON(g, g, outer)
		mulNEON(g, g, w)
	}
}

// layerNormOf composes layer normalization of passes along each row.
func layerNormOf(rms bool) layerNormKernels {
	return layerNormKernels{
		forward: func(y, stats, x, gamma, beta []float32, epsilon, inverse float32, rows, cols int) {
			for r := range rows {
				row := x[r*cols:][:cols]
				var mean float32
				if !rms {
					mean = sumNEON(row) * inverse
				}
				root := 1 / sqrt32(squaresFromNEON(row, mean)*inverse+epsilon)
				stats[2*r], stats[2*r+1] = mean, root
				normalizeNEON(y[r*cols:][:cols], row, gamma[:cols], beta[:cols], mean, root)
			}
		},
		backward: func(dx, dgamma, dbeta, x, dy, gamma, stats []float32, inverse float32, rows, cols int) {
			for r := range rows {
				row, d, mean, root := x[r*cols:][:cols], dx[r*cols:][:cols], stats[2*r], stats[2*r+1]
				normWeightGradNEON(dgamma[:cols], dbeta[:cols], dy[r*cols:][:cols], row, mean, root)
				mulNEON(d, dy[r*cols:][:cols], gamma[:cols])
				b, c := dotFromNEON(d, row, mean)*inverse*root*root*root, float32(0)
				if !rms {
					c = sumNEON(d) * inverse * root
				}
				normGradNEON(d, row, mean, root, b, c)
			}
		},
	}
}

// gateBlock is how many units of a recurrent cell are computed at a time.
const gateBlock = 64

func lstmForwardNEON(h, next, gates, z, bias, c []float32, rows, cols int) {
	var block [5][gateBlock]float32
	for r := range rows {
		for j := 0; j < cols; j += gateBlock {
			n, at := min(gateBlock, cols-j), r*cols+j
			i, f, a, o, t := block[0][:n], block[1][:n], block[2][:n], block[3][:n], block[4][:n]
			for k, g := range [...][]float32{i, f, a, o} {
				addNEON(g, z[(4*r+k)*cols+j:][:n], bias[k*cols+j:][:n])
			}
			sigmoidNEON(i, i)
			sigmoidNEON(f, f)
			tanhNEON(a, a)
			sigmoidNEON(o, o)
			mulNEON(t, i, a)
			y := next[at:][:n]
			mulNEON(y, f, c[at:][:n])
			addNEON(y, y, t)
			tanhNEON(t, y)
			mulNEON(h[at:][:n], o, t)
			if gates == nil {
				continue
			}
			for k := range block {
				copy(gates[(5*r+k)*cols+j:][:n], block[k][:n])
			}
		}
	}
}

func gruForwardNEON(next, gates, x, p, biasX, biasH, h []float32, rows, cols int) {
	var block [5][gateBlock]float32 // z, r, a, p₂ and what is on the way
	for r := range rows {
		for j := 0; j < cols; j += gateBlock {
			n, at := min(gateBlock, cols-j), r*cols+j
			z, reset, a, fromH, t := block[0][:n], block[1][:n], block[2][:n], block[3][:n], block[4][:n]
			for k, g := range [...][]float32{z, reset, a} {
				addNEON(g, x[(3*r+k)*cols+j:][:n], biasX[k*cols+j:][:n])
				addNEON(fromH, p[(3*r+k)*cols+j:][:n], biasH[k*cols+j:][:n])
				if k < 2 {
					addNEON(g, g, fromH)
					sigmoidNEON(g, g)
				}
			}
			mulNEON(t, reset, fromH)
			addNEON(a, a, t)
			tanhNEON(a, a)
			subNEON(t, h[at:][:n], a)
			mulNEON(t, t, z)
			addNEON(next[at:][:n], t, a)
			if gates == nil {
				continue
			}
			for k := range 4 {
				copy(gates[(4*r+k)*cols+j:][:n], block[k][:n])
			}
		}
	}
}
