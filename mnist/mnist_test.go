package mnist

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/idx"
	"github.com/kerasgo/kerasgo/io/npy"
)

// TestMain keeps the tests away from a real cache.
func TestMain(m *testing.M) {
	os.Setenv("KERAS_HOME", filepath.Join(os.TempDir(), "kerasgo-no-such-cache"))
	os.Exit(m.Run())
}

// noCache points Keras's cache to an empty folder and returns it.
func noCache(t testing.TB) string {
	home := t.TempDir()
	t.Setenv("KERAS_HOME", home)
	return home
}

func recordedSums(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("testdata/mnist.json")
	if err != nil {
		t.Fatal(err)
	}
	var sums map[string]string
	if err := json.Unmarshal(b, &sums); err != nil {
		t.Fatal(err)
	}
	return sums
}

// sum is the SHA-256 of the elements as NumPy keeps them.
func sum(t *testing.T, a *tensor.Tensor) string {
	switch a.DType() {
	case tensor.Uint8:
		return sha(tensor.Data[uint8](a))
	case tensor.Float32:
		b := make([]byte, 0, 4*a.Size())
		for _, v := range a.Float32s() {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
		return sha(b)
	}
	t.Fatalf("unexpected type %v", a.DType())
	return ""
}

func TestReadDataSetsEqualsNumPy(t *testing.T) {
	noCache(t)
	want := recordedSums(t)
	for _, oneHot := range []bool{false, true} {
		d, err := ReadDataSets("mnist/", Options{OneHot: oneHot, Out: io.Discard})
		if err != nil {
			t.Fatal(err)
		}
		for name, part := range map[string]struct {
			set *DataSet
			n   int
		}{"train": {d.Train, 55000}, "validation": {d.Validation, 5000}, "test": {d.Test, 10000}} {
			labels, shape := "labels", tensor.Shape{part.n}
			if oneHot {
				labels, shape = "one-hot", tensor.Shape{part.n, 10}
			}
			if !part.set.Images.Shape().Equal(tensor.Shape{part.n, 784}) || !part.set.Labels.Shape().Equal(shape) {
				t.Errorf("%s: shapes %v and %v", name, part.set.Images.Shape(), part.set.Labels.Shape())
			}
			if part.set.NumExamples() != part.n {
				t.Errorf("%s: %d examples", name, part.set.NumExamples())
			}
			if got := sum(t, part.set.Images); got != want[name+" images"] {
				t.Errorf("%s images differ from NumPy's", name)
			}
			if got := sum(t, part.set.Labels); got != want[name+" "+labels] {
				t.Errorf("%s %s differ from NumPy's", name, labels)
			}
		}
	}
}

func TestLoadDataEqualsKeras(t *testing.T) {
	noCache(t)
	xTrain, yTrain, xTest, yTest, err := LoadData()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{"x_train": sum(t, xTrain), "y_train": sum(t, yTrain), "x_test": sum(t, xTest), "y_test": sum(t, yTest)}
	want := recordedSums(t)
	for name, s := range got {
		if s != want[name] {
			t.Errorf("%s differs", name)
		}
	}
	if !xTrain.Shape().Equal(tensor.Shape{60000, 28, 28}) || !yTest.Shape().Equal(tensor.Shape{10000}) {
		t.Errorf("shapes %v, %v", xTrain.Shape(), yTest.Shape())
	}
}

func TestPrintsTheOriginalLines(t *testing.T) {
	noCache(t)
	var out bytes.Buffer
	if _, err := ReadDataSets("./a//", Options{Out: &out}); err != nil {
		t.Fatal(err)
	}
	want := ""
	for _, name := range []string{"train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"} {
		want += "Extracting ./a//" + name + "-ubyte.gz\n"
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestJoinAsPython(t *testing.T) {
	for dir, want := range map[string]string{"mnist/": "mnist/x", "mnist": "mnist/x", "./a//": "./a//x", "": "x", "/": "/x"} {
		if got := filepath.ToSlash(join(dir, "x")); got != want {
			t.Errorf("join(%q) = %q, want %q", dir, got, want)
		}
	}
}

func TestValidationSize(t *testing.T) {
	noCache(t)
	for _, n := range []int{0, 7, 60000} {
		d, err := ReadDataSets("", Options{ValidationSize: new(n), Out: io.Discard})
		if err != nil {
			t.Fatal(err)
		}
		if d.Validation.NumExamples() != n || d.Train.NumExamples() != 60000-n {
			t.Errorf("%d: %d and %d", n, d.Validation.NumExamples(), d.Train.NumExamples())
		}
	}
	for _, n := range []int{-1, 60001} {
		if _, err := ReadDataSets("", Options{ValidationSize: new(n), Out: io.Discard}); err == nil || !strings.Contains(err.Error(), "outside [0, 60000]") {
			t.Errorf("%d: error %v", n, err)
		}
	}
}

// content returns an embedded file, packed.
func content(t *testing.T, i int) []byte {
	t.Helper()
	b, err := embedded.ReadFile("data/" + digits.files[i].name + ".gz")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func unpacked(t *testing.T, b []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEmbeddedFilesAreTheOriginals(t *testing.T) {
	for i, f := range digits.files {
		b := content(t, i)
		if sha(b) != f.gz {
			t.Errorf("%s.gz has sha256 %s, want %s", f.name, sha(b), f.gz)
		}
		a, err := idx.Read(bytes.NewReader(b))
		if err != nil || !f.holds(a) {
			t.Errorf("%s: its data have another sum (%v)", f.name, err)
		}
	}
}

func TestReadsFilesInDir(t *testing.T) {
	noCache(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "t10k-labels-idx1-ubyte.gz"), content(t, 3))
	write(t, filepath.Join(dir, "t10k-images-idx3-ubyte"), unpacked(t, content(t, 2))) // without compression
	var repacked bytes.Buffer
	z, err := gzip.NewWriterLevel(&repacked, 1)
	if err != nil {
		t.Fatal(err)
	}
	z.Write(unpacked(t, content(t, 1)))
	z.Close()
	write(t, filepath.Join(dir, "train-labels-idx1-ubyte.gz"), repacked.Bytes())
	d, err := ReadDataSets(dir, Options{Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	want := recordedSums(t)
	if sum(t, d.Test.Images) != want["test images"] || sum(t, d.Train.Labels) != want["train labels"] {
		t.Error("wrong data")
	}
}

func TestDamagedFileInDir(t *testing.T) {
	noCache(t)
	labels := content(t, 1)
	flipped := bytes.Clone(unpacked(t, labels))
	flipped[100] ^= 1
	for _, c := range []struct {
		name   string
		bytes  []byte
		reason string
	}{
		{"cut", labels[:len(labels)/2], "ends before"},
		{"empty", nil, "ends before"},
		{"a page instead of a file", []byte("<html>Not found</html>"), "starts with"},
		{"one label changed", flipped, "something else"},
		{"the wrong file", content(t, 3), "something else"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "train-labels-idx1-ubyte.gz")
		write(t, path, c.bytes)
		_, err := ReadDataSets(dir, Options{Out: io.Discard})
		var damaged *DamagedError
		if !errors.As(err, &damaged) {
			t.Errorf("%s: error %v", c.name, err)
			continue
		}
		for _, want := range []string{path, "MNIST 60,000 training labels", digits.files[1].gz, sha(c.bytes), c.reason} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q is not in %q", c.name, want, err)
			}
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, c.bytes) {
			t.Errorf("%s: the file was changed (%v)", c.name, err)
		}
	}
}

func TestDirThatIsAFile(t *testing.T) {
	noCache(t)
	path := filepath.Join(t.TempDir(), "mnist")
	write(t, path, nil)
	if _, err := ReadDataSets(path, Options{Out: io.Discard}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
}

// smallFashion makes the known sums of Fashion-MNIST those of small invented files, and writes these into dir.
func smallFashion(t *testing.T, dir string) {
	original := fashion
	t.Cleanup(func() { fashion = original })
	for i := range fashion.files {
		f := &fashion.files[i]
		shape := f.shape.Clone()
		shape[0] = 6 + 10*i
		f.shape = shape
		a := tensor.New(tensor.Uint8, shape...)
		for k := range tensor.Data[uint8](a) {
			tensor.Data[uint8](a)[k] = uint8(k % 10)
		}
		f.data = sha(tensor.Data[uint8](a))
		if err := idx.WriteFile(filepath.Join(dir, f.name+".gz"), a); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFashionInDir(t *testing.T) {
	noCache(t)
	dir := t.TempDir()
	smallFashion(t, dir)
	d, err := ReadDataSets(dir, Options{ValidationSize: new(2), Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	if d.Train.NumExamples() != 4 || d.Validation.NumExamples() != 2 || d.Test.NumExamples() != 26 {
		t.Errorf("%d, %d and %d examples", d.Train.NumExamples(), d.Validation.NumExamples(), d.Test.NumExamples())
	}
	// It must not be completed with digits.
	missing := filepath.Join(dir, "t10k-labels-idx1-ubyte.gz")
	if err := os.Remove(missing); err != nil {
		t.Fatal(err)
	}
	_, err = ReadDataSets(dir, Options{Out: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "belongs to Fashion-MNIST, but t10k-labels-idx1-ubyte.gz is missing") {
		t.Errorf("error %v", err)
	}
	write(t, missing, content(t, 3))
	_, err = ReadDataSets(dir, Options{Out: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "belongs to Fashion-MNIST, but t10k-labels-idx1-ubyte.gz is of MNIST") {
		t.Errorf("error %v", err)
	}
}

// writeCache writes an archive as Keras's into home.
func writeCache(t *testing.T, home string, change func([]npy.Named) []npy.Named) string {
	t.Helper()
	var arrays []npy.Named
	for i, f := range digits.files {
		a, err := idx.Read(bytes.NewReader(content(t, i)))
		if err != nil {
			t.Fatal(err)
		}
		arrays = append(arrays, npy.Named{Name: f.array, Tensor: a})
	}
	var out bytes.Buffer
	if err := npy.WriteZip(&out, change(arrays), false); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(home, "datasets", "mnist.npz")
	write(t, path, out.Bytes())
	return path
}

func TestReadsKerasCache(t *testing.T) {
	home := noCache(t)
	path := writeCache(t, home, func(a []npy.Named) []npy.Named { return a })
	want := recordedSums(t)
	x, _, _, y, err := LoadData()
	if err != nil || sum(t, x) != want["x_train"] || sum(t, y) != want["y_test"] {
		t.Errorf("wrong data, or error %v", err)
	}

	// Without KERAS_HOME the folder is ~/.keras.
	t.Setenv("KERAS_HOME", "")
	user := t.TempDir()
	t.Setenv("HOME", user)
	t.Setenv("USERPROFILE", user)
	write(t, filepath.Join(user, ".keras", "datasets", "mnist.npz"), []byte("oops"))
	if _, _, _, _, err := LoadData(); err == nil || !strings.Contains(err.Error(), user) {
		t.Errorf("the cache in ~/.keras was not read: %v", err)
	}

	// Files in dir come first.
	t.Setenv("KERAS_HOME", home)
	write(t, path, []byte("oops"))
	dir := t.TempDir()
	for i, f := range digits.files {
		write(t, filepath.Join(dir, f.name+".gz"), content(t, i))
	}
	if _, err := ReadDataSets(dir, Options{Out: io.Discard}); err != nil {
		t.Errorf("a complete dir needs no cache: %v", err)
	}
}

func TestDamagedCache(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func([]npy.Named) []npy.Named
		reason string
	}{
		{"one pixel", func(a []npy.Named) []npy.Named { tensor.Data[uint8](a[2].Tensor)[5] ^= 1; return a }, "x_test is not the 10,000 test images"},
		{"array missing", func(a []npy.Named) []npy.Named { return a[1:] }, "no x_train"},
		{"types", func(a []npy.Named) []npy.Named { a[1].Tensor = a[1].Tensor.Cast(tensor.Int32); return a }, "y_train is not"},
	} {
		path := writeCache(t, noCache(t), c.change)
		_, _, _, _, err := LoadData()
		var damaged *DamagedError
		if !errors.As(err, &damaged) || damaged.File != path || damaged.WantSHA256 != npzSHA256 || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: error %v", c.name, err)
		}
	}
	home := noCache(t)
	write(t, filepath.Join(home, "datasets", "mnist.npz"), []byte("oops"))
	if _, _, _, _, err := LoadData(); err == nil || !strings.Contains(err.Error(), sha([]byte("oops"))) {
		t.Errorf("error %v", err)
	}
}

func BenchmarkReadDataSets(b *testing.B) {
	noCache(b)
	for b.Loop() {
		if _, err := ReadDataSets("", Options{OneHot: true, Out: io.Discard}); err != nil {
			b.Fatal(err)
		}
	}
}
