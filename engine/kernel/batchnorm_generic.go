package kernel

// normKernels are the kernels of batch normalization for rows×cols matrices without gaps; vectors have cols elements. Their first arguments are the results.
type normKernels struct {
	moments        func(sum, squares, x, shift []float32, rows, cols int)
	sums           func(sum, dot, x, dy, mean []float32, rows, cols int)
	sumsMasked     func(sum, dot, x, dy, y, mean []float32, lo, hi float32, rows, cols int)
	sumsStore      func(kept, sum, dot, x, dy, y, mean []float32, lo, hi float32, rows, cols int)
	forward        func(y, x, mean, scale, offset []float32, lo, hi float32, rows, cols int)
	forwardAdd     func(y, x, r, mean, scale, offset []float32, lo, hi float32, rows, cols int)
	backward       func(dx, x, dy, mean, a, b, c []float32, rows, cols int)
	backwardMasked func(dx, x, dy, y, mean, a, b, c []float32, lo, hi float32, rows, cols int)
}

var genericNorm = normKernels{
	moments: func(sum, squares, x, shift []float32, rows, cols int) {
		for i := range rows * cols {
			d := x[i] - shift[i%cols]
			sum[i%cols] += d
			squares[i%cols] += d * d
		}
	},
	sums: func(sum, dot, x, dy, mean []float32, rows, cols int) {
		for i, d := range dy[:rows*cols] {
			sum[i%cols] += d
			dot[i%cols] += d * (x[i] - mean[i%cols])
		}
	},
	sumsMasked: func(sum, dot, x, dy, y, mean []float32, lo, hi float32, rows, cols int) {
		for i, d := range dy[:rows*cols] {
			if lo < y[i] && y[i] <= hi {
				sum[i%cols] += d
				dot[i%cols] += d * (x[i] - mean[i%cols])
			}
		}
	},
	sumsStore: func(kept, sum, dot, x, dy, y, mean []float32, lo, hi float32, rows, cols int) {
		for i, d := range dy[:rows*cols] {
			if !(lo < y[i] && y[i] <= hi) {
				d = 0
			}
			kept[i] = d
			sum[i%cols] += d
			dot[i%cols] += d * (x[i] - mean[i%cols])
		}
	},
	forward: func(y, x, mean, scale, offset []float32, lo, hi float32, rows, cols int) {
		for i := range rows * cols {
			y[i] = min(max((x[i]-mean[i%cols])*scale[i%cols]+offset[i%cols], lo), hi)
		}
	},
	forwardAdd: func(y, x, r, mean, scale, offset []float32, lo, hi float32, rows, cols int) {
		for i := range rows * cols {
			y[i] = min(max((x[i]-mean[i%cols])*scale[i%cols]+offset[i%cols]+r[i], lo), hi)
		}
	},
	backward: func(dx, x, dy, mean, a, b, c []float32, rows, cols int) {
		for i := range rows * cols {
			k := i % cols
			dx[i] = a[k]*dy[i] + b[k]*(x[i]-mean[k]) + c[k]
		}
	},
	backwardMasked: func(dx, x, dy, y, mean, a, b, c []float32, lo, hi float32, rows, cols int) {
		for i := range rows * cols {
			k, d := i%cols, dy[i]
			if !(lo < y[i] && y[i] <= hi) {
				d = 0
			}
			dx[i] = a[k]*d + b[k]*(x[i]-mean[k]) + c[k]
		}
	},
}
