package hdf5

// unlzf undoes LZF, the fast compressor that h5py brings along (Marc Lehmann's liblzf). The output may not exceed limit.
func unlzf(p []byte, limit int) ([]byte, error) {
	out := make([]byte, 0, limit)
	for i := 0; i < len(p); {
		c := int(p[i])
		i++
		if c < 32 { // c+1 literal bytes
			if i+c+1 > len(p) || len(out)+c+1 > limit {
				return nil, malformed("LZF chunk")
			}
			out = append(out, p[i:i+c+1]...)
			i += c + 1
			continue
		}
		n := c >> 5 // back reference of n+2 bytes
		if n == 7 && i < len(p) {
			n += int(p[i])
			i++
		}
		if i >= len(p) {
			return nil, malformed("LZF chunk")
		}
		from := len(out) - (c&31<<8 | int(p[i])) - 1
		i++
		if from < 0 || len(out)+n+2 > limit {
			return nil, malformed("LZF chunk")
		}
		for k := range n + 2 { // may overlap its own output
			out = append(out, out[from+k])
		}
	}
	return out, nil
}
