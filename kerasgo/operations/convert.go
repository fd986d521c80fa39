package operations

import ()

func init() {
	register[Cast]("core")
	register[ConvertToTensor]("core")
	register[Array]("numpy")
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
