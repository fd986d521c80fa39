package layers_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// augmentations are layers that change images in training only, with an argument for
// their own seed.
var augmentations = map[string]func(seed *int) any{
	"RandomFlip":              func(s *int) any { return layers.RandomFlip{Seed: s} },
	"RandomRotation":          func(s *int) any { return layers.RandomRotation{Factor: 0.2, Seed: s} },
	"RandomZoom":              func(s *int) any { return layers.RandomZoom{HeightFactor: 0.4, Seed: s} },
	"RandomTranslation":       func(s *int) any { return layers.RandomTranslation{HeightFactor: 0.4, WidthFactor: 0.2, Seed: s} },
	"RandomShear":             func(s *int) any { return layers.RandomShear{XFactor: 0.4, Seed: s} },
	"RandomPerspective":       func(s *int) any { return layers.RandomPerspective{Seed: s} },
	"RandomElasticTransform":  func(s *int) any { return layers.RandomElasticTransform{Seed: s} },
	"RandomContrast":          func(s *int) any { return layers.RandomContrast{Factor: 0.5, Seed: s} },
	"RandomBrightness":        func(s *int) any { return layers.RandomBrightness{Factor: 0.5, Seed: s} },
	"RandomColorDegeneration": func(s *int) any { return layers.RandomColorDegeneration{Factor: 0.5, Seed: s} },
	"RandomColorJitter":       func(s *int) any { return layers.RandomColorJitter{BrightnessFactor: 0.2, HueFactor: 0.3, Seed: s} },
	"RandomGrayscale":         func(s *int) any { return layers.RandomGrayscale{Seed: s} },
	"RandomHue":               func(s *int) any { return layers.RandomHue{Factor: 0.5, Seed: s} },
	"RandomSaturation":        func(s *int) any { return layers.RandomSaturation{Factor: 0.8, Seed: s} },
	"RandomSharpness":         func(s *int) any { return layers.RandomSharpness{Factor: 0.8, Seed: s} },
	"RandomPosterization":     func(s *int) any { return layers.RandomPosterization{Factor: 6, Seed: s} },
	"RandomInvert":            func(s *int) any { return layers.RandomInvert{Factor: 0.9, Seed: s} },
	"RandomGaussianBlur":      func(s *int) any { return layers.RandomGaussianBlur{Seed: s} },
	"RandomErasing":           func(s *int) any { return layers.RandomErasing{Seed: s} },
	"RandomCrop":              func(s *int) any { return layers.RandomCrop{Height: 2, Width: 3, Seed: s} },
	"Solarization":            func(s *int) any { return layers.Solarization{AdditionFactor: 0.5, ThresholdFactor: 0.5, Seed: s} },
	"CutMix":                  func(s *int) any { return layers.CutMix{Seed: s} },
	"MixUp":                   func(s *int) any { return layers.MixUp{Alpha: 1, Seed: s} },
	"RandAugment":             func(s *int) any { return layers.RandAugment{Seed: s} },
	"AugMix":                  func(s *int) any { return layers.AugMix{NumChains: 2, ChainDepth: 1, Seed: s} },
}

// pictures has n images of 10 by 9 whose pixels all differ.
func pictures(n int) *tensor.Tensor {
	x := tensor.New(tensor.Float32, n, 10, 9, 3)
	for i := range x.Float32s() {
		x.Float32s()[i] = float32(127 + 126*math.Sin(float64(i)*0.37))
	}
	return x
}

// Outside training nothing changes; in training the numbers follow from the seed, the
// path and the step, or from the layer's own seed instead of the model's.
func TestAugmentationStreams(t *testing.T) {
	x := pictures(8)
	base := call{training: true, path: "a", seed: 1, step: 1}
	for name, layer := range augmentations {
		run := func(c call, seed *int) []float32 { return c.must(t, layer(seed), x).Float32s() }
		if !cmp.Equal(run(call{path: "a"}, nil), x.Float32s()) {
			t.Errorf("%s changes images outside training", name)
		}
		first := run(base, nil)
		if cmp.Equal(first, x.Float32s()) {
			t.Errorf("%s changes nothing in training", name)
		}
		if !cmp.Equal(first, run(base, nil)) {
			t.Errorf("%s: two equal runs differ", name)
		}
		for what, other := range map[string]call{
			"step": {training: true, path: "a", seed: 1, step: 2},
			"path": {training: true, path: "b", seed: 1, step: 1},
			"seed": {training: true, path: "a", seed: 2, step: 1},
		} {
			if cmp.Equal(first, run(other, nil)) {
				t.Errorf("%s: another %s gives the same images", name, what)
			}
		}
		other := base
		other.seed = 9
		if !cmp.Equal(run(base, new(3)), run(other, new(3))) {
			t.Errorf("%s: with a seed of its own the model's seed matters", name)
		}
		if cmp.Equal(run(base, new(3)), run(base, new(4))) {
			t.Errorf("%s: two seeds give the same images", name)
		}
	}
}

// Each image has numbers of its own, from the right range, evenly spread: brightness
// adds f·255 to images of one value, f in [-0.2, 0.4).
func TestAugmentationSpread(t *testing.T) {
	const n = 4000
	x := tensor.New(tensor.Float32, n, 1, 1, 1)
	for i := range x.Float32s() {
		x.Float32s()[i] = 100
	}
	y := call{training: true, path: "a", seed: 1}.must(t, layers.RandomBrightness{Factor: []float64{-0.2, 0.4}}, x)
	var mean, square float64
	for _, v := range y.Float32s() {
		f := float64(v-100) / 255
		if f < -0.2001 || f > 0.4001 {
			t.Fatalf("an image became brighter by %v", f)
		}
		mean += f / n
		square += f * f / n
	}
	if sd := 0.6 / math.Sqrt(12); math.Abs(mean-0.1) > 5*sd/math.Sqrt(n) || math.Abs(math.Sqrt(square-mean*mean)-sd) > 5*sd/math.Sqrt(n) {
		t.Errorf("mean %v, mean square %v, want numbers spread evenly from -0.2 to 0.4", mean, square)
	}
}

// shares tells how often images come out changed.
func TestAugmentationProbability(t *testing.T) {
	const n = 3000
	x := tensor.New(tensor.Float32, n, 2, 3, 3)
	for i := range x.Float32s() {
		x.Float32s()[i] = float32(i%18) * 10
	}
	for _, tt := range []struct {
		layer any
		want  float64
	}{
		{layers.RandomFlip{Mode: "horizontal"}, 0.5},
		{layers.RandomGrayscale{Factor: new(0.3)}, 0.3},
		{layers.RandomInvert{Factor: []float64{0.8, 0.8}}, 0.8},
		{layers.RandomInvert{Factor: 0.8}, 0.4}, // a probability between 0 and 0.8
	} {
		y := call{training: true, path: "a", seed: 1}.must(t, tt.layer, x).Float32s()
		changed := 0.0
		for i := range n {
			if !cmp.Equal(y[18*i:18*i+18], x.Float32s()[18*i:18*i+18]) {
				changed++
			}
		}
		if math.Abs(changed/n-tt.want) > 5*math.Sqrt(tt.want*(1-tt.want)/n) {
			t.Errorf("%T %+v changes a share of %v, want %v", tt.layer, tt.layer, changed/n, tt.want)
		}
	}
}

func TestImageErrors(t *testing.T) {
	img := ones(2, 8, 8, 4)
	for _, tt := range []struct {
		layer any
		in    *tensor.Tensor
		want  string
	}{
		{layers.RandomRotation{Factor: 1.5}, img, `factor 1.5 is outside [-1, 1]`},
		{layers.RandomRotation{Factor: "much"}, img, `factor wants a number or a list of two numbers, got much`},
		{layers.RandomRotation{Factor: []float64{0.1, 0.2, 0.3}}, img, `factor wants a number or a list of two numbers, got [0.1 0.2 0.3]`},
		{layers.RandomRotation{}, img, `RandomRotation needs factor`},
		{layers.RandomZoom{HeightFactor: []float64{-1, 0}}, img, `height_factor [-1 0]: nothing is left at -1`},
		{layers.RandomShear{XFactor: []float64{-0.1, 0.3}}, img, `x_factor [-0.1 0.3] is outside [0, 1]`},
		{layers.RandomPosterization{Factor: 2.5}, img, `factor 2.5: bits are whole numbers`},
		{layers.RandomPosterization{Factor: 9}, img, `factor 9 is outside [1, 8]`},
		{layers.RandomGaussianBlur{KernelSize: 4}, img, `kernel_size 4: wants odd numbers`},
		{layers.RandomErasing{FillValue: []float64{1, 2}}, img, `fill_value wants a number or a list of three, got [1 2]`},
		{layers.RandomColorJitter{HueFactor: 2}, img, `factor 2 is outside [0, 1]`},
		{layers.RandomHue{Factor: 0.5}, img, `its input (None, 8, 8, 4) has 4 channels; wanted 3 (RGB)`},
		{layers.RandAugment{}, img, `its input (None, 8, 8, 4) has 4 channels; wanted 3 (RGB) or 1 (grey)`},
		{layers.RandomFlip{}, ones(2, 3), `input (None, 3) has 2 axes; wanted (batch, height, width, channels)`},
		{layers.CenterCrop{Height: 2, Width: 2}, ones(2, 0, 3, 1), `its input (None, 0, 3, 1) has no pixels`},
		{layers.ContrastLimitedAdaptiveHistogramEqualization{TileGridSize: [2]int{30, 1}}, img, `tile_grid_size (30, 1) is too fine for its input (None, 8, 8, 4)`},
		{layers.STFTSpectrogram{FrameLength: 8, FrameStep: 9}, ones(1, 20, 1), `frame_step 9 is above frame_length 8`},
		{layers.STFTSpectrogram{FrameLength: 8, FFTLength: 4}, ones(1, 20, 1), `fft_length 4 is below frame_length 8`},
		{layers.STFTSpectrogram{FrameLength: 8, Window: "kaiser"}, ones(1, 20, 1),
			`window "kaiser" is none of barthann, bartlett, blackman, blackmanharris, bohman, boxcar, cosine, flattop, hamming, hann, lanczos, nuttall, parzen, triang, tukey`},
		{layers.STFTSpectrogram{FrameLength: 30}, ones(1, 20, 1), `frame_length 30 does not fit its input (None, 20, 1) with padding "valid"`},
		{layers.MelSpectrogram{FFTLength: 64}, ones(1, 20), `its input (None, 20) is too short to be mirrored: fft_length 64 takes more than 32 samples`},
		{layers.MelSpectrogram{FFTLength: 8, SequenceLength: 16}, ones(1, 20), `sequence_length 16 is above fft_length 8`},
		{layers.Pipeline{Layers: []any{layers.Dense{Units: 2}, layers.RandomFlip{}}}, ones(2, 3), `input (None, 2) has 2 axes; wanted (batch, height, width, channels)`},
	} {
		if _, err := (call{}).run(tt.layer, tt.in); err == nil || err.Error() != tt.want {
			t.Errorf("%T:\n got %v\nwant %s", tt.layer, err, tt.want)
		}
	}
}
