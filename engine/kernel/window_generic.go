package kernel

// mulAddGeneric: y[p,ch] = Σ x[p,i,j,ch]·w[i,j,ch].
func (o *window) mulAddGeneric(y, x, w []float32) {
	for p := range o.n {
		dst := y[p*o.stepY:][:o.c]
		clear(dst)
		for i := range o.kh {
			for j := range o.kw {
				src, tap := x[p*o.stepX+i*o.rowX+j*o.tapX:][:len(dst)], w[i*o.rowW+j*o.tapW:][:len(dst)]
				for ch := range dst {
					dst[ch] += src[ch] * tap[ch]
				}
			}
		}
	}
}

// mulAddGradGeneric: dw[i,j,ch] += Σ_p x[p,i,j,ch]·dy[p,ch].
func (o *window) mulAddGradGeneric(dw, x, dy []float32) {
	for i := range o.kh {
		for j := range o.kw {
			dst := dw[i*o.rowW+j*o.tapW:][:o.c]
			for p := range o.n {
				src, grad := x[p*o.stepX+i*o.rowX+j*o.tapX:][:len(dst)], dy[p*o.stepY:][:len(dst)]
				for ch := range dst {
					dst[ch] += src[ch] * grad[ch]
				}
			}
		}
	}
}

// maxGeneric: y[p,ch] = max x[p,i,j,ch]; the first NaN wins over numbers.
func (o *window) maxGeneric(y, x []float32) {
	for p := range o.n {
		dst := y[p*o.stepY:][:o.c]
		copy(dst, x[p*o.stepX:][:o.c])
		for i := range o.kh {
			for j := range o.kw {
				src := x[p*o.stepX+i*o.rowX+j*o.tapX:][:len(dst)]
				for ch, v := range src {
					if beats(v, dst[ch]) {
						dst[ch] = v
					}
				}
			}
		}
	}
}

// maxGradGeneric: dx[p,i,j,ch] += dy[p,ch] for the first tap (i, j) at which x equals y, the maximum. A NaN equals nothing: no gradient.
func (o *window) maxGradGeneric(dx, x, y, dy []float32) {
	for p := range o.n {
		top, grad := y[p*o.stepY:][:o.c], dy[p*o.stepY:][:o.c]
		for ch, v := range top {
			at := p*o.stepX + ch
		search:
			for i := range o.kh {
				for j := range o.kw {
					if k := at + i*o.rowX + j*o.tapX; x[k] == v {
						dx[k] += grad[ch]
						break search
					}
				}
			}
		}
	}
}

// sumGeneric: y[p,ch] = s·Σ x[p,i,j,ch].
func (o *window) sumGeneric(y, x []float32, s float32) {
	for p := range o.n {
		dst := y[p*o.stepY:][:o.c]
		clear(dst)
		for i := range o.kh {
			for j := range o.kw {
				for ch, v := range x[p*o.stepX+i*o.rowX+j*o.tapX:][:len(dst)] {
					dst[ch] += v
				}
			}
		}
		for ch := range dst {
			dst[ch] *= s
		}
	}
}

// sumGradGeneric: dx[p,i,j,ch] += s·dy[p,ch].
func (o *window) sumGradGeneric(dx, dy []float32, s float32) {
	for p := range o.n {
		grad := dy[p*o.stepY:][:o.c]
		for i := range o.kh {
			for j := range o.kw {
				dst := dx[p*o.stepX+i*o.rowX+j*o.tapX:][:len(grad)]
				for ch, v := range grad {
					dst[ch] += s * v
				}
			}
		}
	}
}
