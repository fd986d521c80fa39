package npy

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"unicode/utf8"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Write writes t as numpy.save does: little-endian, C order, strings as U. A string that ends in zeros loses them, as
// in NumPy.
func Write(w io.Writer, t *tensor.Tensor) error {
	h := header{shape: t.Shape()}
	if len(h.shape) > maxAxes {
		return fmt.Errorf("npy: %d axes, at most %d can be read again", len(h.shape), maxAxes)
	}
	width := 0
	switch t.DType() {
	case tensor.Float32:
		h.descr = "<f4"
	case tensor.Float64:
		h.descr = "<f8"
	case tensor.Int32:
		h.descr = "<i4"
	case tensor.Int64:
		h.descr = "<i8"
	case tensor.Uint8:
		h.descr = "|u1"
	case tensor.Bool:
		h.descr = "|b1"
	case tensor.String:
		width = 1 // NumPy's least
		for _, s := range tensor.Data[string](t) {
			width = max(width, utf8.RuneCountInString(s))
		}
		if width > maxItem/4 {
			return fmt.Errorf("npy: a string of %d characters is too long", width)
		}
		h.descr = fmt.Sprintf("<U%d", width)
	default:
		return fmt.Errorf("npy: cannot write elements of type %v", t.DType())
	}

	out := bufio.NewWriterSize(w, 1<<16)
	out.Write(h.bytes()) // bufio keeps the first error for Flush
	var b [8]byte
	put4 := func(v uint32) {
		binary.LittleEndian.PutUint32(b[:], v)
		out.Write(b[:4])
	}
	put8 := func(v uint64) {
		binary.LittleEndian.PutUint64(b[:], v)
		out.Write(b[:8])
	}
	switch t.DType() {
	case tensor.Float32:
		for _, v := range tensor.Data[float32](t) {
			put4(math.Float32bits(v))
		}
	case tensor.Float64:
		for _, v := range tensor.Data[float64](t) {
			put8(math.Float64bits(v))
		}
	case tensor.Int32:
		for _, v := range tensor.Data[int32](t) {
			put4(uint32(v))
		}
	case tensor.Int64:
		for _, v := range tensor.Data[int64](t) {
			put8(uint64(v))
		}
	case tensor.Uint8:
		out.Write(tensor.Data[uint8](t))
	case tensor.Bool:
		for _, v := range tensor.Data[bool](t) {
			if v {
				out.WriteByte(1)
			} else {
				out.WriteByte(0)
			}
		}
	case tensor.String:
		for _, s := range tensor.Data[string](t) {
			n := 0
			for _, r := range s {
				put4(uint32(r))
				n++
			}
			for ; n < width; n++ {
				put4(0)
			}
		}
	}
	return out.Flush()
}

// WriteFile writes t to a new or truncated file.
func WriteFile(name string, t *tensor.Tensor) error {
	return writeFile(name, func(w io.Writer) error { return Write(w, t) })
}

func writeFile(name string, write func(io.Writer) error) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	return write(f)
}
