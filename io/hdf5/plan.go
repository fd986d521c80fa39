package hdf5

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// Types that can be written; see also [FixedString] and [TypeOf].
var (
	Float16 = &Type{Class: ClassFloat, Size: 2, Exponent: 5, Mantissa: 10}
	Float32 = &Type{Class: ClassFloat, Size: 4, Exponent: 8, Mantissa: 23}
	Float64 = &Type{Class: ClassFloat, Size: 8, Exponent: 11, Mantissa: 52}
	Int8    = &Type{Class: ClassInt, Size: 1, Signed: true}
	Int16   = &Type{Class: ClassInt, Size: 2, Signed: true}
	Int32   = &Type{Class: ClassInt, Size: 4, Signed: true}
	Int64   = &Type{Class: ClassInt, Size: 8, Signed: true}
	Uint8   = &Type{Class: ClassInt, Size: 1}
	Uint16  = &Type{Class: ClassInt, Size: 2}
	Uint32  = &Type{Class: ClassInt, Size: 4}
	Uint64  = &Type{Class: ClassInt, Size: 8}
	// Bool is h5py's bool, an enumeration of int8.
	Bool = &Type{Class: ClassEnum, Size: 1, Signed: true, Base: Int8, Names: []string{"FALSE", "TRUE"}, Values: []byte{0, 1}}
	// BFloat16 is how Keras stores it: two opaque bytes. The dataset needs the attribute "dtype" with the text "bfloat16" too.
	BFloat16 = &Type{Class: ClassOpaque, Size: 2}
	// VariableString is h5py's default for str.
	VariableString = &Type{Class: ClassVariable, Size: 16, VariableString: true, Base: Uint8}
)

// FixedString is numpy's "S" type of n bytes, padded with NUL.
func FixedString(n int) *Type { return &Type{Class: ClassString, Size: n, padding: padNull} }

// TypeOf returns the type with this numpy name ("float32", "int64", "bool", "bfloat16", ...).
func TypeOf(dtype string) (*Type, error) {
	for _, t := range []*Type{Float16, Float32, Float64, Int8, Int16, Int32, Int64, Uint8, Uint16, Uint32, Uint64, Bool} {
		if t.DType() == dtype {
			return t, nil
		}
	}
	if dtype == "bfloat16" {
		return BFloat16, nil
	}
	return nil, fail(ErrUnsupported, "dtype %q cannot be written", dtype)
}

// GroupPlan is a group to be written. Create the root with [NewGroupPlan].
type GroupPlan struct {
	children   map[string]any // *GroupPlan or *DatasetPlan
	attributes []namedValue
	err        error // the first mistake; reported by Layout
}

// DatasetPlan is a dataset to be written. Exactly one of Data, Source and Strings holds its elements; all may be unset if there are none.
type DatasetPlan struct {
	Type    *Type
	Shape   []int                   // empty for a scalar
	Data    []byte                  // little-endian elements in row-major order; not copied, so unchanged until written
	Source  func(w io.Writer) error // writes the same bytes instead, each time it is called
	Strings []string                // for the type VariableString

	attributes []namedValue
}

// NewGroupPlan returns an empty group.
func NewGroupPlan() *GroupPlan { return &GroupPlan{children: map[string]any{}} }

// Group returns the group at a path below g and creates what is missing of it.
func (g *GroupPlan) Group(path string) *GroupPlan {
	for name := range strings.SplitSeq(path, "/") {
		if name == "" {
			continue
		}
		sub, ok := g.children[name].(*GroupPlan)
		if !ok {
			sub = NewGroupPlan()
			g.put(name, sub)
		}
		g = sub
	}
	return g
}

// Add puts a dataset into the group under a name without slashes. A name that is taken is an error of Layout.
func (g *GroupPlan) Add(name string, d *DatasetPlan) { g.put(name, d) }

func (g *GroupPlan) put(name string, node any) {
	_, taken := g.children[name]
	switch {
	case g.err != nil:
	case taken:
		g.err = fail(ErrPlan, "the name %q is taken", name)
	case name == "" || name == "." || strings.ContainsAny(name, "/\x00") || len(name) > maxName:
		g.err = fail(ErrPlan, "%q is no name of an object", name[:min(len(name), 80)])
	}
	g.children[name] = node
}

// SetAttr sets an attribute of the group.
func (g *GroupPlan) SetAttr(name string, v Value) { g.attributes = setAttr(g.attributes, name, v) }

// SetAttr sets an attribute of the dataset.
func (d *DatasetPlan) SetAttr(name string, v Value) { d.attributes = setAttr(d.attributes, name, v) }

type namedValue struct {
	name string
	Value
}

func setAttr(as []namedValue, name string, v Value) []namedValue {
	for i := range as {
		if as[i].name == name {
			as[i].Value = v
			return as
		}
	}
	return append(as, namedValue{name, v})
}

// Value is an attribute's value.
type Value struct {
	typ     *Type
	shape   []int // nil for a scalar
	data    []byte
	strings []string
}

// Text is a scalar string of variable length, h5py's default.
func Text(s string) Value { return Value{typ: VariableString, strings: []string{s}} }

// Texts is a list of strings of variable length. An empty list becomes an empty list of float64, as h5py writes it.
func Texts(s []string) Value {
	if len(s) == 0 {
		return Float64s([]float64{})
	}
	return Value{typ: VariableString, shape: []int{len(s)}, strings: slices.Clone(s)}
}

// FixedTexts is a list of byte strings padded to the longest, numpy's "S" array, which Keras uses for its lists of names. An empty list becomes
// an empty list of float64. HDF5 limits an attribute to 64 KiB.
func FixedTexts(s []string) Value {
	if len(s) == 0 {
		return Float64s([]float64{})
	}
	width := 1
	for _, x := range s {
		width = max(width, len(x))
	}
	data := make([]byte, width*len(s))
	for i, x := range s {
		copy(data[i*width:], x)
	}
	return Value{typ: FixedString(width), shape: []int{len(s)}, data: data}
}

// Int is a scalar int64.
func Int(v int64) Value { return Value{typ: Int64, data: le.AppendUint64(nil, uint64(v))} }

// Float is a scalar float64.
func Float(v float64) Value {
	return Value{typ: Float64, data: le.AppendUint64(nil, math.Float64bits(v))}
}

// Int64s is a list of int64.
func Int64s(v []int64) Value {
	var b []byte
	for _, x := range v {
		b = le.AppendUint64(b, uint64(x))
	}
	return Value{typ: Int64, shape: []int{len(v)}, data: b}
}

// Float64s is a list of float64.
func Float64s(v []float64) Value {
	var b []byte
	for _, x := range v {
		b = le.AppendUint64(b, math.Float64bits(x))
	}
	return Value{typ: Float64, shape: []int{len(v)}, data: b}
}

// size checks the plan and returns the bytes of data.
func (d *DatasetPlan) size() (uint64, error) {
	if d.Type == nil {
		return 0, fail(ErrPlan, "dataset without a type")
	}
	if len(d.Shape) > maxRank {
		return 0, fail(ErrPlan, "rank %d", len(d.Shape))
	}
	n := uint64(d.Type.Size)
	for _, x := range d.Shape {
		if x < 0 || x > 0 && n > math.MaxInt64/uint64(x) {
			return 0, fail(ErrPlan, "shape %v", d.Shape)
		}
		n *= uint64(x)
	}
	got := uint64(len(d.Data))
	if d.Strings != nil {
		if !d.Type.VariableString || d.Data != nil || d.Source != nil {
			return 0, fail(ErrPlan, "Strings need the type VariableString and no other data")
		}
		got = uint64(len(d.Strings)) * uint64(d.Type.Size)
	}
	if d.Source == nil && got != n {
		return 0, fail(ErrPlan, "%d bytes of data for shape %v of %s, which needs %d", got, d.Shape, d.Type.describe(), n)
	}
	if d.Source != nil && d.Data != nil {
		return 0, fail(ErrPlan, "both Data and Source")
	}
	return n, nil
}

// String is for debugging.
func (v Value) String() string {
	return fmt.Sprintf("%s%v", v.typ.describe(), v.shape)
}
