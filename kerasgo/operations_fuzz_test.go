package keras

import (
	"strings"
	"testing"
)

// Files of models with operations, however damaged, are read or refused.
func FuzzOperations(f *testing.F) {
	for _, name := range []string{"operations", "operations_basics", "operations_images", "operations_matrices"} {
		g, err := gzipCases("oracle/testdata/" + name + ".json.gz")
		if err != nil {
			f.Fatal(err)
		}
		for i, c := range g {
			if i%7 == 0 {
				f.Add(string(c.Model))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Count(text, "0000") > 0 || len(text) > 20000 { // huge shapes take time, not sense
			return
		}
		m, err := FromJSON(text)
		if err == nil {
			_, _ = m.ToJSON()
		}
	})
}

// FuzzGraph reads the YAML form of functional models.
func FuzzGraph(f *testing.F) {
	f.Add("Functional:\n  inputs: {x: [4]}\n  nodes:\n    y: {Dense: 3}\n    z: {ops.Split: {indices_or_sections: [1], axis: 1}, from: y}\n  outputs: [y, \"z[1]\"]\n")
	f.Add("Functional:\n  inputs: {x: {shape: [4], dtype: int32}}\n  nodes:\n    y: {call: z}\n    z: {ops.Add: {}, from: [x, [1, 2.5, null, true]]}\n  outputs: y\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Count(text, "000") > 0 || len(text) > 5000 {
			return
		}
		m, err := FromYAML(text)
		if err == nil {
			_, _ = m.ToJSON()
		}
	})
}
