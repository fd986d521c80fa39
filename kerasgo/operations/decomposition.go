package operations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[Qr]("linalg")
	register[Eigh]("linalg")
	register[SVD]("linalg")
	register[LuFactor]("linalg")
	register[Pinv]("linalg")
	register[Lstsq]("linalg")
	register[MatrixRank]("linalg")
}

// Qr decomposes matrices (…, m, n) into orthonormal columns Q and an upper triangle R with
// Q·R = x. There is no gradient for more columns than rows, nor for mode complete.
type Qr struct {
	ofX
	Name string `keras:"name"`
	Mode string `keras:"mode,default=reduced,enum=reduced|complete"` // min(m, n) columns in Q, or m
}

func (o Qr) Call(c *Call) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	q, r := ops.QR(x.to(dtype).Value, o.Mode == "complete")
	return []Value{make1(q, dtype), make1(r, dtype)}
}

// Eigh returns the eigenvalues (…, n), ascending, and the eigenvectors, as columns
// (…, n, n), of symmetric matrices, of which it reads the lower triangle.
type Eigh struct {
	ofX
	Name string `keras:"name"`
}

func (Eigh) Call(c *Call) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	w, v := ops.Eigh(x.to(dtype).Value)
	return []Value{make1(w, dtype), make1(v, dtype)}
}

// SVD decomposes matrices (…, m, n) into orthonormal columns U, singular values s,
// descending, and orthonormal rows Vᵀ with U·diag(s)·Vᵀ = x. Only the values have a
// gradient.
type SVD struct {
	ofX
	Name         string `keras:"name"`
	FullMatrices *bool  `keras:"full_matrices,default=true"` // square U and Vᵀ, not min(m, n) columns and rows
	ComputeUV    *bool  `keras:"compute_uv,default=true"`    // return U and Vᵀ too
}

func (o SVD) Call(c *Call) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	u, s, v := ops.SVD(x.to(dtype).Value, *o.FullMatrices && *o.ComputeUV)
	if !*o.ComputeUV {
		return one(s, dtype)
	}
	return []Value{make1(u, dtype), make1(s, dtype), make1(v, dtype)}
}

// LuFactor factorizes matrices (…, m, n) with row exchanges: U from the diagonal on and L,
// whose diagonal is 1, below it, in one matrix; and for each row of x its place among the
// rows of L·U, as numbers of x's type. It has no gradient.
type LuFactor struct {
	ofX
	Name string `keras:"name"`
}

func (LuFactor) Call(c *Call) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	factors, places := ops.LU(x.to(dtype).Value)
	return []Value{make1(factors, dtype), make1(places, dtype)}
}

// Pinv returns the pseudoinverses (…, n, m) of matrices (…, m, n).
type Pinv struct {
	ofX
	Name  string   `keras:"name"`
	Rcond *float64 `keras:"rcond"` // singular values up to this times the largest count as 0; None is 10·max(m, n) times the distance from 1 to the next number of the type
}

func (o Pinv) Call(c *Call) []Value {
	return c.matrices(func(x graph.Value) graph.Value {
		rcond := 10 * c.spacing(x)
		if o.Rcond != nil {
			rcond = *o.Rcond
		}
		return ops.Pinv(x, rcond)
	})
}

// Lstsq returns the shortest X for which A·X comes closest to B, for A (m, n) and B (m, k)
// or (m).
type Lstsq struct {
	ofSystem
	Name  string   `keras:"name"`
	Rcond *float64 `keras:"rcond"` // singular values below this times the largest count as 0; None is max(m, n) times the distance from 1 to the next number of the type
}

func (o Lstsq) Call(c *Call) []Value {
	return c.solve(func(a, b graph.Value) graph.Value {
		if !c.ok() || len(a.Shape()) != 2 || len(b.Shape()) != 2 {
			c.fail("A (m, n) and B (m, k) or (m) are wanted, not shapes %v and %v", a.Shape(), b.Shape())
			return a
		}
		rcond := c.spacing(a)
		if o.Rcond != nil {
			rcond = *o.Rcond
		}
		return ops.MatMul(ops.Pinv(a, rcond), b)
	})
}

// MatrixRank counts the singular values of matrices (…, m, n) that are above a tolerance.
type MatrixRank struct {
	ofX
	Name string   `keras:"name"`
	Tol  *float64 `keras:"tol"` // the tolerance; None is max(m, n) times the largest singular value times the distance from 1 to the next number of the type
}

func (o MatrixRank) Call(c *Call) []Value {
	x := c.X(0)
	v := x.to(realType(x.DType)).Value
	_, s, _ := ops.SVD(ops.StopGradient(v), false)
	if !c.ok() {
		return []Value{x}
	}
	last := len(s.Shape()) - 1
	tol := ops.MulScalar(ops.Max(s, []int{last}, true), c.spacing(v))
	if o.Tol != nil {
		tol = ops.Scalar(s, *o.Tol)
	}
	return one(ops.Sum(ops.Cast(ops.Greater(s, tol), tensor.Int32), []int{last}, false), "int32")
}

// spacing is max(m, n) times the distance from 1 to the next number of the type.
func (c *Call) spacing(x graph.Value) float64 {
	s := x.Shape()
	if !c.ok() || len(s) < 2 {
		c.fail("matrices are wanted, not shape %v", s)
		return 0
	}
	eps := math.Pow(2, -23)
	if x.DType() == tensor.Float64 {
		eps = math.Pow(2, -52)
	}
	return eps * float64(max(s[len(s)-1], s[len(s)-2]))
}
