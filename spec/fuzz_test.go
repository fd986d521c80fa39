package spec

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

// checkPlaces fails unless every error lies inside its text and can be printed in every format.
func checkPlaces(t *testing.T, es Errors) {
	t.Helper()
	for _, e := range es {
		p := e.Pos
		if !p.IsValid() || p.Line > len(p.src.lines) {
			t.Fatalf("%v: line %d is outside", e, p.Line)
		}
		if n := utf8.RuneCountInString(p.src.lines[p.Line-1]); p.Col < 1 || p.Col > n+1 || p.Width < 0 || p.Col+p.Width > n+2 {
			t.Fatalf("%v: column %d, width %d in a line of %d", e, p.Col, p.Width, n)
		}
		if sentinels[e.Code] == nil {
			t.Fatalf("%v: code %q has no sentinel", e, e.Code)
		}
	}
	for _, f := range []string{"text", "json", "github"} {
		if err := es.Write(io.Discard, Report{Format: f}); err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzSpec reads any bytes as a description: no panic, every error inside the text.
func FuzzSpec(f *testing.F) {
	files, _ := filepath.Glob("testdata/errors/*.[yj]*")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(overridable))
	f.Add([]byte("a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nmodel: {Sequential: *c}"))
	f.Add([]byte("\xff\xfem\x00"))
	f.Add([]byte("model: !!float x\nfit: {epochs: !!int abc, verbose: 99999999999999999999}"))
	f.Add([]byte("? [a, b]\n: c\n? {a: b}\n: d\n: x"))
	f.Add([]byte("{\"\\ud83d\\ude00\": 1,\t\"model\": \"\\ud83d\\ude00\"}"))
	f.Add([]byte("fit: |\n  epochs\u2028x: 3\r\ncompile: \u0085 y"))
	f.Fuzz(func(t *testing.T, data []byte) {
		root, es := Parse("f.yaml", data)
		if root != nil {
			es = append(es, document(root)...)
			for _, kind := range []string{"layer", "optimizer", "loss", "metric", "callback", "initializer"} {
				v, e := Decode(root, kind)
				es = append(es, e...)
				if len(e) == 0 && v != nil {
					if _, ok := ClassOf(v); ok {
						if o, err := Serialize(v); err != nil {
							t.Fatalf("%v: %v", v, err)
						} else {
							JSON(o, 1)
						}
					}
				}
			}
			JSON(root.Plain(), 0)
		}
		_, e := FormatYAML("f.yaml", data)
		checkPlaces(t, append(es, e...))
	})
}

// FuzzSet applies any override to a valid description: no panic, every error inside the option or the text.
func FuzzSet(f *testing.F) {
	for _, s := range []string{
		"fit.epochs=3", "compile.optimizer.learnin_rate=3e-4", "model[3].filters=48", "model.conv2d_1.filters=48", "model[0].kernel_size=[3,3]",
		"compile.optimizer={SGD: {learning_rate: 1}}", "a..b=1", "a[=1", "a[1=", "=", "", "model=Sequential", "model.layers[0]=x", "fit.epochs= ü: [", "x=*a", "x=&a [*a]",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		root, es := Parse("base.yaml", []byte(overridable))
		if len(es) > 0 {
			t.Fatal(es)
		}
		_, e := root.Set("--set[0]", s)
		es = append(es, e...)
		es = append(es, document(root)...)
		es = append(es, root.Unset("--unset[0]", s)...)
		es = append(es, document(root)...)
		checkPlaces(t, es)
	})
}
