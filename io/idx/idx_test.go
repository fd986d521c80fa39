package idx

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

func zipped(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// values returns the elements of any tensor as float64.
func values(t *tensor.Tensor) []float64 {
	v := []float64{}
	for i := range t.Size() {
		v = append(v, t.Float64At(i))
	}
	return v
}

func TestReadTypes(t *testing.T) {
	for _, c := range []struct {
		name  string
		bytes string
		dtype tensor.DType
		shape tensor.Shape
		want  []float64
	}{
		{"uint8", "\x00\x00\x08\x02\x00\x00\x00\x02\x00\x00\x00\x03\x00\x01\x02\x7f\x80\xff", tensor.Uint8, tensor.Shape{2, 3}, []float64{0, 1, 2, 127, 128, 255}},
		{"int8", "\x00\x00\x09\x01\x00\x00\x00\x03\x01\x80\xff", tensor.Int32, tensor.Shape{3}, []float64{1, -128, -1}},
		{"int16", "\x00\x00\x0b\x01\x00\x00\x00\x02\x01\x02\xff\xfe", tensor.Int32, tensor.Shape{2}, []float64{258, -2}},
		{"int32", "\x00\x00\x0c\x01\x00\x00\x00\x02\x00\x01\x00\x00\xff\xff\xff\xff", tensor.Int32, tensor.Shape{2}, []float64{65536, -1}},
		{"float32", "\x00\x00\x0d\x01\x00\x00\x00\x01\x3f\xc0\x00\x00", tensor.Float32, tensor.Shape{1}, []float64{1.5}},
		{"float64", "\x00\x00\x0e\x01\x00\x00\x00\x01\xc0\x04\x00\x00\x00\x00\x00\x00", tensor.Float64, tensor.Shape{1}, []float64{-2.5}},
		{"scalar", "\x00\x00\x08\x00\x07", tensor.Uint8, tensor.Shape{}, []float64{7}},
		{"empty", "\x00\x00\x08\x02\x00\x00\x00\x00\x00\x00\x00\x05", tensor.Uint8, tensor.Shape{0, 5}, []float64{}},
	} {
		for _, content := range [][]byte{[]byte(c.bytes), zipped(t, []byte(c.bytes))} {
			got, err := Read(bytes.NewReader(content))
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if got.DType() != c.dtype || !got.Shape().Equal(c.shape) {
				t.Errorf("%s: %v %v, want %v %v", c.name, got.DType(), got.Shape(), c.dtype, c.shape)
			}
			if diff := cmp.Diff(c.want, values(got)); diff != "" {
				t.Errorf("%s: (-want +got)\n%s", c.name, diff)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	good := []byte("\x00\x00\x08\x01\x00\x00\x00\x03abc")
	badSum := zipped(t, good)
	badSum[len(badSum)-6] ^= 1
	for _, c := range []struct {
		name, bytes, want string
	}{
		{"nothing", "", "ends before the end of the header"},
		{"half a header", "\x00\x00\x08\x02\x00\x00\x00\x02\x00", "ends before the end of the header"},
		{"text", "hello world", "starts with 0x68656c6c"},
		{"type", "\x00\x00\x0a\x01\x00\x00\x00\x01a", "unknown element type 0x0a"},
		{"axes", "\x00\x00\x08\xff", "255 axes"},
		{"short", "\x00\x00\x08\x01\x00\x00\x00\x03ab", "ends before the end of the 3 elements of shape [3]"},
		{"long", "\x00\x00\x08\x01\x00\x00\x00\x03abcd", "more data than shape [3] wants"},
		{"negative", "\x00\x00\x08\x01\xff\xff\xff\xff", "axis 0 has length 4294967295"},
		{"huge", "\x00\x00\x08\x03\x7f\xff\xff\xff\x7f\xff\xff\xff\x7f\xff\xff\xff", "more than 4294967296 bytes"},
		{"bomb", "\x00\x00\x0e\x02\x00\x00\x40\x00\x00\x00\x40\x00", "ends before the end of the 268435456 elements"},
		{"gzip header", "\x1f\x8b\x08", "gzip"},
		{"gzip cut", string(zipped(t, good)[:20]), "ends before"},
		{"gzip sum", string(badSum), "checksum"},
	} {
		_, err := Read(strings.NewReader(c.bytes))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
		if !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v is no ErrFormat", c.name, err)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.idx", "a.idx.gz"} {
		for _, want := range []*tensor.Tensor{
			tensor.From([]uint8{1, 2, 3, 4, 255, 0}, 3, 2),
			tensor.From([]int32{-1, 1 << 30}, 2),
			tensor.From([]float32{1.25, -3e30}, 1, 2, 1),
			tensor.From([]float64{1e300, -0.1}, 2),
			tensor.New(tensor.Float32, 0, 4),
			tensor.New(tensor.Uint8, 3, chunkElements), // several chunks
			tensor.New(tensor.Int32, 3*chunkElements+1),
		} {
			file := filepath.Join(dir, name)
			if err := WriteFile(file, want); err != nil {
				t.Fatal(err)
			}
			got, err := ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got.DType() != want.DType() || !got.Shape().Equal(want.Shape()) {
				t.Errorf("%v %v, want %v %v", got.DType(), got.Shape(), want.DType(), want.Shape())
			}
			if diff := cmp.Diff(values(want), values(got)); diff != "" {
				t.Errorf("%v: %s", want.DType(), diff)
			}
		}
	}
}

func TestWriteRefusesOtherTypes(t *testing.T) {
	for _, d := range []tensor.DType{tensor.Int64, tensor.Bool, tensor.String} {
		err := Write(&bytes.Buffer{}, tensor.New(d, 1))
		if err == nil || !strings.Contains(err.Error(), d.String()) {
			t.Errorf("%v: error %v", d, err)
		}
	}
}

func TestReadFileNamesTheFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "broken.gz")
	if err := os.WriteFile(name, []byte("oops"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(name); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("error %v doesn't name %s", err, name)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("\x00\x00\x08\x02\x00\x00\x00\x02\x00\x00\x00\x01ab"))
	f.Add([]byte("\x00\x00\x0d\x01\x00\x00\x00\x01\x3f\xc0\x00\x00"))
	f.Add([]byte("\x00\x00\x0e\x01\x7f\xff\xff\xff"))
	f.Add(zipped(f, []byte("\x00\x00\x08\x01\x00\x00\x00\x03abc")))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Read(bytes.NewReader(b))
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Errorf("%v is no ErrFormat", err)
			}
			return
		}
		var out bytes.Buffer
		if err := Write(&out, got); err != nil {
			t.Fatal(err)
		}
		again, err := Read(&out)
		if err != nil || !again.Shape().Equal(got.Shape()) {
			t.Errorf("reading what was written: %v", err)
		}
	})
}
