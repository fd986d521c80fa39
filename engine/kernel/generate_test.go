package kernel

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The committed assembly is what the generator writes. Skipped where the generator's modules are not in the module cache.
func TestGeneratedFilesAreUpToDate(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the generator")
	}
	if _, err := os.Stat("_gen"); err != nil {
		t.Skip("the generator is not part of this copy")
	}
	offline := append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOOS=", "GOARCH=")
	list := exec.Command("go", "-C", "_gen", "list", "-deps", ".")
	if list.Env = offline; list.Run() != nil {
		t.Skip("the generator's modules are not available")
	}
	generator := filepath.Join(t.TempDir(), "gen")
	build := exec.Command("go", "-C", "_gen", "build", "-o", generator, ".")
	build.Env = offline
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out := t.TempDir()
	if text, err := exec.Command(generator, "-out", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	generated, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil || len(generated) == 0 {
		t.Fatalf("no files were generated: %v", err)
	}
	fresh := map[string]bool{}
	for _, path := range generated {
		name := filepath.Base(path)
		fresh[name] = true
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from the generator's output (%v): run go generate", name, err)
		}
	}
	for _, pattern := range []string{"*_avx2_amd64.*", "*_avx512_amd64.*", "*_amx_amd64.*", "*_neon_arm64.*"} {
		committed, _ := filepath.Glob(pattern)
		for _, name := range committed {
			if !fresh[name] && filepath.Base(name)[:6] != "table_" {
				t.Errorf("%s is not made by the generator", name)
			}
		}
	}
}
