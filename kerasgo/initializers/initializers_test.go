package initializers_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/spec"
	"gonum.org/v1/gonum/stat"
)

// Mean, standard deviation and limits of the random initializers. The sample is so
// large that the bounds (5 standard errors) hold for any correct generator.
func TestDistributions(t *testing.T) {
	matrix, kernel := tensor.Shape{200, 300}, tensor.Shape{3, 3, 60, 90}
	unbounded := math.Inf(1)
	tests := []struct {
		name   string
		init   initializers.Initializer
		shape  tensor.Shape
		mean   float64
		sd     float64
		limit  float64 // largest distance from the mean
		normal bool    // normal rather than uniform
	}{
		{"glorot_uniform", initializers.GlorotUniform{}, matrix, 0, math.Sqrt(2. / 500), math.Sqrt(6. / 500), false},
		{"glorot_uniform kernel", initializers.GlorotUniform{}, kernel, 0, math.Sqrt(2. / (9 * 150)), math.Sqrt(6. / (9 * 150)), false},
		{"glorot_normal", initializers.GlorotNormal{}, matrix, 0, math.Sqrt(2. / 500), 2 * math.Sqrt(2./500) / 0.8796, true},
		{"he_uniform", initializers.HeUniform{}, kernel, 0, math.Sqrt(2. / 540), math.Sqrt(6. / 540), false},
		{"he_normal", initializers.HeNormal{}, kernel, 0, math.Sqrt(2. / 540), 2 * math.Sqrt(2./540) / 0.8796, true},
		{"he_normal axes", initializers.HeNormal{InputAxes: []int{0, 1}, OutputAxes: []int{-1}}, kernel, 0, math.Sqrt(2. / 9), 2 * math.Sqrt(2./9) / 0.8796, true},
		{"lecun_uniform", initializers.LecunUniform{}, matrix, 0, math.Sqrt(1. / 200), math.Sqrt(3. / 200), false},
		{"lecun_normal", initializers.LecunNormal{}, tensor.Shape{50000}, 0, math.Sqrt(1. / 50000), 2 * math.Sqrt(1./50000) / 0.8796, true},
		{"random_normal", initializers.RandomNormal{Mean: 3}, matrix, 3, 0.05, unbounded, true},
		{"random_uniform", initializers.RandomUniform{Minval: new(0.0), Maxval: new(1.0)}, matrix, 0.5, math.Sqrt(1. / 12), 0.5, false},
		{"truncated_normal", initializers.TruncatedNormal{Mean: -1, Stddev: new(2.0)}, matrix, -1, 2 * 0.87962566, 4, true},
		{"untruncated", initializers.VarianceScaling{Scale: new(4.0), Mode: "fan_out", Distribution: "untruncated_normal"}, matrix, 0, math.Sqrt(4. / 300), unbounded, true},
		{"fan_avg uniform", initializers.VarianceScaling{Mode: "fan_avg", Distribution: "uniform"}, matrix, 0, math.Sqrt(1. / 250), math.Sqrt(3. / 250), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := floats(t, complete(t, tt.init), tt.shape, rng.New(1, 7))
			n := float64(len(w))
			mean, sd := stat.MeanStdDev(w, nil)
			if d := math.Abs(mean - tt.mean); d > 5*tt.sd/math.Sqrt(n) {
				t.Errorf("mean %v, want %v", mean, tt.mean)
			}
			// The standard error of a standard deviation is at most that of the
			// normal distribution here: truncation and uniformity narrow it.
			if d := math.Abs(sd - tt.sd); d > 5*tt.sd/math.Sqrt(2*n) {
				t.Errorf("standard deviation %v, want %v", sd, tt.sd)
			}
			far := 0.0
			for _, x := range w {
				far = max(far, math.Abs(x-tt.mean))
			}
			if far > tt.limit*(1+1e-6) || !math.IsInf(tt.limit, 1) && far < 0.98*tt.limit {
				t.Errorf("farthest %v from the mean, want a limit of %v", far, tt.limit)
			}
			if math.IsInf(tt.limit, 1) && far < 3.5*tt.sd {
				t.Errorf("farthest %v from the mean: truncated?", far)
			}
			// The mean absolute deviation tells the distributions apart.
			k := stat.ExKurtosis(w, nil)
			switch {
			case !tt.normal && math.Abs(k+1.2) > 0.1:
				t.Errorf("excess kurtosis %v, want -1.2 of the uniform distribution", k)
			case tt.normal && math.IsInf(tt.limit, 1) && math.Abs(k) > 0.2:
				t.Errorf("excess kurtosis %v, want 0 of the normal distribution", k)
			case tt.normal && !math.IsInf(tt.limit, 1) && math.Abs(k+0.634) > 0.1:
				t.Errorf("excess kurtosis %v, want -0.634 of the truncated normal distribution", k)
			}
		})
	}
}

func TestOrthogonal(t *testing.T) {
	for _, shape := range []tensor.Shape{{5, 5}, {8, 3}, {3, 8}, {1, 4}, {3, 2, 7}, {3, 3, 2, 40}} {
		w := floats(t, initializers.Orthogonal{Gain: new(2.0)}, shape, rng.New(3, 4))
		cols := shape.Last()
		rows := len(w) / cols
		at := func(i, j int) float64 { return w[i*cols+j] }
		n, inner := cols, rows
		if rows < cols { // then the rows are orthonormal
			at = func(i, j int) float64 { return w[j*cols+i] }
			n, inner = rows, cols
		}
		for a := range n {
			for b := range n {
				dot, want := 0.0, 0.0
				for k := range inner {
					dot += at(k, a) * at(k, b)
				}
				if a == b {
					want = 4
				}
				if math.Abs(dot-want) > 1e-5 {
					t.Errorf("%v: product of vectors %d and %d is %v, want %v", shape, a, b, dot, want)
				}
			}
		}
	}
}

// The signs are fixed, so that no direction is preferred: each element has mean 0.
func TestOrthogonalSigns(t *testing.T) {
	r := rng.New(5, 6)
	var corner []float64
	for range 2000 {
		corner = append(corner, floats(t, initializers.Orthogonal{}, tensor.Shape{3, 3}, r)[0])
	}
	mean, sd := stat.MeanStdDev(corner, nil)
	if math.Abs(mean) > 5*sd/math.Sqrt(2000) || math.Abs(sd-math.Sqrt(1./3)) > 0.05 {
		t.Errorf("mean %v, standard deviation %v, want 0 and %v", mean, sd, math.Sqrt(1./3))
	}
}

func TestSeed(t *testing.T) {
	shape := tensor.Shape{4, 3}
	for name, make := range map[string]func(seed *int) initializers.Initializer{
		"glorot":  func(s *int) initializers.Initializer { return initializers.GlorotUniform{Seed: s} },
		"normal":  func(s *int) initializers.Initializer { return initializers.RandomNormal{Seed: s} },
		"uniform": func(s *int) initializers.Initializer { return initializers.RandomUniform{Seed: s} },
		"trunc":   func(s *int) initializers.Initializer { return initializers.TruncatedNormal{Seed: s} },
		"orth":    func(s *int) initializers.Initializer { return initializers.Orthogonal{Seed: s} },
	} {
		seeded := floats(t, make(new(1)), shape, rng.New(1, 1))
		if d := cmp.Diff(seeded, floats(t, make(new(1)), shape, rng.New(2, 2))); d != "" {
			t.Errorf("%s: a seed depends on the stream: %s", name, d)
		}
		if cmp.Equal(seeded, floats(t, make(new(2)), shape, rng.New(1, 1))) {
			t.Errorf("%s: two seeds give the same numbers", name)
		}
		r := rng.New(1, 1)
		if cmp.Equal(floats(t, make(nil), shape, r), floats(t, make(nil), shape, r)) {
			t.Errorf("%s: one stream gives the same numbers twice", name)
		}
	}
}

func TestIdentity(t *testing.T) {
	got := floats(t, initializers.Identity{Gain: new(3.0)}, tensor.Shape{2, 3}, nil)
	if d := cmp.Diff([]float64{3, 0, 0, 0, 3, 0}, got, cmpopts.EquateApprox(0, 0)); d != "" {
		t.Error(d)
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		init  initializers.Initializer
		shape tensor.Shape
		want  string
	}{
		{initializers.Orthogonal{}, tensor.Shape{4}, "two axes or more"},
		{initializers.Identity{}, tensor.Shape{2, 2, 2}, "two axes"},
		{initializers.VarianceScaling{Scale: new(0.0)}, tensor.Shape{2, 2}, "scale 0 is not positive"},
		{initializers.VarianceScaling{Mode: "fan"}, tensor.Shape{2, 2}, `mode "fan"`},
		{initializers.VarianceScaling{Distribution: "flat"}, tensor.Shape{2, 2}, `distribution "flat"`},
		{initializers.HeNormal{InputAxes: []int{2}, OutputAxes: []int{0}}, tensor.Shape{2, 2}, "no axis 2"},
	}
	for _, tt := range tests {
		_, err := tt.init.Initialize(tt.shape, rng.New(1, 1))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%T: error %v, want one with %q", tt.init, err, tt.want)
		}
	}
}

func complete(t *testing.T, i initializers.Initializer) initializers.Initializer {
	t.Helper()
	v, err := spec.CompleteAny(i)
	if err != nil {
		t.Fatal(err)
	}
	return v.(initializers.Initializer)
}

func floats(t *testing.T, i initializers.Initializer, shape tensor.Shape, r *rng.Stream) []float64 {
	t.Helper()
	w, err := i.Initialize(shape, r)
	if err != nil {
		t.Fatal(err)
	}
	if w.DType() != tensor.Float32 || !w.Shape().Equal(shape) {
		t.Fatalf("%v %v, want float32 %v", w.DType(), w.Shape(), shape)
	}
	return w.Cast(tensor.Float64).Float64s()
}
