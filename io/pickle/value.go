package pickle

// A value is nil, bool, int64, float64, string, []byte, Tuple, *List, *Dict or *Array.
// Python's integers must fit into 64 bits.

// Tuple is a tuple.
type Tuple []any

// List is a list. It may hold itself.
type List struct{ Items []any }

// Dict is a dictionary: pairs in their order, keys of type string, []byte (Python 2's
// str) or any other value.
type Dict struct{ Keys, Values []any }

// Get returns the value whose key is the text name, written as text or as bytes.
func (d *Dict) Get(name string) (any, bool) {
	for i, k := range d.Keys {
		switch k := k.(type) {
		case string:
			if k == name {
				return d.Values[i], true
			}
		case []byte:
			if string(k) == name {
				return d.Values[i], true
			}
		}
	}
	return nil, false
}

// Array is an array of NumPy, in row-major order unless Fortran is set.
type Array struct {
	Shape   []int
	DType   string // as NumPy's dtype.str, such as "<i8", "|u1" or "|O"
	Fortran bool
	Data    []byte // of the elements
	Objects []any  // the elements, with DType "|O"
}

// Len returns the number of elements.
func (a *Array) Len() int {
	n := 1
	for _, d := range a.Shape {
		n *= d
	}
	return n
}

// What the machine has on its stack beside values.
type (
	mark     struct{}
	function string                // a global, by its full name
	dtype    struct{ name string } // numpy.dtype under construction
)
