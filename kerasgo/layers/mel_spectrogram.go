package layers

import (
	"fmt"
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/spec"
)

// MelSpectrogram computes the spectra of short frames of signals over bands of the mel
// scale, on which equal distances sound equal: the magnitudes of the Fourier transform
// of each frame times a window, to the power MagExp, summed over triangular bands.
// Frames are centred at every SequenceStride-th sample; before the first and after the
// last one the signal is mirrored.
//
// Input (batch, time), output (batch, NumMelBins, 1 + time/SequenceStride). In decibels
// (PowerToDB) these are 10·log10(power / RefPower), at most TopDB below the largest of
// the batch.
type MelSpectrogram struct {
	FFTLength           int      `keras:"fft_length,pos,default=2048,min=2"`         // samples of the Fourier transform
	SequenceStride      int      `keras:"sequence_stride,default=512,min=1"`         // samples from one frame to the next
	SequenceLength      int      `keras:"sequence_length,default=@fft_length,min=1"` // samples of the window, in the middle of FFTLength; default all of them
	Window              any      `keras:"window,default=hann,none=none"`             // weights of a frame: hann, hamming, a list of numbers, or none (null)
	SamplingRate        float64  `keras:"sampling_rate,default=16000,min=1"`         // samples in a second
	NumMelBins          int      `keras:"num_mel_bins,default=128,min=1"`            // bands
	MinFreq             *float64 `keras:"min_freq,default=20,min=0"`                 // where the first band begins, in hertz
	MaxFreq             float64  `keras:"max_freq,min=0"`                            // where the last band ends, in hertz; default half the sampling rate
	PowerToDB           *bool    `keras:"power_to_db,default=true"`                  // decibels
	TopDB               *float64 `keras:"top_db,default=80"`                         // decibels below the largest value that are kept apart
	MagExp              *float64 `keras:"mag_exp,default=2"`                         // power to which magnitudes are raised
	MinPower            float64  `keras:"min_power,default=1e-10"`                   // what smaller values count as, before the logarithm
	RefPower            float64  `keras:"ref_power,default=1"`                       // what 0 dB stands for
	ActivityRegularizer any      `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string   `keras:"name"`
	Trainable           *bool    `keras:"trainable,default=true"`
	DType               string   `keras:"dtype"`
	InputShape          []int    `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[MelSpectrogram](module) }

// Completed checks the lengths and the window.
func (d MelSpectrogram) Completed() (any, error) {
	if d.MaxFreq == 0 {
		d.MaxFreq = math.Trunc(d.SamplingRate / 2)
	}
	if d.SequenceLength > d.FFTLength {
		return d, fmt.Errorf("sequence_length %d is above fft_length %d", d.SequenceLength, d.FFTLength)
	}
	if name, ok := d.Window.(string); ok && name != "hann" && name != "hamming" && name != initializers.NoWindow {
		return d, fmt.Errorf("window %q is neither hann nor hamming", name)
	}
	_, err := initializers.SignalWindow(d.Window, d.SequenceLength, true)
	return d, err
}

// Build checks the input.
func (d MelSpectrogram) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType, "batch", "time")
	if ok && s[1] <= d.FFTLength/2 {
		b.misfit("its input %v is too short to be mirrored: fft_length %d takes more than %d samples", shown(in[0]), d.FFTLength, d.FFTLength/2)
	}
}

// Call computes the spectra.
func (d MelSpectrogram) Call(_ *Context, in ...graph.Value) graph.Value {
	x := floats(in[0])
	if x.Graph().Err() != nil {
		return x
	}
	g, time := x.Graph(), x.Shape()[1]
	before := (d.FFTLength - d.SequenceLength) / 2 // of the window in a frame
	count := 1 + (time+2*(d.FFTLength/2)-d.FFTLength)/d.SequenceStride
	y := framesOf(x, count, d.SequenceLength, func(i, k int) int {
		t := i*d.SequenceStride + k + before - d.FFTLength/2
		if t < 0 {
			return -t
		}
		return min(t, 2*(time-1)-t)
	})
	bins := d.FFTLength/2 + 1
	power := func(wave func(float64) float64) graph.Value {
		return ops.Square(ops.MatMulAlong(y, ops.Const(g, d.kernel(wave, before).Cast(x.DType())), 2))
	}
	spectra := ops.Add(power(math.Cos), power(math.Sin)) // (batch, frames, bins)
	if *d.MagExp != 2 {
		spectra = ops.PowScalar(spectra, *d.MagExp/2)
	}
	y = ops.MatMulAlong(spectra, ops.Const(g, d.bands(bins).Cast(x.DType())), 2)
	if *d.PowerToDB {
		y = d.decibels(y)
	}
	return ops.Transpose(y, 0, 2, 1)
}

// kernel returns the matrix (SequenceLength, bins) of the window times a wave of each
// frequency; before is the place of the window in a frame.
func (d MelSpectrogram) kernel(wave func(float64) float64, before int) *tensor.Tensor {
	w, _ := initializers.SignalWindow(d.Window, d.SequenceLength, true) // checked by Completed
	bins := d.FFTLength/2 + 1
	t := tensor.New(tensor.Float64, d.SequenceLength, bins)
	for i := range t.Float64s() {
		time, k := i/bins+before, i%bins
		turn := float64(time*k%d.FFTLength) / float64(d.FFTLength)
		t.Float64s()[i] = w[i/bins] * wave(-2*math.Pi*turn)
	}
	return t
}

// bands returns the matrix (bins, NumMelBins) that sums frequencies up by bands: each
// rises from the middle of the band before and falls to the middle of the next one, on
// the mel scale, 1127·ln(1 + f/700). Frequency 0 is in none.
func (d MelSpectrogram) bands(bins int) *tensor.Tensor {
	mel := func(hertz float64) float64 { return 1127 * math.Log(1+hertz/700) }
	low, high := mel(*d.MinFreq), mel(d.MaxFreq)
	edge := func(i int) float64 { return low + (high-low)*float64(i)/float64(d.NumMelBins+1) }
	t := tensor.New(tensor.Float64, bins, d.NumMelBins)
	for k := 1; k < bins; k++ {
		at := mel(d.SamplingRate / 2 * float64(k) / float64(bins-1))
		for i := range d.NumMelBins {
			rise := (at - edge(i)) / (edge(i+1) - edge(i))
			fall := (edge(i+2) - at) / (edge(i+2) - edge(i+1))
			t.Float64s()[k*d.NumMelBins+i] = max(0, min(rise, fall))
		}
	}
	return t
}

// decibels turns power into decibels.
func (d MelSpectrogram) decibels(x graph.Value) graph.Value {
	reference := 10 * math.Log10(max(math.Abs(d.RefPower), d.MinPower))
	y := ops.MulScalar(ops.Log(ops.MaximumScalar(x, d.MinPower)), 10/math.Ln10)
	y = ops.SubScalar(y, reference)
	return ops.Maximum(y, ops.SubScalar(ops.Max(y, nil, false), *d.TopDB))
}

var _ Layer = MelSpectrogram{}
