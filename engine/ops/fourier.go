package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"gonum.org/v1/gonum/dsp/fourier"
)

// FourierOp computes the discrete Fourier transform of rows (N, n) of complex numbers,
// given and returned as real and imaginary part:
//
//	y[k] = Σ x[t]·exp(∓2πi·k·t/n)
//
// with a minus, or with a plus for Inverse. Nothing is divided by n.
type FourierOp struct{ Inverse bool }

// Infer wants two parts of one shape.
func (FourierOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Fourier", in, 2); err != nil {
		return nil, err
	}
	if err := wantFloat("Fourier", in...); err != nil {
		return nil, err
	}
	if s := in[0].Shape; len(s) != 2 || s[1] < 1 || !s.Equal(in[1].Shape) {
		return nil, misfit("Fourier", "wants real and imaginary parts (N, n), got %v and %v", in[0].Shape, in[1].Shape)
	}
	return in, nil
}

// Gradient is the transform in the other direction: the matrix is symmetric, and its
// adjoint has the other sign.
func (o FourierOp) Gradient(in, out, dout []value) []value {
	for i := range dout {
		if !dout[i].OK() {
			dout[i] = Fill(in[0].Graph(), out[i].Spec(), 0)
		}
	}
	return in[0].Graph().Apply(FourierOp{!o.Inverse}, dout...)
}

// Eval transforms row by row.
func (o FourierOp) Eval(out, in []array) { evalAll(o, out, in) }

// EvalSamples transforms row by row.
func (o FourierOp) EvalSamples(out, in []array, lo, hi int) {
	n := in[0].Shape()[1]
	f := fourier.NewCmplxFFT(n)
	x, y := make([]complex128, n), make([]complex128, n)
	for row := lo; row < hi; row++ {
		for k := range x {
			x[k] = complex(in[0].Float64At(row*n+k), in[1].Float64At(row*n+k))
		}
		if o.Inverse {
			f.Sequence(y, x)
		} else {
			f.Coefficients(y, x)
		}
		for k, v := range y {
			out[0].SetFloat64At(row*n+k, real(v))
			out[1].SetFloat64At(row*n+k, imag(v))
		}
	}
}

// Fourier transforms complex numbers along their last axis; see FourierOp.
func Fourier(re, im graph.Value, inverse bool) (graph.Value, graph.Value) {
	if broken(re) {
		return re, im
	}
	s := re.Shape()
	if len(s) == 0 || !s.Equal(im.Shape()) || s.Size() == 0 {
		reject(re, "Fourier", "wants real and imaginary parts of one shape with an axis, got %v and %v", s, im.Shape())
		return re, im
	}
	rows := func(x value) value { return Reshape(x, -1, s.Last()) }
	out := re.Graph().Apply(FourierOp{inverse}, rows(re), rows(im))
	return Reshape(out[0], s...), Reshape(out[1], s...)
}

var _ Sampled = FourierOp{}
