package initializers

import (
	"fmt"
	"math"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// Orthogonal makes a matrix with orthonormal columns (or rows, if it has fewer
// rows than columns), times Gain. A weight of more than two axes is seen as a
// matrix whose columns are its last axis (Saxe, McClelland and Ganguli, 2013).
//
// The matrix is the Q of the QR decomposition of a matrix of normal numbers, its
// signs fixed by the diagonal of R, which makes it uniform over the orthogonal
// group (Mezzadri, 2007).
type Orthogonal struct {
	Seed *int     `keras:"seed"`               // makes the numbers independent of the model's seed
	Gain *float64 `keras:"gain,pos,default=1"` // factor
}

func init() { spec.Register[Orthogonal](module, spec.WrittenAs("OrthogonalInitializer")) }

// Initialize implements Initializer. The shape needs two axes or more.
func (o Orthogonal) Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error) {
	if len(shape) < 2 {
		return nil, fmt.Errorf("initializers: Orthogonal wants two axes or more, the weight has shape %v", shape)
	}
	cols := shape.Last()
	rows := shape[:len(shape)-1].Size()
	r = stream(o.Seed, r)
	long, short := max(rows, cols), min(rows, cols)
	t := tensor.New(tensor.Float32, shape...)
	if short == 0 {
		return t, nil
	}
	a := blas64.General{Rows: long, Cols: short, Stride: short, Data: make([]float64, long*short)}
	for i := range a.Data {
		a.Data[i] = r.Normal()
	}
	orthonormalize(a)
	gain, d := or(o.Gain, 1), t.Float32s()
	for i := range rows {
		for j := range cols {
			x, y := i, j
			if rows < cols {
				x, y = j, i
			}
			d[i*cols+j] = float32(gain * a.Data[x*short+y])
		}
	}
	return t, nil
}

// orthonormalize overwrites a = Q·R by Q, with the signs that make R's diagonal
// positive. The matrix must not have more columns than rows.
func orthonormalize(a blas64.General) {
	tau, size := make([]float64, a.Cols), make([]float64, 1)
	lapack64.Geqrf(a, tau, size, -1)
	work := make([]float64, int(size[0]))
	lapack64.Geqrf(a, tau, work, len(work))
	sign := make([]float64, a.Cols)
	for j := range sign {
		sign[j] = math.Copysign(1, a.Data[j*a.Stride+j])
	}
	lapack64.Orgqr(a, tau, size, -1)
	work = make([]float64, int(size[0]))
	lapack64.Orgqr(a, tau, work, len(work))
	for i := range a.Rows {
		for j := range sign {
			a.Data[i*a.Stride+j] *= sign[j]
		}
	}
}

var _ Initializer = Orthogonal{}
