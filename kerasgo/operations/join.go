package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Concatenate]("numpy")
	register[Stack]("numpy")
	register[Hstack]("numpy")
	register[Vstack]("numpy")
	register[Dstack]("numpy")
	register[Append]("numpy")
	register[Split]("numpy")
	register[ArraySplit]("numpy")
	register[Hsplit]("numpy")
	register[Vsplit]("numpy")
	register[Dsplit]("numpy")
	register[Unstack]("core")
}

// Concatenate joins tensors along an axis.
type Concatenate struct {
	ofList
	Name string `keras:"name"`
	Axis *int   `keras:"axis,default=0"` // axis, negative ones counted from the end
}

func (o Concatenate) Call(c *Call) []Value {
	xs, d := c.promoted(c.Xs(0)...)
	return one(ops.Concat(c.axis(*o.Axis, len(xs[0].Shape())), plain(xs)...), d)
}

// Stack joins tensors of one shape along a new axis.
type Stack struct {
	ofStack
	Name string `keras:"name"`
	Axis *int   `keras:"axis,default=0"` // place of the new axis in the result
}

func (o Stack) Call(c *Call) []Value {
	xs, d := c.promoted(c.Xs(0)...)
	return one(ops.Stack(c.axis(*o.Axis, len(xs[0].Shape())+1), plain(xs)...), d)
}

// Hstack joins tensors along axis 1, vectors along axis 0.
type Hstack struct {
	ofList
	Name string `keras:"name"`
}

func (Hstack) Call(c *Call) []Value { return c.stack(1, 1) }

// Vstack joins tensors along axis 0; vectors become rows.
type Vstack struct {
	ofList
	Name string `keras:"name"`
}

func (Vstack) Call(c *Call) []Value { return c.stack(2, 0) }

// Dstack joins tensors along axis 2; vectors and matrices get the axes they lack.
type Dstack struct {
	ofList
	Name string `keras:"name"`
}

func (Dstack) Call(c *Call) []Value { return c.stack(3, 2) }

// Append puts the elements of x2 behind those of x1.
type Append struct {
	ofPair
	Name string `keras:"name"`
	Axis *int   `keras:"axis"` // axis; None takes the elements as one list
}

func (o Append) Call(c *Call) []Value { return o.appended(c) }

// Split cuts an axis into equal parts, or at given places.
type Split struct {
	ofX
	Name     string `keras:"name"`
	Sections any    `keras:"indices_or_sections,required"` // number of equal parts, or a list of the places where parts begin
	Axis     *int   `keras:"axis,default=0"`               // axis, negative ones counted from the end
}

func (o Split) Call(c *Call) []Value {
	x := c.X(0)
	return c.split(x, o.Sections, c.axis(*o.Axis, len(x.Shape())), true)
}

// ArraySplit cuts an axis into parts as equal as possible, or at given places.
type ArraySplit struct {
	ofX
	Name     string `keras:"name"`
	Sections any    `keras:"indices_or_sections,required"` // number of parts, or a list of the places where parts begin
	Axis     *int   `keras:"axis,default=0"`               // axis, negative ones counted from the end
}

func (o ArraySplit) Call(c *Call) []Value {
	x := c.X(0)
	return c.split(x, o.Sections, c.axis(*o.Axis, len(x.Shape())), false)
}

// Hsplit cuts axis 1 (of vectors axis 0) into equal parts, or at given places.
type Hsplit struct {
	ofX
	Name     string `keras:"name"`
	Sections any    `keras:"indices_or_sections,required"` // number of equal parts, or a list of the places where parts begin
}

func (o Hsplit) Call(c *Call) []Value {
	x := c.X(0)
	return c.split(x, o.Sections, min(1, len(x.Shape())-1), true)
}

// Vsplit cuts axis 0 into equal parts, or at given places.
type Vsplit struct {
	ofX
	Name     string `keras:"name"`
	Sections any    `keras:"indices_or_sections,required"` // number of equal parts, or a list of the places where parts begin
}

func (o Vsplit) Call(c *Call) []Value { return c.split(c.X(0), o.Sections, 0, true) }

// Dsplit cuts axis 2 into equal parts, or at given places.
type Dsplit struct {
	ofX
	Name     string `keras:"name"`
	Sections any    `keras:"indices_or_sections,required"` // number of equal parts, or a list of the places where parts begin
}

func (o Dsplit) Call(c *Call) []Value { return c.split(c.X(0), o.Sections, 2, true) }

// Unstack returns the parts of a tensor along an axis, which the parts lack.
type Unstack struct {
	ofX
	Name string `keras:"name"`
	Num  *int   `keras:"num"`            // number of parts; None is the length of the axis
	Axis *int   `keras:"axis,default=0"` // axis, negative ones counted from the end
}

func (o Unstack) Call(c *Call) []Value { return o.unstack(c) }

type ofStack struct{}

func (ofStack) Arguments() []string { return []string{"x"} }

// plain returns the engine's values.
func plain(list []Value) []graph.Value {
	out := make([]graph.Value, len(list))
	for i, v := range list {
		out[i] = v.Value
	}
	return out
}

// stack gives tensors at least the given rank, as NumPy does, and joins them.
func (c *Call) stack(rank, axis int) []Value {
	xs, dtype := c.promoted(c.Xs(0)...)
	list := plain(xs)
	for i, x := range list {
		s := slices.Clone([]int(x.Shape()))
		switch {
		case len(s) == 0:
			s = slices.Repeat([]int{1}, rank)
		case len(s) == 1 && rank == 2:
			s = []int{1, s[0]}
		case len(s) == 1 && rank == 3:
			s = []int{1, s[0], 1}
		case len(s) == 2 && rank == 3:
			s = append(s, 1)
		}
		list[i] = ops.Reshape(x, s...)
	}
	if len(list[0].Shape()) == 1 {
		axis = 0
	}
	return one(ops.Concat(axis, list...), dtype)
}

func (o Append) appended(c *Call) []Value {
	a, b, dtype := c.pair()
	if o.Axis == nil {
		return one(ops.Concat(0, ops.Reshape(a, -1), ops.Reshape(b, -1)), dtype)
	}
	return one(ops.Concat(c.axis(*o.Axis, len(a.Shape())), a, b), dtype)
}

// split cuts x into a number of parts, or before given places.
func (c *Call) split(x Value, sections any, axis int, equal bool) []Value {
	if !c.ok() || axis < 0 || axis >= len(x.Shape()) {
		return c.failed("shape %v has no axis %d", x.Shape(), axis)
	}
	n := x.Shape()[axis]
	var ends []int
	if k, ok := sections.(int); ok {
		if !c.within("number of parts", k, maxParts) {
			return []Value{x}
		}
		if k < 1 || equal && n%k != 0 {
			return c.failed("an axis of length %d has no %d equal parts", n, k)
		}
		for i := range k {
			ends = append(ends, (i+1)*(n/k)+min(i+1, n%k))
		}
	} else {
		for _, at := range flatInts(sections) {
			if at < 0 {
				at += n
			}
			ends = append(ends, min(max(at, 0), n))
		}
		ends = append(ends, n)
	}
	var out []Value
	from := 0
	for _, end := range ends {
		out = append(out, make1(cut(x.Value, axis, from, max(end-from, 0)), x.DType))
		from = end
	}
	return out
}

func (o Unstack) unstack(c *Call) []Value {
	x := c.X(0)
	a := c.axis(*o.Axis, len(x.Shape()))
	if !c.ok() {
		return []Value{x}
	}
	if o.Num != nil && *o.Num != x.Shape()[a] {
		return c.failed("num is %d, the axis has length %d", *o.Num, x.Shape()[a])
	}
	if !c.within("number of parts", x.Shape()[a], maxParts) {
		return []Value{x}
	}
	return unstack(x, a)
}

// flatInts reads a whole number or nested lists of them; nil for anything else.
func flatInts(v any) []int {
	switch v := v.(type) {
	case int:
		return []int{v}
	case []int:
		return slices.Clone(v)
	case [][]int:
		return slices.Concat(v...)
	case [][2]int:
		var out []int
		for _, p := range v {
			out = append(out, p[0], p[1])
		}
		return out
	case []any:
		out := []int{}
		for _, x := range v {
			part := flatInts(x)
			if part == nil {
				return nil
			}
			out = append(out, part...)
		}
		return out
	}
	return nil
}

// unstack returns the parts of a value along an axis.
func unstack(x Value, axis int) []Value {
	var out []Value
	for i := range x.Shape()[axis] {
		out = append(out, Value{Value: ops.Squeeze(cut(x.Value, axis, i, 1), axis), DType: x.DType})
	}
	return out
}
