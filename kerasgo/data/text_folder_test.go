package data_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/data"
)

func TestTextFolder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"ham/a.txt": "hello you", "ham/sub/b.TXT": "lunch?", "ham/c.md": "no", "spam/a.txt": "win win", ".git/a.txt": "no"} {
		path := filepath.Join(dir, "mail", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s, err := data.TextFolder{Path: "mail", MaxLength: new(5), LabelMode: "binary"}.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	x, y := s.Train.X.(*tensor.Tensor), s.Train.Y.(*tensor.Tensor)
	got := []any{tensor.Data[string](x), y.Float32s(), y.Shape(), s.Classes}
	want := []any{[]string{"hello", "lunch", "win w"}, []float32{0, 0, 1}, tensor.Shape{3, 1}, []string{"ham", "spam"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if s, err = (data.TextFolder{Path: "mail", ClassNames: []string{"spam", "ham"}, Test: "mail", ValidationSplit: 0.34}).Load(dir); err != nil {
		t.Fatal(err)
	}
	if s.Train.Len() != 2 || s.Validation.Len() != 1 || s.Test.Len() != 3 || tensor.Data[string](s.Test.X.(*tensor.Tensor))[0] != "win win" {
		t.Errorf("splits of %d, %d and %d, first test text %v", s.Train.Len(), s.Validation.Len(), s.Test.Len(), s.Test.X)
	}
	for want, d := range map[string]data.TextFolder{
		"no such file":               {Path: "mails"},
		"holds no folders":           {Path: "mail/spam"},
		"wants two classes":          {Path: "mail", LabelMode: "binary", ClassNames: []string{"ham"}},
		"test makes the split test ": {Path: "mail", Test: "mail", TestSplit: 0.1},
	} {
		if _, err := d.Load(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
