package kernel

import "math"

// LayerNorm normalizes each row of a rows×cols matrix by its own mean and biased variance:
//
//	y = (x - mean)/√(variance + Epsilon)·gamma + beta
//
// With RMS the mean counts as 0. gamma and beta have Cols elements; matrices lie without gaps.
type LayerNorm struct {
	Cols    int
	Epsilon float32
	RMS     bool
}

// layerNormKernels are the kernels of LayerNorm; inverse is 1/cols.
type layerNormKernels struct {
	forward  func(y, stats, x, gamma, beta []float32, epsilon, inverse float32, rows, cols int)
	backward func(dx, dgamma, dbeta, x, dy, gamma, stats []float32, inverse float32, rows, cols int)
}

func (n LayerNorm) kernels() *layerNormKernels {
	if n.RMS {
		return &active.rmsNorm
	}
	return &active.layerNorm
}

// Forward computes y, and for Backward the mean and 1/√(variance + Epsilon) of each row, (rows, 2). y may be x.
func (n LayerNorm) Forward(y, stats, x, gamma, beta []float32, rows int) {
	if rows <= 0 || n.Cols <= 0 {
		return
	}
	size := rows * n.Cols
	y, stats, x, gamma, beta = need(y, size), need(stats, 2*rows), need(x, size), need(gamma, n.Cols), need(beta, n.Cols)
	n.kernels().forward(y, stats, x, gamma, beta, n.Epsilon, 1/float32(n.Cols), rows, n.Cols)
}

// Backward computes dx and adds to dgamma and dbeta what the rows give to them. dx may be dy.
func (n LayerNorm) Backward(dx, dgamma, dbeta, x, dy, gamma, stats []float32, rows int) {
	if rows <= 0 || n.Cols <= 0 {
		return
	}
	size := rows * n.Cols
	dx, dgamma, dbeta, x, dy = need(dx, size), need(dgamma, n.Cols), need(dbeta, n.Cols), need(x, size), need(dy, size)
	gamma, stats = need(gamma, n.Cols), need(stats, 2*rows)
	n.kernels().backward(dx, dgamma, dbeta, x, dy, gamma, stats, 1/float32(n.Cols), rows, n.Cols)
}

// genericLayerNorm is the portable code; its sums are of float64, as it adds one number after another.
func genericLayerNorm(rms bool) layerNormKernels {
	return layerNormKernels{
		forward: func(y, stats, x, gamma, beta []float32, epsilon, inverse float32, rows, cols int) {
			for r := range rows {
				row := x[r*cols:][:cols]
				var mean float32
				if !rms {
					var sum float64
					for _, v := range row {
						sum += float64(v)
					}
					mean = float32(sum) * inverse
				}
				var squares float64
				for _, v := range row {
					d := v - mean
					squares += float64(d * d)
				}
				root := 1 / float32(math.Sqrt(float64(float32(squares)*inverse+epsilon)))
				stats[2*r], stats[2*r+1] = mean, root
				for i, v := range row {
					y[r*cols+i] = (v-mean)*root*gamma[i] + beta[i]
				}
			}
		},
		backward: func(dx, dgamma, dbeta, x, dy, gamma, stats []float32, inverse float32, rows, cols int) {
			for r := range rows {
				row, d := x[r*cols:][:cols], dy[r*cols:][:cols]
				mean, root := stats[2*r], stats[2*r+1]
				var sum, dot float64
				for i, v := range d {
					normal := (row[i] - mean) * root
					dgamma[i] += v * normal
					dbeta[i] += v
					sum += float64(v * gamma[i])
					dot += float64(v * gamma[i] * normal)
				}
				if rms {
					sum = 0
				}
				b, c := float32(dot)*inverse*root*root, float32(sum)*inverse*root
				for i, v := range d {
					dx[r*cols+i] = v*gamma[i]*root - b*(row[i]-mean) - c
				}
			}
		},
	}
}
