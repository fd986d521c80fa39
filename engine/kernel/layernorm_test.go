package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestLayerNorm(t *testing.T) {
	for _, isa := range ISAs() {
		t.Run(isa, func(t *testing.T) {
			restore, err := Use(isa)
			if err != nil {
				t.Fatal(err)
			}
			defer restore()
			r := rand.New(rand.NewPCG(1, 2))
			for _, cols := range []int{1, 2, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 128, 130, 300, 1029} {
				for _, rows := range []int{1, 2, 5} {
					checkLayerNorm(t, r, LayerNorm{Cols: cols, Epsilon: 1e-3}, rows)
					checkLayerNorm(t, r, LayerNorm{Cols: cols, Epsilon: 1e-3, RMS: true}, rows)
				}
			}
		})
	}
}

// checkLayerNorm compares with sums in float64, far from zero too.
func checkLayerNorm(t *testing.T, r *rand.Rand, n LayerNorm, rows int) {
	t.Helper()
	var checks []func()
	array := func(size int) []float32 {
		x, check := guarded(t, r, size, r.IntN(3))
		checks = append(checks, check)
		return x
	}
	size, cols := rows*n.Cols, n.Cols
	x, dy, gamma, beta := array(size), array(size), array(cols), array(cols)
	y, stats, dx, dgamma, dbeta := array(size), array(2*rows), array(size), array(cols), array(cols)
	for i := range x {
		x[i] += 50 * float32(i/cols%2)
	}
	wantGamma, wantBeta := make([]float64, cols), make([]float64, cols)
	for i := range cols {
		wantGamma[i], wantBeta[i] = float64(dgamma[i]), float64(dbeta[i]) // added to
	}
	n.Forward(y, stats, x, gamma, beta, rows)
	n.Backward(dx, dgamma, dbeta, x, dy, gamma, stats, rows)
	near := func(what string, i int, got float32, want, tol float64) {
		t.Helper()
		if d := math.Abs(float64(got) - want); !(d <= tol*max(1, math.Abs(want))) {
			t.Fatalf("%+v, %d rows: %s[%d] = %v, want %v", n, rows, what, i, got, want)
		}
	}
	for k := range rows {
		mean, variance := 0.0, 0.0
		for _, v := range x[k*cols:][:cols] {
			if !n.RMS {
				mean += float64(v) / float64(cols)
			}
		}
		for _, v := range x[k*cols:][:cols] {
			variance += (float64(v) - mean) * (float64(v) - mean) / float64(cols)
		}
		root := 1 / math.Sqrt(variance+float64(n.Epsilon))
		normal := func(i int) float64 { return (float64(x[k*cols+i]) - mean) * root }
		near("mean", k, stats[2*k], mean, 1e-6)
		near("root", k, stats[2*k+1], root, 3e-6*max(1, root))
		sum, dot := 0.0, 0.0
		for i := range cols {
			d := float64(dy[k*cols+i])
			near("y", i, y[k*cols+i], normal(i)*float64(gamma[i])+float64(beta[i]), 1e-5*max(1, root))
			wantGamma[i] += d * normal(i)
			wantBeta[i] += d
			sum += d * float64(gamma[i]) / float64(cols)
			dot += d * float64(gamma[i]) * normal(i) / float64(cols)
		}
		if n.RMS {
			sum = 0
		}
		for i := range cols {
			near("dx", i, dx[k*cols+i], root*(float64(dy[k*cols+i])*float64(gamma[i])-sum-normal(i)*dot), 2e-5*max(1, root*root))
		}
	}
	for i := range cols {
		near("dgamma", i, dgamma[i], wantGamma[i], 2e-4)
		near("dbeta", i, dbeta[i], wantBeta[i], 1e-6)
	}
	for _, check := range checks {
		check()
	}
}

// TestLayerNormBlank wants NaN to stay in its row.
func TestLayerNormBlank(t *testing.T) {
	for _, isa := range ISAs() {
		restore, err := Use(isa)
		if err != nil {
			t.Fatal(err)
		}
		const cols = 20
		x, one := make([]float32, 2*cols), make([]float32, cols)
		Fill(one, 1)
		x[3] = float32(math.NaN())
		LayerNorm{Cols: cols, Epsilon: 1e-3}.Forward(x, make([]float32, 4), x, one, one, 2)
		for i, v := range x {
			if (v != v) != (i < cols) {
				t.Errorf("%s: %s", isa, fmt.Sprint(x))
				break
			}
		}
		restore()
	}
}
