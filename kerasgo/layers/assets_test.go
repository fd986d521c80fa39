package layers_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// TestReadVocabulary splits lines where Python's splitlines does.
func TestReadVocabulary(t *testing.T) {
	for text, want := range map[string][]string{
		"a\nb":                       {"a", "b"},
		"a\r\nb\rc\n\n":              {"a", "b", "c"},
		"\na b\n":                    {"", "a b"},
		"":                           nil,
		"a\vb\fc\x1cd\u0085e\u2028f": {"a", "b", "c", "d", "e", "f"},
		"é\u00a0x":                   {"é\u00a0x"},
	} {
		file := filepath.Join(t.TempDir(), "v.txt")
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		got, err := layers.ReadVocabulary(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// FuzzVocabulary: whatever lies in the assets, reading it gives an error or a
// vocabulary that is written and read back as it is.
func FuzzVocabulary(f *testing.F) {
	f.Add([]byte("[UNK]\nthe\ncat"), uint8(0), []byte{1, 2, 3})
	f.Add([]byte("-1\n12\n7"), uint8(1), []byte{1, 2, 3})
	f.Add([]byte("\n[UNK]\nthe\n"), uint8(2), []byte{})
	f.Add([]byte("[UNK]\nthe"), uint8(3), []byte{9, 9})
	f.Fuzz(func(t *testing.T, text []byte, kind uint8, weights []byte) {
		var layer any
		switch kind % 4 {
		case 0:
			layer = layers.StringLookup{}
		case 1:
			layer = layers.IntegerLookup{}
		case 2:
			layer = layers.TextVectorization{}
		case 3:
			layer = layers.TextVectorization{OutputMode: "tf_idf"}
		}
		done, err := spec.CompleteAny(layer)
		if err != nil {
			t.Fatal(err)
		}
		idf := tensor.New(tensor.Float32, len(weights))
		for i, w := range weights {
			idf.Float32s()[i] = float32(w)
		}
		arrays := map[string]*tensor.Tensor{"idf_weights": idf}
		one := func(b []byte) func(string) ([]byte, error) {
			return func(name string) ([]byte, error) {
				if name != "vocabulary.txt" {
					return nil, errors.New("no such file")
				}
				return b, nil
			}
		}
		read, err := done.(layers.AssetKeeper).WithAssets(one(text), arrays)
		if err != nil {
			return
		}
		files, arrays := read.(layers.AssetKeeper).Assets()
		again, err := done.(layers.AssetKeeper).WithAssets(one(files["vocabulary.txt"]), arrays)
		if err != nil {
			t.Fatalf("%q: %v", files["vocabulary.txt"], err)
		}
		a, b := read.(layers.VocabularyKeeper).GetVocabulary(true), again.(layers.VocabularyKeeper).GetVocabulary(true)
		if list, ok := a.([]string); ok && slices.Contains(list, "") { // an empty last line is not there when it is read
			return
		}
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%q becomes %q", a, b)
		}
	})
}
