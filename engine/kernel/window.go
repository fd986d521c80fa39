package kernel

// window describes how a run of n output pixels reads windows of kh×kw input pixels, all pixels having c channels: output pixel p at y[p·stepY] and tap (i, j) of
// its window at x[p·stepX + i·rowX + j·tapX]; the weights of the tap, if any, at w[i·rowW + j·tapW]. kh and kw are at least 1 in all methods.
type window struct {
	n, c, kh, kw           int
	stepY, stepX           int
	rowX, tapX, rowW, tapW int
}

// distances are the parameters of an assembly kernel that follow the pointers; all but the first four in bytes.
func (o *window) distances() (n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW int) {
	return o.n, o.c, o.kh, o.kw, 4 * o.stepY, 4 * o.stepX, 4 * o.rowX, 4 * o.tapX, 4 * o.rowW, 4 * o.tapW
}

// windowKernels are the assembly kernels of one instruction set; nil in a table means portable loops.
type windowKernels struct {
	mulAdd, mulAddGrad func(a, b, c *float32, n, ch, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW int)
	max                func(y, x *float32, n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW int)
	maxGrad            func(dx, x, y, dy *float32, n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW int)
	sum, sumGrad       func(a, b *float32, s float32, n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW int)
}

// kernels returns the kernels in use, or nil if portable ones are or if there are less than least channels: too few for a vector.
func (o *window) kernels(least int) *windowKernels {
	if o.n <= 0 || o.c < least {
		return nil
	}
	return active.window
}

// fit panics unless the run stays within y and x, and w if it has elements.
func (o *window) fit(y, x, w []float32) {
	if o.n <= 0 || o.c <= 0 {
		return
	}
	_ = y[(o.n-1)*o.stepY+o.c-1]
	_ = x[(o.n-1)*o.stepX+(o.kh-1)*o.rowX+(o.kw-1)*o.tapX+o.c-1]
	if len(w) > 0 {
		_ = w[(o.kh-1)*o.rowW+(o.kw-1)*o.tapW+o.c-1]
	}
}

// mulAdd: y[p,ch] = Σ x[p,i,j,ch]·w[i,j,ch].
func (o *window) mulAdd(y, x, w []float32) {
	o.fit(y, x, w)
	k := o.kernels(1)
	if k == nil {
		o.mulAddGeneric(y, x, w)
		return
	}
	n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW := o.distances()
	k.mulAdd(&y[0], &x[0], &w[0], n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW)
}

// mulAddGrad: dw[i,j,ch] += Σ_p x[p,i,j,ch]·dy[p,ch].
func (o *window) mulAddGrad(dw, x, dy []float32) {
	o.fit(dy, x, dw)
	k := o.kernels(1)
	if k == nil {
		o.mulAddGradGeneric(dw, x, dy)
		return
	}
	n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW := o.distances()
	k.mulAddGrad(&dw[0], &x[0], &dy[0], n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW)
}

// max: y[p,ch] = max x[p,i,j,ch]; the first NaN wins over numbers.
func (o *window) max(y, x []float32) {
	o.fit(y, x, nil)
	k := o.kernels(1)
	if k == nil {
		o.maxGeneric(y, x)
		return
	}
	n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW := o.distances()
	k.max(&y[0], &x[0], n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW)
}

// maxGrad: dx[p,i,j,ch] += dy[p,ch] for the first tap (i, j) at which x equals y, the maximum. A NaN equals nothing: no gradient.
func (o *window) maxGrad(dx, x, y, dy []float32) {
	o.fit(y, x, nil)
	o.fit(dy, dx, nil)
	k := o.kernels(4)
	if k == nil {
		o.maxGradGeneric(dx, x, y, dy)
		return
	}
	n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW := o.distances()
	k.maxGrad(&dx[0], &x[0], &y[0], &dy[0], n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW)
}

// sum: y[p,ch] = s·Σ x[p,i,j,ch].
func (o *window) sum(y, x []float32, s float32) {
	o.fit(y, x, nil)
	k := o.kernels(1)
	if k == nil {
		o.sumGeneric(y, x, s)
		return
	}
	n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW := o.distances()
	k.sum(&y[0], &x[0], s, n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW)
}

// sumGrad: dx[p,i,j,ch] += s·dy[p,ch].
func (o *window) sumGrad(dx, dy []float32, s float32) {
	o.fit(dy, dx, nil)
	k := o.kernels(4)
	if k == nil {
		o.sumGradGeneric(dx, dy, s)
		return
	}
	n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW := o.distances()
	k.sumGrad(&dx[0], &dy[0], s, n, c, kh, kw, stepY, stepX, rowX, tapX, rowW, tapW)
}
