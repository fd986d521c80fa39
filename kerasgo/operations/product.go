package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[Matmul]("numpy")
	register[Dot]("numpy")
	register[Inner]("numpy")
	register[Outer]("numpy")
	register[Vdot]("numpy")
	register[Tensordot]("numpy")
	register[Kron]("numpy")
}

// Matmul multiplies matrices, those of the last two axes; the axes before them are broadcast. Vectors count as a row on the left, as a column on the right.
type Matmul struct {
	ofPair
	Name string `keras:"name"`
}

func (Matmul) Call(c *Call) []Value { return c.products(matmul) }

// Dot adds products over the last axis of x1 and the last but one of x2 (of vectors the only one); all other axes stay.
type Dot struct {
	ofPair
	Name string `keras:"name"`
}

func (Dot) Call(c *Call) []Value { return c.products(dot) }

// Inner adds products over the last axes of both; all other axes stay.
type Inner struct {
	ofPair
	Name string `keras:"name"`
}

func (Inner) Call(c *Call) []Value { return c.products(inner) }

// Outer multiplies every element of x1 by every element of x2: a matrix.
type Outer struct {
	ofPair
	Name string `keras:"name"`
}

func (Outer) Call(c *Call) []Value { return c.products(outer) }

// Vdot adds the products of all elements.
type Vdot struct {
	ofPair
	Name string `keras:"name"`
}

func (Vdot) Call(c *Call) []Value { return c.products(vdot) }

// Tensordot adds products over given axes of both; all other axes stay.
type Tensordot struct {
	ofPair
	Name string `keras:"name"`
	Axes any    `keras:"axes,default=2"` // the number of last axes of x1 and first of x2, or two lists of axes
}

func (o Tensordot) Call(c *Call) []Value { return c.products(o.sum(c)) }

// Kron computes the Kronecker product: every element of x1 times x2 as a block.
type Kron struct {
	ofPair
	Name string `keras:"name"`
}

func (Kron) Call(c *Call) []Value { return c.products(c.kron) }

func (o Tensordot) sum(c *Call) func(a, b graph.Value) graph.Value {
	return func(a, b graph.Value) graph.Value {
		la, lb := len(a.Shape()), len(b.Shape())
		var first, second []int
		switch axes := o.Axes.(type) {
		case int:
			if axes > la || axes > lb || axes < 0 {
				c.fail("%d axes of shapes %v and %v", axes, a.Shape(), b.Shape())
				return a
			}
			for i := range axes {
				first, second = append(first, la-axes+i), append(second, i)
			}
		case []any:
			if len(axes) != 2 {
				c.fail("axes must be a number or two lists, not %v", axes)
				return a
			}
			first, second = flatInts(axes[0]), flatInts(axes[1])
		default:
			c.fail("axes must be a number or two lists, not %v", o.Axes)
			return a
		}
		if len(first) == 0 && len(second) == 0 {
			return contract(a, b, nil, nil)
		}
		first, second = c.axes(first, la), c.axes(second, lb)
		if !c.ok() {
			return a
		}
		return contract(a, b, first, second)
	}
}

// products applies a function of two numbers that the engine only has for real
// ones; whole numbers are exact in float64 up to 2⁵³.
func (c *Call) products(f func(a, b graph.Value) graph.Value) []Value {
	x, y := c.X(0), c.X(1)
	if !c.ok() {
		return []Value{x}
	}
	dtype := promote(x, y)
	if x.DType == "int8" && y.DType == "int8" {
		dtype = "int32"
	}
	if isFloat(dtype) {
		return one(f(x.to(dtype).Value, y.to(dtype).Value), dtype)
	}
	z := f(x.to(dtype).to("float64").Value, y.to(dtype).to("float64").Value)
	if dtype == "bool" {
		z = ops.NotEqual(z, ops.Scalar(z, 0))
	}
	return one(z, dtype)
}

// matmul follows numpy.matmul, broadcasting of the batch axes included.
func matmul(a, b graph.Value) graph.Value {
	sa, sb := slices.Clone([]int(a.Shape())), slices.Clone([]int(b.Shape()))
	if len(sa) == 0 || len(sb) == 0 {
		a.Graph().Errorf("a scalar is no matrix; multiply with Multiply")
		return a
	}
	row, column := len(sa) == 1, len(sb) == 1
	if row {
		sa = []int{1, sa[0]}
	}
	if column {
		sb = []int{sb[0], 1}
	}
	batch, ok := tensor.Broadcast(sa[:len(sa)-2], sb[:len(sb)-2])
	if !ok {
		a.Graph().Errorf("shapes %v and %v do not broadcast", a.Shape(), b.Shape())
		return a
	}
	// Matrices that all share one b are rows of one matrix.
	if len(sb) == 2 && len(sa) > 2 {
		k := sa[len(sa)-1]
		if k != sb[0] {
			a.Graph().Errorf("shapes %v and %v do not fit: %d columns, %d rows", a.Shape(), b.Shape(), k, sb[0])
			return a
		}
		y := ops.MatMul(ops.Reshape(a, -1, k), ops.Reshape(b, sb...))
		return squeezed(ops.Reshape(y, append(slices.Clone(sa[:len(sa)-1]), sb[1])...), row, column)
	}
	full := func(x graph.Value, s []int) graph.Value {
		x = ops.Reshape(x, s...)
		return ops.BroadcastTo(x, append(slices.Clone([]int(batch)), s[len(s)-2:]...)...)
	}
	return squeezed(ops.MatMul(full(a, sa), full(b, sb)), row, column)
}

// squeezed removes the axes that vectors were given.
func squeezed(y graph.Value, row, column bool) graph.Value {
	s := slices.Clone([]int(y.Shape()))
	if column {
		s = s[:len(s)-1]
	}
	if row {
		at := len(s) - 2
		if column {
			at = len(s) - 1
		}
		s = slices.Delete(s, at, at+1)
	}
	return ops.Reshape(y, s...)
}

// contract adds products over axes of a and b and leaves a's other axes, then b's.
func contract(a, b graph.Value, axesA, axesB []int) graph.Value {
	la, lb := len(a.Shape()), len(b.Shape())
	var restA, restB []int
	for i := range la {
		if !slices.Contains(axesA, i) {
			restA = append(restA, i)
		}
	}
	for i := range lb {
		if !slices.Contains(axesB, i) {
			restB = append(restB, i)
		}
	}
	size := func(x graph.Value, axes []int) (shape []int, n int) {
		n = 1
		for _, i := range axes {
			shape, n = append(shape, x.Shape()[i]), n*x.Shape()[i]
		}
		return shape, n
	}
	sa, m := size(a, restA)
	sb, n := size(b, restB)
	sumA, k := size(a, axesA)
	sumB, _ := size(b, axesB)
	if !slices.Equal(sumA, sumB) {
		a.Graph().Errorf("shapes %v and %v do not fit: sums over lengths %v and %v", a.Shape(), b.Shape(), sumA, sumB)
		return a
	}
	x := ops.Reshape(ops.Transpose(a, append(slices.Clone(restA), axesA...)...), m, k)
	y := ops.Reshape(ops.Transpose(b, append(slices.Clone(axesB), restB...)...), k, n)
	return ops.Reshape(ops.MatMul(x, y), append(sa, sb...)...)
}

func dot(a, b graph.Value) graph.Value {
	la, lb := len(a.Shape()), len(b.Shape())
	switch {
	case la == 0 || lb == 0:
		return ops.Mul(a, b)
	case lb == 1:
		return contract(a, b, []int{la - 1}, []int{0})
	}
	return contract(a, b, []int{la - 1}, []int{lb - 2})
}

func inner(a, b graph.Value) graph.Value {
	la, lb := len(a.Shape()), len(b.Shape())
	if la == 0 || lb == 0 {
		return ops.Mul(a, b)
	}
	return contract(a, b, []int{la - 1}, []int{lb - 1})
}

func outer(a, b graph.Value) graph.Value {
	return ops.Mul(ops.Reshape(a, -1, 1), ops.Reshape(b, 1, -1))
}

func vdot(a, b graph.Value) graph.Value {
	return ops.Sum(ops.Mul(ops.Reshape(a, -1), ops.Reshape(b, -1)), nil, false)
}

func (c *Call) kron(a, b graph.Value) graph.Value {
	sa, sb := slices.Clone([]int(a.Shape())), slices.Clone([]int(b.Shape()))
	for len(sa) < len(sb) {
		sa = slices.Insert(sa, 0, 1)
	}
	for len(sb) < len(sa) {
		sb = slices.Insert(sb, 0, 1)
	}
	var wideA, wideB, result []int
	for i := range sa {
		wideA, wideB = append(wideA, sa[i], 1), append(wideB, 1, sb[i])
		result = append(result, sa[i]*sb[i])
	}
	if len(wideA) > graph.MaxRank {
		c.fail("tensors of rank %d are not supported", len(sa))
		return a
	}
	return ops.Reshape(ops.Mul(ops.Reshape(a, wideA...), ops.Reshape(b, wideB...)), result...)
}
