package kernel

// addRowsOp numbers the kernels that combine every row of a matrix with one bias row.
type addRowsOp int

const (
	opAddBias addRowsOp = iota
	opAddBiasRelu
	numAddRows
)

// chunkRows is the number of rows that one call of a kernel gets, see chunk.
func chunkRows(cols int) int { return max(1, chunk/cols) }

func runAddRows(op addRowsOp, dst, src, bias []float32, rows, cols int) {
	if rows <= 0 || cols <= 0 {
		return
	}
	dst, src, bias = need(dst, rows*cols), need(src, rows*cols), need(bias, cols)
	for rows > 0 {
		n := min(rows, chunkRows(cols))
		active.addRows[op](dst, src, bias, n, cols)
		dst, src, rows = dst[n*cols:], src[n*cols:], rows-n
	}
}

// AddBias sets dst[r*cols+c] to src[r*cols+c] + bias[c]; matrices are rows×cols without gaps.
func AddBias(dst, src, bias []float32, rows, cols int) {
	runAddRows(opAddBias, dst, src, bias, rows, cols)
}

// AddBiasRelu sets dst[r*cols+c] to max(src[r*cols+c] + bias[c], 0); NaN stays NaN.
func AddBiasRelu(dst, src, bias []float32, rows, cols int) {
	runAddRows(opAddBiasRelu, dst, src, bias, rows, cols)
}

// SumRows adds the column sums of the rows×cols matrix src to dst (the gradient of a bias): dst[c] += Σ_r src[r*cols+c],
// rows in ascending order; a block of at most 65,536 elements is summed before it is added to dst.
func SumRows(dst, src []float32, rows, cols int) {
	if rows <= 0 || cols <= 0 {
		return
	}
	dst, src = need(dst, cols), need(src, rows*cols)
	for rows > 0 {
		n := min(rows, chunkRows(cols))
		active.sumRows(dst, src, n, cols)
		src, rows = src[n*cols:], rows-n
	}
}

// genericAddRows holds the portable bias kernels.
var genericAddRows = [numAddRows]rowsFunc{
	opAddBias: func(dst, src, bias []float32, rows, cols int) {
		for r := range rows {
			y, x := dst[r*cols:][:cols], src[r*cols:][:cols]
			for c, b := range bias {
				y[c] = x[c] + b
			}
		}
	},
	opAddBiasRelu: func(dst, src, bias []float32, rows, cols int) {
		for r := range rows {
			y, x := dst[r*cols:][:cols], src[r*cols:][:cols]
			for c, b := range bias {
				y[c] = relu(x[c] + b)
			}
		}
	},
}

// sumRowsGeneric sums each column from 0 and then adds the sum to dst.
func sumRowsGeneric(dst, src []float32, rows, cols int) {
	const block = 64
	for c0 := 0; c0 < cols; c0 += block {
		var sum [block]float32
		s := sum[:min(block, cols-c0)]
		for r := range rows {
			x := src[r*cols+c0:][:len(s)]
			for c, v := range x {
				s[c] += v
			}
		}
		for c, v := range s {
			dst[c0+c] += v
		}
	}
}
