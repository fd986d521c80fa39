package tfevents

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Writer appends events to a file. Its methods return the first error there was.
type Writer struct {
	file *os.File
	buf  *bufio.Writer
	now  func() time.Time
	err  error
}

// Create makes a new file of events in a folder, which it makes too. TensorBoard
// knows the file by its name, events.out.tfevents.….
func Create(dir string) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	for n := 0; ; n++ {
		name := fmt.Sprintf("events.out.tfevents.%d.%s.%d.%d.v2", time.Now().Unix(), filepath.Base(host), os.Getpid(), n)
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		w := &Writer{file: f, buf: bufio.NewWriter(f), now: time.Now}
		w.event(0, 3, []byte("brain.Event:2"))
		return w, w.Flush()
	}
}

// Scalar writes a number, which is stored as float32.
func (w *Writer) Scalar(tag string, step int64, v float64) error {
	var t message
	t.int(1, typeFloat)
	t.bytes(2, nil) // a shape without dimensions
	t.floats(5, float32(v))
	return w.value(tag, step, t, plugin{name: "scalars"})
}

// histogramBuckets is what TensorFlow divides into.
const histogramBuckets = 30

// Histogram writes how values are distributed.
func (w *Writer) Histogram(tag string, step int64, values []float32) error {
	rows := buckets(values, histogramBuckets)
	var data []byte
	for _, v := range rows {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
	}
	var t message
	t.int(1, typeDouble)
	t.bytes(2, shape(histogramBuckets, 3))
	t.bytes(4, data)
	return w.value(tag, step, t, plugin{name: "histograms"})
}

// maxImages is how many images of one tag TensorFlow writes.
const maxImages = 3

// Images writes the first images of a list, all of the same size.
func (w *Writer) Images(tag string, step int64, list []image.Image) error {
	list = list[:min(len(list), maxImages)]
	if len(list) == 0 {
		return w.err
	}
	texts := [][]byte{[]byte(strconv.Itoa(list[0].Bounds().Dx())), []byte(strconv.Itoa(list[0].Bounds().Dy()))}
	for _, m := range list {
		var b pngBytes
		if err := png.Encode(&b, m); err != nil {
			return w.fail(err)
		}
		texts = append(texts, b)
	}
	return w.value(tag, step, textTensor(texts, len(texts)), plugin{name: "images"})
}

type pngBytes []byte

func (b *pngBytes) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

// Model writes the configuration of a model of Keras, of which TensorBoard draws the
// graph of layers.
func (w *Writer) Model(tag string, step int64, json string) error {
	return w.value(tag, step, textTensor([][]byte{[]byte(json)}), plugin{name: "graph_keras_model", content: []byte("1")})
}

// textTensor is a tensor of strings.
func textTensor(texts [][]byte, dims ...int) message {
	var t message
	t.int(1, typeString)
	t.bytes(2, shape(dims...))
	for _, s := range texts {
		t.bytes(8, s)
	}
	return t
}

// Types of tensors.
const typeFloat, typeDouble, typeString = 1, 2, 7

// plugin is the part of TensorBoard that shows a value.
type plugin struct {
	name    string
	content []byte
}

func shape(dims ...int) message {
	var s message
	for _, n := range dims {
		var d message
		d.int(1, int64(n))
		s.bytes(2, d)
	}
	return s
}

// value writes a summary of one value.
func (w *Writer) value(tag string, step int64, tensor message, p plugin) error {
	var data, meta, v, summary message
	data.bytes(1, []byte(p.name))
	if len(p.content) > 0 {
		data.bytes(2, p.content)
	}
	meta.bytes(1, data)
	v.bytes(1, []byte(tag))
	v.bytes(8, tensor)
	v.bytes(9, meta)
	summary.bytes(1, v)
	w.event(step, 5, summary)
	return w.err
}

// event writes an event with one field.
func (w *Writer) event(step int64, field int, content []byte) {
	var e message
	e.double(1, float64(w.now().UnixNano())/1e9)
	if step != 0 {
		e.int(2, step)
	}
	e.bytes(field, content)
	w.record(e)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked is a checksum that may be part of data with a checksum.
func masked(b []byte) uint32 {
	c := crc32.Checksum(b, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}

// record writes length, checksum of the length, data, checksum of the data.
func (w *Writer) record(data []byte) {
	if w.err != nil {
		return
	}
	head := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	head = binary.LittleEndian.AppendUint32(head, masked(head))
	_, err1 := w.buf.Write(head)
	_, err2 := w.buf.Write(data)
	_, err3 := w.buf.Write(binary.LittleEndian.AppendUint32(nil, masked(data)))
	_ = w.fail(errors.Join(err1, err2, err3))
}

func (w *Writer) fail(err error) error {
	if w.err == nil {
		w.err = err
	}
	return w.err
}

// Flush hands everything written to the file.
func (w *Writer) Flush() error { return w.fail(w.buf.Flush()) }

// Close flushes and closes the file.
func (w *Writer) Close() error {
	err := errors.Join(w.Flush(), w.file.Close())
	w.err = errors.New("tfevents: the file is closed")
	return err
}
