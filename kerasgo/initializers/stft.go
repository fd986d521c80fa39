package initializers

import (
	"fmt"
	"math"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// STFT makes the kernel (T, 1, F/2 + 1) with which a convolution computes the real or the
// imaginary part of the spectra of sequences of T samples at F/2 + 1 frequencies: a window,
// scaled, times cos or sin of -2π·time·frequency. Angles are rounded to float32, as Keras
// rounds them.
type STFT struct {
	Side     string `keras:"side,default=real,enum=real|imag"`                        // the part of the spectra
	Window   any    `keras:"window,default=hann,none=none"`                           // weights of the samples: a name, as scipy.signal.get_window has them, a list of T numbers, or none (null)
	Scaling  string `keras:"scaling,default=density,none=none,enum=density|spectrum"` // divide by the root of the sum of the window's squares, by the sum of its weights, or by 1: none (null)
	Periodic bool   `keras:"periodic,default=false"`                                  // the window's weights have the period T
}

func init() { spec.Register[STFT](module, spec.Aliases("STFTInitializer")) }

// Initialize implements Initializer. The shape needs three axes.
func (s STFT) Initialize(shape tensor.Shape, _ *rng.Stream) (*tensor.Tensor, error) {
	if len(shape) != 3 || shape[1] != 1 || shape[2] < 2 {
		return nil, fmt.Errorf("initializers: STFT wants the shape (samples, 1, frequencies) with two frequencies or more, the weight has shape %v", shape)
	}
	window := s.Window
	if window == nil {
		window = "hann"
	}
	w, err := SignalWindow(window, shape[0], s.Periodic)
	if err != nil {
		return nil, err
	}
	scale := 0.0
	for _, v := range w {
		if s.Scaling == "spectrum" {
			scale += math.Abs(v)
		} else {
			scale += v * v
		}
	}
	switch {
	case window == NoWindow || s.Scaling == "none":
		scale = 1
	case s.Scaling != "spectrum":
		scale = math.Sqrt(scale)
	}
	wave := math.Cos
	if s.Side == "imag" {
		wave = math.Sin
	}
	t := tensor.New(tensor.Float32, shape...)
	bins := shape[2]
	for i := range t.Float32s() {
		time, k := i/bins, i%bins
		angle := float32(-2*time) * (float32(k) / float32(2*(bins-1))) * math.Pi
		t.Float32s()[i] = float32(wave(float64(angle)) * w[time] / scale)
	}
	return t, nil
}

var _ Initializer = STFT{}
