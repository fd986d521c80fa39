package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[SegmentSum]("math")
	register[SegmentMax]("math")
	register[SegmentMin]("math")
	register[SegmentProd]("math")
}

// SegmentSum adds the rows of data that have the same number in segment_ids. Rows with
// a negative number count nowhere; segments without rows are 0.
type SegmentSum struct {
	ofSegments
	Name        string `keras:"name"`
	NumSegments *int   `keras:"num_segments,min=1"`   // length of the result; it must be given
	Sorted      bool   `keras:"sorted,default=false"` // a promise that the numbers ascend; changes nothing
}

func (o SegmentSum) Call(c *Call) []Value { return c.segments(o.NumSegments, ops.ScatterAdd) }

// SegmentMax takes the largest elements of the rows of data that have the same number in
// segment_ids. Rows with a negative number count nowhere; segments without rows hold the
// smallest number of the type.
type SegmentMax struct {
	ofSegments
	Name        string `keras:"name"`
	NumSegments *int   `keras:"num_segments,min=1"`   // length of the result; it must be given
	Sorted      bool   `keras:"sorted,default=false"` // a promise that the numbers ascend; changes nothing
}

func (o SegmentMax) Call(c *Call) []Value { return c.segments(o.NumSegments, joined(ops.ScatterMax)) }

// SegmentMin takes the smallest elements of the rows of data that have the same number in
// segment_ids. Rows with a negative number count nowhere; segments without rows hold the
// largest number of the type.
type SegmentMin struct {
	ofSegments
	Name        string `keras:"name"`
	NumSegments *int   `keras:"num_segments,min=1"`   // length of the result; it must be given
	Sorted      bool   `keras:"sorted,default=false"` // a promise that the numbers ascend; changes nothing
}

func (o SegmentMin) Call(c *Call) []Value { return c.segments(o.NumSegments, joined(ops.ScatterMin)) }

// SegmentProd multiplies the rows of data that have the same number in segment_ids. Rows
// with a negative number count nowhere; segments without rows are 1.
type SegmentProd struct {
	ofSegments
	Name        string `keras:"name"`
	NumSegments *int   `keras:"num_segments,min=1"`   // length of the result; it must be given
	Sorted      bool   `keras:"sorted,default=false"` // a promise that the numbers ascend; changes nothing
}

func (o SegmentProd) Call(c *Call) []Value {
	return c.segments(o.NumSegments, joined(ops.ScatterProd))
}

type ofSegments struct{}

func (ofSegments) Arguments() []string { return []string{"data", "segment_ids"} }

func joined(kind ops.ScatterKind) func(x, ids graph.Value, rows int) graph.Value {
	return func(x, ids graph.Value, rows int) graph.Value { return ops.ScatterReduce(x, ids, rows, kind) }
}

// segments joins rows; those that count nowhere go to a segment of their own.
func (c *Call) segments(count *int, f func(x, ids graph.Value, rows int) graph.Value) []Value {
	x, ids := c.X(0), c.X(1)
	if count == nil {
		return c.failed("num_segments must be given: without it the shape of the result depends on the numbers")
	}
	n := *count
	if !c.within("num_segments", n, maxPlaces) || len(ids.Shape()) != 1 || len(x.Shape()) == 0 {
		return c.failed("segment_ids must have one axis, not shape %v", ids.Shape())
	}
	v := ops.Cast(ids.Value, tensor.Int32)
	v = ops.Where(ops.Less(v, ops.Scalar(v, 0)), ops.Scalar(v, float64(n)), v)
	sizes := append([]int{n}, slices.Clone([]int(x.Shape()[1:]))...)
	return one(ops.Slice(f(x.Value, v, n+1), make([]int, len(sizes)), sizes), x.DType)
}
