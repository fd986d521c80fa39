package data

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/npy"
)

// TestImageFolder holds pixels and labels against what Keras read from the same
// folder (testdata/gen/images.py).
func TestImageFolder(t *testing.T) {
	golden, err := npy.ReadZipFile("testdata/images.npz")
	if err != nil {
		t.Fatal(err)
	}
	labels, _ := npy.Find(golden, "labels")
	for _, mode := range []string{"rgb", "grayscale", "rgba"} {
		for _, size := range [][2]int{{6, 8}, {3, 3}, {7, 5}} {
			name := fmt.Sprintf("%s_%dx%d", mode, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				want, ok := npy.Find(golden, name)
				if !ok {
					t.Fatal("no golden")
				}
				s, err := ImageFolder{Path: "pictures", ImageSize: size, ColorMode: mode}.Load("testdata")
				if err != nil {
					t.Fatal(err)
				}
				x, y := s.Train.X.(*tensor.Tensor), s.Train.Y.(*tensor.Tensor)
				if !x.Shape().Equal(want.Shape()) {
					t.Fatalf("shape %v, want %v", x.Shape(), want.Shape())
				}
				for i, v := range x.Float32s() {
					if math.Abs(float64(v-want.Float32s()[i])) > 1e-3 {
						t.Fatalf("element %d is %v, Keras has %v", i, v, want.Float32s()[i])
					}
				}
				if diff := cmp.Diff(labels.Int32s(), y.Int32s()); diff != "" {
					t.Error("labels:", diff)
				}
				if diff := cmp.Diff([]string{"a_one", "b_two", "c_grey"}, s.Classes); diff != "" {
					t.Error("classes:", diff)
				}
			})
		}
	}
}

func TestImageFolderLabels(t *testing.T) {
	d := ImageFolder{Path: "pictures", ImageSize: [2]int{2, 2}, LabelMode: "categorical", ClassNames: []string{"b_two", "a_one"}}
	s, err := d.Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{1, 0, 1, 0, 0, 1}, s.Train.Y.(*tensor.Tensor).Float32s()); diff != "" {
		t.Error(diff)
	}
	d.LabelMode = "binary"
	d.ValidationSplit = 0.34
	if s, err = d.Load("testdata"); err != nil {
		t.Fatal(err)
	}
	if y := s.Train.Y.(*tensor.Tensor); !y.Shape().Equal(tensor.Shape{2, 1}) || s.Validation.Len() != 1 || s.Test != nil {
		t.Errorf("labels %v, %d for validation", y.Shape(), s.Validation.Len())
	}
	if o := d.Outline(); !o.X.Equal(tensor.Shape{-1, 2, 2, 3}) && o.Parts.Validation != Some {
		t.Errorf("outline %+v", o)
	}
}

func TestImageFolderErrors(t *testing.T) {
	dir := t.TempDir()
	os.MkdirAll(filepath.Join(dir, "bad", "a"), 0o777)
	os.MkdirAll(filepath.Join(dir, "empty"), 0o777)
	os.WriteFile(filepath.Join(dir, "bad", "a", "x.png"), []byte("no picture"), 0o666)
	for _, tt := range []struct {
		d    ImageFolder
		want string
	}{
		{ImageFolder{Path: "empty"}, "holds no folders"},
		{ImageFolder{Path: "bad"}, "x.png"},
		{ImageFolder{Path: "nothing"}, "nothing"},
		{ImageFolder{Path: "bad", LabelMode: "binary"}, "wants two classes"},
		{ImageFolder{Path: "bad", ColorMode: "cmyk"}, "color_mode"},
		{ImageFolder{Path: "bad", LabelMode: "none", ClassNames: []string{"a"}}, "without classes"},
		{ImageFolder{Path: "empty", LabelMode: "none"}, "no pictures"},
		{ImageFolder{Path: "bad", Test: "bad", TestSplit: 0.5}, "give one"},
	} {
		if _, err := tt.d.Load(dir); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %q", tt.d, err, tt.want)
		}
	}
}

// TestImageFolderWithoutLabels reads the recorded pictures without their classes: in the
// same order here, and shuffled as with labels.
func TestImageFolderWithoutLabels(t *testing.T) {
	golden, err := npy.ReadZipFile("testdata/images.npz")
	if err != nil {
		t.Fatal(err)
	}
	want, _ := npy.Find(golden, "unlabeled_6x8")
	d := ImageFolder{Path: "pictures", ImageSize: [2]int{6, 8}, LabelMode: "none"}
	s, err := d.Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	x := s.Train.X.(*tensor.Tensor)
	if !x.Shape().Equal(want.Shape()) {
		t.Fatalf("shape %v, want %v", x.Shape(), want.Shape())
	}
	for i, v := range x.Float32s() {
		if math.Abs(float64(v-want.Float32s()[i])) > 1e-3 {
			t.Fatalf("element %d is %v, Keras has %v", i, v, want.Float32s()[i])
		}
	}
	if s.Train.Y != nil || s.Classes != nil {
		t.Errorf("labels %v, classes %v", s.Train.Y, s.Classes)
	}
	d.ValidationSplit, d.Test, d.Seed = 0.3, "pictures/b_two", 3
	if s, err = d.Load("testdata"); err != nil {
		t.Fatal(err)
	}
	if s.Train.Len() != 3 || s.Validation.Len() != 1 || s.Test.Len() != 2 || s.Validation.Y != nil || s.Test.Y != nil {
		t.Errorf("%d, %d, %d samples", s.Train.Len(), s.Validation.Len(), s.Test.Len())
	}
	val, _ := npy.Find(golden, "unlabeled_validation")
	for i, v := range s.Validation.X.(*tensor.Tensor).Float32s() {
		if math.Abs(float64(v-val.Float32s()[i])) > 1e-3 {
			t.Fatalf("validation: element %d is %v, Keras has %v", i, v, val.Float32s()[i])
		}
	}
	if y := d.Outline().Y; y != nil {
		t.Errorf("outline: labels %v", y)
	}
}
