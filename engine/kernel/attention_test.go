package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestAttentionWeights(t *testing.T) {
	for _, isa := range ISAs() {
		t.Run(isa, func(t *testing.T) {
			restore, err := Use(isa)
			if err != nil {
				t.Fatal(err)
			}
			defer restore()
			r := rand.New(rand.NewPCG(3, 4))
			for _, cols := range []int{1, 2, 7, 8, 15, 16, 17, 31, 33, 64, 65, 100, 128, 300} {
				for _, scale := range []float32{1, 0.3, -0.7} {
					checkAttention(t, r, scale, 1+r.IntN(5), cols)
				}
			}
		})
	}
}

// checkAttention compares with sums in float64. Some scores are masked.
func checkAttention(t *testing.T, r *rand.Rand, scale float32, rows, cols int) {
	t.Helper()
	s, check := guarded(t, r, rows*cols, r.IntN(3))
	d, checkD := guarded(t, r, rows*cols, r.IntN(3))
	stats, checkStats := guarded(t, r, 2*rows, r.IntN(3))
	for i := range s {
		s[i] *= 10
		if r.IntN(5) == 0 && i%cols > 0 {
			s[i] = -math.MaxFloat32 / scale / 4
		}
	}
	before := append([]float32(nil), s...)
	w := append([]float32(nil), s...)
	g := append([]float32(nil), d...)
	AttentionWeights(s, stats, scale, rows, cols)
	AttentionGrad(w, d, stats, scale, 3, rows, cols)
	for k := range rows {
		row := before[k*cols:][:cols]
		top, sum, dot := math.Inf(-1), 0.0, 0.0
		for _, v := range row {
			top = max(top, float64(v)*float64(scale))
		}
		for _, v := range row {
			sum += math.Exp(float64(v)*float64(scale) - top)
		}
		weight := func(i int) float64 { return math.Exp(float64(row[i])*float64(scale)-top) / sum }
		for i := range cols {
			dot += weight(i) * float64(g[k*cols+i])
		}
		near := func(what string, got float32, want, tol float64) {
			t.Helper()
			if !(math.Abs(float64(got)-want) <= tol) {
				t.Fatalf("scale %v, %d×%d: %s of row %d is %v, want %v", scale, rows, cols, what, k, got, want)
			}
		}
		near("top", stats[2*k], top, 1e-5)
		near("share", stats[2*k+1], 1/sum, 1e-5)
		for i := range cols {
			at := k*cols + i
			near("exponential", s[at], weight(i)*sum, 1e-5)
			near("weight", w[at], weight(i), 1e-5)
			near("gradient", d[at], 3*weight(i)*(float64(g[at])-dot), 3e-5)
		}
	}
	check()
	checkD()
	checkStats()
}

// TestAttentionWeightsNaN wants a NaN to spoil its row alone.
func TestAttentionWeightsNaN(t *testing.T) {
	for _, isa := range ISAs() {
		restore, err := Use(isa)
		if err != nil {
			t.Fatal(err)
		}
		const cols = 19
		s, stats := make([]float32, 2*cols), make([]float32, 4)
		s[5] = float32(math.NaN())
		AttentionWeights(s, stats, 1, 2, cols)
		if stats[1] == stats[1] || stats[3] != stats[3] {
			t.Errorf("%s: one over the sums is %v and %v", isa, stats[1], stats[3])
		}
		restore()
	}
}
