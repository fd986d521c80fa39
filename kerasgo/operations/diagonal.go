package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[Tril]("numpy")
	register[Triu]("numpy")
	register[Diagonal]("numpy")
	register[Trace]("numpy")
	register[Diag]("numpy")
	register[Diagflat]("numpy")
}

// Tril keeps the lower triangle of matrices and sets the rest to 0.
type Tril struct {
	ofX
	Name string `keras:"name"`
	K    int    `keras:"k,default=0"` // the diagonal up to which elements are kept; 0 is the main one
}

func (o Tril) Call(c *Call) []Value { return c.corner(o.K, true) }

// Triu keeps the upper triangle of matrices and sets the rest to 0.
type Triu struct {
	ofX
	Name string `keras:"name"`
	K    int    `keras:"k,default=0"` // the diagonal from which elements are kept; 0 is the main one
}

func (o Triu) Call(c *Call) []Value { return c.corner(o.K, false) }

// Diagonal takes a diagonal of matrices, as the last axis of the result.
type Diagonal struct {
	ofX
	Name   string `keras:"name"`
	Offset int    `keras:"offset,default=0"` // which diagonal; positive ones are above the main one
	Axis1  *int   `keras:"axis1,default=0"`  // axis of the rows
	Axis2  *int   `keras:"axis2,default=1"`  // axis of the columns
}

func (o Diagonal) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return c.diagonal(x, o.Offset, *o.Axis1, *o.Axis2) })
}

// Trace adds the elements of a diagonal of matrices.
type Trace struct {
	ofX
	Name   string `keras:"name"`
	Offset int    `keras:"offset,default=0"` // which diagonal; positive ones are above the main one
	Axis1  *int   `keras:"axis1,default=0"`  // axis of the rows
	Axis2  *int   `keras:"axis2,default=1"`  // axis of the columns
}

func (o Trace) Call(c *Call) []Value { return o.trace(c) }

// Diag takes a diagonal of a matrix, or makes the matrix that has a vector as diagonal.
type Diag struct {
	ofX
	Name string `keras:"name"`
	K    int    `keras:"k,default=0"` // which diagonal; positive ones are above the main one
}

func (o Diag) Call(c *Call) []Value { return o.diag(c) }

// Diagflat makes the matrix that has the elements of x as diagonal.
type Diagflat struct {
	ofX
	Name string `keras:"name"`
	K    int    `keras:"k,default=0"` // which diagonal; positive ones are above the main one
}

func (o Diagflat) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return matrixOf(ops.Reshape(x, -1), o.K) })
}

func (o Trace) trace(c *Call) []Value {
	x := c.X(0)
	dtype := sumType(x.DType)
	d := c.diagonal(x.to(dtype).Value, o.Offset, *o.Axis1, *o.Axis2)
	if !c.ok() {
		return []Value{x}
	}
	return one(ops.Sum(d, []int{len(d.Shape()) - 1}, false), dtype)
}

func (o Diag) diag(c *Call) []Value {
	x := c.X(0)
	switch len(x.Shape()) {
	case 1:
		return one(matrixOf(x.Value, o.K), x.DType)
	case 2:
		return one(c.diagonal(x.Value, o.K, 0, 1), x.DType)
	}
	return c.failed("a vector or a matrix is wanted, not shape %v", x.Shape())
}

// corner keeps a triangle of the last two axes.
func (c *Call) corner(k int, lower bool) []Value {
	x := c.X(0)
	s := x.Shape()
	if len(s) < 2 {
		return c.failed("a matrix is wanted, not shape %v", s)
	}
	if !c.within("elements of a matrix", s[len(s)-2]*s[len(s)-1], maxPlaces) {
		return []Value{x}
	}
	keep := ops.Const(c.graph, triangle(s[len(s)-2], s[len(s)-1], k, lower))
	return one(ops.Where(keep, x.Value, ops.Scalar(x.Value, 0)), x.DType)
}

// diagonal moves the two axes to the end and picks the places of the diagonal.
func (c *Call) diagonal(x graph.Value, offset, axis1, axis2 int) graph.Value {
	rank := len(x.Shape())
	a, b := c.axis(axis1, rank), c.axis(axis2, rank)
	if !c.ok() || a == b {
		c.fail("axes %d and %d of a tensor of rank %d span no matrix", axis1, axis2, rank)
		return x
	}
	order := slices.DeleteFunc(c.axes(nil, rank), func(i int) bool { return i == a || i == b })
	x = ops.Transpose(x, append(order, a, b)...)
	s := x.Shape()
	rows, cols := s[rank-2], s[rank-1]
	if !c.sized(rows, cols) {
		return x
	}
	var places []int32
	for i := range rows {
		if j := i + offset; j >= 0 && j < cols {
			places = append(places, int32(i*cols+j))
		}
	}
	flat := ops.Reshape(x, append(slices.Clone([]int(s[:rank-2])), rows*cols)...)
	return take(flat, places, rank-2)
}

// matrixOf puts a vector on the k-th diagonal of a square matrix.
func matrixOf(x graph.Value, k int) graph.Value {
	n := x.Shape()[0]
	size := n + max(k, -k)
	if size < 0 || size > 8192 {
		x.Graph().Errorf("a matrix of %d by %d is out of bounds", size, size)
		return x
	}
	places := make([]int32, size*size)
	for i := range places {
		places[i] = int32(n) // the zero behind the vector
	}
	for i := range n {
		row, col := i, i
		if k > 0 {
			col += k
		} else {
			row -= k
		}
		places[row*size+col] = int32(i)
	}
	padded := ops.Pad(x, [][2]int{{0, 1}}, 0)
	return ops.Reshape(take(padded, places, 0), size, size)
}

// triangle is a matrix of 1 on and below (or above) the k-th diagonal, else 0.
func triangle(rows, cols, k int, lower bool) *tensor.Tensor {
	t := tensor.New(tensor.Float32, rows, cols)
	d := t.Float32s()
	for i := range rows {
		for j := range cols {
			if lower && j <= i+k || !lower && j >= i+k {
				d[i*cols+j] = 1
			}
		}
	}
	return t
}

// diagonalOf is 1 on the diagonal of a matrix and 0 elsewhere.
func diagonalOf(n int) *tensor.Tensor {
	m := tensor.New(tensor.Float32, n, n)
	for i := range n {
		m.Float32s()[i*n+i] = 1
	}
	return m
}
