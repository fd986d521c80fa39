package spec

import (
	"strings"
	"testing"
)

// TestBigInputs: anchors can't multiply a text, and big or deep texts are read without trouble. Were the time quadratic in the length of a line, this
// would take minutes.
func TestBigInputs(t *testing.T) {
	for name, text := range map[string]string{
		"one line":     `{"model": {"Sequential": [` + strings.Repeat(`{"class_name": "Dense", "config": {"units": 3}}, `, 20000) + `"Flatten"]}}`,
		"many errors":  "model: {Sequential: [" + strings.Repeat("Flaten, ", 2000) + "]}",
		"billion":      billion(),
		"deep":         strings.Repeat("[", 9000) + strings.Repeat("]", 9000),
		"merge itself": "a: &a\n  <<: *a\n",
		"long string":  "x: \"" + strings.Repeat("ü", 1<<20) + "\"",
	} {
		root, es := Parse("big.yaml", []byte(text))
		if root != nil {
			es = append(es, document(root)...)
		}
		checkPlaces(t, es)
		if wantErrors := map[string]int{"many errors": 2000, "billion": 1, "merge itself": 2}[name]; len(es) != wantErrors {
			t.Errorf("%s: %d errors, want %d", name, len(es), wantErrors)
		}
		if name == "billion" && (len(es) == 0 || !strings.Contains(es[0].Msg, "expand")) {
			t.Errorf("the anchors were expanded: %v", es)
		}
	}
}

// billion returns nine levels of anchors, each ten times the one before.
func billion() string {
	var b strings.Builder
	b.WriteString("l0: &l0 [x]\n")
	for i := range 9 {
		from := string(rune('0' + i))
		b.WriteString("l" + string(rune('1'+i)) + ": &l" + string(rune('1'+i)) + " [" + strings.Repeat("*l"+from+", ", 10) + "]\n")
	}
	return b.String()
}
