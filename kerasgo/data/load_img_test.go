package data

import (
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/npy"
)

func recordedImgs(t *testing.T) []npy.Named {
	t.Helper()
	golden, err := npy.ReadZipFile("testdata/load_img.npz")
	if err != nil {
		t.Fatal(err)
	}
	return golden
}

// sameImg compares a picture's values with recorded ones.
func sameImg(t *testing.T, name string, img image.Image, want *tensor.Tensor, tolerance int32) {
	t.Helper()
	got, err := ImgToArray(img, ArrayOptions{DType: "int32"})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Shape().Equal(want.Shape()) {
		t.Errorf("%s: shape %v, Keras has %v", name, got.Shape(), want.Shape())
		return
	}
	for i, v := range got.Int32s() {
		if w := want.Int32s()[i]; max(v-w, w-v) > tolerance {
			t.Errorf("%s: element %d is %d, Keras has %d", name, i, v, w)
			return
		}
	}
}

// TestLoadImg holds every method, exactly but for JPEG, against what Keras read from the same files
// (testdata/gen/load_img.py).
func TestLoadImg(t *testing.T) {
	n := 0
	for _, g := range recordedImgs(t) {
		part := strings.Split(g.Name, "|")
		if len(part) != 5 {
			continue
		}
		n++
		o := ImgOptions{ColorMode: part[1], Interpolation: part[2], KeepAspectRatio: part[4] == "True"}
		if part[3] != "" {
			o.TargetSize = new([2]int)
			if _, err := fmt.Sscanf(part[3], "%dx%d", &o.TargetSize[0], &o.TargetSize[1]); err != nil {
				t.Fatal(err)
			}
		}
		img, err := LoadImg(filepath.Join("testdata", "imgs", part[0]), o)
		if err != nil {
			t.Errorf("%s: %v", g.Name, err)
			continue
		}
		var tolerance int32
		if strings.HasSuffix(part[0], ".jpg") {
			tolerance = 3 // decoders round differently
		}
		sameImg(t, g.Name, img, g.Tensor, tolerance)
	}
	if n < 300 {
		t.Errorf("only %d cases", n)
	}
}

func TestArrayToImg(t *testing.T) {
	golden := recordedImgs(t)
	for _, name := range []string{"grey", "rgb", "rgba", "equal"} {
		x, _ := npy.Find(golden, "array|"+name)
		want, _ := npy.Find(golden, "scaled|"+name)
		before := x.Clone()
		img, err := ArrayToImg(x, ArrayToImgOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sameImg(t, name, img, want, 0)
		if diff := cmp.Diff(before.Float32s(), x.Float32s()); diff != "" {
			t.Error("the array changed:", diff)
		}
		top := float32(255.9)
		if name == "grey" {
			top = 255
		}
		for i, v := range x.Float32s() {
			x.Float32s()[i] = min(max(v, 0), top)
		}
		want, _ = npy.Find(golden, "plain|"+name)
		if img, err = ArrayToImg(x, ArrayToImgOptions{Scale: new(false)}); err != nil {
			t.Fatal(err)
		}
		sameImg(t, name+" without scaling", img, want, 0)
	}
}

// TestChannelsFirst moves the channels there and back.
func TestChannelsFirst(t *testing.T) {
	x := tensor.From([]float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18}, 3, 2, 3)
	img, err := ArrayToImg(x, ArrayToImgOptions{DataFormat: "channels_first", Scale: new(false)})
	if err != nil {
		t.Fatal(err)
	}
	back, err := ImgToArray(img, ArrayOptions{DataFormat: "channels_first", DType: "float64"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(x.Cast(tensor.Float64).Float64s(), back.Float64s()); diff != "" || !back.Shape().Equal(x.Shape()) {
		t.Error(back.Shape(), diff)
	}
	last, err := ImgToArray(img, ArrayOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{1, 7, 13, 2, 8, 14}, last.Float32s()[:6]); diff != "" || !last.Shape().Equal(tensor.Shape{2, 3, 3}) {
		t.Error(last.Shape(), diff)
	}
}

// TestSaveImg reads back what it wrote: PNG exactly, JPEG of smooth pictures within 6.
func TestSaveImg(t *testing.T) {
	dir := t.TempDir()
	for _, channels := range []int{1, 3, 4} {
		x := tensor.New(tensor.Float32, 16, 24, channels)
		for i := range x.Float32s() {
			x.Float32s()[i] = float32(100 + i/channels/24*4 + i%channels*20)
		}
		for _, name := range []string{"a.png", "a.JPG", "a.jpeg"} {
			path := filepath.Join(dir, name)
			if err := SaveImg(path, x, SaveOptions{Scale: new(false), Quality: 95}); err != nil {
				t.Fatal(err)
			}
			mode := map[int]string{1: "grayscale", 3: "rgb", 4: "rgba"}[channels]
			tolerance := float32(0)
			if name != "a.png" {
				tolerance = 6
				if channels == 4 {
					mode = "rgb"
				}
			}
			img, err := LoadImg(path, ImgOptions{ColorMode: mode})
			if err != nil {
				t.Fatal(err)
			}
			back, err := ImgToArray(img, ArrayOptions{})
			if err != nil {
				t.Fatal(err)
			}
			depth := back.Shape()[2]
			for i, v := range back.Float32s() {
				if want := x.Float32s()[i/depth*channels+i%depth]; max(v-want, want-v) > tolerance {
					t.Fatalf("%s, %d channels: element %d is %v, wrote %v", name, channels, i, v, want)
				}
			}
		}
	}
	deep := tensor.From([]float32{0, 255, 256, 65535}, 2, 2, 1)
	path := filepath.Join(dir, "deep")
	if err := SaveImg(path, deep, SaveOptions{Scale: new(false), FileFormat: "png"}); err != nil {
		t.Fatal(err)
	}
	img, err := LoadImg(path, ImgOptions{ColorMode: "grayscale"})
	if err != nil {
		t.Fatal(err)
	}
	sameImg(t, "deep", img, deep.Cast(tensor.Int32), 0)
	if entries, _ := os.ReadDir(dir); len(entries) != 4 {
		t.Errorf("%d files, want 4: %v", len(entries), entries)
	}
}

func TestImgErrors(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join("testdata", "imgs", "line.png") // 12 × 1
	load := func(o ImgOptions) error { _, err := LoadImg(file, o); return err }
	array := func(x *tensor.Tensor, o ArrayToImgOptions) error { _, err := ArrayToImg(x, o); return err }
	img := image.NewGray(image.Rect(0, 0, 1, 1))
	read := func(img image.Image, o ArrayOptions) error { _, err := ImgToArray(img, o); return err }
	save := func(name string, x *tensor.Tensor, o SaveOptions) error {
		return SaveImg(filepath.Join(dir, name), x, o)
	}
	plain := ArrayToImgOptions{Scale: new(false)}
	nan := float32(0)
	nan /= nan
	for _, tt := range []struct {
		err  error
		want string
	}{
		{load(ImgOptions{ColorMode: "cmyk"}), "grayscale, rgb or rgba"},
		{load(ImgOptions{Interpolation: "area"}), "bicubic, bilinear, box, hamming, lanczos, nearest"},
		{load(ImgOptions{TargetSize: &[2]int{0, 3}}), "target size is 0×3"},
		{load(ImgOptions{TargetSize: &[2]int{1, maxPixels}}), "memory"},
		{read(img, ArrayOptions{DataFormat: "first"}), "channels_first"},
		{read(img, ArrayOptions{DType: "string"}), "dtype"},
		{read(nil, ArrayOptions{}), "nil"},
		{array(nil, plain), "nil"},
		{array(tensor.New(tensor.Float32, 2, 2), plain), "three axes"},
		{array(tensor.New(tensor.Float32, 0, 2, 3), plain), "three axes"},
		{array(tensor.New(tensor.Float32, 2, 2, 2), plain), "2 channels"},
		{array(tensor.From([]float32{nan}, 1, 1, 1), plain), "finite"},
		{array(tensor.From([]float32{-1}, 1, 1, 1), plain), "from 0 to 255"},
		{array(tensor.From([]float32{1 << 16}, 1, 1, 1), plain), "from 0 to 65535"},
		{array(tensor.From([]float32{0, 0, 256}, 1, 1, 3), plain), "element 2 is 256"},
		{save("a.webp", tensor.New(tensor.Float32, 1, 1, 1), SaveOptions{}), "webp"},
		{save("a.jpg", tensor.New(tensor.Float32, 1, 1, 1), SaveOptions{Quality: 101}), "quality"},
		{save("a.jpg", tensor.From([]float32{300}, 1, 1, 1), SaveOptions{Scale: new(false)}), "JPEG"},
		{save("no/folder.png", tensor.New(tensor.Float32, 1, 1, 1), SaveOptions{}), "no/"},
	} {
		if tt.err == nil || !strings.Contains(tt.err.Error(), tt.want) {
			t.Errorf("%v, want %q", tt.err, tt.want)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("errors left files: %v", entries)
	}
}

// FuzzArrayToImg makes pictures of any arrays: an error, or the values of the array.
func FuzzArrayToImg(f *testing.F) {
	f.Add(2, 3, 3, uint64(1), 255.0)
	f.Add(1, 1, 1, uint64(2), 70000.0)
	f.Fuzz(func(t *testing.T, h, w, channels int, seed uint64, high float64) {
		if min(h, w, channels) < 0 || max(h, w, channels) > 20 {
			t.Skip()
		}
		r := rand.New(rand.NewPCG(seed, 0))
		x := tensor.New(tensor.Float32, h, w, channels)
		for i := range x.Float32s() {
			x.Float32s()[i] = float32(r.Float64() * high)
		}
		img, err := ArrayToImg(x, ArrayToImgOptions{Scale: new(false)})
		if err != nil {
			return
		}
		back, err := ImgToArray(img, ArrayOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range back.Float32s() {
			if w := x.Float32s()[i]; v != float32(int(w)) {
				t.Fatalf("element %d is %v, was %v", i, v, w)
			}
		}
	})
}

// TestReadImageJPEG holds what ImageFolder reads of JPEG against TensorFlow's decoder,
// within 4: its transform is a faster, less exact one.
func TestReadImageJPEG(t *testing.T) {
	golden := recordedImgs(t)
	for _, name := range []string{"420", "422", "444", "420_narrow"} {
		want, ok := npy.Find(golden, "tensorflow|"+name+".jpg")
		if !ok {
			t.Fatal(name, "is not recorded")
		}
		img, err := ReadImage(filepath.Join("testdata", "imgs", name+".jpg"))
		if err != nil {
			t.Fatal(err)
		}
		sameImg(t, name, img, want, 4)
	}
}
