package keras

import (
	"github.com/kerasgo/kerasgo/kerasgo/operations"
)

// All is an index of At: Python's ":", all places of an axis.
var All = operations.Range{}

// Rest is an index of At: Python's "...", all axes that the other indices leave.
var Rest = operations.Ellipsis{}

// From is an index of At: Python's "start:", the places from start on.
func From(start int) operations.Range { return operations.Range{Start: &start} }

// To is an index of At: Python's ":stop", the places before stop.
func To(stop int) operations.Range { return operations.Range{Stop: &stop} }

// Between is an index of At: Python's "start:stop".
func Between(start, stop int) operations.Range { return operations.Range{Start: &start, Stop: &stop} }

// These methods are what Python writes with operators. The other operand is a
// symbol, a number or an array, broadcast as NumPy does; keras.Op with the operation
// of the same name puts it first.

// Add returns s + y.
func (s *Symbol) Add(y any) *Symbol { return s.with(operations.Add{}, y) }

// Sub returns s - y.
func (s *Symbol) Sub(y any) *Symbol { return s.with(operations.Subtract{}, y) }

// Mul returns s · y, element by element.
func (s *Symbol) Mul(y any) *Symbol { return s.with(operations.Multiply{}, y) }

// Div returns s / y. Python's / is TrueDivide in files.
func (s *Symbol) Div(y any) *Symbol { return s.with(operations.TrueDivide{}, y) }

// FloorDiv returns s / y rounded down, Python's //.
func (s *Symbol) FloorDiv(y any) *Symbol { return s.with(operations.FloorDivide{}, y) }

// Mod returns the remainder of s / y with the sign of y, Python's %.
func (s *Symbol) Mod(y any) *Symbol { return s.with(operations.Mod{}, y) }

// Pow returns s to the power of y.
func (s *Symbol) Pow(y any) *Symbol { return s.with(operations.Power{}, y) }

// Neg returns -s.
func (s *Symbol) Neg() *Symbol { return s.with(operations.Negative{}) }

// Abs returns |s|.
func (s *Symbol) Abs() *Symbol { return s.with(operations.Absolute{}) }

// MatMul returns the product of matrices s·y, Python's @.
func (s *Symbol) MatMul(y any) *Symbol { return s.with(operations.Matmul{}, y) }

// Equal is true where s = y.
func (s *Symbol) Equal(y any) *Symbol { return s.with(operations.Equal{}, y) }

// NotEqual is true where s ≠ y.
func (s *Symbol) NotEqual(y any) *Symbol { return s.with(operations.NotEqual{}, y) }

// Less is true where s < y.
func (s *Symbol) Less(y any) *Symbol { return s.with(operations.Less{}, y) }

// LessEqual is true where s ≤ y.
func (s *Symbol) LessEqual(y any) *Symbol { return s.with(operations.LessEqual{}, y) }

// Greater is true where s > y.
func (s *Symbol) Greater(y any) *Symbol { return s.with(operations.Greater{}, y) }

// GreaterEqual is true where s ≥ y.
func (s *Symbol) GreaterEqual(y any) *Symbol { return s.with(operations.GreaterEqual{}, y) }

// And is true where s and y are, Python's &.
func (s *Symbol) And(y any) *Symbol { return s.with(operations.LogicalAnd{}, y) }

// Or is true where s or y is, Python's |.
func (s *Symbol) Or(y any) *Symbol { return s.with(operations.LogicalOr{}, y) }

// Not is true where s is not, Python's ~.
func (s *Symbol) Not() *Symbol { return s.with(operations.LogicalNot{}) }

// Reshape returns s in another shape, the batch axis included; -1 is a length that
// follows from the others.
func (s *Symbol) Reshape(shape ...int) *Symbol { return s.with(operations.Reshape{NewShape: shape}) }

// At returns a part of s, Python's s[…], by one index for each axis: a whole number
// takes one place and removes the axis; All, From, To, Between and an
// operations.Range take several; Rest stands for the axes that are left, nil inserts
// an axis of length 1. x.At(keras.All, 0) is x[:, 0].
func (s *Symbol) At(index ...any) *Symbol {
	if len(index) == 1 {
		return s.with(operations.GetItem{}, index[0])
	}
	return s.with(operations.GetItem{}, index)
}

// with applies an operation to the symbol and further arguments.
func (s *Symbol) with(op operations.Operation, args ...any) *Symbol {
	where := caller(2)
	return newLayer(op, where).operate(where, append([]any{s}, args...), nil)
}
