package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"slices"
	"strings"
)

func init() {
	register[Matmul]("numpy")
	register[Dot]("numpy")
	register[Inner]("numpy")
	register[Outer]("numpy")
	register[Vdot]("numpy")
	register[Tensordot]("numpy")
	register[Einsum]("numpy")
	register[Kron]("numpy")
	register[Cross]("numpy")
	register[CDist]("math")
	register[Trapezoid]("numpy")
	register[Vander]("numpy")
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

// Einsum adds products of tensors whose axes have letters, such as "bij,bjk->bik": letters that are missing in the result are summed over.
type Einsum struct {
	ofOperands
	Name       string `keras:"name"`
	Subscripts string `keras:"subscripts,required"` // letters of the axes of each operand, and of the result
}

func (o Einsum) Call(c *Call) []Value { return o.einsum(c) }

// Kron computes the Kronecker product: every element of x1 times x2 as a block.
type Kron struct {
	ofPair
	Name string `keras:"name"`
}

func (Kron) Call(c *Call) []Value { return c.products(c.kron) }

// Cross computes the cross product of vectors of length 3.
type Cross struct {
	ofPair
	Name  string `keras:"name"`
	AxisA *int   `keras:"axisa,default=-1"` // axis of the vectors of x1
	AxisB *int   `keras:"axisb,default=-1"` // axis of the vectors of x2
	AxisC *int   `keras:"axisc,default=-1"` // axis of the vectors of the result
	Axis  *int   `keras:"axis"`             // all three at once
}

func (o Cross) Call(c *Call) []Value { return o.cross(c) }

// CDist computes the Euclidean distances between the rows of two matrices.
type CDist struct {
	ofBits
	Name string `keras:"name"`
}

func (CDist) Call(c *Call) []Value { return c.distances() }

// Trapezoid integrates along an axis by the trapezoidal rule.
type Trapezoid struct {
	ofY
	Name string   `keras:"name"`
	X    any      `keras:"x"`               // places of the samples; None is Dx apart
	Dx   *float64 `keras:"dx,default=1.0"`  // distance of neighbours
	Axis *int     `keras:"axis,default=-1"` // axis, negative ones counted from the end
}

func (o Trapezoid) Call(c *Call) []Value { return o.integrate(c) }

// Vander computes the powers of the elements of a vector, one row for each.
type Vander struct {
	ofX
	Name       string `keras:"name"`
	N          *int   `keras:"N"`                        // number of powers; None is the length of x
	Increasing bool   `keras:"increasing,default=false"` // from x⁰ on, rather than to x⁰
}

func (o Vander) Call(c *Call) []Value { return o.powers(c) }

type (
	ofOperands struct{}
	ofY        struct{}
)

func (ofOperands) Arguments() []string { return []string{"operands*"} }
func (ofY) Arguments() []string        { return []string{"y"} }

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

// einsum joins the operands one after the other, and keeps between them the letters
// that the rest still needs.
func (o Einsum) einsum(c *Call) []Value {
	text := strings.ReplaceAll(o.Subscripts, " ", "")
	left, result, arrow := strings.Cut(text, "->")
	terms := strings.Split(left, ",")
	var xs []Value
	for i := range c.Len() {
		xs = append(xs, c.X(i))
	}
	if len(terms) != len(xs) || !c.ok() {
		return c.failed("%q is about %d tensors, got %d", o.Subscripts, len(terms), len(xs))
	}
	xs, dtype := c.promoted(xs...)
	if len(xs) == 1 && dtype == "int8" {
		dtype = "int32"
	}
	values := make([]graph.Value, len(xs))
	for i, x := range xs {
		v := x.to(dtype)
		if !isFloat(dtype) {
			v = v.to("float64")
		}
		values[i] = v.Value
	}
	terms, result, ok := spelledOut(c, terms, result, arrow, values)
	if !ok {
		return []Value{xs[0]}
	}
	have, v := terms[0], values[0]
	for i := 1; i < len(terms); i++ {
		keep := ""
		for _, r := range have + terms[i] {
			if later := result + strings.Join(terms[i+1:], ""); strings.ContainsRune(later, r) && !strings.ContainsRune(keep, r) {
				keep += string(r)
			}
		}
		if i == len(terms)-1 {
			keep = result
		}
		v = ops.Einsum(have+","+terms[i]+"->"+keep, v, values[i])
		have = keep
	}
	if len(terms) == 1 {
		v = reorder(c, v, have, result)
	}
	return one(v, dtype)
}

// spelledOut gives the axes of "..." letters of their own, and makes the result that
// a missing arrow implies: the letters that appear once, in alphabetical order.
func spelledOut(c *Call, terms []string, result string, arrow bool, values []graph.Value) ([]string, string, bool) {
	const spare = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	most := 0
	for i, t := range terms {
		if strings.Contains(t, "...") {
			most = max(most, len(values[i].Shape())-len(t)+3)
		}
	}
	dots := ""
	for _, r := range spare {
		if len(dots) < most && !strings.ContainsRune(strings.Join(terms, "")+result, r) {
			dots += string(r)
		}
	}
	terms = slices.Clone(terms)
	for i, t := range terms {
		if strings.Contains(t, "...") {
			n := len(values[i].Shape()) - len(t) + 3
			if n < 0 || n != most {
				c.fail("the axes of ... differ in number, which is not supported")
				return nil, "", false
			}
			terms[i] = strings.Replace(t, "...", dots, 1)
		}
		if len(terms[i]) != len(values[i].Shape()) {
			c.fail("%q names %d axes, the tensor has shape %v", t, len(terms[i]), values[i].Shape())
			return nil, "", false
		}
	}
	if arrow {
		return terms, strings.Replace(result, "...", dots, 1), true
	}
	all := strings.Join(terms, "")
	var once []rune
	for _, r := range all {
		if strings.Count(all, string(r)) == 1 && !strings.ContainsRune(dots, r) {
			once = append(once, r)
		}
	}
	slices.Sort(once)
	return terms, dots + string(once), true
}

// reorder is Einsum of one operand: diagonals, sums and a transposition.
func reorder(c *Call, x graph.Value, have, want string) graph.Value {
	for i := 0; i < len(have); i++ {
		if j := strings.IndexByte(have[i+1:], have[i]); j >= 0 {
			letter := have[i]
			x = c.diagonal(x, 0, i, i+1+j)
			have = have[:i] + have[i+1:i+1+j] + have[i+j+2:] + string(letter)
			i = -1
			if !c.ok() {
				return x
			}
		}
	}
	var gone []int
	rest := ""
	for i, r := range have {
		if strings.ContainsRune(want, r) {
			rest += string(r)
		} else {
			gone = append(gone, i)
		}
	}
	if len(gone) > 0 {
		x = ops.Sum(x, gone, false)
	}
	var order []int
	for _, r := range want {
		i := strings.IndexRune(rest, r)
		if i < 0 {
			c.fail("the result's %q is no axis of the operands", r)
			return x
		}
		order = append(order, i)
	}
	return ops.Transpose(x, order...)
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

func (o Cross) cross(c *Call) []Value {
	p, dtype := c.promoted(c.X(0), c.X(1))
	a, b := p[0].Value, p[1].Value
	axisA, axisB, axisC := *o.AxisA, *o.AxisB, *o.AxisC
	if o.Axis != nil {
		axisA, axisB, axisC = *o.Axis, *o.Axis, *o.Axis
	}
	axisA, axisB = c.axis(axisA, len(a.Shape())), c.axis(axisB, len(b.Shape()))
	if !c.ok() || a.Shape()[axisA] != 3 || b.Shape()[axisB] != 3 {
		return c.failed("vectors of length 3 are wanted, not shapes %v and %v", a.Shape(), b.Shape())
	}
	part := func(x graph.Value, axis, i int) graph.Value { return ops.Squeeze(cut(x, axis, i, 1), axis) }
	term := func(i, j int) graph.Value {
		return ops.Sub(ops.Mul(part(a, axisA, i), part(b, axisB, j)), ops.Mul(part(a, axisA, j), part(b, axisB, i)))
	}
	x, y, z := term(1, 2), term(2, 0), term(0, 1)
	return one(ops.Stack(c.axis(axisC, len(x.Shape())+1), x, y, z), dtype)
}

func (c *Call) distances() []Value {
	a, b, dtype := c.realPair()
	ra, rb := len(a.Shape()), len(b.Shape())
	if ra < 2 || rb < 2 {
		return c.failed("matrices are wanted, not shapes %v and %v", a.Shape(), b.Shape())
	}
	d := ops.Sub(ops.ExpandDims(a, ra-1), ops.ExpandDims(b, rb-2))
	return one(ops.Sqrt(ops.Sum(ops.Square(d), []int{len(d.Shape()) - 1}, false)), dtype)
}

func (o Trapezoid) integrate(c *Call) []Value {
	y := c.X(0)
	dtype := realType(y.DType)
	v := y.to(dtype).Value
	a := c.axis(*o.Axis, len(v.Shape()))
	if !c.ok() {
		return []Value{y}
	}
	n := v.Shape()[a] - 1
	mean := ops.MulScalar(ops.Add(cut(v, a, 0, n), cut(v, a, 1, n)), 0.5)
	if o.X == nil {
		return one(ops.MulScalar(ops.Sum(mean, []int{a}, false), *o.Dx), dtype)
	}
	list, ok := o.X.([]any)
	if !ok || len(list) != n+1 {
		return c.failed("x must be a list of %d numbers", n+1)
	}
	x := c.list(list).to(dtype).Value
	shape := slices.Repeat([]int{1}, len(v.Shape()))
	shape[a] = n
	steps := ops.Reshape(ops.Sub(cut(x, 0, 1, n), cut(x, 0, 0, n)), shape...)
	return one(ops.Sum(ops.Mul(mean, steps), []int{a}, false), dtype)
}

func (o Vander) powers(c *Call) []Value {
	x := c.X(0)
	if len(x.Shape()) != 1 {
		return c.failed("a vector is wanted, not shape %v", x.Shape())
	}
	n := x.Shape()[0]
	if o.N != nil {
		n = *o.N
	}
	if !c.within("N", n, maxParts) {
		return []Value{x}
	}
	columns := make([]graph.Value, n)
	power := constant(x.Value, 1)
	for i := range n {
		at := i
		if !o.Increasing {
			at = n - 1 - i
		}
		columns[at] = power
		power = ops.Mul(power, x.Value)
	}
	return one(ops.Stack(1, columns...), x.DType)
}
