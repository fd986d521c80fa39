package data

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/idx"
	"github.com/kerasgo/kerasgo/io/npy"
	"github.com/kerasgo/kerasgo/spec"
)

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func floats(v any) []float32 { return v.(*tensor.Tensor).Float32s() }

func TestCSV(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.csv", "\ufeffa,b,colour\n1,2,red\n3,4,blue\n5,6,red\n7,8,green\n")
	write(t, dir, "b.csv", "1;2;0.5\n3;4;1.5\n")

	s, err := CSV{Path: "a.csv"}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{1, 2, 3, 4, 5, 6, 7, 8}, floats(s.Train.X)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int32{2, 0, 2, 1}, s.Train.Y.(*tensor.Tensor).Int32s()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"blue", "green", "red"}, s.Classes); diff != "" {
		t.Error(diff)
	}

	s, err = CSV{Path: "a.csv", Target: []string{"colour"}, Features: []string{"b"}, Classes: []string{"red", "green", "blue"}, OneHot: true,
		ValidationSplit: 0.25, TestSplit: 0.25, Shuffle: new(false)}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{2, 4}, floats(s.Train.X)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float32{1, 0, 0, 0, 0, 1}, floats(s.Train.Y)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float32{6, 8}, append(floats(s.Validation.X)[:1:1], floats(s.Test.X)...)); diff != "" {
		t.Error(diff)
	}

	s, err = CSV{Path: "b.csv", Header: new(false), Delimiter: ";"}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if y := s.Train.Y.(*tensor.Tensor); !y.Shape().Equal(tensor.Shape{2}) || y.Float32s()[1] != 1.5 {
		t.Errorf("y is %v", y)
	}
}

// TestCSVShuffle checks that shuffling keeps lines together, loses none and follows the seed.
func TestCSVShuffle(t *testing.T) {
	dir := t.TempDir()
	text := "x,y\n"
	for _, c := range "0123456789" {
		text += string(c) + "," + string(c) + "\n"
	}
	write(t, dir, "a.csv", text)
	load := func(seed int) []float32 {
		s, err := CSV{Path: "a.csv", TestSplit: 0.3, Seed: seed}.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(floats(s.Train.X), floats(s.Train.Y)); diff != "" {
			t.Error("lines were torn apart:", diff)
		}
		return append(append([]float32{}, floats(s.Train.X)...), floats(s.Test.X)...)
	}
	a, b, c := load(1), load(1), load(2)
	if cmp.Diff(a, b) != "" || cmp.Diff(a, c) == "" {
		t.Errorf("seeds 1, 1, 2 give %v, %v, %v", a, b, c)
	}
	sum := float32(0)
	for _, v := range a {
		sum += v
	}
	if sum != 45 || len(a) != 10 {
		t.Errorf("lines were lost: %v", a)
	}
}

func TestCSVErrors(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.csv", "a,b\n1,2\nx,3\n")
	write(t, dir, "ragged.csv", "a,b\n1,2,3\n")
	write(t, dir, "empty.csv", "a,b\n")
	for _, tt := range []struct {
		d    CSV
		want string
	}{
		{CSV{Path: "a.csv"}, `a.csv:3: column a: "x" is no number`},
		{CSV{Path: "a.csv", Target: []string{"c"}}, `no column "c"`},
		{CSV{Path: "a.csv", Target: []string{"a"}, Classes: []string{"1"}}, `a.csv:3: column a: "x" is not among the classes`},
		{CSV{Path: "a.csv", Target: []string{"a", "b"}}, "no column is left"},
		{CSV{Path: "ragged.csv"}, "columns, the first line has"},
		{CSV{Path: "empty.csv"}, "no lines of data"},
		{CSV{Path: "nothing.csv"}, "nothing.csv"},
		{CSV{}, "path"},
		{CSV{Path: "a.csv", Target: []string{"a"}, TestSplit: 1}, "for training"},
		{CSV{Path: "a.csv", Delimiter: "::"}, "not one character"},
	} {
		if _, err := tt.d.Load(dir); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %q", tt.d, err, tt.want)
		}
	}
}

func TestReadTable(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.csv", "a,b\n1,2\n3,4\n")
	write(t, dir, "b.csv", "1,2\n3,4\n")
	for _, f := range []string{"a.csv", "b.csv"} {
		x, err := ReadTable(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]float32{1, 2, 3, 4}, x.Float32s()); diff != "" {
			t.Error(f, diff)
		}
	}
}

func TestArrays(t *testing.T) {
	dir := t.TempDir()
	x := tensor.From([]float32{1, 2, 3, 4}, 2, 2)
	y := tensor.From([]int64{0, 1}, 2)
	if err := npy.WriteFile(filepath.Join(dir, "x.npy"), x); err != nil {
		t.Fatal(err)
	}
	if err := npy.WriteZipFile(filepath.Join(dir, "d.npz"), []npy.Named{{Name: "x", Tensor: x}, {Name: "y", Tensor: y}}, true); err != nil {
		t.Fatal(err)
	}
	s, err := Arrays{X: "x.npy", Y: "d.npz:y", Test: &ArrayFiles{X: []any{"x.npy", "d.npz:x"}, Y: spec.NewObject("a", "d.npz:y")}}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(x.Float32s(), floats(s.Train.X)); diff != "" {
		t.Error(diff)
	}
	if n := len(s.Test.X.([]*tensor.Tensor)); n != 2 || s.Test.Len() != 2 {
		t.Errorf("%d inputs of %d samples", n, s.Test.Len())
	}
	if got := s.Test.Y.(map[string]*tensor.Tensor)["a"]; got == nil || got.Float64At(1) != 1 {
		t.Errorf("y is %v", s.Test.Y)
	}
	if diff := cmp.Diff([]string{"train", "test"}, s.Names()); diff != "" {
		t.Error(diff)
	}
	for _, tt := range []struct {
		d    Arrays
		want string
	}{
		{Arrays{X: "d.npz", Y: "x.npy"}, "holds 2 arrays; say which"},
		{Arrays{X: "d.npz:z"}, `no array "z"; it has x, y`},
		{Arrays{X: "nothing.npy"}, "nothing.npy"},
		{Arrays{X: 3}, "3 is no path"},
		{Arrays{X: "x.npy", Validation: &ArrayFiles{X: []any{1}}}, "validation: x: 1 is no path"},
	} {
		if _, err := tt.d.Load(dir); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %q", tt.d, err, tt.want)
		}
	}
	if err := (Arrays{X: "x", Test: &ArrayFiles{X: "x", Y: []any{true}}}).Check(); err == nil || !strings.Contains(err.Error(), "test.y: true is no path") {
		t.Errorf("Check: %v", err)
	}
}

func TestIDX(t *testing.T) {
	dir := t.TempDir()
	images := tensor.From([]uint8{0, 51, 102, 153, 204, 255}, 3, 2, 1)
	labels := tensor.From([]uint8{2, 0, 1}, 3)
	for name, a := range map[string]*tensor.Tensor{"i.gz": images, "l": labels} {
		if err := idx.WriteFile(filepath.Join(dir, name), a); err != nil {
			t.Fatal(err)
		}
	}
	s, err := IDX{Images: "i.gz", Labels: "l", TestImages: "i.gz", TestLabels: "l", ValidationSize: 1, OneHot: true, Reshape: []int{-1, 2}}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if x := s.Train.X.(*tensor.Tensor); !x.Shape().Equal(tensor.Shape{2, 2}) || x.Float32s()[3] != 1 {
		t.Errorf("x is %v", x)
	}
	if diff := cmp.Diff([]float32{0, 0, 1}, floats(s.Validation.Y)); diff != "" {
		t.Error(diff)
	}
	if s.Test.Len() != 3 {
		t.Errorf("%d test samples", s.Test.Len())
	}
	for _, tt := range []struct {
		d    IDX
		want string
	}{
		{IDX{Images: "l", Labels: "l"}, "do not belong together"},
		{IDX{Images: "i.gz", Labels: "l", ValidationSize: 3}, "leaves none"},
		{IDX{Images: "i.gz", Labels: "l", Reshape: []int{-1, 3}}, "do not become"},
		{IDX{Images: "i.gz", Labels: "l", OneHot: true, Classes: 2}, "outside the 2 classes"},
		{IDX{Images: "i.gz", Labels: "l", TestImages: "i.gz"}, "belong together"},
	} {
		if _, err := tt.d.Load(dir); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %q", tt.d, err, tt.want)
		}
	}
}

func TestMNIST(t *testing.T) {
	t.Setenv("KERAS_HOME", t.TempDir())
	d, err := spec.Complete(MNIST{OneHot: true, ValidationSize: new(100), Reshape: []int{-1, 28, 28, 1}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Load(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := d.Outline()
	for _, p := range []struct {
		split *Split
		n     Count
	}{{s.Train, o.Parts.Train}, {s.Validation, o.Parts.Validation}, {s.Test, o.Parts.Test}} {
		if p.split.Len() != int(p.n) {
			t.Errorf("%d samples, announced %d", p.split.Len(), p.n)
		}
		x, y := p.split.X.(*tensor.Tensor).Shape(), p.split.Y.(*tensor.Tensor).Shape()
		if !x[1:].Equal(o.X[1:]) || !y[1:].Equal(o.Y[1:]) {
			t.Errorf("shapes %v, %v, announced %v, %v", x, y, o.X, o.Y)
		}
	}
	if _, err := (MNIST{Reshape: []int{-1, 27, 28}}).Load(""); err == nil {
		t.Error("a shape of too few pixels is accepted")
	}
	if s, err := (MNIST{ValidationSize: new(0)}).Load(t.TempDir()); err != nil || s.Validation != nil || s.Train.Len() != 60000 {
		t.Error("validation_size 0:", err)
	}
}

// Spreadsheets begin their CSV files with a byte order mark.
func TestByteOrderMark(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(file, []byte("\ufeff1,2\n3,4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	x, err := ReadTable(file)
	if err != nil || x.Len() != 2 {
		t.Errorf("read %v, %v; want two lines", x, err)
	}
}
