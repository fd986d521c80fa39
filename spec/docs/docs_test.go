package docs

import (
	"os/exec"
	"testing"
)

// TestCurrent fails when doc comments have changed since the table was generated.
func TestCurrent(t *testing.T) {
	out, err := exec.Command("go", "run", "../docgen", "-check", "-o", "zz_docs.go", "-package", "docs", "../../kerasgo/...").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s(go generate ./spec/docs)", err, out)
	}
}
