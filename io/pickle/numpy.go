package pickle

import (
	"fmt"
	"math"
)

// The functions that are recognised. codecs.encode is how protocol 2 of Python 3 writes
// bytes: as a text to be encoded in Latin-1.
const (
	ndarray     function = "numpy.ndarray"
	dtypeType   function = "numpy.dtype"
	reconstruct function = "multiarray._reconstruct"
	encode      function = "_codecs.encode"
)

// global returns a function by module and name.
func global(module, name string) (function, error) {
	switch [2]string{module, name} {
	case [2]string{"numpy", "ndarray"}:
		return ndarray, nil
	case [2]string{"numpy", "dtype"}:
		return dtypeType, nil
	case [2]string{"numpy.core.multiarray", "_reconstruct"}, [2]string{"numpy._core.multiarray", "_reconstruct"}:
		return reconstruct, nil
	case [2]string{"_codecs", "encode"}:
		return encode, nil
	}
	return "", malformed("it wants the Python function %.60q of the module %.60q, which is not run", name, module)
}

// call is what a function makes of its arguments.
func call(f function, args Tuple) (any, error) {
	switch f {
	case reconstruct: // (ndarray, (0,), b'b'): an empty array, filled by state
		if len(args) == 3 && args[0] == any(ndarray) {
			return &Array{}, nil
		}
	case dtypeType: // ('u1', False, True)
		if len(args) >= 1 && len(args) <= 3 {
			if name, ok := text(args[0]); ok && len(name) <= 8 {
				return &dtype{name}, nil
			}
		}
	case encode: // ('…', 'latin1')
		if len(args) == 2 {
			s, ok := args[0].(string)
			codec, _ := args[1].(string)
			if ok && codec == "latin1" {
				return latin1(s)
			}
		}
	}
	return nil, malformed("%s is called with other arguments than NumPy writes", f)
}

func latin1(s string) ([]byte, error) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return nil, malformed("bytes with the character %q", r)
		}
		b = append(b, byte(r))
	}
	return b, nil
}

// build sets the state of an object.
func build(object, state any) error {
	s, ok := state.(Tuple)
	if !ok {
		return malformed("a state that is no tuple")
	}
	switch o := object.(type) {
	case *dtype: // (3, '<', None, None, None, -1, -1, 0)
		if len(s) >= 5 && s[2] == nil && s[3] == nil && s[4] == nil {
			if order, ok := text(s[1]); ok && len(order) == 1 {
				o.name = order + o.name
				return nil
			}
		}
		return malformed("a type of elements that is not plain")
	case *Array: // (1, shape, dtype, fortran, data)
		return o.fill(s)
	}
	return malformed("a state for what is no array")
}

const maxAxes = 64

func (a *Array) fill(s Tuple) error {
	if len(s) != 5 || a.DType != "" {
		return malformed("an array in another form than NumPy writes")
	}
	shape, ok1 := s[1].(Tuple)
	kind, ok2 := s[2].(*dtype)
	fortran, ok3 := s[3].(bool)
	if n, isInt := s[3].(int64); isInt {
		fortran, ok3 = n != 0, true
	}
	if !ok1 || !ok2 || !ok3 || len(shape) > maxAxes {
		return malformed("an array in another form than NumPy writes")
	}
	count := 1
	dims := make([]int, len(shape))
	for i, v := range shape {
		n, ok := v.(int64)
		if !ok || n < 0 || n > math.MaxInt32 || n > 0 && count > math.MaxInt32/int(n) {
			return malformed("an array of shape %v", []any(shape))
		}
		dims[i] = int(n)
		count *= dims[i]
	}
	name := kind.name
	if len(name) < 2 || name == "|O8" || name == "|O4" {
		name = "|O"
	}
	*a = Array{Shape: dims, DType: name, Fortran: fortran}
	if name == "|O" {
		list, ok := s[4].(*List)
		if !ok || len(list.Items) != count {
			return malformed("an array of shape %v without as many objects", dims)
		}
		a.Objects = list.Items
		return nil
	}
	data, ok := s[4].([]byte)
	size := itemSize(name)
	if size == 0 {
		return malformed("an array of %.20q", name)
	}
	if !ok || len(data) != count*size {
		return malformed("an array of shape %v and type %s with %d bytes", dims, name, len(data))
	}
	a.Data = data
	return nil
}

// itemSize returns the bytes of an element of a plain type, 0 for others.
func itemSize(name string) int {
	if len(name) != 3 {
		return 0
	}
	switch name[1] {
	case 'i', 'u', 'f', 'b':
		switch n := int(name[2] - '0'); n {
		case 1, 2, 4, 8:
			return n
		}
	}
	return 0
}

// text returns a text, which Python 2 has as bytes.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []byte:
		return string(v), true
	}
	return "", false
}

// Int64s returns the elements of an array of integers, in row-major order.
func (a *Array) Int64s() ([]int64, error) {
	if a.Fortran && len(a.Shape) > 1 {
		return nil, fmt.Errorf("pickle: an array in column-major order")
	}
	size := itemSize(a.DType)
	if size == 0 || a.DType[1] != 'i' && a.DType[1] != 'u' {
		return nil, fmt.Errorf("pickle: an array of %q, wanted are integers", a.DType)
	}
	out := make([]int64, len(a.Data)/size)
	for i := range out {
		v, b := uint64(0), a.Data[i*size:(i+1)*size]
		for k := range size {
			at := size - 1 - k
			if a.DType[0] == '>' {
				at = k
			}
			v = v<<8 | uint64(b[at])
		}
		if shift := 64 - 8*size; a.DType[1] == 'i' {
			v = uint64(int64(v<<shift) >> shift)
		}
		out[i] = int64(v)
	}
	return out, nil
}
