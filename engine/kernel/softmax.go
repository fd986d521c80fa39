package kernel

import "math"

// Softmax sets every row of dst to e^(x-m) / Σ e^(x-m), m being the row's maximum; dst and src are rows×cols matrices without gaps.
// A NaN or +Inf makes its whole row NaN.
func Softmax(dst, src []float32, rows, cols int) {
	src = need(src, rows*cols)
	dst = need(dst, rows*cols)
	for ; len(dst) > 0; dst, src = dst[cols:], src[cols:] {
		y, x := dst[:cols], src[:cols]
		sum := active.expSub(y, x, active.reduce[opMaxOf](x))
		active.scalar[opDivScalar](y, y, sum)
	}
}

// LogSoftmax sets every row of dst to x - m - log Σ e^(x-m), m being the row's maximum; dst and src are rows×cols matrices without gaps.
func LogSoftmax(dst, src []float32, rows, cols int) {
	src = need(src, rows*cols)
	dst = need(dst, rows*cols)
	for ; len(dst) > 0; dst, src = dst[cols:], src[cols:] {
		y, x := dst[:cols], src[:cols]
		m := active.reduce[opMaxOf](x)
		logSum := float32(math.Log(float64(active.expSubSum(x, m))))
		active.scalar[opSubScalar](y, x, m)
		active.scalar[opSubScalar](y, y, logSum)
	}
}

// ExpSub sets dst[i] to e^(x[i]-m) and returns the sum of dst.
func ExpSub(dst, x []float32, m float32) float32 { return active.expSub(dst, need(x, len(dst)), m) }

// LogSumExp returns m + log Σ e^(x-m), m being the maximum of x; -Inf for an empty slice.
func LogSumExp(x []float32) float32 {
	m := active.reduce[opMaxOf](x)
	if math.IsInf(float64(m), 0) {
		return m
	}
	return m + float32(math.Log(float64(active.expSubSum(x, m))))
}

// expSubGeneric: dst[i] = e^(x[i]-m); returns Σ dst[i].
func expSubGeneric(dst, x []float32, m float32) float32 {
	var sum float32
	for i := range dst {
		e := float32(math.Exp(float64(x[i] - m)))
		dst[i] = e
		sum += e
	}
	return sum
}

// expSubSumGeneric: Σ e^(x[i]-m).
func expSubSumGeneric(x []float32, m float32) float32 {
	var sum float32
	for _, v := range x {
		sum += float32(math.Exp(float64(v - m)))
	}
	return sum
}
