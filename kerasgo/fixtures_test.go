package keras

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestKerasFiles loads what Keras 3.0, 3.4 and 3.15 saved in each format: predictions, the optimizer's variables and the losses of 20 more steps
// must be those that Keras itself recorded. testdata/exchange/record.py wrote the files.
func TestKerasFiles(t *testing.T) {
	archives, err := filepath.Glob("testdata/keras/*.zip")
	if err != nil || len(archives) != 3 {
		t.Fatalf("fixtures: %v %v", archives, err)
	}
	for _, archive := range archives {
		version := strings.TrimSuffix(filepath.Base(archive), ".zip")
		t.Run(version, func(t *testing.T) {
			dir := t.TempDir()
			unzip(t, archive, dir)
			testKerasFiles(t, dir, "Keras "+version)
		})
	}
}

func testKerasFiles(t *testing.T, dir, writer string) {
	var all differences
	records, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	for _, path := range records {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			r := readRecording(t, path)
			base := strings.TrimSuffix(path, ".json")
			formats := map[string]func(t *testing.T) *Model{
				"keras":      func(t *testing.T) *Model { return load(t, base+".keras") },
				"weights.h5": func(t *testing.T) *Model { return describedAndFilled(t, r.JSON, base+".weights.h5") },
			}
			if !r.Unwritten {
				formats["h5"] = func(t *testing.T) *Model { return load(t, base+".h5") }
			}
			for format, m := range formats {
				t.Run(format, func(t *testing.T) {
					d := r.compareTo(t, m(t), name+"."+format)
					d.check(t)
					all.add(d)
				})
			}
		})
	}
	all.log(t, writer)
}
