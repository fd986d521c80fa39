package tensor

import "fmt"

// DType is the element type of a tensor.
type DType uint8

// The element types. Float32 is the zero value: what Keras's floatx is.
const (
	Float32 DType = iota
	Float64
	Int32
	Int64
	Uint8
	Bool
	String
)

var dtypeNames = [...]string{"float32", "float64", "int32", "int64", "uint8", "bool", "string"}

// String returns Keras's name of the type, such as "float32".
func (d DType) String() string {
	if int(d) < len(dtypeNames) {
		return dtypeNames[d]
	}
	return fmt.Sprintf("dtype(%d)", uint8(d))
}

// ParseDType finds a type by Keras's name. The empty string is float32.
func ParseDType(name string) (DType, error) {
	if name == "" {
		return Float32, nil
	}
	for i, n := range dtypeNames {
		if n == name {
			return DType(i), nil
		}
	}
	return Float32, fmt.Errorf("tensor: unknown dtype %q (known: float32, float64, int32, int64, uint8, bool, string)", name)
}

// Size returns the bytes of one element; 0 for String.
func (d DType) Size() int { return [...]int{4, 8, 4, 8, 1, 1, 0}[d] }

// Float reports whether the type is a floating-point type.
func (d DType) Float() bool { return d == Float32 || d == Float64 }
