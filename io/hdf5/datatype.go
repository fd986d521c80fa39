package hdf5

import "math/bits"

// Class is an HDF5 datatype class.
type Class uint8

// The classes in the numbering of the format. Time, Compound and Reference are recognised but their values are not read.
const (
	ClassInt Class = iota
	ClassFloat
	ClassTime
	ClassString
	ClassBitfield
	ClassOpaque
	ClassCompound
	ClassReference
	ClassEnum
	ClassVariable // variable length: a string if Type.VariableString
	ClassArray
)

// String returns the class's name in the specification.
func (c Class) String() string {
	names := [...]string{"integer", "float", "time", "string", "bitfield", "opaque", "compound", "reference", "enumeration", "variable-length", "array"}
	if int(c) < len(names) {
		return names[c]
	}
	return "unknown"
}

// Padding of fixed-length strings.
const (
	padNullTerminated = 0
	padNull           = 1 // numpy's "S"
	padSpace          = 2
)

// Type is the type of the elements of a dataset or attribute.
type Type struct {
	Class          Class
	Size           int // bytes per element as stored
	BigEndian      bool
	Signed         bool     // integers
	Exponent       int      // bits, floats
	Mantissa       int      // bits, floats
	VariableString bool     // ClassVariable only
	Base           *Type    // of enumerations, variable-length and array types
	Names          []string // of an enumeration
	Values         []byte   // of an enumeration, as stored
	padding        int
}

const maxTypeDepth = 8

func (f *File) datatype(c *cursor, depth int) *Type {
	t := &Type{}
	if depth > maxTypeDepth {
		c.fail("datatype nested more than %d times", maxTypeDepth)
		return t
	}
	head := c.u8()
	flags := int(c.uint(3))
	t.Class, t.Size = Class(head&15), c.u32n()
	v := head >> 4
	if c.err == nil && (v == 0 || v > 5) {
		c.err = fail(ErrUnsupported, "datatype version %d", v)
	}
	switch t.Class {
	case ClassInt, ClassBitfield:
		t.BigEndian, t.Signed = flags&1 != 0, t.Class == ClassInt && flags&8 != 0
		c.take(4) // bit offset and precision
	case ClassFloat:
		t.BigEndian = flags&1 != 0
		c.take(5) // bit offset, precision, exponent location
		t.Exponent = c.u8()
		c.take(1)
		t.Mantissa = c.u8()
		c.take(4) // bias
	case ClassTime:
		c.take(2)
	case ClassString:
		t.padding = flags & 15
	case ClassOpaque:
		c.take((flags&255 + 7) &^ 7) // tag
	case ClassReference:
	case ClassEnum:
		f.enumMembers(c, t, v, flags&0xffff, depth)
	case ClassVariable:
		t.VariableString = flags&15 == 1
		t.Base = f.datatype(c, depth+1)
	case ClassArray:
		n := c.u8()
		if v < 3 {
			c.take(3 + 8*n)
		} else {
			c.take(4 * n)
		}
		t.Base = f.datatype(c, depth+1)
	case ClassCompound:
		for range flags & 0xffff {
			memberName(c, v)
			switch v {
			case 1:
				c.take(4 + 12 + 16)
			case 2:
				c.take(4)
			default:
				c.take((bits.Len(uint(t.Size)) + 7) / 8)
			}
			f.datatype(c, depth+1)
			if c.err != nil {
				return t
			}
		}
	default:
		c.fail("datatype class %d", t.Class)
	}
	if t.Size == 0 && t.Class != ClassString && t.Class != ClassOpaque {
		c.fail("datatype of size 0")
	}
	if t.Class == ClassVariable && t.Size != 8+f.offsetSize {
		c.fail("variable-length type of %d bytes", t.Size)
	}
	return t
}

func memberName(c *cursor, version int) string {
	s := cstring(c.b)
	n := len(s) + 1
	if version < 3 {
		n = (n + 7) &^ 7
	}
	c.take(n)
	return s
}

func (f *File) enumMembers(c *cursor, t *Type, version, n, depth int) {
	t.Base = f.datatype(c, depth+1)
	if c.err == nil && (t.Base.Class != ClassInt || t.Base.Size != t.Size) {
		c.fail("enumeration of %s", t.Base.Class)
	}
	for range n {
		name := memberName(c, version)
		if c.err != nil {
			return
		}
		t.Names = append(t.Names, name)
	}
	t.Values = c.take(n * t.Size)
	t.BigEndian, t.Signed = t.Base.BigEndian, t.Base.Signed
}

// isBool recognises h5py's bool: an enumeration of one byte, FALSE = 0 and TRUE = 1.
func (t *Type) isBool() bool {
	return t.Class == ClassEnum && t.Size == 1 && len(t.Names) == 2 &&
		t.Names[0] == "FALSE" && t.Names[1] == "TRUE" && t.Values[0] == 0 && t.Values[1] == 1
}

// IsString tells whether elements are strings of fixed or variable length.
func (t *Type) IsString() bool {
	return t.Class == ClassString || t.Class == ClassVariable && t.VariableString
}

// DType returns the type's name in numpy and Keras: "float32", "int64", "uint8", "bool", "bfloat16", "string". It is "" for a type without
// such a name, "opaque" for opaque bytes.
func (t *Type) DType() string {
	size := bits.TrailingZeros(uint(t.Size))
	known := t.Size == 1<<size && size <= 3
	switch t.Class {
	case ClassInt, ClassEnum, ClassBitfield:
		if t.isBool() {
			return "bool"
		}
		if !known {
			return ""
		}
		if t.Signed {
			return [...]string{"int8", "int16", "int32", "int64"}[size]
		}
		return [...]string{"uint8", "uint16", "uint32", "uint64"}[size]
	case ClassFloat:
		switch [3]int{t.Size, t.Exponent, t.Mantissa} {
		case [3]int{2, 5, 10}:
			return "float16"
		case [3]int{2, 8, 7}:
			return "bfloat16"
		case [3]int{4, 8, 23}:
			return "float32"
		case [3]int{8, 11, 52}:
			return "float64"
		}
	case ClassOpaque:
		return "opaque"
	}
	if t.IsString() {
		return "string"
	}
	return ""
}

// describe is for error messages.
func (t *Type) describe() string {
	if s := t.DType(); s != "" {
		return s
	}
	return t.Class.String()
}
