package hdf5

import "bytes"

// fillValue reads the value of elements that were never written, nil if it is zero.
func (h *header) fillValue() ([]byte, error) {
	var v []byte
	c := h.message(msgFill)
	if c != nil {
		switch version := c.version("fill value", 3); {
		case version == 3:
			if c.u8()&0x20 != 0 { // defined
				v = c.take(c.u32n())
			}
		default:
			c.take(2) // times of allocation and writing
			if c.u8() != 0 || version == 1 {
				if n := int32(c.u32()); n > 0 { // -1: undefined
					v = c.take(int(n))
				}
			}
		}
	} else if c = h.message(msgFillOld); c != nil {
		v = c.take(c.u32n())
	} else {
		return nil, nil
	}
	if len(bytes.Trim(v, "\x00")) == 0 {
		v = nil
	}
	return v, c.err
}

// fill writes the fill value into every element.
func (d *Dataset) fillIn(dst []byte) {
	clear(dst)
	if len(d.fill) != d.typ.Size {
		return
	}
	for n := copy(dst, d.fill); n > 0 && n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}
