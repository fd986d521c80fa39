package data

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// encodeWAV makes a WAV file of 16-bit samples, with a chunk of an odd length before them.
func encodeWAV(frames [][]int16) []byte {
	var data []byte
	for _, f := range frames {
		for _, v := range f {
			data = binary.LittleEndian.AppendUint16(data, uint16(v))
		}
	}
	n := uint16(len(frames[0]))
	b := []byte("RIFF\x00\x00\x00\x00WAVELIST\x03\x00\x00\x00abc\x00fmt \x10\x00\x00\x00")
	for _, v := range []any{uint16(1), n, uint32(8000), uint32(16000) * uint32(n), 2 * n, uint16(16)} {
		b, _ = binary.Append(b, binary.LittleEndian, v)
	}
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return append(b, data...)
}

// The recordings and texts of a tree, their labels and splits are those that Keras reads
// (testdata/gen/files.py).
func TestFilesAgainstKeras(t *testing.T) {
	raw, err := os.ReadFile("testdata/files.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Recordings map[string][][]int16
		Texts      map[string]string
		Cases      []struct {
			Kind                 string
			Arguments            map[string]any
			Training, Validation [][2]any
		}
	}
	if err := json.Unmarshal(raw, &golden); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, content []byte) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, frames := range golden.Recordings {
		write(name, encodeWAV(frames))
	}
	for name, text := range golden.Texts {
		write(name, []byte(text))
	}
	for _, c := range golden.Cases {
		c.Arguments["path"] = dir
		text, _ := json.Marshal(map[string]any{map[string]string{"audio": "AudioFolder", "text": "TextFolder"}[c.Kind]: c.Arguments})
		node, errs := spec.Parse("arguments", text)
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		source, errs := spec.Decode(node, "data")
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		s, err := source.(Source).Load("")
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := gocmp.Diff(c.Training, samplesOf(s.Train, c.Validation != nil)); diff != "" {
			t.Errorf("%s, training (-Keras +kerasgo):\n%s", text, diff)
		}
		if diff := gocmp.Diff(c.Validation, samplesOf(s.Validation, false)); diff != "" {
			t.Errorf("%s, validation (-Keras +kerasgo):\n%s", text, diff)
		}
	}
}

// samplesOf returns pairs of x and y in the form that JSON has, sorted by their text if asked to.
func samplesOf(s *Split, sorted bool) [][2]any {
	if s == nil {
		return nil
	}
	var out [][2]any
	for i := range s.Len() {
		var pair [2]any
		pair[0] = nested(s.X.(*tensor.Tensor).Slice(i, i+1))
		if s.Y != nil {
			pair[1] = nested(s.Y.(*tensor.Tensor).Slice(i, i+1))
		}
		out = append(out, pair)
	}
	if sorted {
		slices.SortFunc(out, func(a, b [2]any) int {
			x, _ := json.Marshal(a)
			y, _ := json.Marshal(b)
			return cmp.Compare(string(x), string(y))
		})
	}
	return out
}

// nested is a tensor of one sample as JSON has it, without its first axis.
func nested(t *tensor.Tensor) any {
	s := t.Shape()[1:]
	if len(s) == 0 {
		if t.DType() == tensor.String {
			return tensor.Data[string](t)[0]
		}
		return t.Float64At(0)
	}
	rest := t.Reshape(s...)
	list := make([]any, s[0])
	for i := range list {
		list[i] = nested(rest.Slice(i, i+1))
	}
	return list
}

func TestWAVErrors(t *testing.T) {
	good := encodeWAV([][]int16{{1}, {-2}})
	changed := func(at int, b byte) []byte {
		c := slices.Clone(good)
		c[at] = b
		return c
	}
	for want, raw := range map[string][]byte{
		"does not begin with RIFF": []byte("ID3"),
		"has no samples":           good[:12],
		"of format 3":              changed(32, 3),
		"and 24 bits":              changed(46, 24),
		"has no channels":          changed(34, 0),
		"before their format":      slices.Concat(good[:12], good[48:]),
		"wanted 16 or more":        changed(28, 4),
	} {
		if _, _, err := decodeWAV(raw); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func FuzzWAV(f *testing.F) {
	f.Add(encodeWAV([][]int16{{1, 2}, {-2, 5}}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		samples, channels, err := decodeWAV(raw)
		if err == nil && len(samples)%channels != 0 {
			t.Errorf("%d samples of %d channels", len(samples), channels)
		}
	})
}
