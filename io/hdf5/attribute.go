package hdf5

import (
	"cmp"
	"slices"
)

// Attribute is a small named value of a group or dataset.
type Attribute struct {
	Name  string
	Type  *Type
	Shape []int // empty for a scalar
	Null  bool  // h5py.Empty: a type without a value

	f     *File
	path  string
	n     uint64
	data  []byte
	order uint64
}

// attributes lists an object's attributes, from the header in stored order, then those in dense storage in creation or name order.
func (h *header) attributes(path string) (as []*Attribute, err error) {
	for _, m := range h.messages {
		if m.kind == msgAttribute {
			a, err := h.f.attribute(m.data, m.flags, path)
			if err != nil {
				return nil, err
			}
			as = append(as, a)
		}
	}
	c := h.message(msgAttributeInfo)
	if c == nil {
		return as, nil
	}
	c.version("attribute info", 0)
	tracked := c.u8()&1 != 0
	if tracked {
		c.take(2)
	}
	heap, tree := c.address(), c.address()
	if c.err != nil || heap == undefined {
		return as, c.err
	}
	dense, err := h.denseAttributes(heap, tree, path)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(dense, func(a, b *Attribute) int {
		if tracked && a.order != b.order {
			return cmp.Compare(a.order, b.order)
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return append(as, dense...), nil
}

func (h *header) denseAttributes(heap, tree uint64, path string) (as []*Attribute, err error) {
	fh, err := h.f.fractalHeap(heap)
	if err != nil {
		return nil, err
	}
	err = h.f.btree2(tree, recordAttributeName, func(rec []byte) error {
		c := &cursor{b: rec, f: h.f}
		id, flags, order := c.take(fh.idLen), c.u8(), c.uint(4)
		if c.err != nil {
			return c.err
		}
		d, err := fh.object(id)
		if err != nil {
			return err
		}
		a, err := h.f.attribute(d, flags, path)
		if err != nil {
			return err
		}
		a.order = order
		as = append(as, a)
		return nil
	})
	return as, err
}

func (f *File) attribute(d []byte, flags int, path string) (*Attribute, error) {
	d, err := f.unshare(msgAttribute, flags, d)
	if err != nil {
		return nil, err
	}
	c := &cursor{b: d, f: f}
	v := c.version("attribute", 3)
	shared := c.u8() // bit 0: the datatype lies elsewhere
	nameLen, typeLen, spaceLen := c.u16(), c.u16(), c.u16()
	pad := func(n int) int { return n }
	switch v {
	case 0:
		c.fail("attribute version 0")
	case 1:
		shared = 0
		pad = func(n int) int { return (n + 7) &^ 7 }
	case 3:
		c.take(1) // character set of the name
	}
	a := &Attribute{f: f, Name: cstring(c.take(pad(nameLen)))}
	a.path = path + "@" + a.Name
	typeBytes, spaceBytes := c.take(pad(typeLen)), c.take(pad(spaceLen))
	if c.err != nil {
		return nil, c.err
	}
	if typeBytes, err = f.unshare(msgDatatype, shared<<1&2, typeBytes); err != nil {
		return nil, err
	}
	tc, sc := &cursor{b: typeBytes, f: f}, &cursor{b: spaceBytes, f: f}
	a.Type = f.datatype(tc, 0)
	if tc.err != nil {
		return nil, f.locate(a.path, tc.err)
	}
	s := readDataspace(sc)
	if sc.err != nil {
		return nil, f.locate(a.path, sc.err)
	}
	a.Shape, a.Null, a.n = s.shape(), s.null, s.n
	n, err := s.bytes(a.Type)
	if err == nil && n > uint64(len(c.b)) {
		err = malformed("%d bytes of data, %d are there", n, len(c.b))
	}
	if err != nil {
		return nil, f.locate(a.path, err)
	}
	a.data = c.b[:n]
	return a, nil
}

// Len returns the number of elements.
func (a *Attribute) Len() int { return int(a.n) }

// Strings returns the elements of a string attribute, in row-major order. An empty attribute of any type gives an empty list, because h5py
// stores an empty list of names as float64.
func (a *Attribute) Strings() ([]string, error) {
	if a.n == 0 {
		return []string{}, nil
	}
	s, err := a.f.decodeStrings(a.Type, a.data)
	return s, a.f.locate(a.path, err)
}

// Text returns the only element of a string attribute.
func (a *Attribute) Text() (string, error) {
	s, err := a.Strings()
	if err != nil {
		return "", err
	}
	if len(s) != 1 {
		return "", a.f.locate(a.path, fail(ErrType, "%d strings where one must be", len(s)))
	}
	return s[0], nil
}

// Int64s returns the elements of an integer or bool attribute.
func (a *Attribute) Int64s() ([]int64, error) {
	v, err := decodeInt64s(a.Type, toLittleEndian(a.Type, slices.Clone(a.data)))
	return v, a.f.locate(a.path, err)
}

// Float64s returns the elements of a float or integer attribute.
func (a *Attribute) Float64s() ([]float64, error) {
	v, err := decodeFloats[float64](a.Type, a.Type.DType(), toLittleEndian(a.Type, slices.Clone(a.data)))
	return v, a.f.locate(a.path, err)
}
