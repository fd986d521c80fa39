package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The program and examples/mnist_cnn.yaml train to the same history, bit for bit, on one thread and on two, when
// both have the same seed and the same data. To be quick it is 2,000 digits, twice.
func TestSameAsSpec(t *testing.T) {
	if testing.Short() || runtime.GOARCH == "wasm" {
		t.Skip("builds two programs")
	}
	dir := t.TempDir()
	run := func(threads, name string, args ...string) string {
		t.Helper()
		c := exec.Command(name, args...)
		c.Dir = filepath.Join("..", "..")
		c.Env = append(os.Environ(), "KERASGO_THREADS="+threads)
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}
		return string(out)
	}
	notebook, kerasgo := filepath.Join(dir, "notebook.exe"), filepath.Join(dir, "kerasgo.exe")
	run("", "go", "build", "-overlay", overlay(t, dir), "-o", notebook, "./examples/mnist_cnn")
	run("", "go", "build", "-o", kerasgo, "./cmd/kerasgo")

	type history map[string][]float64
	parse := func(text string) (h history) {
		t.Helper()
		if err := json.Unmarshal([]byte(text), &h); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		return h
	}
	var want history
	for _, threads := range []string{"1", "2"} {
		lines := strings.Split(run(threads, notebook), "\n")
		i := 0
		for i < len(lines)-1 && !strings.HasPrefix(lines[i], "{") {
			i++
		}
		program := parse(lines[i])
		if want == nil {
			want = program
		}
		runs := filepath.Join(dir, threads)
		run(threads, kerasgo, "fit", "examples/mnist_cnn.yaml", "-q", "--run-dir", runs, "--epochs", "2",
			"--set", "data.validation_size=58000", "--unset", "fit.validation_data", "--unset", "evaluate")
		text, err := os.ReadFile(filepath.Join(runs, "1", "history.json"))
		if err != nil {
			t.Fatal(err)
		}
		if len(want["loss"]) != 2 || want["loss"][1] >= want["loss"][0] {
			t.Errorf("losses %v", want["loss"])
		}
		if d := cmp.Diff(want, program); d != "" {
			t.Errorf("the program on %s threads (-first +now):\n%s", threads, d)
		}
		if d := cmp.Diff(want, parse(string(text))); d != "" {
			t.Errorf("the spec on %s threads (-program +spec):\n%s", threads, d)
		}
	}
}

// overlay makes the go command see the program with the spec's seed, less data and fewer epochs, and its history printed.
func overlay(t *testing.T, dir string) string {
	t.Helper()
	src, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	text := string(src)
	for _, r := range [][2]string{
		{"func main() {\n", "func main() {\n\tkeras.SetRandomSeed(42)\n"},
		{"mnist.Options{OneHot: true}", "mnist.Options{OneHot: true, ValidationSize: new(58000)}"},
		{"\tkeras.Must(model.Fit(trainX, trainY, keras.Fit{BatchSize: 128, Epochs: 10, Verbose: 1}))\n",
			"\thistory := keras.Must(model.Fit(trainX, trainY, keras.Fit{BatchSize: 128, Epochs: 2, Verbose: keras.Silent}))\n" +
				"\tfmt.Println(string(keras.Must(json.Marshal(history.History))))\n"},
		{"\t\"fmt\"\n", "\t\"encoding/json\"\n\t\"fmt\"\n"},
	} {
		if strings.Count(text, r[0]) != 1 {
			t.Fatalf("main.go has not one %q", r[0])
		}
		text = strings.Replace(text, r[0], r[1], 1)
	}
	changed, list := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json")
	original, err := filepath.Abs("main.go")
	if err != nil {
		t.Fatal(err)
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{original: changed}})
	if err != nil {
		t.Fatal(err)
	}
	for file, content := range map[string][]byte{changed: []byte(text), list: replace} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return list
}
