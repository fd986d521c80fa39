package hdf5

import "slices"

// What follows encodes version 1 structures as libhdf5's default settings do.

func put16(b []byte, v int) []byte    { return le.AppendUint16(b, uint16(v)) }
func put32(b []byte, v int) []byte    { return le.AppendUint32(b, uint32(v)) }
func put64(b []byte, v uint64) []byte { return le.AppendUint64(b, v) }
func pad8(b []byte) []byte            { return append(b, make([]byte, -len(b)&7)...) }

// encodeType encodes a datatype message.
func encodeType(t *Type) []byte {
	head := func(flags int) []byte {
		return put32([]byte{0x10 | byte(t.Class), byte(flags), byte(flags >> 8), 0}, t.Size)
	}
	switch t.Class {
	case ClassInt:
		flags := 0
		if t.Signed {
			flags = 8
		}
		return put16(put16(head(flags), 0), 8*t.Size)
	case ClassFloat: // implied leading mantissa bit, sign bit on top, IEEE bias
		b := put16(put16(head((8*t.Size-1)<<8|0x20), 0), 8*t.Size)
		b = append(b, byte(t.Mantissa), byte(t.Exponent), 0, byte(t.Mantissa))
		return put32(b, 1<<(t.Exponent-1)-1)
	case ClassString:
		return head(t.padding)
	case ClassOpaque:
		return head(0)
	case ClassEnum:
		b := append(head(len(t.Names)), encodeType(t.Base)...)
		for _, n := range t.Names {
			b = append(b, pad8(append([]byte(n), 0))...)
		}
		return append(b, t.Values...)
	case ClassVariable:
		const utf8String = 0x101
		return append(head(utf8String), encodeType(t.Base)...)
	}
	return nil
}

// writable refuses types that encodeType does not know.
func (t *Type) writable() error {
	ok := false
	switch t.Class {
	case ClassInt, ClassFloat, ClassEnum:
		ok = !t.BigEndian && t.DType() != "" && (t.Base == nil || t.Base.Class == ClassInt && !t.Base.BigEndian)
	case ClassString, ClassOpaque:
		ok = t.Size > 0
	case ClassVariable:
		ok = t.VariableString && t.Size == VariableString.Size
	}
	if !ok {
		return fail(ErrUnsupported, "writing type %s of %d bytes", t.describe(), t.Size)
	}
	return nil
}

func encodeDataspace(shape []int) []byte {
	b := append([]byte{1, byte(len(shape))}, make([]byte, 6)...)
	for _, d := range shape {
		b = put64(b, uint64(d))
	}
	return b
}

// messageList builds the body of a version 1 object header.
type messageList struct {
	b []byte
	n int
}

const maxMessageSize = 65528

func (m *messageList) add(kind, flags int, d []byte) error {
	d = pad8(slices.Clone(d))
	if len(d) > maxMessageSize {
		return fail(ErrUnsupported, "%d bytes; HDF5 limits an attribute to 64 KiB: use strings of variable length or split the list", len(d))
	}
	if m.n == maxMessages-1 {
		return fail(ErrUnsupported, "more than %d attributes", m.n)
	}
	m.b = append(put16(put16(m.b, kind), len(d)), byte(flags), 0, 0, 0)
	m.b = append(m.b, d...)
	m.n++
	return nil
}

func (m *messageList) header() []byte {
	b := put32(put32(put16([]byte{1, 0}, m.n), 1), len(m.b)) // one reference
	return append(pad8(b), m.b...)
}
