package operations_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	_ "github.com/kerasgo/kerasgo/kerasgo/operations"
	"github.com/kerasgo/kerasgo/spec"
)

// Every registered operation is one of Keras's, in its module, and docs/operations.md
// lists exactly the others as left out.
func TestAgainstKeras(t *testing.T) {
	text, err := os.ReadFile("testdata/keras_operations.txt")
	if err != nil {
		t.Fatal(err)
	}
	var theirs, ours []string
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if !strings.HasPrefix(line, "#") {
			theirs = append(theirs, line)
		}
	}
	for _, c := range spec.Classes("op") {
		ours = append(ours, strings.TrimPrefix(c.Module, "keras.src.ops.")+" "+c.Name)
	}
	for _, o := range ours {
		if !slices.Contains(theirs, o) {
			t.Errorf("%s is no operation of Keras's", o)
		}
	}
	left := slices.DeleteFunc(theirs, func(s string) bool { return slices.Contains(ours, s) })
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, m := range regexp.MustCompile("`(core|einops|image|linalg|math|nn|numpy) (\\w+)`").FindAllStringSubmatch(string(page), -1) {
		listed = append(listed, m[1]+" "+m[2])
	}
	slices.Sort(left)
	slices.Sort(listed)
	if d := cmp.Diff(left, listed); d != "" {
		t.Errorf("left out, and what docs/operations.md lists (-code +page):\n%s", d)
	}
}
