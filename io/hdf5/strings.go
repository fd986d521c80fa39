package hdf5

import "bytes"

// decodeStrings decodes fixed-length and variable-length strings.
func (f *File) decodeStrings(t *Type, d []byte) ([]string, error) {
	switch {
	case t.Class == ClassString:
		if t.Size == 0 {
			return nil, fail(ErrUnsupported, "strings of length 0")
		}
		return fixedStrings(t, d), nil
	case t.Class == ClassVariable && t.VariableString:
		return f.variableStrings(t, d)
	}
	return nil, fail(ErrType, "%s values are no strings", t.describe())
}

func fixedStrings(t *Type, d []byte) []string {
	out := make([]string, 0, len(d)/t.Size)
	for ; len(d) >= t.Size; d = d[t.Size:] {
		b := d[:t.Size]
		switch t.padding {
		case padSpace:
			b = bytes.TrimRight(b, " ")
		case padNull:
			b = bytes.TrimRight(b, "\x00")
		default:
			if i := bytes.IndexByte(b, 0); i >= 0 {
				b = b[:i]
			}
		}
		out = append(out, string(b))
	}
	return out
}

// variableStrings follows references into the global heap.
func (f *File) variableStrings(t *Type, d []byte) ([]string, error) {
	out := make([]string, 0, len(d)/t.Size)
	for ; len(d) >= t.Size; d = d[t.Size:] {
		c := &cursor{b: d, f: f}
		n, addr, i := c.u32n(), c.address(), int(c.u32())
		if c.err != nil {
			return nil, c.err
		}
		if n == 0 {
			out = append(out, "")
			continue
		}
		heap, err := f.globalHeap(addr)
		if err != nil {
			return nil, err
		}
		s, ok := heap[i]
		if !ok || n > len(s) {
			return nil, malformed("string of %d bytes is not in the global heap at address %#x, index %d", n, addr, i)
		}
		s = s[:n]
		for k := range len(s) {
			if s[k] == 0 {
				s = s[:k]
				break
			}
		}
		out = append(out, s)
	}
	return out, nil
}
