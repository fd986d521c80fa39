package pickle

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Pickles as Python's pickletools shows them.
func TestRead(t *testing.T) {
	for text, want := range map[string]any{
		"N.":                 nil,
		"\x80\x04\x88.":      true,
		"\x80\x02K\x07.":     int64(7),
		"M\x01\x02.":         int64(513),
		"J\xfe\xff\xff\xff.": int64(-2),
		"\x8a\x02\x00\x80.":  int64(-32768),
		"\x8a\x09\xff\xff\xff\xff\xff\xff\xff\x7f\x00.": int64(1<<63 - 1),
		"\x8a\x00.":                          int64(0),
		"L12L\n.":                            int64(12),
		"I01\n.":                             true,
		"F1.5\n.":                            1.5,
		"G\x3f\xf8\x00\x00\x00\x00\x00\x00.": 1.5,
		"\x8c\x02\xc3\xa9.":                  "é",
		"U\x02ab.":                           []byte("ab"),
		"S'ab'\n.":                           []byte("ab"),
		"(K\x01K\x02t.":                      Tuple{int64(1), int64(2)},
		"]q\x00(K\x01h\x00e.":                nil, // a list that holds itself; looked at below
		"}(U\x01aK\x01U\x01bNu.":             &Dict{Keys: []any{[]byte("a"), []byte("b")}, Values: []any{int64(1), nil}},
		"c_codecs\nencode\n(X\x02\x00\x00\x00\xc3\xa9X\x06\x00\x00\x00latin1tR.": []byte{0xe9},
	} {
		got, err := Read(strings.NewReader(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if l, ok := got.(*List); ok {
			if len(l.Items) != 2 || l.Items[1] != any(l) {
				t.Errorf("%q: %v", text, l.Items)
			}
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q (-want +got):\n%s", text, d)
		}
	}
}

// What could run something, or is no data, is refused.
func TestRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"os.system":            "cos\nsystem\n(S'true'\ntR.",
		"builtins.eval":        "\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.",
		"instance":             "(ios\nsystem\n.",
		"object":               "\x80\x02cnumpy\nndarray\n)\x81.",
		"persistent id":        "Pid\n.",
		"extension":            "\x82\x01.",
		"buffer":               "\x97.",
		"dtype of objects":     "cnumpy\ndtype\n]R.",
		"call of a text":       "U\x01a)R.",
		"a function as data":   "cnumpy\nndarray\n.",
		"a function in a list": "]cnumpy\nndarray\na.",
		"state of a list":      "])b.",
		"empty":                "",
		"no end":               "K\x01",
		"no mark":              "t.",
		"empty stack":          ".",
		"large block":          "B\xff\xff\xff\x7fabc.",
		"huge integer":         "\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01.",
		"protocol 6":           "\x80\x06N.",
		"text":                 "\x8c\x01\xff.",
		"memo":                 "h\x05.",
		"array without data":   "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tU\x01btR(K\x01(K\x05tcnumpy\ndtype\n(U\x02u1K\x00K\x01tR\x89U\x01atb.",
	} {
		if v, err := Read(strings.NewReader(text)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v, %v", name, v, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{"N.", "]q\x00(K\x01h\x00e.", "}(U\x01aK\x01u.", "cos\nsystem\n(S'true'\ntR."} {
		f.Add([]byte(text))
	}
	files, err := filepath.Glob("../../kerasgo/datasets/testdata/cifar-*/*")
	if err != nil || len(files) == 0 {
		f.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[:min(len(b), 200)])
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := Read(bytes.NewReader(b))
		if err != nil && !errors.Is(err, ErrFormat) {
			t.Fatal(err)
		}
		if a, ok := v.(*Array); ok {
			_, _ = a.Int64s()
		}
	})
}
