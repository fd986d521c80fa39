package ops

import "math"

// BinaryKind names a function of two numbers.
type BinaryKind uint8

// The functions of two numbers. From BinaryGreater on they yield truth values.
const (
	BinaryAdd BinaryKind = iota
	BinarySub
	BinaryMul
	BinaryDiv
	BinaryPow
	BinaryMaximum
	BinaryMinimum
	BinaryGreater
	BinaryGreaterEqual
	BinaryLess
	BinaryLessEqual
	BinaryEqual
	BinaryNotEqual
	BinaryAnd
	BinaryOr
	binaryKinds // how many there are
)

var binaryNames = [binaryKinds]string{
	"Add", "Sub", "Mul", "Div", "Pow", "Maximum", "Minimum",
	"Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual", "And", "Or",
}

// String returns the name of the function that applies k, such as "Add".
func (k BinaryKind) String() string {
	if k < binaryKinds {
		return binaryNames[k]
	}
	return "Binary?"
}

// Func returns the function that k names.
func (k BinaryKind) Func() func(a, b float64) float64 { return binaryFuncs[k] }

// Truth reports whether the function yields 0 or 1 for false and true.
func (k BinaryKind) Truth() bool { return k >= BinaryGreater }

// Integer reports whether the function is defined on integers too.
func (k BinaryKind) Integer() bool { return k != BinaryDiv && k != BinaryPow }

var binaryFuncs = [binaryKinds]func(a, b float64) float64{
	BinaryAdd:          func(a, b float64) float64 { return a + b },
	BinarySub:          func(a, b float64) float64 { return a - b },
	BinaryMul:          func(a, b float64) float64 { return a * b },
	BinaryDiv:          func(a, b float64) float64 { return a / b },
	BinaryPow:          math.Pow,
	BinaryMaximum:      func(a, b float64) float64 { return max(a, b) }, // max and min keep NaN
	BinaryMinimum:      func(a, b float64) float64 { return min(a, b) },
	BinaryGreater:      func(a, b float64) float64 { return truth(a > b) },
	BinaryGreaterEqual: func(a, b float64) float64 { return truth(a >= b) },
	BinaryLess:         func(a, b float64) float64 { return truth(a < b) },
	BinaryLessEqual:    func(a, b float64) float64 { return truth(a <= b) },
	BinaryEqual:        func(a, b float64) float64 { return truth(a == b) },
	BinaryNotEqual:     func(a, b float64) float64 { return truth(a != b) },
	BinaryAnd:          func(a, b float64) float64 { return truth(a != 0 && b != 0) },
	BinaryOr:           func(a, b float64) float64 { return truth(a != 0 || b != 0) },
}
