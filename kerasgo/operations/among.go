package operations

import (
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[Digitize]("numpy")
	register[IsIn]("numpy")
	register[SearchSorted]("numpy")
}

// Digitize returns the number of the bin that each element falls into: how many of the ascending edges are at most the element.
type Digitize struct {
	ofBins
	Name string `keras:"name"`
}

func (Digitize) Call(c *Call) []Value { return digitize(c) }

// IsIn is true for every element of x1 that is among those of x2.
type IsIn struct {
	ofPair
	Name         string `keras:"name"`
	AssumeUnique bool   `keras:"assume_unique,default=false"` // changes nothing
	Invert       bool   `keras:"invert,default=false"`        // true for elements that are not
}

func (o IsIn) Call(c *Call) []Value { return o.among(c) }

type ofBins struct{}

func (ofBins) Arguments() []string { return []string{"x", "bins"} }

func (o IsIn) among(c *Call) []Value {
	a, b, _ := c.pair()
	v := ops.ExpandDims(a, len(a.Shape()))
	y := ops.Max(ops.Equal(v, ops.Reshape(b, -1)), []int{len(a.Shape())}, false)
	if o.Invert {
		y = ops.Not(y)
	}
	return one(y, "bool")
}

func digitize(c *Call) []Value {
	x, bins := c.X(0), c.X(1)
	p, _ := c.promoted(x, bins)
	if len(bins.Shape()) != 1 {
		return c.failed("a list of edges is wanted, not shape %v", bins.Shape())
	}
	v := ops.ExpandDims(p[0].Value, len(x.Shape()))
	count := ops.Sum(ops.Cast(ops.GreaterEqual(v, p[1].Value), tensor.Int32), []int{len(x.Shape())}, false)
	return one(count, "int32")
}

// SearchSorted returns the int32 places at which values belong into an ascending list.
type SearchSorted struct {
	Name string `keras:"name"`
	Side string `keras:"side,default=left,enum=left|right"` // before equal elements, or after them
}

// Arguments are the list and the values.
func (SearchSorted) Arguments() []string { return []string{"sorted_sequence", "values"} }

func (o SearchSorted) Call(c *Call) []Value {
	list, x, _ := c.pair()
	if len(list.Shape()) != 1 {
		return c.failed("a list is wanted, not shape %v", list.Shape())
	}
	before := ops.Less
	if o.Side == "right" {
		before = ops.LessEqual
	}
	rank := len(x.Shape())
	below := before(ops.BroadcastTo(list, append(x.Shape().Clone(), list.Shape()[0])...), ops.ExpandDims(x, rank))
	return one(ops.Sum(ops.Cast(below, tensor.Int32), []int{rank}, false), "int32")
}
