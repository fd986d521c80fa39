package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[FFT]("math")
	register[FFT2]("math")
	register[IFFT2]("math")
	register[RFFT]("math")
	register[IRFFT]("math")
}

// FFT computes the discrete Fourier transform Σ x[t]·exp(-2πi·k·t/n) along the last axis
// of complex numbers, given and returned as a pair of real and imaginary part.
type FFT struct {
	ofX
	Name string `keras:"name"`
}

func (FFT) Call(c *Call) []Value {
	re, im, dtype := c.complex()
	re, im = ops.Fourier(re, im, false)
	return []Value{make1(re, dtype), make1(im, dtype)}
}

// FFT2 computes the discrete Fourier transform along the last two axes of complex numbers,
// given and returned as a pair of real and imaginary part.
type FFT2 struct {
	ofX
	Name string `keras:"name"`
}

func (FFT2) Call(c *Call) []Value { return c.plane(false) }

// IFFT2 is the inverse of FFT2.
type IFFT2 struct {
	ofX
	Name string `keras:"name"`
}

func (IFFT2) Call(c *Call) []Value { return c.plane(true) }

// RFFT computes the discrete Fourier transform along the last axis of real numbers: a
// pair of real and imaginary part of the frequencies 0 to n/2.
type RFFT struct {
	ofX
	Name      string `keras:"name"`
	FFTLength *int   `keras:"fft_length,min=1"` // length n that the axis is cut or filled with zeros to; None is its own
}

func (o RFFT) Call(c *Call) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	n := 0
	if o.FFTLength != nil {
		n = *o.FFTLength
	} else if s := x.Shape(); len(s) > 0 {
		n = s.Last()
	}
	re, im := c.halfSpectrum(x.to(dtype).Value, n)
	return []Value{make1(re, dtype), make1(im, dtype)}
}

// IRFFT is the inverse of RFFT: n real numbers from the frequencies 0 to n/2, given as a
// pair of real and imaginary part.
type IRFFT struct {
	ofX
	Name      string `keras:"name"`
	FFTLength *int   `keras:"fft_length,min=1"` // length n of the result; None is 2·(frequencies-1)
}

func (o IRFFT) Call(c *Call) []Value {
	re, im, dtype := c.complex()
	if !c.ok() || len(re.Shape()) == 0 {
		return c.failed("a pair of tensors with an axis is wanted")
	}
	n := 2 * (re.Shape().Last() - 1)
	if o.FFTLength != nil {
		n = *o.FFTLength
	}
	return one(c.fromHalf(re, im, n), dtype)
}

// maxTransform bounds the length of Fourier transforms.
const maxTransform = 1 << 24

// complex returns the argument that is a pair of real and imaginary part.
func (c *Call) complex() (re, im graph.Value, dtype string) {
	pair, dtype := c.promoted(c.Xs(0)...)
	if dtype = realType(dtype); len(pair) != 2 {
		c.fail("a pair of real and imaginary part is wanted, not %d tensors", len(pair))
		return pair[0].Value, pair[0].Value, dtype
	}
	re, im = pair[0].to(dtype).Value, pair[1].to(dtype).Value
	if !re.Shape().Equal(im.Shape()) {
		c.fail("the real part has shape %v, the imaginary part %v", re.Shape(), im.Shape())
	}
	return re, im, dtype
}

func (c *Call) plane(inverse bool) []Value {
	re, im, dtype := c.complex()
	rank := len(re.Shape())
	if !c.ok() || rank < 2 {
		return c.failed("tensors of rank 2 or more are wanted, not shape %v", re.Shape())
	}
	order := c.axes(nil, rank)
	order[rank-1], order[rank-2] = rank-2, rank-1
	for range 2 {
		re, im = ops.Fourier(re, im, inverse)
		re, im = ops.Transpose(re, order...), ops.Transpose(im, order...)
	}
	if inverse {
		n := float64(re.Shape()[rank-1] * re.Shape()[rank-2])
		re, im = ops.DivScalar(re, n), ops.DivScalar(im, n)
	}
	return []Value{make1(re, dtype), make1(im, dtype)}
}

// fitted cuts the last axis, or fills it with zeros, to length n.
func (c *Call) fitted(x graph.Value, n int) graph.Value {
	s := x.Shape()
	if !c.ok() || len(s) == 0 || n < 1 || s.Last() < 1 || !c.within("length of the transform", n, maxTransform) {
		c.fail("no Fourier transform of length %d of shape %v", n, s)
		return x
	}
	axis := len(s) - 1
	if s[axis] > n {
		return cut(x, axis, 0, n)
	}
	pads := make([][2]int, len(s))
	pads[axis][1] = n - s[axis]
	return ops.Pad(x, pads, 0)
}

// halfSpectrum returns the frequencies 0 to n/2 of real numbers.
func (c *Call) halfSpectrum(x graph.Value, n int) (re, im graph.Value) {
	x = c.fitted(x, n)
	if !c.ok() {
		return x, x
	}
	re, im = ops.Fourier(x, constant(x, 0), false)
	axis := len(x.Shape()) - 1
	return cut(re, axis, 0, n/2+1), cut(im, axis, 0, n/2+1)
}

// fromHalf returns the n real numbers whose frequencies 0 to n/2 are given: those above
// are the conjugates of those below.
func (c *Call) fromHalf(re, im graph.Value, n int) graph.Value {
	half := n/2 + 1
	re, im = c.fitted(re, half), c.fitted(im, half)
	if !c.ok() || n < 1 {
		c.fail("no inverse Fourier transform of length %d", n)
		return re
	}
	places, signs := make([]int32, n), tensor.New(re.DType(), n)
	for k := range n {
		places[k] = int32(k)
		signs.SetFloat64At(k, 1)
		if k >= half {
			places[k] = int32(n - k)
			signs.SetFloat64At(k, -1)
		}
	}
	axis := len(re.Shape()) - 1
	im = ops.Mul(take(im, places, axis), ops.Const(c.graph, signs))
	re, _ = ops.Fourier(take(re, places, axis), im, true)
	return ops.DivScalar(re, float64(n))
}
