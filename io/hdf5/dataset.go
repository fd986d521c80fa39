package hdf5

import (
	"io"
)

// Dataset is an array of elements of one type.
type Dataset struct {
	object
	typ     *Type
	space   dataspace
	layout  layout
	fill    []byte
	filters []filter
	dtype   string // "" until asked for
}

func newDataset(o object) (*Dataset, error) {
	h := o.h
	for _, m := range []struct {
		kind int
		name string
	}{{msgDataspace, "dataspace"}, {msgDatatype, "datatype"}, {msgLayout, "layout"}} {
		if !h.has(m.kind) {
			return nil, malformed("dataset without %s", m.name)
		}
	}
	if h.has(msgExternal) {
		return nil, fail(ErrRefused, "external storage: the data lie in another file")
	}
	d := &Dataset{object: o}
	c := h.message(msgDataspace)
	if d.space = readDataspace(c); c.err != nil {
		return nil, c.err
	}
	c = h.message(msgDatatype)
	if d.typ = h.f.datatype(c, 0); c.err != nil {
		return nil, c.err
	}
	var err error
	if d.layout, err = readLayout(h.message(msgLayout), len(d.space.dims)); err != nil {
		return nil, err
	}
	if d.fill, err = h.fillValue(); err != nil {
		return nil, err
	}
	d.filters, err = h.filters()
	return d, err
}

// Shape returns the size of each dimension; it is empty for a scalar.
func (d *Dataset) Shape() []int { return d.space.shape() }

// Len returns the number of elements.
func (d *Dataset) Len() int { return int(d.space.n) }

// Type returns the elements' type as stored.
func (d *Dataset) Type() *Type { return d.typ }

// DType returns the numpy name of the elements' type, as [Type.DType] does. Two-byte opaque data whose attribute "dtype" says so, which is
// how Keras stores it, are "bfloat16".
func (d *Dataset) DType() string {
	if d.dtype == "" {
		d.dtype = d.typ.DType()
		if d.typ.Class == ClassOpaque && d.typ.Size == 2 {
			if a, err := d.Attribute("dtype"); err == nil {
				if s, err := a.Text(); err == nil && s == "bfloat16" {
					d.dtype = s
				}
			}
		}
	}
	return d.dtype
}

// Size returns the bytes that Raw returns, or an error if the dataset declares far more than the file holds.
func (d *Dataset) Size() (int, error) {
	n, err := d.space.bytes(d.typ)
	if err == nil {
		err = d.admit(n)
	}
	return int(n), d.fail(err)
}

// Raw returns the elements as little-endian bytes in row-major order. Strings are given by Strings, compound values and references not at all.
func (d *Dataset) Raw() ([]byte, error) {
	n, err := d.Size()
	if err != nil {
		return nil, err
	}
	out := make([]byte, n)
	return out, d.ReadInto(out)
}

// ReadInto reads what Raw returns into dst, whose length must be that of the data.
func (d *Dataset) ReadInto(dst []byte) error {
	if _, err := d.Size(); err != nil {
		return err
	}
	switch d.typ.Class {
	case ClassInt, ClassFloat, ClassEnum, ClassBitfield, ClassOpaque, ClassString:
	default:
		return d.fail(fail(ErrUnsupported, "raw data of class %s", d.typ.Class))
	}
	if err := d.read(dst); err != nil {
		return d.fail(err)
	}
	toLittleEndian(d.typ, dst)
	return nil
}

// read fills dst with the elements as stored; the dataset was admitted.
func (d *Dataset) read(dst []byte) error {
	if n, err := d.space.bytes(d.typ); err != nil || n != uint64(len(dst)) {
		return fail(ErrType, "buffer of %d bytes for %d bytes of data", len(dst), n)
	}
	l := &d.layout
	switch {
	case l.class == layoutCompact:
		copy(dst, l.compact) // admit checked its length
		return nil
	case l.class == layoutChunked:
		return d.readChunks(dst)
	case l.addr == undefined:
		d.fillIn(dst)
		return nil
	}
	p, err := d.h.f.position(l.addr, uint64(len(dst)))
	if err != nil {
		return err
	}
	if _, err := d.h.f.r.ReadAt(dst, p); err != nil && err != io.EOF {
		return &Error{Kind: ErrFormat, Reason: "reading", Cause: err}
	}
	return nil
}

// admit applies the limits on declared data before memory is allocated for it.
func (d *Dataset) admit(n uint64) error {
	f, l := d.h.f, &d.layout
	stored := uint64(0)
	switch {
	case n == 0:
		return nil
	case l.class == layoutCompact:
		if uint64(len(l.compact)) < n {
			return malformed("compact data hold %d of %d bytes", len(l.compact), n)
		}
		return nil
	case l.class == layoutChunked:
		if err := d.listChunks(); err != nil {
			return err
		}
		for _, c := range l.chunks {
			stored += min(c.size, f.size)
		}
		// Edge chunks may be larger than what they contribute, and each must be unpacked whole.
		n = max(n, uint64(len(l.chunks))*l.chunkBytes)
	case l.addr != undefined:
		if _, err := f.position(l.addr, n); err != nil {
			return err
		}
		stored = n
	}
	return f.account(d.h.addr, stored, n)
}

// Float32s returns the elements of a numeric dataset as float32; float16 and bfloat16 are widened exactly, others rounded.
func (d *Dataset) Float32s() ([]float32, error) {
	if hostIsLittle && d.DType() == "float32" && !d.typ.BigEndian {
		if _, err := d.Size(); err != nil {
			return nil, err
		}
		out := make([]float32, d.space.n)
		return out, d.fail(d.read(bytesOf(out)))
	}
	raw, err := d.Raw()
	if err != nil {
		return nil, err
	}
	v, err := decodeFloats[float32](d.typ, d.DType(), raw)
	return v, d.fail(err)
}

// Float64s returns the elements of a numeric dataset as float64.
func (d *Dataset) Float64s() ([]float64, error) {
	raw, err := d.Raw()
	if err != nil {
		return nil, err
	}
	v, err := decodeFloats[float64](d.typ, d.DType(), raw)
	return v, d.fail(err)
}

// Int64s returns the elements of an integer, enumeration or bool dataset, exactly.
func (d *Dataset) Int64s() ([]int64, error) {
	raw, err := d.Raw()
	if err != nil {
		return nil, err
	}
	v, err := decodeInt64s(d.typ, raw)
	return v, d.fail(err)
}

// Strings returns the elements of a string dataset in row-major order.
func (d *Dataset) Strings() ([]string, error) {
	if !d.typ.IsString() {
		return nil, d.fail(fail(ErrType, "%s values are no strings", d.typ.describe()))
	}
	n, err := d.Size()
	if err != nil {
		return nil, err
	}
	raw := make([]byte, n)
	if err := d.read(raw); err != nil {
		return nil, d.fail(err)
	}
	s, err := d.h.f.decodeStrings(d.typ, raw)
	return s, d.fail(err)
}
