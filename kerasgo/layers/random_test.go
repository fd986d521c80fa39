package layers_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"gonum.org/v1/gonum/stat"
)

// The dropout layers keep the right share of elements, scale them by 1/(1-rate),
// and tie together what shares its fate.
func TestDropout(t *testing.T) {
	x := ones(40, 6, 5, 50)
	seq := ones(80, 10, 50)
	tests := []struct {
		name  string
		layer any
		in    *tensor.Tensor
		rate  float64
		tied  []bool // axes along which elements share their fate
	}{
		{"Dropout", layers.Dropout{Rate: 0.3}, x, 0.3, make([]bool, 4)},
		{"Dropout noise_shape", layers.Dropout{Rate: 0.5, NoiseShape: []int{-1, 1, 50}}, seq, 0.5, []bool{false, true, false}},
		{"Dropout one for all samples", layers.Dropout{Rate: 0.5, NoiseShape: []int{1, 10, 50}}, seq, 0.5, []bool{true, false, false}},
		{"SpatialDropout1D", layers.SpatialDropout1D{Rate: 0.4}, seq, 0.4, []bool{false, true, false}},
		{"SpatialDropout2D", layers.SpatialDropout2D{Rate: 0.4}, x, 0.4, []bool{false, true, true, false}},
		{"SpatialDropout2D first", layers.SpatialDropout2D{Rate: 0.4, DataFormat: "channels_first"}, ones(40, 50, 5, 6), 0.4, []bool{false, false, true, true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if y := (call{path: "a"}).must(t, tt.layer, tt.in); !cmp.Equal(y.Float32s(), tt.in.Float32s()) {
				t.Error("changes its input outside training")
			}
			c := call{training: true, path: "a", seed: 1, step: 1}
			y := c.must(t, tt.layer, tt.in)
			scaled := float32(1 / (1 - tt.rate))
			s := y.Shape()
			kept, choices := 0, 0
			for i, v := range y.Float32s() {
				if v != 0 && math.Abs(float64(v-scaled)) > 1e-6 {
					t.Fatalf("element %d is %v, want 0 or %v", i, v, scaled)
				}
				first, rest, at := 0, i, 0 // the element that this one shares its fate with
				for a, stride := range s.Strides() {
					at, rest = rest/stride, rest%stride
					if !tt.tied[a] {
						first += at * stride
					}
				}
				if y.Float32s()[first] != v {
					t.Fatalf("elements %d and %d differ", i, first)
				}
				if first == i {
					choices++
					if v != 0 {
						kept++
					}
				}
			}
			n := float64(choices)
			if got := float64(kept) / n; math.Abs(got-(1-tt.rate)) > 5*math.Sqrt(tt.rate*(1-tt.rate)/n) {
				t.Errorf("keeps %v of %d, want %v", got, choices, 1-tt.rate)
			}
		})
	}
}

// Random numbers follow from the seed, the path and the step, or from the
// layer's own seed instead of the model's.
func TestStreams(t *testing.T) {
	x := ones(8, 8)
	base := call{training: true, path: "a", seed: 1, step: 1}
	for name, layer := range map[string]func(seed *int) any{
		"Dropout":          func(s *int) any { return layers.Dropout{Rate: 0.5, Seed: s} },
		"GaussianNoise":    func(s *int) any { return layers.GaussianNoise{Stddev: 1, Seed: s} },
		"SpatialDropout1D": func(s *int) any { return layers.SpatialDropout1D{Rate: 0.5, Seed: s} },
	} {
		in := x
		if name == "SpatialDropout1D" {
			in = ones(8, 2, 8)
		}
		run := func(c call, seed *int) []float32 { return c.must(t, layer(seed), in).Float32s() }
		first := run(base, nil)
		if !cmp.Equal(first, run(base, nil)) {
			t.Errorf("%s: two equal runs differ", name)
		}
		for what, other := range map[string]call{
			"step": {training: true, path: "a", seed: 1, step: 2},
			"path": {training: true, path: "b", seed: 1, step: 1},
			"seed": {training: true, path: "a", seed: 2, step: 1},
		} {
			if cmp.Equal(first, run(other, nil)) {
				t.Errorf("%s: another %s gives the same numbers", name, what)
			}
		}
		other := base
		other.seed = 9
		if !cmp.Equal(run(base, new(3)), run(other, new(3))) {
			t.Errorf("%s: with a seed of its own the model's seed matters", name)
		}
		if cmp.Equal(run(base, new(3)), run(base, new(4))) {
			t.Errorf("%s: two seeds give the same numbers", name)
		}
	}
}

// These keep mean and variance of a standard normal input, or of ones.
func TestMoments(t *testing.T) {
	c := call{training: true, path: "a", seed: 1}
	normal := c.must(t, layers.GaussianNoise{Stddev: 1, Seed: new(5)}, tensor.New(tensor.Float32, 200, 200))
	tests := []struct {
		name     string
		layer    any
		in       *tensor.Tensor
		mean, sd float64
	}{
		{"GaussianDropout", layers.GaussianDropout{Rate: 0.2}, ones(200, 200), 1, 0.5},
		{"AlphaDropout", layers.AlphaDropout{Rate: 0.1}, normal, 0, 1},
		{"AlphaDropout", layers.AlphaDropout{Rate: 0.5}, normal, 0, 1},
	}
	for _, tt := range tests {
		if y := (call{}).must(t, tt.layer, tt.in); !cmp.Equal(y.Float32s(), tt.in.Float32s()) {
			t.Errorf("%s changes its input outside training", tt.name)
		}
		y := c.must(t, tt.layer, tt.in).Cast(tensor.Float64).Float64s()
		mean, sd := stat.MeanStdDev(y, nil)
		if n := 40000.0; math.Abs(mean-tt.mean) > 6*tt.sd/math.Sqrt(n) || math.Abs(sd-tt.sd) > 6*tt.sd/math.Sqrt(n) {
			t.Errorf("%s: mean %v, standard deviation %v, want %v and %v", tt.name, mean, sd, tt.mean, tt.sd)
		}
	}
	// Dropped elements of AlphaDropout share one value.
	y := c.must(t, layers.AlphaDropout{Rate: 0.3, NoiseShape: []int{-1, 1}}, normal)
	dropped := 0
	for i := range 200 {
		row := y.Float32s()[200*i : 200*i+200]
		if row[0] == row[1] {
			dropped++
			for _, v := range row {
				if v != row[0] {
					t.Fatalf("row %d is dropped in part", i)
				}
			}
		}
	}
	if dropped < 30 || dropped > 90 {
		t.Errorf("%d of 200 rows dropped at rate 0.3", dropped)
	}
}

func TestGaussianNoise(t *testing.T) {
	y := call{training: true, path: "a", seed: 1}.must(t, layers.GaussianNoise{Stddev: 2}, ones(100, 200)).Cast(tensor.Float64).Float64s()
	mean, sd := stat.MeanStdDev(y, nil)
	if n := 20000.0; math.Abs(mean-1) > 5*2/math.Sqrt(n) || math.Abs(sd-2) > 5*2/math.Sqrt(2*n) {
		t.Errorf("mean %v, standard deviation %v, want 1 and 2", mean, sd)
	}
	if y := (call{}).must(t, layers.GaussianNoise{Stddev: 2}, ones(3, 4)); !cmp.Equal(y.Float32s(), ones(3, 4).Float32s()) {
		t.Error("changes its input outside training")
	}
}
