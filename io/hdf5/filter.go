package hdf5

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/zlib"
)

// Filters by their registered numbers.
const (
	filterDeflate    = 1
	filterShuffle    = 2
	filterFletcher32 = 3
	filterLZF        = 32000
)

// filterNames are those refused by name; a number without a name is named by the number.
var filterNames = map[int]string{
	4: "szip", 5: "nbit", 6: "scale-offset", 307: "bzip2", 32001: "blosc", 32004: "lz4", 32008: "bitshuffle", 32013: "zfp", 32015: "zstd", 32026: "blosc2",
}

const maxFilters = 32

// filter is one step of the pipeline that data went through when written.
type filter struct {
	id          int
	elementSize int // of shuffle
}

func (h *header) filters() (fs []filter, err error) {
	c := h.message(msgFilters)
	if c == nil {
		return nil, nil
	}
	v, n := c.version("filter pipeline", 2), c.u8()
	if v == 1 {
		c.take(6)
	}
	if n > maxFilters {
		c.fail("%d filters", n)
	}
	for range n {
		f := filter{id: c.u16()}
		nameLen := 0
		if v == 1 || f.id >= 256 {
			nameLen = c.u16()
		}
		c.take(2) // flags
		values := c.u16()
		if v == 1 {
			nameLen = (nameLen + 7) &^ 7
		}
		c.take(nameLen)
		if b := c.take(4 * values); len(b) >= 4 {
			f.elementSize = int(le.Uint32(b))
		}
		if v == 1 && values&1 == 1 {
			c.take(4)
		}
		if c.err != nil {
			return nil, c.err
		}
		fs = append(fs, f)
	}
	return fs, c.err
}

// undo reverses the pipeline on one chunk; want is the size of the unfiltered chunk, bits of mask name the filters that were skipped.
func (d *Dataset) undo(p []byte, mask uint32, want uint64) (_ []byte, err error) {
	for i := len(d.filters) - 1; i >= 0; i-- {
		if mask>>i&1 != 0 {
			continue
		}
		switch f := d.filters[i]; f.id {
		case filterDeflate:
			p, err = inflate(p, want)
		case filterShuffle:
			p = unshuffle(p, f.elementSize)
		case filterFletcher32:
			if len(p) < 4 || fletcher32(p[:len(p)-4]) != le.Uint32(p[len(p)-4:]) {
				return nil, malformed("wrong Fletcher-32 checksum of a chunk")
			}
			p = p[:len(p)-4]
		case filterLZF:
			p, err = unlzf(p, int(want)+4)
		default:
			name := filterNames[f.id]
			return nil, fail(ErrUnsupported, "filter %s (number %d)", name, f.id)
		}
		if err != nil {
			return nil, err
		}
	}
	if uint64(len(p)) < want {
		return nil, malformed("chunk holds %d of %d bytes", len(p), want)
	}
	return p, nil
}

// inflate reads at most want bytes and room for a checksum below; more is no valid chunk.
func inflate(p []byte, want uint64) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(p))
	if err != nil {
		return nil, &Error{Kind: ErrFormat, Reason: "deflated chunk", Cause: err}
	}
	defer z.Close()
	out := make([]byte, want+4)
	n, err := io.ReadFull(z, out)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return nil, &Error{Kind: ErrFormat, Reason: "deflated chunk", Cause: err}
	}
	return out[:n], nil
}

// unshuffle undoes the grouping of bytes by their position in the element.
func unshuffle(p []byte, size int) []byte {
	if size <= 1 || len(p) < size {
		return p
	}
	n := len(p) / size
	out := make([]byte, len(p))
	for j := range size {
		for i, x := range p[j*n : j*n+n] {
			out[i*size+j] = x
		}
	}
	copy(out[n*size:], p[n*size:])
	return out
}
