package operations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[ExtractSequences]("math")
	register[STFT]("math")
	register[ISTFT]("math")
}

// ExtractSequences cuts the last axis into sequences, (…, sequences, SequenceLength),
// whose first elements are SequenceStride apart; what is left at the end is dropped.
type ExtractSequences struct {
	ofX
	Name           string `keras:"name"`
	SequenceLength int    `keras:"sequence_length,required,min=1"` // elements of a sequence
	SequenceStride int    `keras:"sequence_stride,required,min=1"` // elements from one sequence to the next
}

func (o ExtractSequences) Call(c *Call) []Value {
	x := c.X(0)
	return one(c.frames(x.Value, o.SequenceLength, o.SequenceStride, 0), x.DType)
}

// STFT computes the spectra of short sequences of signals (…, time): a pair of real and
// imaginary part (…, sequences, FFTLength/2 + 1). Sequences have FFTLength samples, of
// which a window of SequenceLength in the middle counts.
type STFT struct {
	ofX
	Name           string `keras:"name"`
	SequenceLength int    `keras:"sequence_length,required,min=1"` // length of the window
	SequenceStride int    `keras:"sequence_stride,required,min=1"` // samples from one sequence to the next
	FFTLength      int    `keras:"fft_length,required,min=1"`      // samples of a sequence, at least SequenceLength
	Window         any    `keras:"window,default=hann,none=none"`  // weights of a sequence: hann, hamming, a list of numbers, or none (null)
	Center         *bool  `keras:"center,default=true"`            // begin with a sequence whose middle is the first sample; beyond the ends the signal is mirrored
}

func (o STFT) Call(c *Call) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	w := c.window(o.Window, o.SequenceLength, o.FFTLength)
	pad := 0
	if *o.Center {
		pad = o.FFTLength / 2
	}
	v := c.frames(x.to(dtype).Value, o.FFTLength, o.SequenceStride, pad)
	if !c.ok() {
		return []Value{x, x}
	}
	if w != nil {
		v = ops.Mul(v, ops.Const(c.graph, tensor.From(w).Cast(v.DType())))
	}
	re, im := c.halfSpectrum(v, o.FFTLength)
	return []Value{make1(re, dtype), make1(im, dtype)}
}

// ISTFT is the inverse of STFT: signals (…, time) from pairs of real and imaginary part
// (…, sequences, FFTLength/2 + 1). Sequences are weighed by the window divided by the sum
// of the squares of all windows that cover a sample, and added.
type ISTFT struct {
	ofX
	Name           string `keras:"name"`
	SequenceLength int    `keras:"sequence_length,required,min=1"` // length of the window
	SequenceStride int    `keras:"sequence_stride,required,min=1"` // samples from one sequence to the next
	FFTLength      int    `keras:"fft_length,required,min=1"`      // samples of a sequence, at least SequenceLength
	Length         *int   `keras:"length,min=1"`                   // samples of the result; None is all
	Window         any    `keras:"window,default=hann,none=none"`  // weights of a sequence: hann, hamming, a list of numbers, or none (null)
	Center         *bool  `keras:"center,default=true"`            // as STFT
}

func (o ISTFT) Call(c *Call) []Value {
	re, im, dtype := c.complex()
	w := c.window(o.Window, o.SequenceLength, o.FFTLength)
	rank := len(re.Shape())
	if !c.within("sequence_stride", o.SequenceStride, maxTransform) || !c.ok() || rank < 2 {
		return c.failed("pairs of tensors (…, sequences, frequencies) are wanted, not shape %v", re.Shape())
	}
	v := c.fromHalf(re, im, o.FFTLength)
	if w != nil {
		total := make([]float64, min(o.SequenceStride, len(w)))
		for i, x := range w {
			total[i%o.SequenceStride] += x * x
		}
		inverse := make([]float64, len(w))
		for i, x := range w {
			inverse[i] = x / total[i%o.SequenceStride]
		}
		v = ops.Mul(v, ops.Const(c.graph, tensor.From(inverse).Cast(v.DType())))
	}
	count := re.Shape()[rank-2]
	all := (count-1)*o.SequenceStride + o.FFTLength
	from, to := 0, all
	if *o.Center {
		from, to = o.FFTLength/2, all-o.FFTLength/2
	}
	if o.Length != nil {
		to = from + *o.Length
	}
	if !c.ok() || count < 1 || to > all || from >= to {
		return c.failed("%d sequences give %d samples: length or center ask for those from %d to %d", count, all, from, to)
	}
	return one(cut(c.overlapped(v, o.SequenceStride, all), rank-2, from, to-from), dtype)
}

// frames cuts the last axis into sequences; before and after it are pad mirrored elements.
func (c *Call) frames(x graph.Value, length, stride, pad int) graph.Value {
	s := x.Shape()
	if !c.ok() || !c.within("sequence_stride", stride, maxPlaces) || len(s) == 0 || s.Last()+2*pad < length || s.Last() <= pad {
		c.fail("sequences of %d elements do not fit shape %v with %d mirrored elements before and after", length, s, pad)
		return x
	}
	n := s.Last()
	count := (n+2*pad-length)/stride + 1
	if !c.within("elements of the sequences", count*length, maxPlaces) {
		return x
	}
	ids := tensor.New(tensor.Int32, count, length)
	for i := range count * length {
		at := i/length*stride + i%length - pad
		if at < 0 {
			at = -at
		}
		if at >= n {
			at = 2*(n-1) - at
		}
		ids.Int32s()[i] = int32(at)
	}
	return gather(x, ops.Const(c.graph, ids), len(s)-1)
}

// overlapped adds sequences (…, count, length) that begin stride apart, to all samples.
func (c *Call) overlapped(x graph.Value, stride, all int) graph.Value {
	s := x.Shape()
	rank := len(s)
	count, length, rest := s[rank-2], s[rank-1], s[:rank-2]
	if !c.within("elements of the sequences", count*length, maxPlaces) {
		return x
	}
	ids := make([]int32, count*length)
	for i := range ids {
		ids[i] = int32(i/length*stride + i%length)
	}
	x = ops.Transpose(ops.Reshape(x, rest.Size(), count*length), 1, 0)
	y := ops.Transpose(ops.ScatterAdd(x, ops.Const(c.graph, tensor.From(ids)), all), 1, 0)
	return ops.Reshape(y, append(rest.Clone(), all)...)
}

// window returns the weights of a sequence of total samples: those of the window in the
// middle, 0 outside; nil stands for a window of ones.
func (c *Call) window(v any, length, total int) []float64 {
	if !c.within("fft_length", total, maxTransform) || total < length {
		c.fail("fft_length %d is below sequence_length %d", total, length)
		return nil
	}
	out := make([]float64, total)
	inner := out[(total-length)/2:][:length]
	// As TensorFlow has it, a window of odd length is symmetric, of even length periodic.
	period := float64(length - length%2)
	wave := func(i int) float64 { return math.Cos(2 * math.Pi * float64(i) / max(period, 1)) }
	switch v := v.(type) {
	case string:
		for i := range inner {
			switch v {
			case "hann":
				inner[i] = 0.5 - 0.5*wave(i)
			case "hamming":
				inner[i] = 0.54 - 0.46*wave(i)
			case "none":
				return nil
			default:
				c.fail("window %q is neither hann nor hamming", v)
				return nil
			}
		}
		if length == 1 {
			inner[0] = 1
		}
		return out
	case []any:
		if len(v) != length {
			break
		}
		for i := range inner {
			inner[i] = NewCall(c.graph, v).Number(i, 0)
		}
		return out
	}
	c.fail("window must be hann, hamming, or a list of %d numbers, not %v", length, v)
	return nil
}
