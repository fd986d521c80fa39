package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// FuncOp computes its output by a Go function. It is for what kernels do not know:
// words, and whole numbers of 64 bits. Its inputs and its output may be strings.
type FuncOp struct{ F *Func }

// Func is the function of a FuncOp.
type Func struct {
	Name  string                                              // for messages
	Infer func(in []graph.Spec) (graph.Spec, error)           // type and shape of the output
	Eval  func(out *tensor.Tensor, in []*tensor.Tensor) error // fills the output
}

// FuncError is what a FuncOp panics with when its function fails.
type FuncError struct {
	Name string // of the function
	Err  error
}

func (e *FuncError) Error() string { return e.Name + ": " + e.Err.Error() }

// Unwrap returns the function's error.
func (e *FuncError) Unwrap() error { return e.Err }

// Infer asks the function.
func (o FuncOp) Infer(in []spec) ([]spec, error) {
	s, err := o.F.Infer(in)
	if err != nil {
		return nil, err
	}
	return []spec{s}, nil
}

// Gradient is none.
func (FuncOp) Gradient(in, out, dout []value) []value { return make([]value, len(in)) }

// Eval calls the function. It panics with a *FuncError.
func (o FuncOp) Eval(out, in []array) {
	if err := o.F.Eval(out[0], in); err != nil {
		panic(&FuncError{o.F.Name, err})
	}
}

// Call applies a Go function. It has no gradient.
func Call(f *Func, in ...graph.Value) graph.Value { return graph.Apply1(FuncOp{f}, in...) }

var _ graph.Op = FuncOp{}
