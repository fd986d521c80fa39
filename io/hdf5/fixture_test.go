package hdf5

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// item is one object of a manifest written by testdata/gen/fixtures.py.
type item struct {
	Path     string              `json:"path"`
	Kind     string              `json:"kind"`
	Children []string            `json:"children"`
	Shape    []int               `json:"shape"`
	DType    string              `json:"dtype"`
	SHA      string              `json:"sha"`
	Strings  []string            `json:"strings"`
	Attrs    map[string]attrItem `json:"attrs"`
}

type attrItem struct {
	Null    bool     `json:"null"`
	Shape   []int    `json:"shape"`
	Strings []string `json:"strings"`
	Ints    []int64  `json:"ints"`
	Floats  string   `json:"floats"`
}

// fixture reads a file of testdata, stored plain or gzipped.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if errors.Is(err, os.ErrNotExist) {
		if b, err = os.ReadFile(filepath.Join("testdata", name+".gz")); err == nil {
			var z *gzip.Reader
			if z, err = gzip.NewReader(bytes.NewReader(b)); err == nil {
				b, err = io.ReadAll(z)
			}
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func open(t testing.TB, b []byte) *File {
	t.Helper()
	f, err := NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func hash(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:8])
}

// describe lists everything in a file in the form of a manifest.
func describe(t testing.TB, f *File) map[string]item {
	t.Helper()
	items := map[string]item{}
	err := f.Root().Walk(func(o Object) error {
		i := item{Path: o.Path(), Attrs: map[string]attrItem{}}
		as, err := o.Attributes()
		if err != nil {
			return err
		}
		for _, a := range as {
			i.Attrs[a.Name] = describeAttr(t, a)
		}
		switch o := o.(type) {
		case *Group:
			i.Kind = "group"
			links, err := o.Links()
			if err != nil {
				return err
			}
			i.Children = []string{}
			for _, l := range links {
				i.Children = append(i.Children, l.Name)
			}
		case *Dataset:
			i.Kind, i.Shape = "dataset", o.Shape()
			if o.Type().IsString() {
				i.Strings, err = o.Strings()
				break
			}
			var raw []byte
			raw, err = o.Raw()
			i.DType, i.SHA = o.DType(), hash(raw)
		case *NamedType:
			i.Kind = "type"
		}
		items[i.Path] = i
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func describeAttr(t testing.TB, a *Attribute) attrItem {
	t.Helper()
	if a.Null {
		return attrItem{Null: true, Shape: []int{}}
	}
	d := attrItem{Shape: a.Shape}
	var err error
	switch {
	case a.Type.IsString():
		d.Strings, err = a.Strings()
	case a.Type.Class == ClassFloat:
		var v []float64
		v, err = a.Float64s()
		var b []byte
		for _, x := range v {
			b = le.AppendUint64(b, math.Float64bits(x))
		}
		d.Floats = hash(b)
	default:
		d.Ints, err = a.Int64s()
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func manifest(t *testing.T, b []byte) map[string]item {
	t.Helper()
	var list []item
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	m := map[string]item{}
	for _, i := range list {
		if i.Kind == "group" && i.Children == nil {
			i.Children = []string{}
		}
		m[i.Path] = i
	}
	return m
}

// TestFixtures compares everything in each fixture with what h5py read from it.
func TestFixtures(t *testing.T) {
	for _, name := range []string{
		"types_v0", "types_latest", "chunks_v0", "chunks_latest", "links8_v0", "links9_v0", "links149_v0", "links9_latest", "links149_latest",
		"links3000_latest", "attributes_v0", "attributes_latest", "ordered_v0", "ordered_latest", "superblock_v2", "superblock_v3", "userblock", "twice", "hdf5_2",
	} {
		t.Run(name, func(t *testing.T) {
			want := manifest(t, fixture(t, name+".json"))
			got := describe(t, open(t, fixture(t, name+".h5")))
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("differs from h5py (-h5py +ours):\n%s", d)
			}
		})
	}
}

// TestRefusals opens everything in files that lead outside themselves or in circles.
func TestRefusals(t *testing.T) {
	for name, want := range map[string]string{
		"soft":     `/soft: refused: soft link to "/real"`,
		"external": `/ext: refused: external link to "/etc/passwd:/x"`,
		"storage":  "/raw: refused: external storage",
		"virtual":  "/v: refused: virtual dataset",
		"cycle":    "/a/b/again: refused: second hard link to the group /a",
	} {
		for _, version := range []string{"_v0", "_latest"} {
			t.Run(name+version, func(t *testing.T) {
				err := readAll(open(t, fixture(t, name+version+".h5")))
				if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q", err, want)
				}
			})
		}
	}
}

// readAll reads every value of a file and returns the first error.
func readAll(f *File) error {
	return f.Root().Walk(func(o Object) error {
		as, err := o.Attributes()
		if err != nil {
			return err
		}
		for _, a := range as {
			for _, read := range []func() error{
				func() error { _, err := a.Strings(); return err },
				func() error { _, err := a.Int64s(); return err },
				func() error { _, err := a.Float64s(); return err },
			} {
				if err := read(); err != nil && !errors.Is(err, ErrType) {
					return err
				}
			}
		}
		if d, ok := o.(*Dataset); ok {
			if d.Type().IsString() {
				_, err = d.Strings()
			} else if _, err = d.Raw(); err == nil {
				_, err = d.Float32s()
			}
			if errors.Is(err, ErrType) || errors.Is(err, ErrUnsupported) {
				err = nil
			}
		}
		return err
	})
}

// TestReadAgain opens and reads the same things many times: the guard against cycles must not mistake that for one.
func TestReadAgain(t *testing.T) {
	for name, times := range map[string]int{"types_latest.h5": 200, "chunks_latest.h5": 30, "attributes_latest.h5": 30, "links149_v0.h5": 200} {
		f := open(t, fixture(t, name))
		for i := range times {
			if err := readAll(f); err != nil {
				t.Fatalf("%s, time %d: %v", name, i, err)
			}
		}
	}
}

func TestSuperblockVersion(t *testing.T) {
	for name, want := range map[string]int{"types_v0.h5": 0, "superblock_v2.h5": 2, "superblock_v3.h5": 3} {
		if got := open(t, fixture(t, name)).SuperblockVersion(); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}
