package hdf5

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// python returns the interpreter that exchange tests use, or skips the test.
func python(t *testing.T) string {
	t.Helper()
	p := os.Getenv("KERASGO_PYTHON")
	if p == "" {
		t.Skip("KERASGO_PYTHON names no Python with h5py")
	}
	return p
}

// TestExchange lets h5py read what this package wrote, edit it, and reads the result again.
func TestExchange(t *testing.T) {
	py := python(t)
	dir := t.TempDir()
	name := filepath.Join(dir, "sample.h5")
	if err := os.WriteFile(name, write(t, samplePlan()), 0o666); err != nil {
		t.Fatal(err)
	}
	run := func(t *testing.T, mode string) map[string]item {
		t.Helper()
		cmd := exec.Command(py, "-B", "testdata/gen/inspect_file.py", mode, name)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("h5py: %v", err)
		}
		if !json.Valid(out) {
			t.Fatalf("h5py printed %.200s", out)
		}
		return manifest(t, out)
	}
	for _, mode := range []string{"read", "edit"} {
		t.Run(mode, func(t *testing.T) {
			want := run(t, mode)
			f, err := Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if d := cmp.Diff(want, describe(t, f)); d != "" {
				t.Errorf("(-h5py +ours):\n%s", d)
			}
			if len(want) < 20 {
				t.Errorf("h5py saw %d objects", len(want))
			}
		})
	}
}
