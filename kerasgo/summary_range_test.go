package keras_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// testdata/summary_range.txt is what Keras 3.15.1 prints for the same model with
// layer_range ["a2", "b1"], ["b", "a"] and ["a", "a"].
func TestSummaryLayerRange(t *testing.T) {
	want, err := os.ReadFile("testdata/summary_range.txt")
	if err != nil {
		t.Fatal(err)
	}
	m := keras.NewSequential(layers.Dense{Units: 3, Name: "a1", InputShape: []int{4}}, layers.Dense{Units: 3, Name: "a2"},
		layers.Dense{Units: 2, Name: "b1"}, layers.Dense{Units: 2, Name: "b2"}).Named("s")
	var out bytes.Buffer
	for _, r := range [][2]string{{"a2", "b1"}, {"b", "a"}, {"a", "a"}} {
		if err := m.SummaryWith(keras.SummaryOptions{Out: &out, LayerRange: r, LineLength: 50}); err != nil {
			t.Fatal(err)
		}
	}
	trim := func(s string) string { // print_fn adds empty lines
		return strings.ReplaceAll(strings.TrimSpace(s), "\n\n", "\n")
	}
	if d := cmp.Diff(trim(string(want)), trim(out.String())); d != "" {
		t.Error(d)
	}
	if err := m.SummaryWith(keras.SummaryOptions{Out: &out, LayerRange: [2]string{"c", "a"}}); err == nil || !strings.Contains(err.Error(), `"c" names none`) {
		t.Error(err)
	}
}
