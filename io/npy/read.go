package npy

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

const (
	trustedBytes = 64 << 20 // allocated on a header's word alone
	chunkBytes   = 1 << 18
	maxItem      = 16 << 20 // the widest string, in bytes
	maxEmpty     = 1 << 20  // the most elements that take no bytes in the file
)

// Read reads one array from r, which must end with it.
func Read(r io.Reader) (*tensor.Tensor, error) {
	return read(bufio.NewReaderSize(r, 1<<16), math.MaxInt64)
}

// ReadFile reads the .npy file called name.
func ReadFile(name string) (*tensor.Tensor, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

// read reads an array of at most limit bytes.
func read(r io.Reader, limit int64) (*tensor.Tensor, error) {
	h, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	kind, size, order, err := parseDescr(h.descr)
	if err != nil {
		return nil, err
	}
	count, err := elements(h.shape, size, limit)
	if err != nil {
		return nil, err
	}
	a := array{r: r, header: h, size: size, count: count}
	switch kind {
	case "f2":
		return load(a, func(b []byte) float32 { return float16(order.Uint16(b)) })
	case "f4":
		return load(a, func(b []byte) float32 { return math.Float32frombits(order.Uint32(b)) })
	case "f8":
		return load(a, func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) })
	case "i1":
		return load(a, func(b []byte) int32 { return int32(int8(b[0])) })
	case "i2":
		return load(a, func(b []byte) int32 { return int32(int16(order.Uint16(b))) })
	case "i4":
		return load(a, func(b []byte) int32 { return int32(order.Uint32(b)) })
	case "i8":
		return load(a, func(b []byte) int64 { return int64(order.Uint64(b)) })
	case "u1":
		return load(a, func(b []byte) uint8 { return b[0] })
	case "u2":
		return load(a, func(b []byte) int32 { return int32(order.Uint16(b)) })
	case "u4":
		return load(a, func(b []byte) int64 { return int64(order.Uint32(b)) })
	case "u8":
		var tooLarge error
		t, err := load(a, func(b []byte) int64 {
			v := order.Uint64(b)
			if v > math.MaxInt64 && tooLarge == nil {
				tooLarge = malformed("the unsigned value %d does not fit an int64", v)
			}
			return int64(v)
		})
		if err == nil && tooLarge != nil {
			return nil, tooLarge
		}
		return t, err
	case "b1":
		return load(a, func(b []byte) bool { return b[0] != 0 })
	case "U":
		return load(a, func(b []byte) string { return utf32(b, order) })
	default: // "S"
		return load(a, utf8Text)
	}
}

// parseDescr splits a type such as "<f4" or "|S12" into its kind (for strings without the length), the bytes of an
// element and the byte order.
func parseDescr(descr string) (kind string, size int, order binary.ByteOrder, err error) {
	order = binary.LittleEndian
	kind = descr
	if kind != "" && strings.ContainsRune("<>|=", rune(kind[0])) {
		if kind[0] == '>' {
			order = binary.BigEndian
		}
		kind = kind[1:]
	}
	switch kind {
	case "f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1":
		return kind, int(kind[1] - '0'), order, nil
	case "O":
		return "", 0, nil, malformed("it holds Python objects (a pickle), which are never loaded")
	}
	if kind != "" && (kind[0] == 'U' || kind[0] == 'S') {
		n, e := strconv.ParseUint(kind[1:], 10, 31)
		width := int64(n)
		if kind[0] == 'U' {
			width *= 4
		}
		if e == nil && width <= maxItem {
			return kind[:1], int(width), order, nil
		}
	}
	return "", 0, nil, malformed("element type %q is not supported (f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1 U S are)", clip(descr))
}

// elements returns the number of elements of shape, checked against overflow and limit.
func elements(shape []int, size int, limit int64) (int, error) {
	// In memory an element takes at most 16 bytes more than in the file (a string's header).
	width := int64(size) + 16
	count := int64(1)
	empty := false
	for _, n := range shape {
		if n == 0 {
			empty = true
			continue
		}
		if count > math.MaxInt/width/int64(n) {
			return 0, malformed("shape %v is too large", shape)
		}
		count *= int64(n)
	}
	switch {
	case empty:
		return 0, nil
	case size == 0 && count > maxEmpty:
		return 0, malformed("%d strings of length zero", count)
	case count*int64(size) > limit:
		return 0, malformed("shape %v takes %d bytes, more than the limit of %d", shape, count*int64(size), limit)
	}
	return int(count), nil
}

// array is an array whose header has been read.
type array struct {
	r      io.Reader
	header header
	size   int // bytes of an element in the file
	count  int
}

// load reads the elements, checks that nothing follows and brings them into C order.
func load[T tensor.Element](a array, get func([]byte) T) (*tensor.Tensor, error) {
	width := tensor.TypeOf[T]().Size()
	if width == 0 {
		width = 16 // a string's header
	}
	data := make([]T, 0, min(a.count, trustedBytes/width))
	step := 1
	if a.size > 0 {
		step = max(1, chunkBytes/a.size)
	}
	buf := make([]byte, a.size*min(a.count, step))
	for len(data) < a.count {
		n := min(a.count-len(data), step)
		if bytes, ok := any(&data).(*[]uint8); ok { // no conversion: read in place
			*bytes = slices.Grow(*bytes, n)[:len(*bytes)+n]
			if err := readFull(a.r, (*bytes)[len(*bytes)-n:], "the elements"); err != nil {
				return nil, err
			}
			continue
		}
		if err := readFull(a.r, buf[:n*a.size], "the elements"); err != nil {
			return nil, err
		}
		for i := range n {
			data = append(data, get(buf[i*a.size:(i+1)*a.size]))
		}
	}
	// Asking for one byte more also makes zip check its sum.
	switch n, err := io.ReadFull(a.r, make([]byte, 1)); {
	case n > 0:
		return nil, malformed("there is more data than shape %v wants", a.header.shape)
	case err != io.EOF:
		return nil, classify(err, "the end")
	}
	if a.header.fortran {
		data = fromFortran(data, a.header.shape)
	}
	return tensor.From(data, a.header.shape...), nil
}

// fromFortran reorders elements whose first index runs fastest.
func fromFortran[T any](data []T, shape []int) []T {
	if len(shape) < 2 || len(data) == 0 {
		return data
	}
	out := make([]T, len(data))
	index := make([]int, len(shape))
	strides := make([]int, len(shape)) // in out
	step := 1
	for i := len(shape) - 1; i >= 0; i-- {
		strides[i] = step
		step *= shape[i]
	}
	to := 0
	for _, v := range data {
		out[to] = v
		for i := range index {
			index[i]++
			to += strides[i]
			if index[i] < shape[i] {
				break
			}
			to -= index[i] * strides[i]
			index[i] = 0
		}
	}
	return out
}

// float16 widens an IEEE half.
func float16(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exp := uint32(h>>10) & 0x1f
	frac := uint32(h & 0x3ff)
	switch exp {
	case 0: // zero and subnormal numbers
		v := float32(frac) / (1 << 24)
		return math.Float32frombits(math.Float32bits(v) | sign)
	case 31: // infinity and NaN
		return math.Float32frombits(sign | 0xff<<23 | frac<<13)
	}
	return math.Float32frombits(sign | (exp+127-15)<<23 | frac<<13)
}

// utf32 decodes a string of four-byte characters. What is no character becomes U+FFFD.
func utf32(b []byte, order binary.ByteOrder) string {
	n := len(b) / 4
	for n > 0 && order.Uint32(b[4*n-4:]) == 0 {
		n--
	}
	s := make([]byte, 0, n)
	for i := range n {
		r := utf8.RuneError
		if v := order.Uint32(b[4*i:]); v <= utf8.MaxRune {
			r = rune(v)
		}
		s = utf8.AppendRune(s, r)
	}
	return string(s)
}

// utf8Text decodes a string of bytes. What is not UTF-8 becomes U+FFFD.
func utf8Text(b []byte) string {
	return strings.ToValidUTF8(strings.TrimRight(string(b), "\x00"), string(utf8.RuneError))
}

func readFull(r io.Reader, b []byte, what string) error {
	if _, err := io.ReadFull(r, b); err != nil {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return malformed("it ends before the end of %s", what)
		}
		return classify(err, what)
	}
	return nil
}

// classify tells damaged compressed data from a source that can't be read.
func classify(err error, what string) error {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) || errors.Is(err, errChecksum) || errors.Is(err, errArchive) || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("npy: %w: %w", ErrFormat, err)
	}
	return fmt.Errorf("npy: reading %s: %w", what, err)
}
