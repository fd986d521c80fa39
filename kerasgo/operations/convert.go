package operations

import (
	"math"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[Cast]("core")
	register[ConvertToTensor]("core")
	register[Array]("numpy")
	register[SaturateCast]("core")
	register[View]("numpy")
}

// Cast converts to another element type.
type Cast struct {
	ofX
	Name  string `keras:"name"`
	DType string `keras:"dtype,required,enum=bool|uint8|uint16|uint32|int8|int16|int32|int64|bfloat16|float16|float32|float64"` // element type of the result
}

func (o Cast) Call(c *Call) []Value { return []Value{c.X(0).to(o.DType)} }

// ConvertToTensor returns x, converted to an element type if one is named.
type ConvertToTensor struct {
	ofX
	Name   string `keras:"name"`
	DType  string `keras:"dtype"`  // element type of the result; None is that of x
	Sparse *bool  `keras:"sparse"` // tensors are never sparse
	Ragged *bool  `keras:"ragged"` // tensors are never ragged
}

func (o ConvertToTensor) Call(c *Call) []Value { return c.converted(o.DType) }

// Array returns x, converted to an element type if one is named.
type Array struct {
	ofX
	Name  string `keras:"name"`
	DType string `keras:"dtype"` // element type of the result; None is that of x
}

func (o Array) Call(c *Call) []Value { return c.converted(o.DType) }

func (c *Call) converted(dtype string) []Value {
	x := c.X(0)
	if dtype == "" {
		dtype = x.DType
	}
	return []Value{x.to(dtype)}
}

// SaturateCast converts to another element type; numbers outside its range become the
// nearest ones inside.
type SaturateCast struct {
	ofX
	Name  string `keras:"name"`
	DType string `keras:"dtype,required,enum=bool|uint8|uint16|uint32|int8|int16|int32|int64|bfloat16|float16|float32|float64"` // element type of the result
}

func (o SaturateCast) Call(c *Call) []Value {
	x := c.X(0)
	low, high := limits(o.DType)
	lowest, highest := limits(x.DType)
	low, high = max(low, lowest), min(high, highest)
	if engineType(x.DType) == tensor.Float32 { // the largest float32 that is inside
		if high < float64(float32(high)) {
			high = float64(math.Nextafter32(float32(high), 0))
		}
		if low > float64(float32(low)) {
			low = float64(math.Nextafter32(float32(low), 0))
		}
	}
	return []Value{make1(ops.Clip(x.Value, low, high), x.DType).to(o.DType)}
}

// limits returns the smallest and the largest number of a type.
func limits(dtype string) (low, high float64) {
	switch dtype {
	case "bool":
		return 0, 1
	case "float16":
		return -65504, 65504
	case "bfloat16":
		return -0x1.fep127, 0x1.fep127
	case "float32":
		return -math.MaxFloat32, math.MaxFloat32
	case "float64":
		return -math.MaxFloat64, math.MaxFloat64
	case "int32":
		return math.MinInt32, math.MaxInt32
	case "int64":
		return math.MinInt64, 0x1.fffffffffffffp62 // the largest float64 inside
	}
	size := float64(int64(1) << bits[dtype])
	if strings.HasPrefix(dtype, "int") {
		return -size / 2, size/2 - 1
	}
	return 0, size - 1
}

// View reads the bits of the elements as numbers of another type of the same length.
type View struct {
	ofX
	Name  string `keras:"name"`
	DType string `keras:"dtype"` // element type of the result; None is that of x
}

func (o View) Call(c *Call) []Value {
	x := c.X(0)
	switch {
	case o.DType == "" || o.DType == x.DType:
		return one(x.Value, x.DType)
	case x.DType == "float32" && o.DType == "int32":
		return one(ops.Call(bitsOf, x.Value), "int32")
	case x.DType == "int32" && o.DType == "float32":
		return one(ops.Call(fromBits, x.Value), "float32")
	}
	return c.failed("only float32 can be viewed as int32 and int32 as float32, not %s as %s", x.DType, o.DType)
}

func sameShape(dtype tensor.DType) func(in []graph.Spec) (graph.Spec, error) {
	return func(in []graph.Spec) (graph.Spec, error) { return graph.Spec{DType: dtype, Shape: in[0].Shape}, nil }
}

var (
	bitsOf = &ops.Func{Name: "View", Infer: sameShape(tensor.Int32), Eval: func(out *tensor.Tensor, in []*tensor.Tensor) error {
		for i, v := range in[0].Float32s() {
			out.Int32s()[i] = int32(math.Float32bits(v))
		}
		return nil
	}}
	fromBits = &ops.Func{Name: "View", Infer: sameShape(tensor.Float32), Eval: func(out *tensor.Tensor, in []*tensor.Tensor) error {
		for i, v := range in[0].Int32s() {
			out.Float32s()[i] = math.Float32frombits(uint32(v))
		}
		return nil
	}}
)
