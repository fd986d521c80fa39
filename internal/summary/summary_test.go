package summary

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type recordedCount struct {
	Params int64
	Bytes  float64
}

type recording struct {
	Keras string
	Cases []struct {
		Name, Model string
		Graph       bool
		Rows        []struct {
			Name, Class, Shape string
			Params             int64
			Unbuilt            bool
			Connected          []string
			Trainable          string
			Depth              int
		}
		Trainable    recordedCount
		NonTrainable recordedCount `json:"non_trainable"`
		Optimizer    *recordedCount
		Prints       []struct {
			LineLength int `json:"line_length"`
			Columns    int
			Color      bool
			Expand     bool
			Trainable  bool
			Out, Error string
		}
	}
}

func readRecording(t *testing.T) recording {
	t.Helper()
	f, err := os.Open("testdata/summary.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var r recording
	if err := json.NewDecoder(z).Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSummaryWritesKerasBytes(t *testing.T) {
	r := readRecording(t)
	if len(r.Cases) < 20 {
		t.Fatalf("only %d recorded cases", len(r.Cases))
	}
	for _, c := range r.Cases {
		m := Model{
			Name:         c.Model,
			Graph:        c.Graph,
			Trainable:    Count(c.Trainable),
			NonTrainable: Count(c.NonTrainable),
			Optimizer:    (*Count)(c.Optimizer),
		}
		for _, row := range c.Rows {
			m.Rows = append(m.Rows, Row{
				Name: row.Name, Class: row.Class, Shape: row.Shape, Params: row.Params, Unbuilt: row.Unbuilt,
				ConnectedTo: row.Connected, Trainable: row.Trainable, Depth: row.Depth,
			})
		}
		for _, p := range c.Prints {
			name := fmt.Sprintf("%s/%d in %d", c.Name, p.LineLength, p.Columns)
			if p.Color {
				name += " color"
			}
			t.Run(name, func(t *testing.T) {
				var out strings.Builder
				err := Write(&out, m, Options{
					LineLength: p.LineLength, Columns: p.Columns, Color: p.Color,
					ExpandNested: p.Expand, ShowTrainable: p.Trainable,
				})
				if (err != nil) != (p.Error != "") {
					t.Fatalf("error %v, Keras's %q", err, p.Error)
				}
				if err != nil {
					return
				}
				if diff := cmp.Diff(p.Out, out.String()); diff != "" {
					t.Errorf("(-Keras +ours):\n%s", diff)
				}
			})
		}
	}
}

func TestWideTableIsNotCropped(t *testing.T) {
	m := Model{Name: "m", Rows: []Row{{Name: "dense", Class: "Dense", Shape: "(None, 3)", Params: 12}}}
	var narrow, wide strings.Builder
	if err := Write(&narrow, m, Options{LineLength: 120}); err != nil {
		t.Fatal(err)
	}
	if err := Write(&wide, m, Options{LineLength: 120, Columns: 300}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wide.String(), narrow.String()); diff != "" {
		t.Errorf("the terminal changed an explicit line length:\n%s", diff)
	}
}

func TestFoldKeepsEveryCharacter(t *testing.T) {
	name := strings.Repeat("abcdefghij", 7)
	m := Model{Name: "m", Rows: []Row{{Name: name, Class: "Dense", Shape: "?"}}}
	var out strings.Builder
	if err := Write(&out, m, Options{LineLength: 60, Fold: true}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "…") {
		t.Errorf("cut:\n%s", out.String())
	}
	var got strings.Builder
	for line := range strings.Lines(out.String()) {
		if cells := strings.Split(line, "│"); len(cells) > 1 {
			got.WriteString(strings.TrimSpace(cells[1]))
		}
	}
	if want := name + "(Dense)"; got.String() != want {
		t.Errorf("first column reads %q, want %q", got.String(), want)
	}
}

func TestNestedRowsNeedExpandNested(t *testing.T) {
	m := Model{Name: "m", Rows: []Row{
		{Name: "inner", Class: "Sequential", Shape: "(None, 3)"},
		{Name: "deep", Class: "Dense", Shape: "(None, 3)", Depth: 1},
	}}
	var out strings.Builder
	if err := Write(&out, m, Options{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "deep") {
		t.Errorf("nested row shown:\n%s", out.String())
	}
}

func TestMemory(t *testing.T) {
	for bytes, want := range map[float64]string{
		0: "0.00 B", 0.125: "0.12 B", 1023: "1023.00 B", 1024: "1.00 KB", 721.04 * 1024: "721.04 KB",
		1 << 20: "1.00 MB", 1 << 30: "1.00 GB", 1 << 40: "1.00 TB", 1 << 50: "1.00 PB", 1 << 60: "1.00 PB",
	} {
		if got := memory(bytes); got != want {
			t.Errorf("memory(%v) = %q, want %q", bytes, got, want)
		}
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken pipe")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteErrorIsReturned(t *testing.T) {
	if err := Write(brokenWriter{}, Model{}, Options{}); !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
}
