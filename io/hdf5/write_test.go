package hdf5

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func write(t testing.TB, root *GroupPlan) []byte {
	t.Helper()
	o, err := Layout(root)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if n, err := o.WriteTo(&b); err != nil || n != o.Size() || n != int64(b.Len()) {
		t.Fatalf("wrote %d of %d bytes: %v", n, o.Size(), err)
	}
	return b.Bytes()
}

func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8)
	}
	return b
}

// samplePlan uses everything that can be written.
func samplePlan() *GroupPlan {
	root := NewGroupPlan()
	root.SetAttr("keras_version", Text("3.15.1"))
	root.SetAttr("config", Text(strings.Repeat("c", 5000)))
	root.SetAttr("config_70k", Text(strings.Repeat("d", 70_000)))
	root.SetAttr("config_200k", Text(strings.Repeat("e", 200_000)))
	root.SetAttr("empty", Text(""))
	root.SetAttr("names", FixedTexts([]string{"kernel", "bias", "größe"}))
	root.SetAttr("names_v", Texts([]string{"a", "", "ccc"}))
	root.SetAttr("no_names", FixedTexts(nil))
	root.SetAttr("int", Int(-7))
	root.SetAttr("ints", Int64s([]int64{1, 1 << 60}))
	root.SetAttr("float", Float(0.1))
	root.SetAttr("floats", Float64s([]float64{1.5, -2}))
	g := root.Group("types")
	for _, dt := range []string{"float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool", "bfloat16"} {
		typ, err := TypeOf(dt)
		if err != nil {
			panic(err)
		}
		d := &DatasetPlan{Type: typ, Shape: []int{2, 3}, Data: pattern(6 * typ.Size)}
		if dt == "bool" {
			d.Data = []byte{0, 1, 1, 0, 1, 0}
		}
		if dt == "bfloat16" {
			d.SetAttr("dtype", Text("bfloat16"))
		}
		g.Add(dt, d)
	}
	g.Add("scalar", &DatasetPlan{Type: Float32, Data: pattern(4)})
	g.Add("empty", &DatasetPlan{Type: Float32, Shape: []int{0, 4}})
	g.Add("strings", &DatasetPlan{Type: VariableString, Shape: []int{3}, Strings: []string{"x", "", "zz"}})
	g.Add("fixed", &DatasetPlan{Type: FixedString(3), Shape: []int{2}, Data: []byte("ab\x00cde")})
	g.Add("source", &DatasetPlan{Type: Uint8, Shape: []int{5}, Source: func(w io.Writer) error {
		_, err := w.Write([]byte("hello"))
		return err
	}})
	for _, n := range []int{8, 9, 257, 1000} { // h5py reads them in the exchange test
		for i := range n {
			root.Group(fmt.Sprint("links/", n)).Add(fmt.Sprint("v", i), &DatasetPlan{Type: Uint8, Data: []byte{byte(i)}})
		}
	}
	root.Group("layers/dense/vars").SetAttr("name", Text("dense"))
	root.Group("layers/dropout/vars")
	return root
}

// TestWriteRead reads back what was written.
func TestWriteRead(t *testing.T) {
	f := open(t, write(t, samplePlan()))
	if f.SuperblockVersion() != 0 {
		t.Errorf("superblock %d", f.SuperblockVersion())
	}
	items := describe(t, f)
	root := items["/"].Attrs
	for name, want := range map[string]attrItem{
		"keras_version": {Shape: []int{}, Strings: []string{"3.15.1"}},
		"config_200k":   {Shape: []int{}, Strings: []string{strings.Repeat("e", 200_000)}},
		"empty":         {Shape: []int{}, Strings: []string{""}},
		"names":         {Shape: []int{3}, Strings: []string{"kernel", "bias", "größe"}},
		"names_v":       {Shape: []int{3}, Strings: []string{"a", "", "ccc"}},
		"int":           {Shape: []int{}, Ints: []int64{-7}},
		"ints":          {Shape: []int{2}, Ints: []int64{1, 1 << 60}},
	} {
		if d := cmp.Diff(want, root[name]); d != "" {
			t.Errorf("attribute %s (-want +got):\n%s", name, d)
		}
	}
	for name, want := range map[string]item{
		"float16":  {Shape: []int{2, 3}, DType: "float16", SHA: hash(pattern(12))},
		"bfloat16": {Shape: []int{2, 3}, DType: "bfloat16", SHA: hash(pattern(12))},
		"int64":    {Shape: []int{2, 3}, DType: "int64", SHA: hash(pattern(48))},
		"bool":     {Shape: []int{2, 3}, DType: "bool", SHA: hash([]byte{0, 1, 1, 0, 1, 0})},
		"scalar":   {Shape: []int{}, DType: "float32", SHA: hash(pattern(4))},
		"empty":    {Shape: []int{0, 4}, DType: "float32", SHA: hash(nil)},
		"strings":  {Shape: []int{3}, Strings: []string{"x", "", "zz"}},
		"fixed":    {Shape: []int{2}, Strings: []string{"ab", "cde"}},
		"source":   {Shape: []int{5}, DType: "uint8", SHA: hash([]byte("hello"))},
	} {
		if d := cmp.Diff(want, items["/types/"+name], cmpopts.IgnoreFields(item{}, "Path", "Kind", "Attrs")); d != "" {
			t.Errorf("dataset %s (-want +got):\n%s", name, d)
		}
	}
	if got := items["/layers"].Children; !cmp.Equal(got, []string{"dense", "dropout"}) {
		t.Errorf("layers: %v", got)
	}
}

// TestLinkCounts writes groups at the limits of symbol table and B-tree nodes: 8 names a leaf, 32 leaves a node.
func TestLinkCounts(t *testing.T) {
	for _, n := range []int{0, 1, 8, 9, 148, 149, 256, 257, 1000, 9000, 30000} {
		root := NewGroupPlan()
		g := root.Group("g")
		for i := range n {
			g.Add(fmt.Sprint("v", i), &DatasetPlan{Type: Int32, Data: le.AppendUint32(nil, uint32(i))})
		}
		sub, err := open(t, write(t, root)).Root().Group("g")
		if err != nil {
			t.Fatal(err)
		}
		all, err := sub.Datasets()
		if err != nil || len(all) != n {
			t.Fatalf("%d of %d datasets: %v", len(all), n, err)
		}
		for i := range n {
			d, err := sub.Dataset(fmt.Sprint("v", i))
			if err != nil {
				t.Fatal(err)
			}
			if v, err := d.Int64s(); err != nil || v[0] != int64(i) {
				t.Fatalf("v%d = %v, %v", i, v, err)
			}
		}
	}
}

func TestPlanErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		plan func(g *GroupPlan)
		want string
	}{
		{"short data", func(g *GroupPlan) { g.Add("d", &DatasetPlan{Type: Float32, Shape: []int{3}, Data: make([]byte, 8)}) }, "/a/d: cannot be written as specified: 8 bytes of data for shape [3] of float32, which needs 12"},
		{"negative", func(g *GroupPlan) { g.Add("d", &DatasetPlan{Type: Float32, Shape: []int{-1}}) }, "/a/d: cannot be written as specified: shape [-1]"},
		{"overflow", func(g *GroupPlan) { g.Add("d", &DatasetPlan{Type: Float32, Shape: []int{math.MaxInt, 2}}) }, "shape ["},
		{"no type", func(g *GroupPlan) { g.Add("d", &DatasetPlan{}) }, "without a type"},
		{"slash", func(g *GroupPlan) { g.Add("x/y", &DatasetPlan{Type: Float32}) }, `/a: cannot be written as specified: "x/y" is no name`},
		{"taken", func(g *GroupPlan) { g.Group("x"); g.Add("x", &DatasetPlan{Type: Float32}) }, `the name "x" is taken`},
		{"fixed list above 64 KB", func(g *GroupPlan) { g.SetAttr("names", FixedTexts([]string{strings.Repeat("x", 70_000)})) }, "64 KiB"},
		{"source too short", func(g *GroupPlan) {
			g.Add("d", &DatasetPlan{Type: Uint8, Shape: []int{3}, Source: func(w io.Writer) error { return nil }})
		}, "a Source wrote 0 bytes where 3 were declared"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := NewGroupPlan()
			c.plan(root.Group("a"))
			err := Write(io.Discard, root)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if !errors.Is(err, ErrPlan) && !errors.Is(err, ErrUnsupported) {
				t.Errorf("kind of %v", err)
			}
		})
	}
}

func TestFloat32s(t *testing.T) {
	root := open(t, fixture(t, "types_v0.h5")).Root()
	var want []float32
	for i := range 24 {
		want = append(want, float32(i-5))
	}
	for _, name := range []string{"f2", "f4", "f8", "i1", "i2", "i4", "i8", "be_f2", "be_f4", "be_f8", "be_i4"} {
		d, err := root.Dataset("n/" + name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.Float32s()
		if err != nil || !cmp.Equal(want, got) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		got64, err := d.Float64s()
		if err != nil || len(got64) != 24 || got64[7] != 2 {
			t.Errorf("%s: %v, %v", name, got64, err)
		}
	}
	d, err := root.Dataset("n/bfloat16")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := d.Float32s(); err != nil || !cmp.Equal(got, []float32{0, 1, 2, 3, 4, 5}) && len(got) != 6 {
		t.Errorf("bfloat16: %v, %v", got, err)
	}
	if d, err = root.Dataset("n/i8_large"); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Int64s(); err != nil || got[0] != 1<<53+1 {
		t.Errorf("int64 above 2^53: %v, %v", got, err)
	}
	if d, err = root.Dataset("s/fixed"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Float32s(); !errors.Is(err, ErrType) {
		t.Errorf("floats of strings: %v", err)
	}
	if _, err := root.Dataset("n/missing"); !errors.Is(err, ErrNotFound) {
		t.Errorf("missing: %v", err)
	}
	if _, err := root.Dataset("n"); !errors.Is(err, ErrType) {
		t.Errorf("group as dataset: %v", err)
	}
}

func TestHalf(t *testing.T) {
	for h, want := range map[uint16]float32{0: 0, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 1: 1.0 / (1 << 24), 0x0400: 1.0 / (1 << 14), 0x03ff: 1023.0 / (1 << 24)} {
		if got := float16ToFloat32(h); got != want {
			t.Errorf("%#x: %v, want %v", h, got, want)
		}
	}
}

func BenchmarkWrite100MB(b *testing.B) {
	root := NewGroupPlan()
	root.Add("w", &DatasetPlan{Type: Float32, Shape: []int{25 << 20}, Data: make([]byte, 100<<20)})
	b.SetBytes(100 << 20)
	b.ReportAllocs()
	name := filepath.Join(b.TempDir(), "w.h5")
	for b.Loop() {
		f, err := os.Create(name)
		if err != nil {
			b.Fatal(err)
		}
		if err := Write(f, root); err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead100MB(b *testing.B) {
	root := NewGroupPlan()
	root.Add("w", &DatasetPlan{Type: Float32, Shape: []int{25 << 20}, Data: make([]byte, 100<<20)})
	f := open(b, write(b, root))
	d, err := f.Root().Dataset("w")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(100 << 20)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Float32s(); err != nil {
			b.Fatal(err)
		}
	}
}
