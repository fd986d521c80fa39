package kerasfile

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

	"github.com/kerasgo/kerasgo/io/hdf5"
)

func TestDetect(t *testing.T) {
	hdf := func(plan func(*hdf5.GroupPlan)) string {
		root := hdf5.NewGroupPlan()
		plan(root)
		var b bytes.Buffer
		if err := hdf5.Write(&b, root); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	file := func(name string) string {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, c := range []struct {
		name, content string
		want          Format
	}{
		{"archive", file("conv.keras"), KerasArchive},
		{"other zip", string(makeZip(t, member{name: "a.txt"})), Unknown},
		{"weights", file("conv.weights.h5"), KerasWeights},
		{"weights with user block", strings.Repeat("x", 512) + file("conv.weights.h5"), KerasWeights},
		{"only the model's variables", hdf(func(r *hdf5.GroupPlan) { r.Group("vars") }), KerasWeights},
		{"Keras 2.13", hdf(func(r *hdf5.GroupPlan) { r.Group("_layer_checkpoint_dependencies/dense/vars") }), KerasWeights},
		{"Windows", hdf(func(r *hdf5.GroupPlan) { r.Group(`layers\dense/vars`) }), KerasWeights},
		{"legacy model", file("conv.h5"), LegacyModel},
		{"legacy weights", file("conv_legacy_weights.h5"), LegacyWeights},
		{"split list", hdf(func(r *hdf5.GroupPlan) { r.SetAttr("layer_names0", hdf5.Texts([]string{"a"})) }), LegacyWeights},
		{"Keras 0.x", hdf(func(r *hdf5.GroupPlan) { r.Group("layer_0") }), LegacyWeights},
		{"other HDF5", hdf(func(r *hdf5.GroupPlan) { r.Group("images") }), Unknown},
		{"shards", file("sharded.weights.json"), ShardedWeights},
		{"JSON", file("dl4j/mlp_config.json"), JSON},
		{"JSON with space", "\ufeff \n{ \"a\": 1}", JSON},
		{"YAML", "backend: tensorflow\nclass_name: Sequential\n", YAML},
		{"YAML list", "# model\n- Dense: 3\n", YAML},
		{"YAML with tag", "config:\n  - !!python/tuple [1]\n", YAML},
		{"long YAML", "a: 1\n" + strings.Repeat("ä", 40000), YAML},
		{"text", "Hello, world.\n", Unknown},
		{"binary", "a: \x00\x01", Unknown},
		{"empty", "", Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "model.bin")
			if err := os.WriteFile(path, []byte(c.content), 0o666); err != nil {
				t.Fatal(err)
			}
			if got, err := DetectFile(path); got != c.want || err != nil {
				t.Errorf("got %v, %v; want %v", got, err, c.want)
			}
		})
	}
	if _, err := Detect(strings.NewReader(file("conv.h5")[:2000]), 2000); !errors.Is(err, hdf5.ErrFormat) {
		t.Errorf("a file that is cut off: %v", err)
	}
}

// TestOldNames reads the group names of Keras 2.12 to 2.15 as those of Keras 3.
func TestOldNames(t *testing.T) {
	for stored, want := range map[string]string{
		"_layer_checkpoint_dependencies/dense/vars":                                      "layers/dense",
		"_layer_checkpoint_dependencies/model/_layer_checkpoint_dependencies/dense/vars": "layers/model/layers/dense",
		`layers\conv2d/vars`:                            "layers/conv2d",
		`_layer_checkpoint_dependencies\lstm\cell/vars`: "layers/lstm/cell",
		"vars": "",
	} {
		root := hdf5.NewGroupPlan()
		root.Group(stored)
		w, err := ReadWeights(reopen(t, root))
		if err != nil || len(w.Groups) != 1 || w.Groups[0].Path != want {
			t.Errorf("%s: %+v, %v", stored, w, err)
		}
	}
}

func TestNumberedLayers(t *testing.T) {
	root := hdf5.NewGroupPlan()
	for i := range 11 {
		g := root.Group(fmt.Sprint("layer_", i))
		g.Add("param_0", &hdf5.DatasetPlan{Type: hdf5.Uint8, Shape: []int{1}, Data: []byte{byte(i)}})
	}
	l, err := ReadLegacy(reopen(t, root))
	if err != nil || len(l.Layers) != 11 {
		t.Fatalf("%+v, %v", l, err)
	}
	for i, x := range l.Layers {
		if x.Name != fmt.Sprint("layer_", i) || len(x.Weights) != 1 || x.Weights[0].Data[0] != byte(i) {
			t.Errorf("layer %d: %+v", i, x)
		}
	}
}

// TestSplitNames writes lists of names above HDF5's limit for an attribute.
func TestSplitNames(t *testing.T) {
	l := &Legacy{KerasVersion: "3.15.1"}
	for i := range 2500 {
		name := fmt.Sprintf("a_layer_with_a_longer_name_than_usual_%04d", i)
		l.Layers = append(l.Layers, LegacyLayer{Name: name, Weights: []Tensor{Float32s(name+"/kernel", []int{1}, []float32{float32(i)})}})
	}
	path := filepath.Join(t.TempDir(), "many.h5")
	if err := WriteLegacyWeights(path, l); err != nil {
		t.Fatal(err)
	}
	f, err := hdf5.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Root().HasAttribute("layer_names") || !f.Root().HasAttribute("layer_names1") {
		t.Error("the list is not split")
	}
	got, err := OpenLegacy(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(l, got); d != "" {
		t.Errorf("(-written +read):\n%.2000s", d)
	}
	if f, err := DetectFile(path); f != LegacyWeights || err != nil {
		t.Errorf("detected as %v, %v", f, err)
	}
}

// TestFolder reads the unpacked form, and refuses links in it.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	put := func(name, content string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	put(configMember, "{}")
	put(weightsMember, encode(t, sampleWeights()))
	put("assets/layers/x/vocabulary.txt", "a")
	if f, err := DetectFile(dir); f != KerasArchive || err != nil {
		t.Errorf("detected as %v, %v", f, err)
	}
	a, err := OpenArchive(dir)
	if err != nil {
		t.Fatal(err)
	}
	w, err := a.Weights()
	if err != nil || w.Group("layers/dense") == nil {
		t.Errorf("%+v, %v", w, err)
	}
	if d := cmp.Diff([]string{"layers/x/vocabulary.txt"}, a.Assets()); d != "" {
		t.Error(d)
	}
	if b, err := a.Asset("layers/x/vocabulary.txt"); err != nil || string(b) != "a" {
		t.Errorf("%q, %v", b, err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "assets", "link")); err != nil {
		t.Skip("no symbolic links:", err)
	}
	if _, err := OpenArchive(dir); !errors.Is(err, ErrRefused) {
		t.Errorf("symbolic link: %v", err)
	}
}

// TestAtomic fails while writing: the old file stays, and nothing else.
func TestAtomic(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "m.weights.h5")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	check := func(what string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v does not name the file", what, err)
		}
		b, err := os.ReadFile(path)
		if err != nil || string(b) != "old" {
			t.Errorf("%s: the old file holds %q, %v", what, b, err)
		}
		if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
			t.Errorf("%s: the folder holds %v, %v", what, list, err)
		}
	}
	w := sampleWeights()
	w.Groups[0].Vars[0].Shape = []int{3}
	check("weights", WriteWeights(path, w))
	w = sampleWeights()
	w.Add("optimizer", "twice")
	check("archive", WriteArchive(path, &Model{KerasVersion: "3.15.1", Config: []byte("{}"), Weights: w}))
	check("config", WriteArchive(path, &Model{KerasVersion: "3.15.1", Config: []byte("{"), Weights: sampleWeights()}))
	check("asset", WriteArchive(path, &Model{KerasVersion: "3.15.1", Config: []byte("{}"), Assets: map[string][]byte{"../x": nil}}))
	check("legacy", WriteLegacy(path, &Legacy{}))
	check("writer", writeAtomic(path, func(w io.Writer) error {
		fmt.Fprint(w, strings.Repeat("x", 1<<20))
		return errors.New("disk is full")
	}))
	if err := WriteWeights(path, sampleWeights()); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(path); err != nil || st.Size() < 1000 || st.Mode().Perm()&0o400 == 0 {
		t.Errorf("%v, %v", st, err)
	}
}

func TestTensor(t *testing.T) {
	v := []float32{1, 2, 3}
	x := Float32s("x", []int{3}, v)
	got, err := x.Float32s()
	if err != nil || !cmp.Equal(v, got) {
		t.Fatalf("%v, %v", got, err)
	}
	if got[0] = 9; hostIsLittle && v[0] != 9 {
		t.Error("the values were copied")
	}
	odd := Tensor{DType: "float32", Shape: []int{1}, Data: append(make([]byte, 1, 8), 0, 0, 0x80, 0x3f)[1:]}
	if got, err := odd.Float32s(); err != nil || got[0] != 1 {
		t.Errorf("unaligned: %v, %v", got, err)
	}
	for _, c := range []struct {
		dtype string
		data  []byte
		want  float32
	}{{"float16", []byte{0, 0x3c}, 1}, {"bfloat16", []byte{0x80, 0x3f}, 1}, {"int8", []byte{0xff}, -1}, {"uint8", []byte{0xff}, 255}, {"bool", []byte{1}, 1}} {
		got, err := Tensor{DType: c.dtype, Data: c.data}.Float32s()
		if err != nil || len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %v, %v", c.dtype, got, err)
		}
	}
	if got, err := Int32s("i", []int{2}, []int32{-1, 5}).Int64s(); err != nil || !cmp.Equal(got, []int64{-1, 5}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := Int64s("i", nil, []int64{math.MaxInt64}).Int64s(); err != nil || !cmp.Equal(got, []int64{math.MaxInt64}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := x.Int64s(); !errors.Is(err, hdf5.ErrType) || !strings.Contains(err.Error(), "x") {
		t.Errorf("integers of floats: %v", err)
	}
	if err := WriteWeights(filepath.Join(t.TempDir(), "w"), &Weights{Groups: []Group{{Path: "a", Vars: []Tensor{{Name: "0", DType: "string"}}}}}); err == nil {
		t.Error("a string was written as a variable")
	}
}
