package kernel

import (
	"math/rand/v2"
	"testing"
)

// Slices longer than one kernel call: the pieces must join without a gap.
func TestLongSlices(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 5))
		const n = 2*chunk + 77
		a, checkA := guarded(t, r, n, 1)
		b, _ := guarded(t, r, n, 2)
		c, _ := guarded(t, r, n, 3)
		for name, f := range map[string]struct {
			run  func(dst []float32)
			want func(i int) float32
		}{
			"Add":       {func(d []float32) { Add(d, a, b) }, func(i int) float32 { return a[i] + b[i] }},
			"MulScalar": {func(d []float32) { MulScalar(d, a, 3) }, func(i int) float32 { return a[i] * 3 }},
			"Neg":       {func(d []float32) { Neg(d, a) }, func(i int) float32 { return -a[i] }},
			"MulAdd":    {func(d []float32) { MulAdd(d, a, b, c) }, func(i int) float32 { return float32(a[i]*b[i]) + c[i] }},
			"ScaleAdd":  {func(d []float32) { copy(d, a); ScaleAdd(d, b, 0.5) }, func(i int) float32 { return a[i] + b[i]*0.5 }},
			"AddBias":   {func(d []float32) { AddBias(d, a, b, n/7, 7) }, func(i int) float32 { return a[i] + b[i%7] }},
			"SGDMomentum": {func(d []float32) { m := make([]float32, n); copy(d, a); SGDMomentum(d, m, b, 0.5, 0.9, false) },
				func(i int) float32 { return a[i] - b[i]*0.5 }},
			"SGD": {func(d []float32) { copy(d, a); SGD(d, b, 0.5) }, func(i int) float32 { return a[i] - b[i]*0.5 }},
		} {
			dst, check := guarded(t, r, n, 4)
			f.run(dst)
			check()
			whole := n
			if name == "AddBias" {
				whole = n / 7 * 7
			}
			for i := range dst[:whole] {
				if want := f.want(i); dst[i] != want {
					t.Fatalf("%s: element %d is %v, want %v", name, i, dst[i], want)
				}
			}
		}
		checkA()

		for at := 0; at < n; at += chunk / 3 {
			before := a[at]
			a[at] = 5
			if m := MaxOf(a); m != 5 {
				t.Errorf("MaxOf = %v with 5 at %d", m, at)
			}
			a[at] = -5
			if m := MinOf(a); m != -5 {
				t.Errorf("MinOf = %v with -5 at %d", m, at)
			}
			a[at] = before
		}

		Fill(a, 1)
		sums := make([]float32, 7)
		SumRows(sums, a, n/7, 7)
		for _, s := range sums {
			if s != float32(n/7) {
				t.Errorf("SumRows of ones: %v, want %d", sums, n/7)
				break
			}
		}

		Uniform(a, [2]uint32{1, 2}, [4]uint32{3, 4, 5, 6})
		for _, i := range []int{0, chunk - 1, chunk, chunk + 5, 2 * chunk, n - 1} {
			word := Philox(advance([4]uint32{3, 4, 5, 6}, uint64(i/4)), [2]uint32{1, 2})[i%4]
			if want := float32(word>>8) / (1 << 24); a[i] != want {
				t.Errorf("Uniform: element %d is %v, want %v", i, a[i], want)
			}
		}
	})
}

// A step with known numbers: Adam's first step moves every weight by the learning rate against the sign of its gradient.
func TestAdamFirstStep(t *testing.T) {
	onEach(t, func(t *testing.T) {
		const n = chunk + 9
		r := rand.New(rand.NewPCG(1, 1))
		g, _ := guarded(t, r, n, 1)
		w, m, v, vhat := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
		const lr = 0.001
		p := AdamParams{OneMinusBeta1: 0.1, OneMinusBeta2: 0.001, Alpha: lr * 0.0316227766 / 0.1, Epsilon: 0}
		Adam(w, m, v, g, p)
		for i := range w {
			want := float32(-lr)
			if g[i] < 0 {
				want = lr
			}
			if d := w[i] - want; g[i] != 0 && (d > 1e-9 || d < -1e-9) {
				t.Fatalf("weight %d moved by %v, want %v", i, w[i], want)
			}
		}
		clear(m)
		clear(v)
		Fill(vhat, 1e6) // amsgrad keeps the larger second moment
		clear(w)
		AdamAMSGrad(w, m, v, vhat, g, p)
		for i := range w {
			want := -g[i] * 0.1 * p.Alpha / 1000
			if d := w[i] - want; vhat[i] != 1e6 || d > 1e-12 || d < -1e-12 {
				t.Fatalf("amsgrad: weight %d moved by %v, want %v (vhat %v)", i, w[i], want, vhat[i])
			}
		}
	})
}
