// Package idx reads and writes IDX files, the format of the MNIST family of data sets, and nothing about their
// meaning.
//
// An IDX file is a big-endian header (two zero bytes, a type, the number of axes, the length of each axis as 32 bits)
// and the elements row by row. Files compressed with gzip are recognised by their content.
//
// Types become tensors so: unsigned byte → Uint8; signed byte, short and int → Int32; float → Float32; double →
// Float64.
package idx

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// The type bytes of the format.
const (
	typeUint8   = 0x08
	typeInt8    = 0x09
	typeInt16   = 0x0b
	typeInt32   = 0x0c
	typeFloat32 = 0x0d
	typeFloat64 = 0x0e
)

const (
	maxAxes       = 32       // more than any tensor has; NumPy's old limit
	maxBytes      = 4 << 30  // the largest array that is read, since a small compressed file can claim any size
	trustedBytes  = 64 << 20 // allocated on a header's word alone; larger arrays grow with the data that arrives
	chunkElements = 1 << 16
)

// ErrFormat is wrapped by every error about the content of a file.
var ErrFormat = errors.New("not a valid IDX file")

// Read reads one array from r, which must end with it. Content in gzip format is unpacked.
func Read(r io.Reader) (*tensor.Tensor, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	if head, _ := buffered.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("idx: %w: gzip: %w", ErrFormat, err)
		}
		return read(z)
	}
	return read(buffered)
}

// ReadFile reads the file called name, compressed or not.
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

func malformed(format string, args ...any) error {
	return fmt.Errorf("idx: %w: "+format, append([]any{ErrFormat}, args...)...)
}

func read(r io.Reader) (*tensor.Tensor, error) {
	var magic [4]byte
	if err := readFull(r, magic[:], "the header"); err != nil {
		return nil, err
	}
	if magic[0] != 0 || magic[1] != 0 {
		return nil, malformed("it starts with %#x, not with two zero bytes", magic[:])
	}
	size, ok := map[byte]int{
		typeUint8: 1, typeInt8: 1, typeInt16: 2, typeInt32: 4, typeFloat32: 4, typeFloat64: 8,
	}[magic[2]]
	if !ok {
		return nil, malformed("unknown element type %#02x", magic[2])
	}
	if magic[3] > maxAxes {
		return nil, malformed("%d axes, at most %d are read", magic[3], maxAxes)
	}
	shape := make([]int, magic[3])
	count, empty := 1, false
	for i := range shape {
		var b [4]byte
		if err := readFull(r, b[:], "the header"); err != nil {
			return nil, err
		}
		n := int64(binary.BigEndian.Uint32(b[:]))
		if n > math.MaxInt32 {
			return nil, malformed("axis %d has length %d", i, n)
		}
		shape[i] = int(n)
		if n == 0 {
			empty = true
		} else if int64(count) > maxBytes/(8*n) { // 8: the widest element in memory
			return nil, malformed("shape %v takes more than %d bytes", shape[:i+1], int64(maxBytes))
		} else {
			count *= int(n)
		}
	}
	if empty {
		count = 0
	}

	big := binary.BigEndian
	switch magic[2] {
	case typeUint8:
		return finish(r, shape, size, count, func(b []byte) uint8 { return b[0] })
	case typeInt8:
		return finish(r, shape, size, count, func(b []byte) int32 { return int32(int8(b[0])) })
	case typeInt16:
		return finish(r, shape, size, count, func(b []byte) int32 { return int32(int16(big.Uint16(b))) })
	case typeInt32:
		return finish(r, shape, size, count, func(b []byte) int32 { return int32(big.Uint32(b)) })
	case typeFloat32:
		return finish(r, shape, size, count, func(b []byte) float32 { return math.Float32frombits(big.Uint32(b)) })
	default:
		return finish(r, shape, size, count, func(b []byte) float64 { return math.Float64frombits(big.Uint64(b)) })
	}
}

// finish reads count elements of size bytes and checks that nothing follows.
func finish[T tensor.Element](r io.Reader, shape []int, size, count int, get func([]byte) T) (*tensor.Tensor, error) {
	data := make([]T, 0, min(count, trustedBytes/tensor.TypeOf[T]().Size()))
	buf := make([]byte, size*min(count, chunkElements))
	what := fmt.Sprintf("the %d elements of shape %v", count, shape)
	for len(data) < count {
		n := size * min(count-len(data), chunkElements)
		if bytes, ok := any(&data).(*[]uint8); ok { // no conversion: read in place
			*bytes = slices.Grow(*bytes, n)[:len(*bytes)+n]
			if err := readFull(r, (*bytes)[len(*bytes)-n:], what); err != nil {
				return nil, err
			}
			continue
		}
		if err := readFull(r, buf[:n], what); err != nil {
			return nil, err
		}
		for i := 0; i < n; i += size {
			data = append(data, get(buf[i:i+size]))
		}
	}
	// This also makes gzip check its sum.
	switch n, err := io.ReadFull(r, make([]byte, 1)); {
	case n > 0:
		return nil, malformed("there is more data than shape %v wants", shape)
	case err != io.EOF:
		return nil, classify(err, "the end")
	}
	return tensor.From(data, shape...), nil
}

func readFull(r io.Reader, b []byte, what string) error {
	_, err := io.ReadFull(r, b)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return malformed("it ends before the end of %s", what)
	}
	if err != nil {
		return classify(err, what)
	}
	return nil
}

// classify tells damaged compressed data from a source that can't be read.
func classify(err error, what string) error {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("idx: %w: gzip: %w", ErrFormat, err)
	}
	return fmt.Errorf("idx: reading %s: %w", what, err)
}

// Write writes t, of type Uint8, Int32, Float32 or Float64, without compression.
func Write(w io.Writer, t *tensor.Tensor) error {
	var kind byte
	switch t.DType() {
	case tensor.Uint8:
		kind = typeUint8
	case tensor.Int32:
		kind = typeInt32
	case tensor.Float32:
		kind = typeFloat32
	case tensor.Float64:
		kind = typeFloat64
	default:
		return fmt.Errorf("idx: the format has no type for %v", t.DType())
	}
	shape := t.Shape()
	if len(shape) > maxAxes {
		return fmt.Errorf("idx: %d axes, at most %d can be read again", len(shape), maxAxes)
	}
	head := []byte{0, 0, kind, byte(len(shape))}
	for _, n := range shape {
		if n > math.MaxInt32 {
			return fmt.Errorf("idx: an axis of length %d is too long for the format", n)
		}
		head = binary.BigEndian.AppendUint32(head, uint32(n))
	}
	out := bufio.NewWriterSize(w, 1<<16)
	out.Write(head) // bufio keeps the first error for Flush
	var b [8]byte
	switch t.DType() {
	case tensor.Uint8:
		out.Write(tensor.Data[uint8](t))
	case tensor.Int32:
		for _, v := range tensor.Data[int32](t) {
			binary.BigEndian.PutUint32(b[:], uint32(v))
			out.Write(b[:4])
		}
	case tensor.Float32:
		for _, v := range tensor.Data[float32](t) {
			binary.BigEndian.PutUint32(b[:], math.Float32bits(v))
			out.Write(b[:4])
		}
	case tensor.Float64:
		for _, v := range tensor.Data[float64](t) {
			binary.BigEndian.PutUint64(b[:], math.Float64bits(v))
			out.Write(b[:8])
		}
	}
	return out.Flush()
}

// WriteFile writes t to a new or truncated file, compressed with gzip when name ends in ".gz".
func WriteFile(name string, t *tensor.Tensor) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	if !strings.HasSuffix(name, ".gz") {
		return Write(f, t)
	}
	z := gzip.NewWriter(f)
	if err := Write(z, t); err != nil {
		return err
	}
	return z.Close()
}
