package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// normReference computes in float64 what BatchNorm does with x, r and dy.
type normReference struct{ mean, variance, y, dx, dgamma, dbeta, kept []float64 }

func newNormReference(n *BatchNorm, x, r, dy, gamma, beta, y32 []float32) normReference {
	c := n.C
	w := normReference{make([]float64, c), make([]float64, c), make([]float64, len(x)), make([]float64, len(x)), make([]float64, c), make([]float64, c), make([]float64, len(x))}
	count := float64(len(x) / c)
	for i, v := range x {
		w.mean[i%c] += float64(v) / count
	}
	for i, v := range x {
		d := float64(v) - w.mean[i%c]
		w.variance[i%c] += d * d / count
	}
	root := func(k int) float64 { return math.Sqrt(w.variance[k] + float64(n.Epsilon)) }
	for i, v := range x {
		k := i % c
		w.y[i] = (float64(v)-w.mean[k])/root(k)*float64(gamma[k]) + float64(beta[k])
		if r != nil {
			w.y[i] += float64(r[i])
		}
		if n.Relu {
			w.y[i] = max(w.y[i], 0)
		}
		if n.Cap != 0 {
			w.y[i] = min(w.y[i], float64(n.Cap))
		}
		if !n.Relu || y32[i] > 0 && (n.Cap == 0 || y32[i] < n.Cap) { // as the kernel's own outputs say: they may be rounded to a bound
			w.kept[i] = float64(dy[i])
		}
		w.dbeta[k] += w.kept[i]
		w.dgamma[k] += w.kept[i] * (float64(v) - w.mean[k]) / root(k)
	}
	for i, v := range x {
		k := i % c
		w.dx[i] = float64(gamma[k]) / root(k) * (w.kept[i] - w.dbeta[k]/count - (float64(v)-w.mean[k])/root(k)*w.dgamma[k]/count)
	}
	return w
}

func TestBatchNorm(t *testing.T) {
	for _, isa := range ISAs() {
		t.Run(isa, func(t *testing.T) {
			restore, err := Use(isa)
			if err != nil {
				t.Fatal(err)
			}
			defer restore()
			r := rand.New(rand.NewPCG(1, 2))
			for _, c := range []int{1, 3, 10, 16, 17, 32, 48, 64, 100, 130, 300} {
				for _, pixels := range []int{1, 2, 7, 65, 333} {
					for _, n := range []*BatchNorm{{}, {Relu: true}, {Relu: true, Cap: 1}} {
						n.C, n.Epsilon = c, 1e-3
						checkBatchNorm(t, r, n, pixels, r.IntN(2) == 1)
					}
				}
			}
		})
	}
}

// checkBatchNorm normalizes in three parts, the last one of which may be shorter.
func checkBatchNorm(t *testing.T, r *rand.Rand, n *BatchNorm, pixels int, add bool) {
	t.Helper()
	var checks []func()
	array := func(size int) []float32 {
		x, check := guarded(t, r, size, r.IntN(3))
		checks = append(checks, check)
		return x
	}
	size, c := pixels*n.C, n.C
	x, dy, gamma, beta, y, dx := array(size), array(size), array(c), array(c), array(size), array(size)
	for i := range x {
		x[i] = 3*x[i] + 100*float32(i%c%3) // a mean far from zero must not matter
	}
	var res, kept []float32
	if add {
		res, kept = array(size), array(size)
	}
	per := (pixels + 2) / 3
	count := (pixels + per - 1) / per
	parts, params, mean, variance, dgamma, dbeta := array(count*n.PartSize()), array(4*n.Width()), array(c), array(c), array(c), array(c)
	each := func(do func(part, from int, pixels int)) {
		for k := range count {
			do(k, k*per*c, min(per, pixels-k*per))
		}
	}
	from := func(x []float32, at int) []float32 {
		if x == nil {
			return nil
		}
		return x[at:]
	}
	spoil(parts)
	each(func(k, at, pixels int) { n.Moments(parts[k*n.PartSize():], x[at:], pixels) })
	n.Statistics(params, mean, variance, parts, gamma, beta, per, pixels)
	each(func(_, at, pixels int) { n.Forward(y[at:], x[at:], from(res, at), params, pixels) })
	want := newNormReference(n, x, res, dy, gamma, beta, y)
	where := fmt.Sprintf("%+v, %d pixels, add %v: ", *n, pixels, add)
	near := func(what string, got []float32, want []float64, tol float64) {
		t.Helper()
		for i, v := range want {
			if d := math.Abs(float64(got[i]) - v); !(d <= tol*max(1, math.Abs(v))) {
				t.Fatalf("%s%s[%d] = %v, want %v", where, what, i, got[i], v)
			}
		}
	}
	near("mean", mean, want.mean, 1e-6)
	near("variance", variance, want.variance, 1e-5)
	scale := 1. // a deviation of 1e-5 in x may be divided by a small spread
	for _, v := range want.variance {
		scale = max(scale, 1/math.Sqrt(v+1e-3))
	}
	near("y", y, want.y, 3e-5*scale)
	y1 := y
	if !n.Relu {
		y1 = nil
	}
	spoil(parts)
	n.Repeat(params, mean)
	each(func(k, at, pixels int) {
		n.GradSums(parts[k*n.PartSize():], from(kept, at), x[at:], dy[at:], from(y1, at), params, pixels)
	})
	n.GradStatistics(params, dgamma, dbeta, parts, gamma, mean, variance, count, pixels)
	near("dbeta", dbeta, want.dbeta, 1e-4)
	near("dgamma", dgamma, want.dgamma, 1e-4*scale+2e-6*float64(pixels)) // the rounding of the mean counts for each pixel
	each(func(_, at, pixels int) { n.Backward(dx[at:], x[at:], dy[at:], from(y1, at), params, pixels) })
	near("dx", dx, want.dx, 1e-4*scale*scale)
	if add && n.Relu {
		near("kept", kept, want.kept, 0)
		before := slices.Clone(dx)
		each(func(_, at, pixels int) { n.Backward(dx[at:], x[at:], kept[at:], nil, params, pixels) })
		if !slices.Equal(before, dx) {
			t.Fatalf("%sthe gradient that was kept gives another dx", where)
		}
	}
	for _, check := range checks {
		check()
	}
}

func TestBatchNormNaN(t *testing.T) {
	n := BatchNorm{C: 2, Epsilon: 1e-3, Relu: true, Cap: 6}
	x, y, params := []float32{1, 2, float32(math.NaN()), 4}, make([]float32, 4), make([]float32, 3*n.Width())
	n.Params(params, []float32{0, 0}, []float32{1, 1}, []float32{1, 1}, []float32{0, 0})
	n.Forward(y, x, nil, params, 2)
	if y[2] == y[2] || y[3] != y[3] {
		t.Errorf("normalized %v is %v: NaN must stay, and stay alone", x, y)
	}
}
