package ops_test

import (
	"math"
	"slices"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func draw(t *testing.T, normal bool, s ops.Stream, seed, step int64, shape ...int) []float32 {
	t.Helper()
	g := graph.New()
	v := ops.RandomUniform(g, shape, s)
	if normal {
		v = ops.RandomNormal(g, shape, s)
	}
	feeds := graph.Feeds{Inputs: map[string]*tensor.Tensor{ops.RNGInput: tensor.From([]int64{seed, step})}}
	return run(t, g, []graph.Value{v}, feeds)[0].Float32s()
}

func TestRandomUniformIsPhilox(t *testing.T) {
	s := ops.Stream{ID: 0x1122334455667788}
	got := draw(t, false, s, 0x0A0B0C0D0E0F, 7, 2, 3)
	for i, v := range got {
		words := rng.Philox([2]uint32{0x0C0D0E0F, 0x0A0B}, [4]uint32{uint32(i / 4), 7, 0x55667788, 0x11223344})
		if want := rng.Float(words[i%4]); v != want {
			t.Errorf("element %d is %v, want %v", i, v, want)
		}
	}
}

func TestRandomStreams(t *testing.T) {
	for _, normal := range []bool{false, true} {
		base := draw(t, normal, ops.Stream{ID: 1}, 5, 0, 9)
		if !slices.Equal(base, draw(t, normal, ops.Stream{ID: 1}, 5, 0, 3, 3)) {
			t.Error("the shape changes the numbers")
		}
		if !slices.Equal(base[:5], draw(t, normal, ops.Stream{ID: 1}, 5, 0, 5)) {
			t.Error("a shorter draw is not a beginning of a longer one")
		}
		for name, other := range map[string][]float32{
			"seed":       draw(t, normal, ops.Stream{ID: 1}, 6, 0, 9),
			"step":       draw(t, normal, ops.Stream{ID: 1}, 5, 1, 9),
			"stream":     draw(t, normal, ops.Stream{ID: 2}, 5, 0, 9),
			"fixed seed": draw(t, normal, ops.Stream{ID: 1, Seed: 8, Fixed: true}, 5, 0, 9),
		} {
			if slices.Equal(base, other) {
				t.Errorf("another %s gives the same numbers", name)
			}
		}
		fixed := draw(t, normal, ops.Stream{ID: 1, Seed: 5, Fixed: true}, 99, 0, 9)
		if !slices.Equal(base, fixed) {
			t.Error("a fixed seed does not replace the run's")
		}
	}
}

// TestRandomMoments compares the first four moments and two quantiles; the
// bounds are five standard deviations wide.
func TestRandomMoments(t *testing.T) {
	const n = 40001 // odd: the last pair is cut
	for _, c := range []struct {
		normal                 bool
		mean, variance, fourth float64
		below                  map[float64]float64
	}{
		{false, 0.5, 1.0 / 12, 1.0 / 80, map[float64]float64{0.25: 0.25, 0.9: 0.9}},
		{true, 0, 1, 3, map[float64]float64{-1: 0.158655, 1.95996: 0.975}},
	} {
		x := draw(t, c.normal, ops.Stream{ID: 3}, 1, 2, n)
		var mean, variance, third, fourth float64
		for _, v := range x {
			if !c.normal && (v < 0 || v >= 1) {
				t.Fatalf("uniform number %v", v)
			}
			d := float64(v) - c.mean
			mean += d / n
			variance += d * d / n
			third += d * d * d / n
			fourth += d * d * d * d / n
		}
		sd := math.Sqrt(c.variance)
		for name, v := range map[string]float64{
			"mean": mean / sd, "variance": (variance/c.variance - 1) / 1.5, "third": third / (sd * sd * sd) / 4, "fourth": (fourth/c.fourth - 1) / 3.3,
		} {
			if math.Abs(v) > 5/math.Sqrt(n) {
				t.Errorf("normal %v: %s is off by %v", c.normal, name, v)
			}
		}
		for q, want := range c.below {
			count := 0.0
			for _, v := range x {
				if float64(v) < q {
					count++
				}
			}
			if math.Abs(count/n-want) > 5*math.Sqrt(want*(1-want)/n) {
				t.Errorf("normal %v: a share of %v is below %v, want %v", c.normal, count/n, q, want)
			}
		}
	}
}
