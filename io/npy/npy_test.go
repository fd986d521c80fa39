package npy

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

type recording struct {
	Arrays []struct {
		Name, Descr string
		Fortran     bool
		Shape       []int
		Values      []string
		Npy         string
	}
	Refused map[string]string
	Npz     map[string]string
}

func readRecording(t testing.TB) recording {
	t.Helper()
	b, err := os.ReadFile("testdata/npy.json")
	if err != nil {
		t.Fatal(err)
	}
	var r recording
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Arrays) < 50 {
		t.Fatalf("only %d recorded arrays", len(r.Arrays))
	}
	return r
}

func unbase64(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// show returns the elements as text, exactly: int64 in full, floats by their bits.
func show(t *tensor.Tensor) []string {
	out := []string{}
	for i := range t.Size() {
		switch t.DType() {
		case tensor.String:
			out = append(out, tensor.Data[string](t)[i])
		case tensor.Int64:
			out = append(out, strconv.FormatInt(tensor.Data[int64](t)[i], 10))
		default:
			out = append(out, fmt.Sprintf("%x", math.Float64bits(t.Float64At(i))))
		}
	}
	return out
}

// wanted brings Python's text of the values into show's form.
func wanted(t *testing.T, dtype tensor.DType, values []string) []string {
	out := []string{}
	for _, s := range values {
		if dtype != tensor.String && dtype != tensor.Int64 {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			if math.IsNaN(v) {
				v = math.Float64frombits(0x7ff8000000000000) // the quiet NaN that NumPy wrote
			}
			s = fmt.Sprintf("%x", math.Float64bits(v))
		}
		out = append(out, s)
	}
	return out
}

func TestReadsWhatNumPyWrites(t *testing.T) {
	types := map[string]tensor.DType{
		"f2": tensor.Float32, "f4": tensor.Float32, "f8": tensor.Float64, "i1": tensor.Int32, "i2": tensor.Int32,
		"i4": tensor.Int32, "i8": tensor.Int64, "u1": tensor.Uint8, "u2": tensor.Int32, "u4": tensor.Int64,
		"u8": tensor.Int64, "b1": tensor.Bool,
	}
	for _, c := range readRecording(t).Arrays {
		t.Run(c.Name, func(t *testing.T) {
			got, err := Read(bytes.NewReader(unbase64(t, c.Npy)))
			if err != nil {
				t.Fatal(err)
			}
			want, ok := types[c.Descr[1:]]
			if !ok {
				want = tensor.String
			}
			if got.DType() != want {
				t.Errorf("%v, want %v", got.DType(), want)
			}
			if diff := cmp.Diff(c.Shape, []int(got.Shape())); diff != "" {
				t.Errorf("shape: %s", diff)
			}
			if diff := cmp.Diff(wanted(t, want, c.Values), show(got)); diff != "" {
				t.Errorf("(-NumPy +ours)\n%s", diff)
			}
		})
	}
}

func TestWritesNumPysBytes(t *testing.T) {
	same := 0
	for _, c := range readRecording(t).Arrays {
		file := unbase64(t, c.Npy)
		switch c.Descr[:2] {
		case "<f", "<i", "<U", "|u", "|b":
		default:
			continue
		}
		if c.Fortran || file[6] != 1 || c.Descr == "<f2" || c.Descr == "<i2" {
			continue // written otherwise
		}
		a, err := Read(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := Write(&out, a); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(file, out.Bytes()); diff != "" {
			t.Errorf("%s: (-NumPy +ours)\n%s", c.Name, diff)
		}
		same++
	}
	if same < 15 {
		t.Errorf("only %d arrays compared", same)
	}
}

func TestRefusesWhatNumPyWrites(t *testing.T) {
	want := map[string]string{
		"object": "pickle", "structured": "records", "complex": `"<c8" is not supported`, "datetime": `"<M8[s]"`,
		"float128": `"<f16"`, "u8": "9223372036854775808 does not fit", "void": `"|V3"`,
	}
	files := readRecording(t).Refused
	for name, text := range want {
		_, err := Read(bytes.NewReader(unbase64(t, files[name])))
		if err == nil || !strings.Contains(err.Error(), text) || !errors.Is(err, ErrFormat) {
			t.Errorf("%s: error %v, want %q", name, err, text)
		}
	}
}

// file builds a version 1 file around a header dictionary.
func file(dict, data string) []byte {
	b := append([]byte(magic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(dict)))
	return append(append(b, dict...), data...)
}

func TestRefusesBrokenFiles(t *testing.T) {
	dict := func(descr, order, shape string) string {
		return fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, order, shape)
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, "ends before the end of the header"},
		{"text", []byte("hello world"), `starts with "hello "`},
		{"version", []byte(magic + "\x04\x00\x00\x00"), "version 4.0"},
		{"header bomb", []byte(magic + "\x02\x00\xff\xff\xff\xff"), "a header of 4294967295 bytes"},
		{"no dictionary", file("hello", ""), `"{" wanted before "hello"`},
		{"call", file("{'descr': __import__('os'), }", ""), "a string wanted"},
		{"unknown key", file("{'descr': '<f4', 'x': 1}", ""), `unknown key "x"`},
		{"twice", file("{'descr': '<f4', 'descr': '<f4'}", ""), "stands twice"},
		{"missing", file("{'descr': '<f4', 'shape': (1,)}", ""), "fortran_order is missing"},
		{"after", file(dict("<f4", "False", "(1,)")+"x", ""), `"x" after its end`},
		{"order", file(dict("<f4", "None", "(1,)"), ""), "neither True nor False"},
		{"negative", file(dict("<f4", "False", "(-1,)"), ""), `a length wanted before "-1`},
		{"huge number", file(dict("<f4", "False", "(99999999999999999999,)"), ""), "a length wanted"},
		{"overflow", file(dict("<f4", "False", "(4294967296, 4294967296, 4294967296)"), ""), "too large"},
		{"axes", file(dict("<f4", "False", "("+strings.Repeat("1,", 65)+")"), ""), "more than 64 axes"},
		{"bomb", file(dict("<f8", "False", "(1000000, 1000000)"), ""), "ends before the end of the elements"},
		{"wide strings", file(dict("<U2000000000", "False", "(1,)"), ""), "not supported"},
		{"no strings", file(dict("|S0", "False", "(1000000000000,)"), ""), "strings of length zero"},
		{"short", file(dict("<f4", "False", "(2,)"), "1234567"), "ends before the end of the elements"},
		{"long", file(dict("<f4", "False", "(1,)"), "12345"), "more data than shape [1] wants"},
		{"pickle", file(dict("|O", "False", "(1,)"), "\x80\x04."), "pickle"},
	} {
		_, err := Read(bytes.NewReader(c.file))
		if err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, ErrFormat) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func TestReadsPython2Header(t *testing.T) {
	got, err := Read(bytes.NewReader(file("{'descr':'<i4','fortran_order':False,'shape':(1L,2L)}", "\x01\x00\x00\x00\x02\x00\x00\x00")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int32{1, 2}, got.Int32s()); diff != "" || !got.Shape().Equal(tensor.Shape{1, 2}) {
		t.Errorf("shape %v, %s", got.Shape(), diff)
	}
}

func TestRoundTripInChunks(t *testing.T) {
	want := tensor.New(tensor.Float32, 3, chunkBytes/4)
	for i := range want.Float32s() {
		want.Float32s()[i] = float32(i)
	}
	name := filepath.Join(t.TempDir(), "a.npy")
	if err := WriteFile(name, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Float32s(), got.Float32s()); diff != "" {
		t.Error(diff)
	}
}

func TestHalfPrecisionWidensAll(t *testing.T) {
	for h := range 1 << 16 {
		got := float64(float16(uint16(h)))
		sign, exp, frac := 1.0, h>>10&31, float64(h&1023)
		if h&0x8000 != 0 {
			sign = -1
		}
		want := sign * math.Ldexp(1+frac/1024, exp-15)
		switch {
		case exp == 0:
			want = sign * math.Ldexp(frac/1024, -14)
		case exp == 31 && frac == 0:
			want = math.Inf(int(sign))
		case exp == 31:
			if !math.IsNaN(got) {
				t.Fatalf("%#04x is %v, want NaN", h, got)
			}
			continue
		}
		if math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%#04x is %v, want %v", h, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range readRecording(f).Arrays {
		f.Add(unbase64(f, c.Npy))
	}
	f.Add(file("{'descr': '<f8', 'fortran_order': True, 'shape': (1000000, 1000000), }", "abc"))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := Read(bytes.NewReader(b))
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Errorf("%v is no ErrFormat", err)
			}
			return
		}
		var out bytes.Buffer
		if err := Write(&out, a); err != nil {
			t.Fatal(err)
		}
		again, err := Read(&out)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(show(a), show(again)); diff != "" || !a.Shape().Equal(again.Shape()) {
			t.Errorf("shapes %v and %v: %s", a.Shape(), again.Shape(), diff)
		}
	})
}
