package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
	"slices"
)

func init() {
	register[Reshape]("numpy")
	register[Ravel]("numpy")
	register[Transpose]("numpy")
	register[Swapaxes]("numpy")
	register[Moveaxis]("numpy")
	register[ExpandDims]("numpy")
	register[Squeeze]("numpy")
	register[BroadcastTo]("numpy")
	register[Flip]("numpy")
	register[Fliplr]("numpy")
	register[Flipud]("numpy")
	register[Roll]("numpy")
	register[Rot90]("numpy")
	register[Repeat]("numpy")
	register[Tile]("numpy")
	register[Diff]("numpy")
	register[Tril]("numpy")
	register[Triu]("numpy")
	register[Diagonal]("numpy")
	register[Trace]("numpy")
	register[Diag]("numpy")
	register[Diagflat]("numpy")
	register[Pad]("numpy")
	register[Meshgrid]("numpy")
}

// Reshape gives the elements another shape; one length may be -1, which follows from the others.
type Reshape struct {
	ofX
	Name     string `keras:"name"`
	NewShape []int  `keras:"newshape,required"` // the shape, the batch axis included
}

func (o Reshape) Call(c *Call) []Value { return o.reshape(c) }

// Ravel puts all elements into one axis.
type Ravel struct {
	ofX
	Name string `keras:"name"`
}

func (Ravel) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return ops.Reshape(x, -1) })
}

// Transpose puts the axes into another order, by default the reverse one.
type Transpose struct {
	ofX
	Name string `keras:"name"`
	Axes []int  `keras:"axes"` // which axis of x each axis of the result is; None reverses them
}

func (o Transpose) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return transpose(x, o.Axes) })
}

// Swapaxes swaps two axes.
type Swapaxes struct {
	ofX
	Name  string `keras:"name"`
	Axis1 int    `keras:"axis1,required"` // one axis
	Axis2 int    `keras:"axis2,required"` // the other
}

func (o Swapaxes) Call(c *Call) []Value { return o.swap(c) }

// Moveaxis moves axes to other places; the others keep their order.
type Moveaxis struct {
	ofX
	Name        string    `keras:"name"`
	Source      spec.Ints `keras:"source,required"`      // axes that move
	Destination spec.Ints `keras:"destination,required"` // where they go
}

func (o Moveaxis) Call(c *Call) []Value { return o.move(c) }

// ExpandDims inserts axes of length 1.
type ExpandDims struct {
	ofX
	Name string    `keras:"name"`
	Axis spec.Ints `keras:"axis,required"` // places of the new axes in the result
}

func (o ExpandDims) Call(c *Call) []Value { return o.expand(c) }

// Squeeze removes axes of length 1.
type Squeeze struct {
	ofX
	Name string    `keras:"name"`
	Axis spec.Ints `keras:"axis"` // axes to remove; None is all of length 1
}

func (o Squeeze) Call(c *Call) []Value { return o.squeeze(c) }

// BroadcastTo repeats x to fill a shape.
type BroadcastTo struct {
	ofX
	Name  string `keras:"name"`
	Shape []int  `keras:"shape,required"` // shape of the result
}

func (o BroadcastTo) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return ops.BroadcastTo(x, o.Shape...) })
}

// Flip reverses the order along axes.
type Flip struct {
	ofX
	Name string    `keras:"name"`
	Axis spec.Ints `keras:"axis"` // axes; None is all
}

func (o Flip) Call(c *Call) []Value {
	x := c.X(0)
	return one(ops.Flip(x.Value, c.axes(o.Axis, len(x.Shape()))...), x.DType)
}

// Fliplr reverses the order along axis 1.
type Fliplr struct {
	ofX
	Name string `keras:"name"`
}

func (Fliplr) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return ops.Flip(x, 1) })
}

// Flipud reverses the order along axis 0.
type Flipud struct {
	ofX
	Name string `keras:"name"`
}

func (Flipud) Call(c *Call) []Value {
	return c.same(func(x graph.Value) graph.Value { return ops.Flip(x, 0) })
}

// Roll shifts the elements along axes; what leaves at the end comes in at the front.
type Roll struct {
	ofX
	Name  string    `keras:"name"`
	Shift spec.Ints `keras:"shift,required"` // places to shift by, for each axis
	Axis  spec.Ints `keras:"axis"`           // axes; None shifts the elements as one list
}

func (o Roll) Call(c *Call) []Value { return o.roll(c) }

// Rot90 turns matrices by right angles, from the first axis to the second.
type Rot90 struct {
	ofArray
	Name string `keras:"name"`
	K    *int   `keras:"k,default=1"`      // number of right angles
	Axes [2]int `keras:"axes,default=0|1"` // plane of the rotation
}

func (o Rot90) Call(c *Call) []Value { return o.turn(c) }

// Repeat repeats each element along an axis.
type Repeat struct {
	ofX
	Name    string    `keras:"name"`
	Repeats spec.Ints `keras:"repeats,required"` // how often: one number, or one for each place
	Axis    *int      `keras:"axis"`             // axis; None takes the elements as one list
}

func (o Repeat) Call(c *Call) []Value { return o.repeat(c) }

// Tile puts copies of x side by side.
type Tile struct {
	ofX
	Name    string    `keras:"name"`
	Repeats spec.Ints `keras:"repeats,required"` // number of copies along each axis, the last ones if there are fewer
}

func (o Tile) Call(c *Call) []Value { return o.tile(c) }

// Diff subtracts each element from the next along an axis, N times.
type Diff struct {
	ofA
	Name string `keras:"name"`
	N    *int   `keras:"n,default=1,min=0"` // how often
	Axis *int   `keras:"axis,default=-1"`   // axis, negative ones counted from the end
}

func (o Diff) Call(c *Call) []Value { return o.diff(c) }

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

// Pad adds elements before and after those of each axis.
type Pad struct {
	ofPadded
	Name     string `keras:"name"`
	PadWidth any    `keras:"pad_width,required"`                                    // [before, after] for each axis, or one pair, or one number, for all
	Mode     string `keras:"mode,default=constant,enum=constant|reflect|symmetric"` // what is added: a constant, or the elements mirrored without (reflect) or with (symmetric) the last one
}

func (o Pad) Call(c *Call) []Value { return o.pad(c) }

// Meshgrid makes of lists of coordinates the arrays of their grid, one for each list.
type Meshgrid struct {
	ofAll
	Name     string `keras:"name"`
	Indexing string `keras:"indexing,default=xy,enum=xy|ij"` // xy swaps the first two axes of the grid
}

func (o Meshgrid) Call(c *Call) []Value { return o.grid(c) }

type (
	ofArray  struct{}
	ofA      struct{}
	ofPadded struct{}
	ofAll    struct{}
)

func (ofArray) Arguments() []string  { return []string{"array"} }
func (ofA) Arguments() []string      { return []string{"a"} }
func (ofPadded) Arguments() []string { return []string{"x", "constant_values"} }
func (ofPadded) Keywords() []string  { return []string{"constant_values"} }
func (ofAll) Arguments() []string    { return []string{"x*"} }

// unstack returns the parts of a value along an axis.
func unstack(x Value, axis int) []Value {
	var out []Value
	for i := range x.Shape()[axis] {
		out = append(out, Value{Value: ops.Squeeze(cut(x.Value, axis, i, 1), axis), DType: x.DType})
	}
	return out
}

// cut takes n places of an axis.
func cut(x graph.Value, axis, from, n int) graph.Value {
	starts, sizes := make([]int, len(x.Shape())), slices.Clone(x.Shape())
	starts[axis], sizes[axis] = from, n
	return ops.Slice(x, starts, sizes)
}

func (o Reshape) reshape(c *Call) []Value {
	x := c.X(0)
	return one(ops.Reshape(x.Value, o.NewShape...), x.DType)
}

func transpose(x graph.Value, axes []int) graph.Value {
	rank := len(x.Shape())
	order := slices.Clone(axes)
	if len(order) == 0 {
		for i := range rank {
			order = append(order, rank-1-i)
		}
	}
	for i, a := range order {
		if a < 0 {
			order[i] = a + rank
		}
	}
	return ops.Transpose(x, order...)
}

func (o Swapaxes) swap(c *Call) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	order := c.axes(nil, rank)
	a, b := c.axis(o.Axis1, rank), c.axis(o.Axis2, rank)
	if !c.ok() {
		return []Value{x}
	}
	order[a], order[b] = order[b], order[a]
	return one(ops.Transpose(x.Value, order...), x.DType)
}

func (o Moveaxis) move(c *Call) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	if len(o.Source) != len(o.Destination) {
		return c.failed("%d axes to %d places", len(o.Source), len(o.Destination))
	}
	from, to := c.axes(o.Source, rank), c.axes(o.Destination, rank)
	order := make([]int, rank)
	rest := slices.DeleteFunc(c.axes(nil, rank), func(a int) bool { return slices.Contains(from, a) })
	for i := range order {
		if k := slices.Index(to, i); k >= 0 {
			order[i] = from[k]
		} else if len(rest) > 0 {
			order[i], rest = rest[0], rest[1:]
		}
	}
	return one(ops.Transpose(x.Value, order...), x.DType)
}

func (o ExpandDims) expand(c *Call) []Value {
	x := c.X(0)
	shape := slices.Clone([]int(x.Shape()))
	rank := len(shape) + len(o.Axis)
	places := c.axes(o.Axis, rank)
	slices.Sort(places)
	for _, a := range places {
		if a > len(shape) {
			return c.failed("no axis %d in a result of rank %d", a, rank)
		}
		shape = slices.Insert(shape, a, 1)
	}
	return one(ops.Reshape(x.Value, shape...), x.DType)
}

func (o Squeeze) squeeze(c *Call) []Value {
	x := c.X(0)
	shape := x.Shape()
	var gone []int
	if o.Axis == nil {
		for i, n := range shape {
			if n == 1 {
				gone = append(gone, i)
			}
		}
	} else {
		gone = c.axes(o.Axis, len(shape))
	}
	for _, a := range gone {
		if c.ok() && shape[a] != 1 {
			return c.failed("axis %d has length %d, not 1", a, shape[a])
		}
	}
	return one(ops.Reshape(x.Value, without(shape, gone)...), x.DType)
}

func (o Roll) roll(c *Call) []Value {
	x := c.X(0)
	v, shape := x.Value, slices.Clone(x.Shape())
	axes := []int(o.Axis)
	if len(axes) == 0 {
		v, axes = ops.Reshape(v, -1), []int{0}
	}
	for i, a := range axes {
		a = c.axis(a, len(v.Shape()))
		if !c.ok() {
			return []Value{x}
		}
		n := v.Shape()[a]
		shift := o.Shift[min(i, len(o.Shift)-1)]
		if n == 0 {
			continue
		}
		if shift = ((shift % n) + n) % n; shift > 0 {
			v = ops.Concat(a, cut(v, a, n-shift, shift), cut(v, a, 0, n-shift))
		}
	}
	return one(ops.Reshape(v, shape...), x.DType)
}

func (o Rot90) turn(c *Call) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	a, b := c.axis(o.Axes[0], rank), c.axis(o.Axes[1], rank)
	if !c.ok() || a == b {
		return c.failed("axes %v of a tensor of rank %d", o.Axes, rank)
	}
	v := x.Value
	for range (*o.K%4 + 4) % 4 { // one turn: transpose, then flip the first axis
		order := c.axes(nil, rank)
		order[a], order[b] = b, a
		v = ops.Flip(ops.Transpose(v, order...), a)
	}
	return one(v, x.DType)
}

func (o Repeat) repeat(c *Call) []Value {
	x := c.X(0)
	v, a := x.Value, 0
	if o.Axis == nil {
		v = ops.Reshape(v, -1)
	} else {
		a = c.axis(*o.Axis, len(v.Shape()))
	}
	if !c.ok() {
		return []Value{x}
	}
	n := v.Shape()[a]
	var places []int32
	for i := range n {
		if len(o.Repeats) != 1 && len(o.Repeats) != n {
			return c.failed("%d numbers of repetitions for %d places", len(o.Repeats), n)
		}
		times := o.Repeats[i%len(o.Repeats)]
		if !c.within("repetitions", times, maxPlaces-len(places)) {
			return []Value{x}
		}
		for range times {
			places = append(places, int32(i))
		}
	}
	return one(take(v, places, a), x.DType)
}

func (o Tile) tile(c *Call) []Value {
	x := c.X(0)
	v, times := x.Value, slices.Clone([]int(o.Repeats))
	for len(times) < len(v.Shape()) {
		times = slices.Insert(times, 0, 1)
	}
	shape := slices.Clone([]int(v.Shape()))
	for len(shape) < len(times) {
		shape = slices.Insert(shape, 0, 1)
	}
	v = ops.Reshape(v, shape...)
	for a, n := range times {
		if n < 1 || !c.within("number of copies", n, maxParts) {
			return c.failed("%d copies", n)
		}
		if n > 1 {
			v = ops.Concat(a, slices.Repeat([]graph.Value{v}, n)...)
		}
	}
	return one(v, x.DType)
}

func (o Diff) diff(c *Call) []Value {
	x := c.X(0)
	a := c.axis(*o.Axis, len(x.Shape()))
	v := x.Value
	if !c.within("n", *o.N, maxParts) {
		return []Value{x}
	}
	for range *o.N {
		if !c.ok() || v.Shape()[a] < 2 {
			return c.failed("axis %d of %v is too short", a, x.Shape())
		}
		n := v.Shape()[a] - 1
		next, last := cut(v, a, 1, n), cut(v, a, 0, n)
		if x.DType == "bool" {
			v = ops.NotEqual(next, last)
		} else {
			v = ops.Sub(next, last)
		}
	}
	return one(v, x.DType)
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
	if !c.within("elements of a matrix", rows*cols, maxPlaces) {
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

func (o Pad) pad(c *Call) []Value {
	x := c.X(0)
	widths, ok := padWidths(o.PadWidth, len(x.Shape()))
	if !ok {
		return c.failed("pad_width %v does not fit a tensor of rank %d", o.PadWidth, len(x.Shape()))
	}
	if o.Mode == "constant" {
		return one(ops.Pad(x.Value, widths, c.Number(1, 0)), x.DType)
	}
	v := x.Value
	for a, w := range widths {
		n := v.Shape()[a]
		if !c.within("length of an axis", n+w[0]+w[1], maxPlaces) {
			return []Value{x}
		}
		first := 1 // reflect leaves the outermost element out
		if o.Mode == "symmetric" {
			first = 0
		}
		if w[0] > n-first || w[1] > n-first {
			return c.failed("axis %d of length %d cannot be mirrored by %v", a, n, w)
		}
		var places []int32
		for i := w[0]; i > 0; i-- {
			places = append(places, int32(i-1+first))
		}
		for i := range n {
			places = append(places, int32(i))
		}
		for i := range w[1] {
			places = append(places, int32(n-1-first-i))
		}
		v = take(v, places, a)
	}
	return one(v, x.DType)
}

// padWidths reads Keras's forms of pad_width.
func padWidths(v any, rank int) ([][2]int, bool) {
	list := flatInts(v)
	out := make([][2]int, rank)
	switch {
	case list == nil:
		return nil, false
	case len(list) == 1:
		for i := range out {
			out[i] = [2]int{list[0], list[0]}
		}
	case len(list) == 2:
		for i := range out {
			out[i] = [2]int{list[0], list[1]}
		}
	case len(list) == 2*rank:
		for i := range out {
			out[i] = [2]int{list[2*i], list[2*i+1]}
		}
	default:
		return nil, false
	}
	return out, true
}

func (o Meshgrid) grid(c *Call) []Value {
	n := c.Len()
	lengths := make([]int, n)
	for i := range n {
		lengths[i] = c.X(i).Shape().Size()
	}
	var out []Value
	for i := range n {
		x := c.X(i)
		shape := slices.Repeat([]int{1}, n)
		shape[i] = lengths[i]
		v := ops.BroadcastTo(ops.Reshape(x.Value, shape...), lengths...)
		if o.Indexing == "xy" && n > 1 {
			order := c.axes(nil, n)
			order[0], order[1] = 1, 0
			v = ops.Transpose(v, order...)
		}
		out = append(out, make1(v, x.DType))
	}
	return out
}
