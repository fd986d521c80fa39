package data

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/npy"
)

// writePicture makes a picture of one pixel of a grey value.
func writePicture(t *testing.T, path string, value int) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img := image.NewGray(image.Rect(0, 0, 1, 1))
	img.SetGray(0, 0, color.Gray{uint8(value)})
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

// TestImageFolderOrder: the pictures of a tree come in Keras's order, and its splits
// hold the same ones for a seed (testdata/gen/folder.py).
func TestImageFolderOrder(t *testing.T) {
	raw, err := os.ReadFile("testdata/folder.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Files   []string
		Classes []string
		Cases   []struct {
			Seed                 int
			ValidationSplit      float64 `json:"validation_split"`
			Shuffle              bool
			Training, Validation []string
		}
	}
	if err := json.Unmarshal(raw, &golden); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for i, name := range golden.Files {
		writePicture(t, filepath.Join(dir, name), i)
	}
	names := func(s *Split) (list []string) {
		for _, v := range s.X.(*tensor.Tensor).Float32s() { // the pixel is the number of the file
			list = append(list, golden.Files[int(v)])
		}
		return list
	}
	for _, c := range golden.Cases {
		s, err := ImageFolder{Path: dir, ImageSize: [2]int{1, 1}, ColorMode: "grayscale", Seed: c.Seed, ValidationSplit: c.ValidationSplit, Shuffle: &c.Shuffle}.Load("")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(golden.Classes, s.Classes); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(c.Training, names(s.Train)); diff != "" {
			t.Errorf("seed %d, training:\n%s", c.Seed, diff)
		}
		if diff := cmp.Diff(c.Validation, names(s.Validation)); diff != "" {
			t.Errorf("seed %d, validation:\n%s", c.Seed, diff)
		}
	}
}

// Links to folders inside a class are read with follow_links only, and a link to a
// folder above ends.
func TestImageFolderLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	dir, far := t.TempDir(), t.TempDir()
	writePicture(t, filepath.Join(dir, "a", "1.png"), 1)
	writePicture(t, filepath.Join(far, "2.png"), 2)
	for link, to := range map[string]string{"a/far": far, "a/up": filepath.Join(dir, "a"), "b": far} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for follow, want := range map[bool][]float32{false: {1, 2}, true: {1, 2, 2}} {
		s, err := ImageFolder{Path: dir, ImageSize: [2]int{1, 1}, ColorMode: "grayscale", FollowLinks: follow}.Load("")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, s.Train.X.(*tensor.Tensor).Float32s()); diff != "" {
			t.Errorf("follow_links %v: %s", follow, diff)
		}
	}
}

// TestImageFolderFits holds every interpolation, stretched, cropped and padded, against
// Keras.
func TestImageFolderFits(t *testing.T) {
	golden, err := npy.ReadZipFile("testdata/fitted.npz")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"} {
		for _, fit := range []string{"stretch", "crop", "pad"} {
			for _, size := range [][2]int{{6, 8}, {3, 3}} {
				name := fmt.Sprintf("%s_%s_%dx%d", kind, fit, size[0], size[1])
				want, ok := npy.Find(golden, name)
				if !ok {
					t.Fatal("no golden", name)
				}
				s, err := ImageFolder{Path: "pictures", ImageSize: size, Interpolation: kind, CropToAspectRatio: fit == "crop", PadToAspectRatio: fit == "pad"}.Load("testdata")
				if err != nil {
					t.Fatal(err)
				}
				x := s.Train.X.(*tensor.Tensor)
				if !x.Shape().Equal(want.Shape()) {
					t.Fatalf("%s: shape %v, want %v", name, x.Shape(), want.Shape())
				}
				for i, v := range x.Float32s() {
					if math.Abs(float64(v-want.Float32s()[i])) > 2e-3 {
						t.Errorf("%s: element %d is %v, Keras has %v", name, i, v, want.Float32s()[i])
						break
					}
				}
			}
		}
	}
}
