package ops

import (
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Ops on matrices read the last two axes of their inputs as matrices and all others
// as the batch. Their loops compute in float64.

// wantMatrices checks that an input of an op holds matrices, square ones if wanted.
func wantMatrices(op string, in spec, square bool) error {
	if err := wantFloat(op, in); err != nil {
		return err
	}
	s := in.Shape
	if len(s) < 2 || s[len(s)-1] < 1 || s[len(s)-2] < 1 {
		return misfit(op, "wants matrices in the last two axes, got %v", s)
	}
	if square && s[len(s)-1] != s[len(s)-2] {
		return misfit(op, "wants square matrices in the last two axes, got %v", s)
	}
	return nil
}

// wantSystem checks the inputs of an op that solves equations: square matrices
// (…, n, n) and right sides (…, n, k) with the same batch.
func wantSystem(op string, in []spec) error {
	if err := wantInputs(op, in, 2); err != nil {
		return err
	}
	if err := wantMatrices(op, in[0], true); err != nil {
		return err
	}
	if err := wantFloat(op, in...); err != nil {
		return err
	}
	a, b := in[0].Shape, in[1].Shape
	if len(a) != len(b) || !a[:len(a)-1].Equal(b[:len(b)-1]) || b[len(b)-1] < 1 {
		return misfit(op, "wants matrices (…, n, n) and right sides (…, n, k), got %v and %v", a, b)
	}
	return nil
}

// dimsOf splits a shape into the number of matrices, their rows and columns.
func dimsOf(s shape) (batch, rows, cols int) {
	n := len(s)
	return s[:n-2].Size(), s[n-2], s[n-1]
}

// matrixAt returns a copy of matrix i, row by row.
func matrixAt(t array, i int) []float64 {
	_, rows, cols := dimsOf(t.Shape())
	return numbersAt(t, i*rows*cols, rows*cols)
}

// numbersAt returns a copy of n elements from at on.
func numbersAt(t array, at, n int) []float64 {
	list := make([]float64, n)
	for k := range list {
		list[k] = t.Float64At(at + k)
	}
	return list
}

// setNumbers writes a list of elements from at on.
func setNumbers(t array, at int, list []float64) {
	for k, v := range list {
		t.SetFloat64At(at+k, v)
	}
}

// turned exchanges the last two axes.
func turned(x value) value {
	n := len(x.Shape())
	perm := make([]int, n)
	for i := range perm {
		perm[i] = i
	}
	perm[n-1], perm[n-2] = n-2, n-1
	return Transpose(x, perm...)
}

// masked multiplies matrices by weights that depend on row and column alone.
func masked(x value, weight func(i, j int) float64) value {
	if broken(x) {
		return x
	}
	_, rows, cols := dimsOf(x.Shape())
	m := tensor.New(x.DType(), rows, cols)
	for k := range rows * cols {
		m.SetFloat64At(k, weight(k/cols, k%cols))
	}
	return Mul(x, Const(x.Graph(), m))
}

// lowerHalf keeps the triangle below the diagonal and half of the diagonal.
func lowerHalf(i, j int) float64 {
	switch {
	case i > j:
		return 1
	case i == j:
		return 0.5
	}
	return 0
}

func upper(i, j int) float64 {
	if j >= i {
		return 1
	}
	return 0
}

// identities returns the identity matrix, repeated for the batch of x.
func identities(x value) value {
	_, n, _ := dimsOf(x.Shape())
	m := tensor.New(x.DType(), n, n)
	for i := range n {
		m.SetFloat64At(i*n+i, 1)
	}
	return BroadcastTo(Const(x.Graph(), m), x.Shape()...)
}

// noDerivative records that the derivative of an op is missing.
func noDerivative(op, hint string, in []value) []value {
	in[0].Graph().Errorf("the derivative of %s is not implemented; %s", op, hint)
	return make([]value, len(in))
}

// factorize overwrites a matrix of rows by cols by its LU factors: U from the diagonal
// on, L, whose diagonal is 1, below it. It returns which row of the matrix each row
// of the factors is, and the sign of that permutation.
func factorize(a []float64, rows, cols int) (perm []int, sign float64) {
	perm, sign = make([]int, rows), 1
	for i := range perm {
		perm[i] = i
	}
	for c := range min(rows, cols) {
		best := c
		for r := c + 1; r < rows; r++ {
			if abs(a[r*cols+c]) > abs(a[best*cols+c]) {
				best = r
			}
		}
		if best != c {
			for k := range cols {
				a[c*cols+k], a[best*cols+k] = a[best*cols+k], a[c*cols+k]
			}
			perm[c], perm[best] = perm[best], perm[c]
			sign = -sign
		}
		if a[c*cols+c] == 0 {
			continue
		}
		for r := c + 1; r < rows; r++ {
			f := a[r*cols+c] / a[c*cols+c]
			a[r*cols+c] = f
			for k := c + 1; k < cols; k++ {
				a[r*cols+k] -= f * a[c*cols+k]
			}
		}
	}
	return perm, sign
}

func abs(x float64) float64 { return max(x, -x) }

// substitute solves op(A)·X = B for a triangle of A (n by n) in place of B (n by k).
// Unit takes the diagonal as 1.
func substitute(a, b []float64, n, k int, lower, transposed, unit bool) {
	at := func(i, j int) float64 {
		if transposed {
			return a[j*n+i]
		}
		return a[i*n+j]
	}
	down := lower != transposed
	for step := range n {
		i, from, to := step, 0, step
		if !down {
			i = n - 1 - step
			from, to = i+1, n
		}
		for c := range k {
			sum := b[i*k+c]
			for j := from; j < to; j++ {
				sum -= at(i, j) * b[j*k+c]
			}
			if !unit {
				sum /= at(i, i)
			}
			b[i*k+c] = sum
		}
	}
}
