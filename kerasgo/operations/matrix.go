package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[Cholesky]("linalg")
	register[CholeskyInverse]("linalg")
	register[Inv]("linalg")
	register[Det]("linalg")
	register[Solve]("linalg")
	register[SolveTriangular]("linalg")
	register[Slogdet]("numpy")
	register[Logdet]("math")
	register[Corrcoef]("numpy")
}

// Cholesky returns, for symmetric positive definite matrices A (…, n, n), the triangle L
// with L·Lᵀ = A and a positive diagonal; NaN where a matrix is not positive definite.
type Cholesky struct {
	ofX
	Name  string `keras:"name"`
	Upper bool   `keras:"upper,default=false"` // return the upper triangle Lᵀ
}

func (o Cholesky) Call(c *Call) []Value {
	return c.matrices(func(x graph.Value) graph.Value {
		if l := ops.Cholesky(x); !o.Upper {
			return l
		} else {
			return c.turned(l)
		}
	})
}

// CholeskyInverse returns the inverse of the matrix whose triangle Cholesky has returned.
type CholeskyInverse struct {
	ofX
	Name  string `keras:"name"`
	Upper bool   `keras:"upper,default=false"` // x is the upper triangle
}

func (o CholeskyInverse) Call(c *Call) []Value {
	return c.matrices(func(x graph.Value) graph.Value {
		if !c.ok() || len(x.Shape()) < 2 {
			c.fail("matrices are wanted, not shape %v", x.Shape())
			return x
		}
		n := x.Shape().Last()
		unit := ops.Where(ops.Const(c.graph, diagonalOf(n)), constant(x, 1), constant(x, 0))
		l := ops.SolveTriangular(x, unit, !o.Upper)
		return ops.MatMulT(l, l, !o.Upper, o.Upper)
	})
}

// Inv returns the inverses of square matrices (…, n, n); infinite numbers or NaN where
// one is singular.
type Inv struct {
	ofX
	Name string `keras:"name"`
}

func (Inv) Call(c *Call) []Value { return c.matrices(ops.Inv) }

// Det returns the determinants (…) of square matrices (…, n, n). Its gradient needs
// matrices that are not singular.
type Det struct {
	ofX
	Name string `keras:"name"`
}

func (Det) Call(c *Call) []Value { return c.matrices(ops.Det) }

// Solve returns X with A·X = B, for square matrices A (…, n, n) and right sides B
// (…, n, k) or (…, n); infinite numbers or NaN where a matrix is singular.
type Solve struct {
	ofSystem
	Name string `keras:"name"`
}

func (Solve) Call(c *Call) []Value { return c.solve(ops.Solve) }

// SolveTriangular returns X with A·X = B, for triangular matrices A (…, n, n) and right
// sides B (…, n, k) or (…, n).
type SolveTriangular struct {
	ofSystem
	Name  string `keras:"name"`
	Lower bool   `keras:"lower,default=false"` // read the lower triangle, not the upper one
}

func (o SolveTriangular) Call(c *Call) []Value {
	return c.solve(func(a, b graph.Value) graph.Value { return ops.SolveTriangular(a, b, o.Lower) })
}

// Slogdet returns the sign of the determinants of square matrices (…, n, n), and the
// logarithm of their absolute value, both (…).
type Slogdet struct {
	ofX
	Name string `keras:"name"`
}

func (Slogdet) Call(c *Call) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	sign, log := ops.Slogdet(x.to(dtype).Value)
	return []Value{make1(sign, dtype), make1(log, dtype)}
}

// Logdet returns the logarithm of the determinants (…) of symmetric positive definite
// matrices (…, n, n).
type Logdet struct {
	ofX
	Name string `keras:"name"`
}

func (Logdet) Call(c *Call) []Value {
	return c.matrices(func(x graph.Value) graph.Value {
		l := ops.Cholesky(x)
		if !c.ok() {
			return x
		}
		rank := len(l.Shape())
		log := ops.Log(c.diagonal(l, 0, rank-2, rank-1))
		return ops.MulScalar(ops.Sum(log, []int{rank - 2}, false), 2)
	})
}

// Corrcoef returns the matrix of the correlation coefficients of the rows of x, each
// between -1 and 1.
type Corrcoef struct {
	ofX
	Name string `keras:"name"`
}

func (Corrcoef) Call(c *Call) []Value {
	return c.matrices(func(x graph.Value) graph.Value {
		s := x.Shape()
		if !c.ok() || len(s) != 2 || s[1] < 2 {
			c.fail("a matrix with at least two columns is wanted, not shape %v", s)
			return x
		}
		centred := ops.Sub(x, ops.Mean(x, []int{1}, true))
		cov := ops.DivScalar(ops.MatMulT(centred, centred, false, true), float64(s[1]-1))
		deviation := ops.Sqrt(c.diagonal(cov, 0, 0, 1))
		both := ops.Mul(ops.Reshape(deviation, s[0], 1), ops.Reshape(deviation, 1, s[0]))
		return ops.Clip(ops.Div(cov, both), -1, 1)
	})
}

type ofSystem struct{}

func (ofSystem) Arguments() []string { return []string{"a", "b"} }

// matrices applies a function of matrices of real numbers.
func (c *Call) matrices(f func(graph.Value) graph.Value) []Value {
	if !c.bounded(c.X(0).Shape()) {
		return []Value{c.X(0)}
	}
	return c.real(f)
}

// bounded reports whether a square of the last axis is in bounds: gradients and inverses
// hold such constants.
func (c *Call) bounded(s tensor.Shape) bool {
	return c.ok() && (len(s) == 0 || c.sized(s.Last(), s.Last()))
}

// turned exchanges the last two axes.
func (c *Call) turned(x graph.Value) graph.Value {
	rank := len(x.Shape())
	if !c.ok() || rank < 2 {
		return x
	}
	order := c.axes(nil, rank)
	order[rank-1], order[rank-2] = rank-2, rank-1
	return ops.Transpose(x, order...)
}

// solve applies a function to equations; a right side may be one vector.
func (c *Call) solve(f func(a, b graph.Value) graph.Value) []Value {
	a, b, dtype := c.realPair()
	if !c.bounded(a.Shape()) {
		return []Value{c.X(1)}
	}
	if vector := len(b.Shape()) == len(a.Shape())-1; vector && c.ok() {
		rank := len(b.Shape())
		return one(ops.Squeeze(f(a, ops.ExpandDims(b, rank)), rank), dtype)
	}
	return one(f(a, b), dtype)
}
