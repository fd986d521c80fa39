package datasets

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// recorded are the answers of real Keras; testdata/gen.py makes them.
type recorded struct {
	Keras         string
	IMDB, Reuters []textCase
	Boston        []numberCase
	California    []numberCase
	CIFAR10       []numberCase
	CIFAR100      []numberCase
	Shuffled      []struct {
		Seed, N int
		Order   []int
	}
}

type textCase struct {
	Args struct {
		NumWords  int      `json:"num_words"`
		SkipTop   int      `json:"skip_top"`
		MaxLen    int      `json:"maxlen"`
		TestSplit *float64 `json:"test_split"`
		Seed      *int
		StartChar json.RawMessage `json:"start_char"`
		OOVChar   json.RawMessage `json:"oov_char"`
		IndexFrom *int            `json:"index_from"`
	}
	Train, Test textPart
}

type textPart struct {
	X [][]int
	Y []int64
}

type numberCase struct {
	Args struct {
		TestSplit *float64 `json:"test_split"`
		Seed      *int
		Version   string
		LabelMode string `json:"label_mode"`
	}
	Train, Test numberPart
}

type numberPart struct {
	X, Y          []float64
	Shape, YShape []int
	DType, YDType string
}

func answers(t *testing.T) recorded {
	t.Helper()
	f, err := os.Open("testdata/answers.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var r recorded
	if err := json.NewDecoder(z).Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

// character is an argument that may be None.
func character(t *testing.T, text json.RawMessage) *int {
	switch string(text) {
	case "":
		return nil
	case "null":
		return new(None)
	}
	var v int
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return &v
}

// TestTexts holds IMDB and Reuters against Keras for every argument.
func TestTexts(t *testing.T) {
	all := answers(t)
	if len(all.IMDB) < 10 || len(all.Reuters) < 10 {
		t.Fatalf("%d and %d cases", len(all.IMDB), len(all.Reuters))
	}
	check := func(name string, i int, want textCase, train, test Sequences, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s %d: %v", name, i, err)
			return
		}
		for part, p := range map[string]struct {
			want textPart
			got  Sequences
		}{"train": {want.Train, train}, "test": {want.Test, test}} {
			got := textPart{p.got.X, tensor.Data[int64](p.got.Y)}
			if len(got.X) == 0 {
				got.X = [][]int{}
			}
			if len(got.Y) == 0 {
				got.Y = []int64{}
			}
			if d := cmp.Diff(p.want, got, cmp.Transformer("rows", func(x [][]int) string { return fmt.Sprint(x) })); d != "" {
				t.Errorf("%s %d %+v %s (-Keras +kerasgo):\n%s", name, i, want.Args, part, d)
			}
		}
	}
	for i, c := range all.IMDB {
		a := c.Args
		train, test, err := IMDB{"testdata/small_imdb.npz", a.NumWords, a.SkipTop, a.MaxLen, a.Seed, character(t, a.StartChar), character(t, a.OOVChar), a.IndexFrom}.LoadData()
		check("IMDB", i, c, train, test, err)
	}
	for i, c := range all.Reuters {
		a := c.Args
		train, test, err := Reuters{"testdata/small_reuters.npz", a.NumWords, a.SkipTop, a.MaxLen, a.TestSplit, a.Seed, character(t, a.StartChar), character(t, a.OOVChar), a.IndexFrom}.LoadData()
		check("Reuters", i, c, train, test, err)
	}
}

// TestNumbers holds the other sets against Keras.
func TestNumbers(t *testing.T) {
	all := answers(t)
	run := func(name string, cases []numberCase, load func(c numberCase) (Arrays, Arrays, error)) {
		if len(cases) == 0 {
			t.Errorf("%s has no cases", name)
		}
		for i, c := range cases {
			train, test, err := load(c)
			if err != nil {
				t.Errorf("%s %d: %v", name, i, err)
				continue
			}
			for part, p := range map[string]struct {
				want numberPart
				got  Arrays
			}{"train": {c.Train, train}, "test": {c.Test, test}} {
				got := numberPart{values(p.got.X), values(p.got.Y), p.got.X.Shape(), p.got.Y.Shape(), p.got.X.DType().String(), p.got.Y.DType().String()}
				if d := cmp.Diff(p.want, got); d != "" {
					t.Errorf("%s %d %s (-Keras +kerasgo):\n%.2000s", name, i, part, d)
				}
			}
		}
	}
	run("BostonHousing", all.Boston, func(c numberCase) (Arrays, Arrays, error) {
		return BostonHousing{"testdata/small_boston.npz", c.Args.TestSplit, c.Args.Seed}.LoadData()
	})
	run("CaliforniaHousing", all.California, func(c numberCase) (Arrays, Arrays, error) {
		return CaliforniaHousing{c.Args.Version, "testdata/small_california.npz", c.Args.TestSplit, c.Args.Seed}.LoadData()
	})
	for _, path := range []string{"testdata", "testdata/cifar-10-batches-py", "testdata/cifar.tar.gz"} {
		run("CIFAR10", all.CIFAR10, func(c numberCase) (Arrays, Arrays, error) { return CIFAR10{path}.LoadData() })
	}
	run("CIFAR100", all.CIFAR100, func(c numberCase) (Arrays, Arrays, error) {
		return CIFAR100{c.Args.LabelMode, "testdata/cifar-100-python"}.LoadData()
	})
}

func values(t *tensor.Tensor) []float64 {
	out := make([]float64, t.Size())
	for i := range out {
		out[i] = t.Float64At(i)
	}
	return out
}

// TestShuffled holds NumPy's RandomState against NumPy's.
func TestShuffled(t *testing.T) {
	for _, c := range answers(t).Shuffled {
		r, err := rng.NewNumPy(c.Seed)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.Order, r.Shuffled(c.N)); d != "" {
			t.Errorf("seed %d, %d numbers (-NumPy +kerasgo):\n%s", c.Seed, c.N, d)
		}
	}
	if _, err := rng.NewNumPy(-1); err == nil {
		t.Error("a negative seed was accepted")
	}
}

// TestCache looks for files where Keras has them, and tells what is missing.
func TestCache(t *testing.T) {
	home := t.TempDir()
	t.Setenv("KERAS_HOME", home)
	loads := map[string]func() error{
		"imdb.npz":                           func() error { _, _, err := IMDB{}.LoadData(); return err },
		"reuters.npz":                        func() error { _, _, err := Reuters{}.LoadData(); return err },
		"boston_housing.npz":                 func() error { _, _, err := BostonHousing{}.LoadData(); return err },
		"california_housing.npz":             func() error { _, _, err := CaliforniaHousing{}.LoadData(); return err },
		"cifar-10-batches-py-target_archive": func() error { _, _, err := CIFAR10{}.LoadData(); return err },
		"cifar-100-python-target_archive":    func() error { _, _, err := CIFAR100{}.LoadData(); return err },
		"train-labels-idx1-ubyte.gz":         func() error { _, _, err := FashionMNIST{}.LoadData(); return err },
		"imdb_word_index.json":               func() error { _, err := IMDBWordIndex(""); return err },
		"reuters_word_index.json":            func() error { _, err := ReutersWordIndex(""); return err },
	}
	for name, load := range loads {
		err := load()
		var missing *MissingError
		if !errors.As(err, &missing) || !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(missing.Path, home) || !strings.HasSuffix(missing.Path, name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.MkdirAll(filepath.Join(home, "datasets", "cifar-10-batches-py-target"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(home, "datasets", "cifar-10-batches-py-target", "cifar-10-batches-py"), os.DirFS("testdata/cifar-10-batches-py")); err != nil {
		t.Fatal(err)
	}
	if err := loads["cifar-10-batches-py-target_archive"](); err != nil {
		t.Errorf("the folder that Keras unpacks to: %v", err)
	}
	small, err := os.ReadFile("testdata/small_imdb.npz")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"imdb.npz", "mine.npz"} {
		if err := os.WriteFile(filepath.Join(home, "datasets", name), small, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var damaged *DamagedError
	if err := loads["imdb.npz"](); !errors.As(err, &damaged) {
		t.Errorf("a file with another checksum: %v", err)
	}
	if _, _, err := (IMDB{Path: "mine.npz"}).LoadData(); err != nil {
		t.Errorf("a file of one's own in the cache: %v", err)
	}
	words := filepath.Join(home, "w.json")
	if err := os.WriteFile(words, []byte(`{"the": 1, "é": 2}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if m, err := IMDBWordIndex(words); err != nil || m["é"] != 2 {
		t.Errorf("%v, %v", m, err)
	}
}

func TestArguments(t *testing.T) {
	for want, load := range map[string]func() error{
		"test_split":         func() error { _, _, err := BostonHousing{TestSplit: new(1.0)}.LoadData(); return err },
		"version must be":    func() error { _, _, err := CaliforniaHousing{Version: "medium"}.LoadData(); return err },
		"label_mode must be": func() error { _, _, err := CIFAR100{LabelMode: "all"}.LoadData(); return err },
		"seed must be":       func() error { _, _, err := IMDB{Seed: new(-5)}.LoadData(); return err },
		"no text is shorter than maxlen": func() error {
			_, _, err := IMDB{Path: "testdata/small_imdb.npz", MaxLen: 1}.LoadData()
			return err
		},
		"num_words -1": func() error { _, _, err := Reuters{NumWords: -1}.LoadData(); return err },
	} {
		if err := load(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if names := ReutersLabelNames(); len(names) != 46 || names[3] != "earn" {
		t.Errorf("%d names", len(names))
	}
	if train, test, err := (MNIST{}).LoadData(); err != nil || train.X.Len() != 60000 || test.Y.Len() != 10000 {
		t.Errorf("MNIST: %v", err)
	}
}
