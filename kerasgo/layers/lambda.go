package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// Function is what a Lambda calls, with the layer's arguments.
type Function = func(c *Context, arguments map[string]any, in ...graph.Value) graph.Value

// Lambda computes its output by a function in Go, which an init function registers under
// the name that the function of Python has there:
//
//	func halve(c *layers.Context, arguments map[string]any, in ...graph.Value) graph.Value {
//		return ops.MulScalar(in[0], 0.5)
//	}
//
//	func init() { spec.RegisterFunc("shop", "halve", halve, spec.OfKind("function")) }
//
//	layers.Lambda{Function: "halve"} // or Function: halve
//
// In Python it is registered by register_keras_serializable("shop", "halve"). An
// activation function may stand there too. A file whose function is a Python lambda holds
// Python code, and is refused.
//
// Input and output as the function has them; a mask ends here.
type Lambda struct {
	Function            any            `keras:"function,pos,required,kind=function|activation"` // a registered Function, or its name
	OutputShape         []int          `keras:"output_shape,shape,omitdefault"`                 // what the function yields of a sample; follows from it when unset
	Arguments           map[string]any `keras:"arguments"`                                      // handed to the function
	ActivityRegularizer any            `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string         `keras:"name"`
	Trainable           *bool          `keras:"trainable,default=true"`
	DType               string         `keras:"dtype"`
	InputShape          []int          `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[Lambda](module, spec.Ignored("mask", "function_type=function", "output_shape_type=raw", "module")) // the last three of Keras 2
}

// Build checks the function.
func (d Lambda) Build(b *Builder, in ...tensor.Shape) {
	switch d.Function.(type) {
	case Function, activations.Func:
		return
	}
	b.Errorf("function is a %T; wanted is a func(c *layers.Context, arguments map[string]any, in ...graph.Value) graph.Value", d.Function)
}

// Call calls the function.
func (d Lambda) Call(c *Context, in ...graph.Value) graph.Value {
	var out graph.Value
	switch f := d.Function.(type) {
	case Function:
		out = f(c, d.Arguments, in...)
	case activations.Func:
		if len(in) != 1 || len(d.Arguments) > 0 {
			c.Errorf("an activation function takes one input and no arguments")
			return in[0]
		}
		out = f(in[0])
	}
	if !out.OK() {
		c.Errorf("the function returned nothing")
		return in[0]
	}
	if d.OutputShape != nil && !fitsSample(out.Shape(), d.OutputShape) {
		c.Errorf("output_shape says %v, the function returned %v for each sample", tensor.Shape(d.OutputShape), out.Shape()[min(1, len(out.Shape())):])
	}
	return out
}

// fitsSample reports whether a batch consists of samples of the shape.
func fitsSample(batch tensor.Shape, sample []int) bool {
	if len(batch) != len(sample)+1 {
		return false
	}
	for i, n := range sample {
		if n != tensor.Unknown && n != batch[i+1] {
			return false
		}
	}
	return true
}

var _ Layer = Lambda{}
