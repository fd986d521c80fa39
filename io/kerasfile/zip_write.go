package kerasfile

import (
	"bytes"
	"hash/crc32"
	"io"
	"time"

	"github.com/klauspost/compress/zip"

	"github.com/kerasgo/kerasgo/io/hdf5"
)

// zipWriter writes stored members whose headers hold size and checksum from the start, as Python's zipfile does; readers that stream need that.
// The first error stays.
type zipWriter struct {
	z   *zip.Writer
	err error
}

func newZipWriter(out io.Writer) *zipWriter { return &zipWriter{z: zip.NewWriter(out)} }

// zipEpoch is the earliest date of the format.
var zipEpoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// dosTime encodes a date in zip's fields, which hold local time without a zone.
func dosTime(t time.Time) (date, clock uint16) {
	if t.Year() < 1980 {
		t = zipEpoch
	}
	return uint16(t.Day() + int(t.Month())<<5 + (t.Year()-1980)<<9), uint16(t.Second()/2 + t.Minute()<<5 + t.Hour()<<11)
}

func (w *zipWriter) header(name string, modified time.Time, size uint64, crc uint32) *zip.FileHeader {
	h := &zip.FileHeader{Name: name, Method: zip.Store, CompressedSize64: size, UncompressedSize64: size, CRC32: crc}
	//lint:ignore SA1019 Modified would add an extra field with a time zone, which Keras does not write
	h.ModifiedDate, h.ModifiedTime = dosTime(modified)
	h.SetMode(0o600)
	return h
}

func (w *zipWriter) add(name string, modified time.Time, b *bytes.Buffer) {
	w.raw(w.header(name, modified, uint64(b.Len()), crc32.ChecksumIEEE(b.Bytes())), b)
}

// addOutput adds an HDF5 file. From 4 GiB on, sizes do not fit into the header in front, so they follow the data.
func (w *zipWriter) addOutput(name string, modified time.Time, o *hdf5.Output) {
	if w.err != nil {
		return
	}
	h := w.header(name, modified, uint64(o.Size()), 0)
	if o.Size() < 1<<32-1 {
		sum := crc32.NewIEEE()
		if _, w.err = o.WriteTo(sum); w.err == nil {
			h.CRC32 = sum.Sum32()
			w.raw(h, o)
		}
		return
	}
	var out io.Writer
	if out, w.err = w.z.CreateHeader(h); w.err == nil {
		_, w.err = o.WriteTo(out)
	}
}

func (w *zipWriter) raw(h *zip.FileHeader, content io.WriterTo) {
	if w.err != nil {
		return
	}
	var out io.Writer
	if out, w.err = w.z.CreateRaw(h); w.err == nil {
		_, w.err = content.WriteTo(out)
	}
}

func (w *zipWriter) close() error {
	if w.err != nil {
		return w.err
	}
	return w.z.Close()
}
