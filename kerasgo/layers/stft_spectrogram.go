package layers

import (
	"fmt"
	"math/bits"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/spec"
)

// STFTSpectrogram computes the spectra of short frames of signals, by the discrete
// Fourier transform of each frame times a window.
//
// Input (batch, time, channels), output (batch, frames, channels·f), channel after
// channel, with f = FFTLength/2 + 1 frequencies, twice as many in mode stft. With
// ExpandDims (batch, frames, f, channels). Channels_first has (batch, channels, time),
// (batch, channels·f, frames) and (batch, channels, frames, f). Weights: real_kernel
// and imag_kernel (FrameLength, 1, FFTLength/2 + 1), the window times cosines and
// sines; they start at these values, and training changes them unless Trainable is
// false.
type STFTSpectrogram struct {
	// Mode says what of the complex spectrum comes out: the magnitude, its natural
	// logarithm (log), the power of both the frequency and its negative (psd), the real
	// or the imaginary part, the angle, or the real parts and then the imaginary ones
	// (stft).
	Mode                string `keras:"mode,pos,default=log,enum=log|magnitude|psd|real|imag|angle|stft"`
	FrameLength         int    `keras:"frame_length,default=256,min=2"`                                      // samples in a frame
	FrameStep           int    `keras:"frame_step,min=1"`                                                    // samples from one frame to the next, at most FrameLength; default half of it
	FFTLength           int    `keras:"fft_length,min=1"`                                                    // samples of the Fourier transform, of which those after the frame are 0; default the next power of two
	Window              any    `keras:"window,default=hann,none=none"`                                       // weights of a frame: a name, a list of numbers, or none (null)
	Periodic            bool   `keras:"periodic"`                                                            // the window's weights have the period FrameLength
	Scaling             string `keras:"scaling,default=density,none=none,enum=density|spectrum"`             // divide by the root of the sum of the window's squares, by the sum of its weights, or by 1: none (null)
	Padding             string `keras:"padding,default=valid,enum=valid|same"`                               // whether frames reach over the ends, where there are zeros
	ExpandDims          bool   `keras:"expand_dims"`                                                         // keep channels and frequencies apart
	DataFormat          string `keras:"data_format,default=channels_last,enum=channels_last|channels_first"` // where the channels are
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[STFTSpectrogram](module) }

// Completed checks what depends on the length of a frame.
func (d STFTSpectrogram) Completed() (any, error) {
	if d.FrameStep > d.FrameLength {
		return d, fmt.Errorf("frame_step %d is above frame_length %d", d.FrameStep, d.FrameLength)
	}
	if d.FFTLength != 0 && d.FFTLength < d.FrameLength {
		return d, fmt.Errorf("fft_length %d is below frame_length %d", d.FFTLength, d.FrameLength)
	}
	_, err := initializers.SignalWindow(d.Window, d.FrameLength, d.Periodic)
	return d, err
}

// step and frequencies return what follows from the arguments.
func (d STFTSpectrogram) step() int {
	if d.FrameStep == 0 {
		return d.FrameLength / 2
	}
	return d.FrameStep
}

func (d STFTSpectrogram) frequencies() int {
	if d.FFTLength == 0 {
		return 1<<bits.Len(uint(d.FrameLength-1))/2 + 1
	}
	return d.FFTLength/2 + 1
}

// Build declares the kernels.
func (d STFTSpectrogram) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.planes(in, d.DType, d.DataFormat, 1)
	if !ok {
		return
	}
	if d.Padding == "valid" && s[1] < d.FrameLength || s[1] < 1 {
		b.misfit("frame_length %d does not fit its input %v with padding %q", d.FrameLength, shown(in[0]), d.Padding)
		return
	}
	shape := tensor.Shape{d.FrameLength, 1, d.frequencies()}
	if d.Mode != "imag" {
		b.Weight("real_kernel", shape, d.kernel("real"), WeightOptions{})
	}
	if d.Mode != "real" {
		b.Weight("imag_kernel", shape, d.kernel("imag"), WeightOptions{})
	}
}

// kernel returns the initializer of a kernel.
func (d STFTSpectrogram) kernel(side string) initializers.Initializer {
	return initializers.STFT{Side: side, Window: d.Window, Scaling: d.Scaling, Periodic: d.Periodic}
}

// Call computes the spectra.
func (d STFTSpectrogram) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	if d.DataFormat != "channels_first" {
		x = ops.Transpose(x, 0, 2, 1)
	}
	if x.Graph().Err() != nil {
		return x
	}
	s := x.Shape() // (batch, channels, time)
	x = ops.Reshape(x, s[0]*s[1], s[2])
	if d.Padding == "same" {
		frames := (s[2] + d.step() - 1) / d.step()
		pad := max((frames-1)*d.step()+d.FrameLength-s[2], 0)
		x = ops.Pad(x, [][2]int{{}, {pad / 2, pad - pad/2}}, 0)
	}
	count := (x.Shape()[1]-d.FrameLength)/d.step() + 1
	x = framesOf(x, count, d.FrameLength, func(i, k int) int { return i*d.step() + k })
	part := func(kernel string) graph.Value { // (batch·channels, frames, frequencies)
		k := c.Weight(kernel)
		return ops.MatMulAlong(x, ops.Reshape(k, k.Shape()[0], k.Shape()[2]), 2)
	}
	y := d.of(part)
	if y.Graph().Err() != nil {
		return y
	}
	n, f := y.Shape()[1], y.Shape()[2]
	y = ops.Reshape(y, s[0], s[1], n, f)
	switch first := d.DataFormat == "channels_first"; {
	case first && d.ExpandDims:
		return y
	case d.ExpandDims:
		return ops.Transpose(y, 0, 2, 3, 1)
	case first:
		return ops.Reshape(ops.Transpose(y, 0, 1, 3, 2), s[0], s[1]*f, n)
	}
	return ops.Reshape(ops.Transpose(y, 0, 2, 1, 3), s[0], n, s[1]*f)
}

// of makes what Mode says of the real and the imaginary part.
func (d STFTSpectrogram) of(part func(kernel string) graph.Value) graph.Value {
	const epsilon = 1e-7
	switch d.Mode {
	case "real":
		return part("real_kernel")
	case "imag":
		return part("imag_kernel")
	}
	re, im := part("real_kernel"), part("imag_kernel")
	switch d.Mode {
	case "angle":
		return ops.Atan2(im, re)
	case "stft":
		return ops.Concat(2, re, im)
	}
	power := ops.Add(ops.Square(re), ops.Square(im))
	switch d.Mode {
	case "psd": // all frequencies but 0 and the last stand for their negatives too
		twice := tensor.New(power.DType(), power.Shape().Last())
		for i := range twice.Size() {
			twice.SetFloat64At(i, 2)
		}
		twice.SetFloat64At(0, 1)
		twice.SetFloat64At(twice.Size()-1, 1)
		return ops.Mul(power, ops.Const(power.Graph(), twice))
	case "magnitude":
		return ops.Sqrt(ops.MaximumScalar(power, epsilon))
	}
	return ops.Log(ops.MaximumScalar(ops.Sqrt(ops.MaximumScalar(power, epsilon)), epsilon))
}

// framesOf makes frames of signals (batch, time): element k of frame i is the
// sample that at names.
func framesOf(x graph.Value, count, length int, at func(i, k int) int) graph.Value {
	ids := tensor.New(tensor.Int32, count, length)
	for i := range count {
		for k := range length {
			ids.Int32s()[i*length+k] = int32(at(i, k))
		}
	}
	y := ops.Gather(ops.Transpose(x, 1, 0), ops.Const(x.Graph(), ids)) // (frames, length, batch)
	return ops.Transpose(y, 2, 0, 1)
}

var _ Layer = STFTSpectrogram{}
