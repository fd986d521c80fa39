package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const keras = "../../kerasgo/oracle/testdata/namespace.json"

// The committed pages are what the sources say.
func TestCurrent(t *testing.T) {
	if err := run("../../docs/reference", keras, true); err != nil {
		t.Error(err)
	}
}

func TestRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "reference")
	if err := run(dir, keras, true); err == nil || !strings.Contains(err.Error(), "not current") {
		t.Errorf("no pages: %v", err)
	}
	if err := run(dir, keras, false); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(dir, "gone.md")
	if err := os.WriteFile(old, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, keras, true); err == nil || !strings.Contains(err.Error(), "left over") {
		t.Errorf("a page too many: %v", err)
	}
	if err := run(dir, keras, false); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, keras, true); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "layers.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"## Conv2D\n", "| `kernel_size` | `KernelSize` |", "short form `Dropout: rate`"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("layers.md has no %q", want)
		}
	}
	text, err = os.ReadFile(filepath.Join(dir, "coverage.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| `keras.layers` | 175 |", "- `TFSMLayer`: it calls a TensorFlow SavedModel", "- `Layer`: interface `layers.Layer`"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("coverage.md has no %q", want)
		}
	}
	if err := run(dir, "nowhere.json", true); err == nil {
		t.Error("a list of names that is not there gives no error")
	}
}
