package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[OnesLike]("numpy")
	register[ZerosLike]("numpy")
	register[FullLike]("numpy")
	register[Size]("numpy")
	register[EmptyLike]("numpy")
	register[Full]("numpy")
}

// OnesLike yields ones in the shape of x.
type OnesLike struct {
	ofX
	Name  string `keras:"name"`
	DType string `keras:"dtype"` // element type of the result; None is that of x
}

func (o OnesLike) Call(c *Call) []Value { return c.filled(1, o.DType) }

// ZerosLike yields zeros in the shape of x.
type ZerosLike struct {
	ofX
	Name  string `keras:"name"`
	DType string `keras:"dtype"` // element type of the result; None is that of x
}

func (o ZerosLike) Call(c *Call) []Value { return c.filled(0, o.DType) }

// FullLike repeats a number in the shape of x.
type FullLike struct {
	ofFill
	Name  string `keras:"name"`
	DType string `keras:"dtype"` // element type of the result; None is that of x
}

func (o FullLike) Call(c *Call) []Value { return o.fill(c) }

// Size is the number of elements of x, as int32.
type Size struct {
	ofX
	Name string `keras:"name"`
}

func (Size) Call(c *Call) []Value {
	return one(c.graph.Scalar(tensor.Int32, float64(c.X(0).Shape().Size())), "int32")
}

type ofFill struct{}

func (ofFill) Arguments() []string { return []string{"x", "fill_value"} }

func (o FullLike) fill(c *Call) []Value {
	x, dtype := c.X(0), o.DType
	if dtype == "" {
		dtype = x.DType
	}
	return one(ops.BroadcastTo(c.X(1).to(dtype).Value, x.Shape()...), dtype)
}

func (c *Call) filled(v float64, dtype string) []Value {
	x := c.X(0)
	if dtype == "" {
		dtype = x.DType
	}
	return one(ops.Fill(c.graph, graph.Spec{DType: engineType(dtype), Shape: x.Shape()}, v), dtype)
}

// constant returns v in the shape of x.
func constant(x graph.Value, v float64) graph.Value {
	return ops.Fill(x.Graph(), graph.Spec{DType: x.DType(), Shape: x.Shape()}, v)
}

// EmptyLike yields zeros in the shape of x.
type EmptyLike struct {
	ofX
	Name  string `keras:"name"`
	DType string `keras:"dtype"` // element type of the result; None is that of x
}

func (o EmptyLike) Call(c *Call) []Value { return c.filled(0, o.DType) }

// Full repeats a number, or a tensor that broadcasts, in a shape.
type Full struct {
	Name  string `keras:"name"`
	Shape []int  `keras:"shape,required"` // shape of the result
	DType string `keras:"dtype"`          // element type of the result; None is float32
}

// Arguments is the number.
func (Full) Arguments() []string { return []string{"fill_value"} }

func (o Full) Call(c *Call) []Value {
	dtype := o.DType
	if dtype == "" {
		dtype = "float32"
	}
	if !c.sized(o.Shape...) {
		return []Value{c.X(0)}
	}
	return one(ops.BroadcastTo(c.X(0).to(dtype).Value, o.Shape...), dtype)
}
