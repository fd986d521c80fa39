package spec

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// document reads a whole description as the front door will: every section by its own type.
func document(root *Node) Errors {
	var es Errors
	if root == nil || root.Kind != Mapping {
		return es
	}
	for _, p := range root.Pairs {
		var e Errors
		switch p.Key.Value {
		case "data", "model":
			_, e = Decode(p.Val, map[string]string{"data": "data", "model": "model"}[p.Key.Value])
		case "compile":
			e = DecodeStruct(p.Val, new(Compile))
		case "fit":
			e = DecodeStruct(p.Val, new(Fit))
		}
		es = append(es, e...)
	}
	return es
}

// TestMessages compares the printed errors of testdata/errors/*.yaml and *.json with the .want file beside each.
func TestMessages(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.[yj]*")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			root, es := Parse(filepath.Base(file), data)
			if root != nil {
				es = append(es, document(root)...)
			}
			var b strings.Builder
			if err := es.Write(&b, Report{Outcome: "nothing was trained"}); err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, filepath.Ext(file))+".want", b.String())
			if len(es) == 0 {
				t.Error("no error found")
			}
		})
	}
}

// golden compares got with a file, or writes the file with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", file, diff)
	}
}

func TestSentinels(t *testing.T) {
	for text, want := range map[string]error{
		"model: Sequental":                          ErrUnknownClass,
		"model: {Sequential: [{Dense: {unit: 3}}]}": ErrUnknownArgument,
		"model: {Sequential: [Dense]}":              ErrMissing,
		"fit: {epochs: x}":                          ErrType,
		"fit: {epochs: 0}":                          ErrRange,
		"fit: {epochs: 1, epochs: 2}":               ErrDuplicate,
		"fit: {epochs: [1":                          ErrSyntax,
		"model: {Conv2D: {filters: 1, kernel_size: 1, padding: x}}": ErrUnknownClass, // a layer is no model
	} {
		root, es := Parse("x.yaml", []byte(text))
		es = append(es, document(root)...)
		if err := es.Err(); !errors.Is(err, want) {
			t.Errorf("%s: %v is not %v", text, err, want)
		}
	}
	if (Errors)(nil).Err() != nil {
		t.Error("an empty list is an error")
	}
}
