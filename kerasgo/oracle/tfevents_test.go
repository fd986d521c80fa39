package oracle_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/png"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A reader of event files that shares no code with package tfevents: fields of
// protocol buffers by number, records with their checksums.

type fields map[int][]any // uint64 or []byte, in order

func (f fields) bytes(n int) []byte {
	if len(f[n]) == 0 {
		return nil
	}
	return f[n][0].([]byte)
}

func (f fields) uint(n int) uint64 {
	if len(f[n]) == 0 {
		return 0
	}
	return f[n][0].(uint64)
}

func readFields(t *testing.T, b []byte) fields {
	t.Helper()
	f := fields{}
	for len(b) > 0 {
		key, k := binary.Uvarint(b)
		b = b[k:]
		n := int(key >> 3)
		switch key & 7 {
		case 0:
			v, k := binary.Uvarint(b)
			f[n], b = append(f[n], v), b[k:]
		case 1:
			f[n], b = append(f[n], binary.LittleEndian.Uint64(b)), b[8:]
		case 2:
			size, k := binary.Uvarint(b)
			f[n], b = append(f[n], b[k:k+int(size)]), b[k+int(size):]
		case 5:
			f[n], b = append(f[n], uint64(binary.LittleEndian.Uint32(b))), b[4:]
		default:
			t.Fatalf("wire type %d", key&7)
		}
	}
	return f
}

func checkMasked(t *testing.T, data, sum []byte) {
	t.Helper()
	const mask = 0xa282ead8
	rotated := binary.LittleEndian.Uint32(sum) - mask
	if c := rotated>>17 | rotated<<15; c != crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)) {
		t.Fatal("a checksum is wrong")
	}
}

// eventsOf returns all values in the event files below a folder, in the recorder's
// form, and deletes the files.
func eventsOf(t *testing.T, dir string) [][]any {
	t.Helper()
	out := [][]any{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !strings.HasPrefix(d.Name(), "events.out.tfevents.") {
			t.Errorf("file %s", path)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		part, err := filepath.Rel(dir, filepath.Dir(path))
		if err != nil {
			return err
		}
		for first := true; len(b) > 0; first = false {
			n := int(binary.LittleEndian.Uint64(b))
			checkMasked(t, b[:8], b[8:12])
			checkMasked(t, b[12:12+n], b[12+n:16+n])
			event := readFields(t, b[12:12+n])
			b = b[16+n:]
			if first && string(event.bytes(3)) != "brain.Event:2" {
				t.Errorf("%s begins with version %q", path, event.bytes(3))
			}
			for _, v := range readFields(t, event.bytes(5))[1] {
				out = append(out, append([]any{part}, valueOf(t, v.([]byte), event.uint(2))...))
			}
		}
		return os.Remove(path)
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(out, func(a, b []any) int {
		if c := strings.Compare(a[0].(string)+" "+a[1].(string), b[0].(string)+" "+b[1].(string)); c != 0 {
			return c
		}
		return int(a[2].(uint64)) - int(b[2].(uint64))
	})
	return out
}

// valueOf reads a Summary.Value: tag, step, plugin, class, content, type, shape, items.
func valueOf(t *testing.T, b []byte, step uint64) []any {
	t.Helper()
	v := readFields(t, b)
	x, meta := readFields(t, v.bytes(8)), readFields(t, v.bytes(9))
	plugin := readFields(t, meta.bytes(1))
	shape, items := []any{}, []any{}
	for _, d := range readFields(t, x.bytes(2))[2] {
		shape = append(shape, readFields(t, d.([]byte)).uint(1))
	}
	switch tag := string(v.bytes(1)); {
	case strings.Contains(tag, "per_second"):
	case x.uint(1) == 1:
		for p := x.bytes(5); len(p) > 0; p = p[4:] {
			items = append(items, float64(math.Float32frombits(binary.LittleEndian.Uint32(p))))
		}
	case x.uint(1) == 2:
		for p := x.bytes(4); len(p) > 0; p = p[8:] {
			items = append(items, math.Float64frombits(binary.LittleEndian.Uint64(p)))
		}
	default:
		for _, s := range x[8] {
			items = append(items, textOf(t, s.([]byte)))
		}
	}
	return []any{string(v.bytes(1)), step, string(plugin.bytes(1)), meta.uint(4), string(plugin.bytes(2)), x.uint(1), shape, items}
}

// textOf returns a text, or the pixels of a PNG.
func textOf(t *testing.T, b []byte) any {
	t.Helper()
	if !bytes.HasPrefix(b, []byte("\x89PNG")) {
		return string(b)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var pixels []any
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			r, g, b, _ := m.At(x, y).RGBA()
			if r == g && g == b && len(pixels) == y*m.Bounds().Dx()+x {
				pixels = append(pixels, r>>8)
				continue
			}
			pixels = append(pixels, r>>8, g>>8, b>>8)
		}
	}
	return pixels
}
