package kernel

import "math"

// BatchNorm is batch normalization over the rows of matrices with C columns, the channels, and what usually follows it:
//
//	y = limit((x - mean)·gamma/√(variance + Epsilon) + beta + r)
//
// where r is another array or nothing, and limit is max(·, 0) with Relu and min(·, Cap) too if Cap is not 0. The matrices are cut into parts: Moments makes
// sums of each part, Statistics joins them, Forward is elementwise; likewise GradSums, GradStatistics and Backward for the gradients. So the bits
// follow from the parts and not from who computes them.
//
// Few channels are repeated, so that vectors are long: parameters are arrays of Width elements.
type BatchNorm struct {
	C       int
	Epsilon float32
	Relu    bool
	Cap     float32
}

// Lengths up to which channels are repeated: that of a block of columns of the sums, and that of a row of the elementwise kernels.
const (
	normColumns = 64
	normRow     = 256
)

// columns is the number of sums that are kept side by side.
func (n *BatchNorm) columns() int { return max(1, normColumns/n.C) * n.C }

// Width is the length of an array of parameters.
func (n *BatchNorm) Width() int { return max(1, normRow/n.columns()) * n.columns() }

// limits returns the open lower and the closed upper bound of outputs whose gradient passes.
func (n *BatchNorm) limits() (lo, hi float32) {
	switch {
	case !n.Relu:
		return float32(math.Inf(-1)), float32(math.Inf(1))
	case n.Cap == 0:
		return 0, float32(math.Inf(1))
	}
	return 0, math.Nextafter32(n.Cap, 0)
}

// rows calls f with whole rows of so many columns and then with the rest as one shorter row; at is the first element.
func (n *BatchNorm) rows(pixels, cols int, f func(at, rows, cols int)) {
	size := pixels * n.C
	most := max(1, chunk/cols)
	for at := 0; at < size; {
		rows := min(most, (size-at)/cols)
		if rows == 0 {
			f(at, 1, size-at)
			return
		}
		f(at, rows, cols)
		at += rows * cols
	}
}

// repeat fills an array with copies of its first n elements.
func repeat(dst []float32, n int) {
	for n < len(dst) {
		n += copy(dst[n:], dst[:n])
	}
}

// fold adds up the repetitions of the channels.
func (n *BatchNorm) fold(sums []float32) {
	for at := n.C; at < len(sums); at += n.C {
		Add(sums[:n.C], sums[:n.C], sums[at:])
	}
}

// shiftPixels is how many of a part's pixels tell about where its mean is.
const shiftPixels = 64

// PartSize is the number of float32s of a part's sums.
func (n *BatchNorm) PartSize() int { return 3 * n.columns() }

// Moments sums up a part of x: the deviations from a rough mean and their squares, which is as exact as two passes: the rough mean is that of some of
// the part's own pixels, so it cannot be far off in terms of the part's spread.
func (n *BatchNorm) Moments(part, x []float32, pixels int) {
	cols := n.columns()
	shift, sum, squares := part[:cols], part[cols:2*cols], part[2*cols:3*cols]
	x = need(x, pixels*n.C)
	few := min(pixels, shiftPixels)
	clear(shift)
	SumRows(shift[:n.C], x, few, n.C)
	MulScalar(shift[:n.C], shift[:n.C], 1/float32(few))
	repeat(shift, n.C)
	clear(part[cols : 3*cols])
	n.rows(pixels, cols, func(at, rows, cols int) { active.norm.moments(sum, squares, x[at:], shift, rows, cols) })
	n.fold(sum)
	n.fold(squares)
}

// Statistics joins the sums of parts of the given number of pixels, of which the last one may have fewer, into mean and variance (biased) by the formula of
// Chan, Golub and LeVeque (1979), and makes the parameters of Forward, (3, Width): mean, scale and offset.
func (n *BatchNorm) Statistics(params, mean, variance, parts, gamma, beta []float32, pixels, total int) {
	c, cols := n.C, n.columns()
	mean, variance = mean[:c], variance[:c]
	clear(mean)
	clear(variance)
	delta := params[:c]
	for at, done := 0, 0; done < total; at, done = at+3*cols, done+pixels {
		count := float32(min(pixels, total-done))
		shift, sum, squares := parts[at:][:c], parts[at+cols:][:c], parts[at+2*cols:][:c]
		share := count / float32(done+int(count))
		for i, s := range sum {
			own := shift[i] + s/count
			delta[i] = own - mean[i]
			variance[i] += squares[i] - s*s/count + delta[i]*delta[i]*float32(done)*share
			mean[i] += delta[i] * share
		}
	}
	for i, v := range variance {
		variance[i] = max(v, 0) / float32(total)
	}
	n.Params(params, mean, variance, gamma, beta)
}

// Params makes the parameters of Forward, (3, Width), from given statistics.
func (n *BatchNorm) Params(params, mean, variance, gamma, beta []float32) {
	c, width := n.C, n.Width()
	copy(params[:c], mean)
	copy(params[2*width:][:c], beta[:c])
	for i, v := range variance[:c] {
		params[width+i] = gamma[i] / float32(math.Sqrt(float64(v+n.Epsilon)))
	}
	for k := range 3 {
		repeat(params[k*width:(k+1)*width], c)
	}
}

// Forward computes y; r may be nil.
func (n *BatchNorm) Forward(y, x, r, params []float32, pixels int) {
	width, size := n.Width(), pixels*n.C
	mean, scale, offset := params[:width], params[width:2*width], params[2*width:3*width]
	lo, hi := float32(math.Inf(-1)), float32(math.Inf(1))
	if n.Relu {
		lo = 0
		if n.Cap != 0 {
			hi = n.Cap
		}
	}
	y, x = need(y, size), need(x, size)
	if r == nil {
		n.rows(pixels, width, func(at, rows, cols int) { active.norm.forward(y[at:], x[at:], mean, scale, offset, lo, hi, rows, cols) })
		return
	}
	r = need(r, size)
	n.rows(pixels, width, func(at, rows, cols int) {
		active.norm.forwardAdd(y[at:], x[at:], r[at:], mean, scale, offset, lo, hi, rows, cols)
	})
}

// Repeat writes the mean as GradSums reads it: Width elements.
func (n *BatchNorm) Repeat(dst, mean []float32) {
	copy(dst[:n.C], mean)
	repeat(dst[:n.Width()], n.C)
}

// GradSums sums up a part of the gradient dy, and of dy·(x - mean); y, if Relu is set, tells where the gradient passes, and kept, if not nil, becomes what has
// passed: the gradient of r. mean is that of Repeat.
func (n *BatchNorm) GradSums(part, kept, x, dy, y, mean []float32, pixels int) {
	cols, size := n.columns(), pixels*n.C
	sum, dot := part[:cols], part[cols:2*cols]
	clear(part[:2*cols])
	x, dy, mean = need(x, size), need(dy, size), need(mean, cols)
	lo, hi := n.limits()
	switch {
	case !n.Relu:
		n.rows(pixels, cols, func(at, rows, cols int) { active.norm.sums(sum, dot, x[at:], dy[at:], mean, rows, cols) })
	case kept == nil:
		y = need(y, size)
		n.rows(pixels, cols, func(at, rows, cols int) {
			active.norm.sumsMasked(sum, dot, x[at:], dy[at:], y[at:], mean, lo, hi, rows, cols)
		})
	default:
		y, kept = need(y, size), need(kept, size)
		n.rows(pixels, cols, func(at, rows, cols int) {
			active.norm.sumsStore(kept[at:], sum, dot, x[at:], dy[at:], y[at:], mean, lo, hi, rows, cols)
		})
	}
	n.fold(sum)
	n.fold(dot)
}

// GradStatistics joins the sums of parts into dgamma and dbeta and makes the parameters of Backward, (4, Width): mean, a, b and c.
func (n *BatchNorm) GradStatistics(params, dgamma, dbeta, parts, gamma, mean, variance []float32, count, total int) {
	c, cols, width := n.C, n.columns(), n.Width()
	dgamma, dbeta = dgamma[:c], dbeta[:c]
	copy(dbeta, parts)
	copy(dgamma, parts[cols:])
	for k := 1; k < count; k++ {
		part := parts[k*n.PartSize():]
		Add(dbeta, dbeta, part)
		Add(dgamma, dgamma, part[cols:])
	}
	copy(params[:c], mean)
	for i := range c {
		r := 1 / float32(math.Sqrt(float64(variance[i]+n.Epsilon)))
		a := gamma[i] * r
		params[width+i] = a
		params[2*width+i] = -a * r * r * dgamma[i] / float32(total)
		params[3*width+i] = -a * dbeta[i] / float32(total)
		dgamma[i] *= r
	}
	for k := range 4 {
		repeat(params[k*width:(k+1)*width], c)
	}
}

// Backward computes dx. y is nil where dy counts everywhere.
func (n *BatchNorm) Backward(dx, x, dy, y, params []float32, pixels int) {
	width, size := n.Width(), pixels*n.C
	mean, a, b, c := params[:width], params[width:2*width], params[2*width:3*width], params[3*width:4*width]
	dx, x, dy = need(dx, size), need(x, size), need(dy, size)
	if y == nil {
		n.rows(pixels, width, func(at, rows, cols int) { active.norm.backward(dx[at:], x[at:], dy[at:], mean, a, b, c, rows, cols) })
		return
	}
	y = need(y, size)
	lo, hi := n.limits()
	n.rows(pixels, width, func(at, rows, cols int) {
		active.norm.backwardMasked(dx[at:], x[at:], dy[at:], y[at:], mean, a, b, c, lo, hi, rows, cols)
	})
}
