package kernel

import "math"

// attentionRows is how many scores a call of attentionWeights gets, which reads them twice: they stay in the first-level cache.
const attentionRows = 4096

// AttentionWeights turns each row of a rows×cols matrix of scores into exponentials: s becomes e^(scale·s - top), top being the largest scale·s of the row.
// stats (rows, 2) gets top and one over the sum of the row, by which the exponentials are to be multiplied to be weights.
func AttentionWeights(s, stats []float32, scale float32, rows, cols int) {
	if cols <= 0 {
		return
	}
	s, stats = need(s, rows*cols), need(stats, 2*rows)
	for rows > 0 {
		n := min(rows, max(1, attentionRows/cols))
		active.attentionWeights(s, stats, scale, n, cols)
		s, stats, rows = s[n*cols:], stats[2*n:], rows-n
	}
}

// AttentionGrad is the gradient of AttentionWeights with the weights' normalization: s, the scores once more, become the weights w by the stats of
// AttentionWeights, and d, the gradient of the weights, becomes that of the scores, before a factor outer: outer·w·(d - Σ w·d).
func AttentionGrad(s, d, stats []float32, scale, outer float32, rows, cols int) {
	if cols <= 0 {
		return
	}
	s, d, stats = need(s, rows*cols), need(d, rows*cols), need(stats, 2*rows)
	for rows > 0 {
		n := min(rows, chunkRows(cols))
		active.attentionGrad(s, d, stats, scale, outer, n, cols)
		s, d, stats, rows = s[n*cols:], d[n*cols:], stats[2*n:], rows-n
	}
}

func attentionWeightsGeneric(s, stats []float32, scale float32, rows, cols int) {
	for r := range rows {
		row := s[r*cols:][:cols]
		top := float32(math.Inf(-1))
		for i, v := range row {
			row[i] = v * scale
			top = max(top, row[i])
		}
		stats[2*r], stats[2*r+1] = top, 1/expSubGeneric(row, row, top)
	}
}

func attentionGradGeneric(s, d, stats []float32, scale, outer float32, rows, cols int) {
	for r := range rows {
		w, g := s[r*cols:][:cols], d[r*cols:][:cols]
		top, share := stats[2*r], stats[2*r+1]
		var dot float32
		for i, v := range w {
			w[i] = float32(math.Exp(float64(v*scale-top))) * share
			dot += w[i] * g[i]
		}
		for i, v := range w {
			g[i] = (g[i] - dot) * outer * v
		}
	}
}
