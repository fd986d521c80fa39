package kerasfile

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/io/hdf5"
)

type member struct {
	name, content string
	method        uint16
	change        func(h *zip.FileHeader)
}

func makeZip(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: m.method}
		if m.change != nil {
			m.change(h)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = io.WriteString(w, m.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sampleWeights() *Weights {
	w := &Weights{}
	w.Add("layers/dense", "dense", Float32s("", []int{2, 2}, []float32{1, 2, 3, 4}), Float32s("", []int{2}, []float32{5, 6}))
	w.Add("optimizer", "sgd", Int64s("", nil, []int64{7}))
	w.Add("", "model")
	return w
}

func encode(t testing.TB, w *Weights) string {
	t.Helper()
	var b bytes.Buffer
	if err := EncodeWeights(&b, w); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// read opens an archive and reads everything in it.
func read(b []byte) error {
	a, err := NewArchive(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Weights(); err != nil {
		return err
	}
	for _, n := range a.Assets() {
		if _, err := a.Asset(n); err != nil {
			return err
		}
	}
	return nil
}

// TestAnyArchive accepts what other tools make of an archive: compressed members, in any order, without metadata, with more members.
func TestAnyArchive(t *testing.T) {
	b := makeZip(t,
		member{name: "README", content: "hello"},
		member{name: "assets/", method: zip.Store},
		member{name: weightsMember, content: encode(t, sampleWeights()), method: zip.Deflate},
		member{name: configMember, content: `{"class_name": "Sequential"}`, method: zip.Deflate})
	a, err := NewArchive(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	w, err := a.Weights()
	if err != nil {
		t.Fatal(err)
	}
	if v, err := w.Group("layers/dense").Vars[1].Float32s(); err != nil || v[1] != 6 {
		t.Errorf("%v, %v", v, err)
	}
}

func TestHostileArchives(t *testing.T) {
	config := member{name: configMember, content: "{}"}
	weights := member{name: weightsMember, content: encode(t, sampleWeights())}
	flip := func(b []byte, at int) []byte {
		b = bytes.Clone(b)
		b[at] ^= 1
		return b
	}
	good := makeZip(t, config, weights)
	if err := read(good); err != nil {
		t.Fatal(err)
	}
	var stored bytes.Buffer
	if err := EncodeArchive(&stored, &Model{KerasVersion: "3.15.1", Config: []byte(`{}`), Weights: sampleWeights()}); err != nil {
		t.Fatal(err)
	}
	if err := read(stored.Bytes()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"no zip":            {[]byte("hello"), "zip: not a valid zip file"},
		"no config":         {makeZip(t, weights), "config.json is missing"},
		"no weights":        {makeZip(t, config), "model.weights.h5 is missing"},
		"pickled weights":   {makeZip(t, config, member{name: npzMember}), "model.weights.npz: refused"},
		"config twice":      {makeZip(t, config, config, weights), `member "config.json": refused: it occurs twice`},
		"parent folder":     {makeZip(t, config, weights, member{name: "assets/../../x"}), "the name leads out of the archive"},
		"absolute":          {makeZip(t, config, weights, member{name: "/etc/passwd"}), "the name leads out of the archive"},
		"backslash":         {makeZip(t, config, weights, member{name: `assets\..\x`}), "the name leads out of the archive"},
		"drive":             {makeZip(t, config, weights, member{name: "C:x"}), "the name leads out of the archive"},
		"NUL":               {makeZip(t, config, weights, member{name: "assets/a\x00b"}), "the name leads out of the archive"},
		"symbolic link":     {makeZip(t, config, weights, member{name: "assets/l", content: "/etc/passwd", change: func(h *zip.FileHeader) { h.SetMode(os.ModeSymlink | 0o777) }}), "no regular file"},
		"encrypted":         {makeZip(t, member{name: configMember, content: "{}", change: func(h *zip.FileHeader) { h.Flags |= 1 }}, weights), "it is encrypted"},
		"bomb":              {makeZip(t, config, weights, member{name: "assets/v", content: strings.Repeat("\n", maxAsset+1), method: zip.Deflate}), "the limit is"},
		"metadata not JSON": {makeZip(t, config, weights, member{name: metadataMember, content: "{"}), "metadata.json: "},
		"damaged weights":   {flip(stored.Bytes(), bytes.Index(stored.Bytes(), []byte{0, 0, 0x80, 0x3f, 0, 0, 0, 0x40})), "the file is damaged"},
		"headers differ":    {flip(stored.Bytes(), bytes.Index(stored.Bytes(), []byte("config.json"))), "differ"},
		"weights no HDF5":   {makeZip(t, config, member{name: weightsMember, content: "hello"}), "no HDF5 signature"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := read(c.b); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestDamagedArchives changes bytes anywhere: every change to the weights is noticed, and nothing panics.
func TestDamagedArchives(t *testing.T) {
	good, err := os.ReadFile("testdata/conv.keras")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	start := bytes.Index(good, []byte("\x89HDF"))
	end := bytes.LastIndex(good, []byte("PK\x01\x02"))
	for range 300 {
		b := bytes.Clone(good)
		at := r.IntN(len(b))
		b[at] ^= 1 << r.IntN(8)
		if err := read(b); err == nil && at >= start && at < start+20000 && at < end {
			t.Errorf("bit flipped at %d stayed unnoticed", at)
		}
		read(good[:at]) //nolint:errcheck // must not panic
	}
}

// TestHostileWeights writes HDF5 that is valid but no weights of Keras.
func TestHostileWeights(t *testing.T) {
	one := func() *hdf5.DatasetPlan { return &hdf5.DatasetPlan{Type: hdf5.Float32, Data: make([]byte, 4)} }
	for name, c := range map[string]struct {
		plan func(root *hdf5.GroupPlan)
		want string
	}{
		"gap": {func(r *hdf5.GroupPlan) {
			r.Group("layers/a/vars").Add("0", one())
			r.Group("layers/a/vars").Add("2", one())
		}, "/layers/a/vars: variable 1 is missing"},
		"outside vars":  {func(r *hdf5.GroupPlan) { r.Group("layers/a").Add("0", one()) }, `/layers/a/0: a dataset outside a group "vars"`},
		"group in vars": {func(r *hdf5.GroupPlan) { r.Group("layers/a/vars/0") }, "/layers/a/vars/0: not an array"},
		"two spellings": {func(r *hdf5.GroupPlan) { r.Group(`layers\a/vars`); r.Group("layers/a/vars") }, "are the same object"},
		"strings": {func(r *hdf5.GroupPlan) {
			r.Group("a/vars").Add("0", &hdf5.DatasetPlan{Type: hdf5.FixedString(2), Data: []byte("xy")})
		}, `/a/vars/0: a variable of type "string"`},
	} {
		t.Run(name, func(t *testing.T) {
			root := hdf5.NewGroupPlan()
			c.plan(root)
			_, err := ReadWeights(reopen(t, root))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func reopen(t testing.TB, root *hdf5.GroupPlan) *hdf5.File {
	t.Helper()
	var b bytes.Buffer
	if err := hdf5.Write(&b, root); err != nil {
		t.Fatal(err)
	}
	f, err := hdf5.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestHostileShards refuses maps that name files elsewhere.
func TestHostileShards(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ok.weights.h5"), []byte(encode(t, sampleWeights())), 0o666); err != nil {
		t.Fatal(err)
	}
	sub := filepath.Join(dir, "sub")
	if err := os.Mkdir(sub, 0o777); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(sub, "link.weights.h5")
	if err := os.Symlink(filepath.Join(dir, "ok.weights.h5"), link); err != nil {
		t.Skip("no symbolic links:", err)
	}
	for text, want := range map[string]string{
		`{"weight_map": {"/layers/dense/vars": "../ok.weights.h5"}}`:    "not in the folder of the map",
		`{"weight_map": {"/layers/dense/vars": "/ok.weights.h5"}}`:      "not in the folder of the map",
		`{"weight_map": {"/layers/dense/vars": ["..\\ok.weights.h5"]}}`: "not in the folder of the map",
		`{"weight_map": {"/layers/dense/vars": "link.weights.h5"}}`:     "no regular file",
		`{"weight_map": {"/layers/dense/vars": 3}}`:                     "3 is no file name",
		`{"weight_map": {"/layers/dense/vars": []}}`:                    "no file",
		`{"weight_map": {"/layers/dense/vars": "missing.weights.h5"}}`:  "missing.weights.h5",
		`{"metadata": {}}`:     "no weight_map",
		`{"weight_map": {"/la`: "unexpected end of JSON",
	} {
		path := filepath.Join(sub, "m.weights.json")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenShards(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

// TestHostileLegacy refuses lists of names that do not fit the file.
func TestHostileLegacy(t *testing.T) {
	for name, c := range map[string]struct {
		plan func(root *hdf5.GroupPlan)
		want error
		text string
	}{
		"missing layer": {func(r *hdf5.GroupPlan) { r.SetAttr("layer_names", hdf5.Texts([]string{"a"})) }, hdf5.ErrNotFound, "/a"},
		"missing weight": {func(r *hdf5.GroupPlan) {
			r.SetAttr("layer_names", hdf5.Texts([]string{"a"}))
			r.Group("a").SetAttr("weight_names", hdf5.Texts([]string{"w"}))
		}, hdf5.ErrNotFound, "/a/w"},
		"gap in a split list": {func(r *hdf5.GroupPlan) {
			r.SetAttr("layer_names0", hdf5.Texts([]string{"a"}))
			r.SetAttr("layer_names2", hdf5.Texts([]string{"b"}))
		}, nil, "not complete"},
		"layer twice": {func(r *hdf5.GroupPlan) {
			r.SetAttr("layer_names", hdf5.Texts([]string{"a", "a"}))
			r.Group("a")
		}, nil, "listed twice"},
		"numbers as names": {func(r *hdf5.GroupPlan) { r.SetAttr("layer_names", hdf5.Float(3)) }, hdf5.ErrType, "layer_names"},
		"nothing":          {func(r *hdf5.GroupPlan) {}, nil, "no legacy file"},
	} {
		t.Run(name, func(t *testing.T) {
			root := hdf5.NewGroupPlan()
			c.plan(root)
			_, err := ReadLegacy(reopen(t, root))
			if err == nil || !strings.Contains(err.Error(), c.text) || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v %q", err, c.want, c.text)
			}
		})
	}
}

// FuzzArchive reads arbitrary bytes as an archive and as every other format.
func FuzzArchive(f *testing.F) {
	for _, n := range []string{"conv.keras", "words.keras", "half.weights.h5", "conv_legacy_weights.h5", "sharded.weights.json"} {
		b, err := os.ReadFile(filepath.Join("testdata", n))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		format, _ := Detect(r, r.Size())
		err := read(b)
		if h, openErr := hdf5.NewReader(r, r.Size()); openErr == nil {
			ReadWeights(h)
			ReadLegacy(h)
		}
		if format == Unknown && err == nil {
			t.Error("an archive that Detect does not know")
		}
	})
}
