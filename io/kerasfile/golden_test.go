package kerasfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// array, group and legacyManifest are what testdata/gen/fixtures.py read with h5py from the files that Keras wrote.
type array struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
	DType string `json:"dtype"`
	SHA   string `json:"sha"`
}

type group struct {
	Path string  `json:"path"`
	Name string  `json:"name"`
	Vars []array `json:"vars"`
}

type legacyManifest struct {
	Layers    []group  `json:"layers"`
	Optimizer []array  `json:"optimizer"`
	Attrs     []string `json:"attrs"`
}

func load(t *testing.T, name string, to any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err == nil {
		err = json.Unmarshal(b, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func arrays(prefix string, ts []Tensor) []array {
	out := []array{}
	for _, x := range ts {
		s := sha256.Sum256(x.Data)
		out = append(out, array{prefix + x.Name, x.Shape, x.DType, hex.EncodeToString(s[:8])})
	}
	return out
}

func groups(w *Weights) []group {
	var out []group
	for _, g := range w.Groups {
		prefix := "/vars/"
		if g.Path != "" {
			prefix = "/" + g.Path + prefix
		}
		out = append(out, group{g.Path, g.Name, arrays(prefix, g.Vars)})
	}
	return out
}

var byPath = cmpopts.SortSlices(func(a, b group) bool { return a.Path < b.Path })

// TestWeights reads files of real Keras, writes them again, and reads the result.
func TestWeights(t *testing.T) {
	for _, name := range []string{"conv.weights.h5", "tree.weights.h5", "half.weights.h5"} {
		t.Run(name, func(t *testing.T) {
			var want []group
			load(t, name+".json", &want)
			w, err := OpenWeights(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, groups(w), byPath); d != "" {
				t.Errorf("read (-keras +ours):\n%s", d)
			}
			again := filepath.Join(t.TempDir(), "again.h5")
			if err := WriteWeights(again, w); err != nil {
				t.Fatal(err)
			}
			if w, err = OpenWeights(again); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, groups(w), byPath); d != "" {
				t.Errorf("written and read (-keras +ours):\n%s", d)
			}
			if f, err := DetectFile(again); f != KerasWeights || err != nil {
				t.Errorf("detected as %v, %v", f, err)
			}
		})
	}
}

func TestGroup(t *testing.T) {
	w, err := OpenWeights("testdata/conv.weights.h5")
	if err != nil {
		t.Fatal(err)
	}
	bn := w.Group("layers/batch_normalization")
	if bn == nil || bn.Name != "batch_normalization" || len(bn.Vars) != 4 {
		t.Fatalf("batch_normalization: %+v", bn)
	}
	if g := w.Group("layers/dropout"); g == nil || len(g.Vars) != 0 {
		t.Errorf("dropout: %+v", g)
	}
	if g := w.Group("layers/none"); g != nil {
		t.Errorf("none: %+v", g)
	}
	iteration, err := w.Group("optimizer").Vars[0].Int64s()
	if err != nil || !cmp.Equal(iteration, []int64{1}) {
		t.Errorf("iteration: %v, %v", iteration, err)
	}
	rate, err := w.Group("optimizer").Vars[1].Float32s()
	if err != nil || !cmp.Equal(rate, []float32{0.001}) {
		t.Errorf("learning rate: %v, %v", rate, err)
	}
}

func TestLegacy(t *testing.T) {
	for _, name := range []string{"conv.h5", "conv_legacy_weights.h5"} {
		t.Run(name, func(t *testing.T) {
			var want legacyManifest
			load(t, name+".json", &want)
			l, err := OpenLegacy(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			whole := name == "conv.h5"
			check := func(l *Legacy) {
				t.Helper()
				prefix := "/"
				if whole {
					prefix = "/model_weights/"
				}
				var got []group
				for _, x := range l.Layers {
					got = append(got, group{Path: x.Name, Vars: arrays(prefix+x.Name+"/", x.Weights)})
				}
				if d := cmp.Diff(want.Layers, got); d != "" {
					t.Errorf("layers (-keras +ours):\n%s", d)
				}
				if d := cmp.Diff(want.Optimizer, arrays("/optimizer_weights/", l.Optimizer)); d != "" {
					t.Errorf("optimizer (-keras +ours):\n%s", d)
				}
				if whole != json.Valid([]byte(l.ModelConfig)) || whole != json.Valid([]byte(l.TrainingConfig)) || l.KerasVersion != "3.15.1" || l.Backend != "tensorflow" {
					t.Errorf("attributes: %.40q %.40q %q %q", l.ModelConfig, l.TrainingConfig, l.KerasVersion, l.Backend)
				}
			}
			check(l)
			again, write, format := filepath.Join(t.TempDir(), "again"), WriteLegacyWeights, LegacyWeights
			if whole {
				write, format = WriteLegacy, LegacyModel
			}
			if err := write(again, l); err != nil {
				t.Fatal(err)
			}
			if l, err = OpenLegacy(again); err != nil {
				t.Fatal(err)
			}
			check(l)
			if f, err := DetectFile(again); f != format || err != nil {
				t.Errorf("detected as %v, %v", f, err)
			}
		})
	}
}

// TestOldLegacy reads files of Keras 1 and 2 by others.
func TestOldLegacy(t *testing.T) {
	for name, want := range map[string]struct {
		version, backend string
		format           Format
		layers           map[string][]string // weight names of some layers
	}{
		"dense_tensorflow_1.h5":     {"1.2.2", "", LegacyModel, map[string][]string{"dense_1": {"dense_1_W:0", "dense_1_b:0"}}},
		"conv2d_theano_1.h5":        {"1.2.2", "", LegacyModel, map[string][]string{"convolution2d_1": {"convolution2d_1_W", "convolution2d_1_b"}}},
		"lstm_tensorflow_2.h5":      {"2.1.3", "tensorflow", LegacyModel, map[string][]string{"lstm_1": {"lstm_1/kernel:0", "lstm_1/recurrent_kernel:0", "lstm_1/bias:0"}}},
		"sepconv2d_tensorflow_2.h5": {"2.1.3", "tensorflow", LegacyModel, map[string][]string{"separable_conv2d_1": {"separable_conv2d_1/depthwise_kernel:0", "separable_conv2d_1/pointwise_kernel:0", "separable_conv2d_1/bias:0"}}},
		"ReLU_0_weights.h5":         {"2.3.1", "tensorflow", LegacyWeights, map[string][]string{"re_lu_1": nil}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", "dl4j", name)
			l, err := OpenLegacy(path)
			if err != nil {
				t.Fatal(err)
			}
			if f, err := DetectFile(path); f != want.format || err != nil {
				t.Errorf("detected as %v, %v", f, err)
			}
			if l.KerasVersion != want.version || l.Backend != want.backend {
				t.Errorf("version %q, backend %q", l.KerasVersion, l.Backend)
			}
			found := 0
			for _, x := range l.Layers {
				var names []string
				for _, w := range x.Weights {
					names = append(names, w.Name)
					if v, err := w.Float32s(); err != nil || len(v) != w.Len() {
						t.Errorf("%s: %d values for shape %v: %v", w.Name, len(v), w.Shape, err)
					}
				}
				if list, ok := want.layers[x.Name]; ok {
					found++
					if d := cmp.Diff(list, names); d != "" {
						t.Errorf("%s:\n%s", x.Name, d)
					}
				}
			}
			if found != len(want.layers) {
				t.Errorf("layers: %+v", l.Layers)
			}
		})
	}
}

func TestArchive(t *testing.T) {
	a, err := OpenArchive("testdata/conv.keras")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if a.Metadata.KerasVersion != "3.15.1" || !strings.Contains(a.Metadata.DateSaved, "@") || !bytes.Contains(a.Config, []byte(`"Sequential"`)) {
		t.Errorf("%+v, config %.60s", a.Metadata, a.Config)
	}
	w, err := a.Weights()
	if err != nil {
		t.Fatal(err)
	}
	var want []group
	load(t, "conv.weights.h5.json", &want)
	if d := cmp.Diff(want, groups(w), byPath); d != "" {
		t.Errorf("(-keras +ours):\n%s", d)
	}

	m := &Model{KerasVersion: "3.15.1", Saved: time.Date(2026, 1, 31, 15, 51, 55, 0, time.UTC), Config: a.Config, Weights: w,
		Assets: map[string][]byte{"layers/string_lookup/vocabulary.txt": []byte("a\nb")}}
	path := filepath.Join(t.TempDir(), "m.keras")
	if err := WriteArchive(path, m); err != nil {
		t.Fatal(err)
	}
	b, err := OpenArchive(path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if d := cmp.Diff(Metadata{"3.15.1", "2026-01-31@15:51:55"}, b.Metadata); d != "" {
		t.Error(d)
	}
	if !bytes.Equal(a.Config, b.Config) {
		t.Error("configuration changed")
	}
	if w, err = b.Weights(); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, groups(w), byPath); d != "" {
		t.Errorf("(-keras +ours):\n%s", d)
	}
	if got, err := b.Asset("layers/string_lookup/vocabulary.txt"); err != nil || string(got) != "a\nb" {
		t.Errorf("asset %q, %v", got, err)
	}
	if d := cmp.Diff([]string{"metadata.json", "config.json", "model.weights.h5", "assets/layers/string_lookup/vocabulary.txt"}, b.members.names()); d != "" {
		t.Error(d)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(raw, []byte(`{"keras_version": "3.15.1", "date_saved": "2026-01-31@15:51:55"}`)) {
		t.Error("metadata differ from Keras's form")
	}
	if raw[6] != 0 || raw[8] != 0 || !bytes.Equal(raw[10:14], []byte{0, 0, 0x21, 0}) { // no data descriptor; stored; 1980-01-01
		t.Errorf("header % x", raw[:30])
	}
}

func TestAssets(t *testing.T) {
	a, err := OpenArchive("testdata/words.keras")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if d := cmp.Diff([]string{"layers/string_lookup/vocabulary.txt"}, a.Assets()); d != "" {
		t.Error(d)
	}
	if b, err := a.Asset("layers/string_lookup/vocabulary.txt"); err != nil || !bytes.Contains(b, []byte("green")) {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := a.Asset("../config.json"); err == nil {
		t.Error("asset outside the folder was read")
	}
}

func TestShards(t *testing.T) {
	w, err := OpenShards("testdata/sharded.weights.json")
	if err != nil {
		t.Fatal(err)
	}
	var want, some []group
	load(t, "tree.weights.h5.json", &want)
	for _, g := range want { // a map lists only groups that hold data
		if len(g.Vars) > 0 {
			some = append(some, g)
		}
	}
	// Keras leaves out the name of the group with which a shard begins.
	if d := cmp.Diff(some, groups(w), byPath, cmpopts.IgnoreFields(group{}, "Name")); d != "" {
		t.Errorf("(-keras +ours):\n%s", d)
	}
}
