package kerasfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestExchange writes again what real Keras saved; real Keras loads both and compares configuration, weights, optimizer and predictions.
func TestExchange(t *testing.T) {
	py := os.Getenv("KERASGO_PYTHON")
	if py == "" {
		t.Skip("KERASGO_PYTHON names no Python with Keras")
	}
	dir := t.TempDir()
	a, err := OpenArchive("testdata/words.keras")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	vocabulary, err := a.Asset("layers/string_lookup/vocabulary.txt")
	if err != nil {
		t.Fatal(err)
	}
	words, err := a.Weights()
	if err != nil {
		t.Fatal(err)
	}
	steps := []error{
		WriteArchive(filepath.Join(dir, "words.keras"), &Model{KerasVersion: "3.15.1", Config: a.Config, Weights: words,
			Assets: map[string][]byte{"layers/string_lookup/vocabulary.txt": vocabulary}}),
	}
	conv, err := OpenArchive("testdata/conv.keras")
	if err != nil {
		t.Fatal(err)
	}
	defer conv.Close()
	w, err := conv.Weights()
	if err != nil {
		t.Fatal(err)
	}
	l, err := OpenLegacy("testdata/conv.h5")
	if err != nil {
		t.Fatal(err)
	}
	half, err := OpenWeights("testdata/half.weights.h5")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := OpenShards("testdata/sharded.weights.json")
	if err != nil {
		t.Fatal(err)
	}
	steps = append(steps,
		WriteArchive(filepath.Join(dir, "conv.keras"), &Model{KerasVersion: "3.15.1", Config: conv.Config, Weights: w}),
		WriteWeights(filepath.Join(dir, "conv.weights.h5"), w),
		WriteLegacy(filepath.Join(dir, "conv.h5"), l),
		WriteLegacyWeights(filepath.Join(dir, "conv_legacy_weights.h5"), l),
		WriteWeights(filepath.Join(dir, "half.weights.h5"), half),
		WriteWeights(filepath.Join(dir, "tree.weights.h5"), tree))
	for _, err := range steps {
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(py, "-B", "testdata/gen/compare.py", "testdata", dir)
	cmd.Env = append(os.Environ(), "KERAS_BACKEND=tensorflow", "TF_CPP_MIN_LOG_LEVEL=3", "CUDA_VISIBLE_DEVICES=-1", "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("Keras: %v\n%s", err, out)
	}
}
