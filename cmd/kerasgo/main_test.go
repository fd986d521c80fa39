package main

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/npy"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kerasgo": main})
}

// TestScript runs the command lines of testdata/script/*.txtar. Beside the commands
// of testscript there are:
//
//	arrays       writes x.npy (24, 4) and y.npy (24): samples of three classes
//	digit FILE   writes a picture of a vertical stroke
//	[!] control FILE   checks that a file holds no control characters but newlines
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir) // no cache of Keras
			e.Setenv("KERAS_HOME", e.WorkDir)
			e.Setenv("COLUMNS", "80")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"arrays":  func(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(writeArrays(ts.MkAbs("."))) },
			"digit":   func(ts *testscript.TestScript, _ bool, args []string) { ts.Check(writeDigit(ts.MkAbs(args[0]))) },
			"control": control,
			"status":  status,
		},
	})
}

// status runs kerasgo and checks its exit status: status 3 fit x.yaml.
func status(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("kerasgo", args[1:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}

func control(ts *testscript.TestScript, neg bool, args []string) {
	has := strings.ContainsFunc(ts.ReadFile(args[0]), func(r rune) bool { return r < ' ' && r != '\n' })
	if has != neg {
		ts.Fatalf("%s: control characters: %v, want %v", args[0], has, neg)
	}
}

func writeArrays(dir string) error {
	x, y := tensor.New(tensor.Float32, 24, 4), tensor.New(tensor.Int32, 24)
	for i := range 24 {
		y.Int32s()[i] = int32(i % 3)
		for k := range 4 {
			x.Float32s()[4*i+k] = float32((i*7+k*3)%11)/11 + float32(i%3*k)
		}
	}
	if err := npy.WriteFile(filepath.Join(dir, "x.npy"), x); err != nil {
		return err
	}
	return npy.WriteFile(filepath.Join(dir, "y.npy"), y)
}

// TestOutput checks that execute writes where it is told.
func TestOutput(t *testing.T) {
	var out, errOut strings.Builder
	if code := execute([]string{"version"}, &out, &errOut); code != 0 || !strings.HasPrefix(out.String(), "kerasgo ") || errOut.Len() > 0 {
		t.Errorf("version: %d %q %q", code, out.String(), errOut.String())
	}
	out.Reset()
	if code := execute([]string{"validate", filepath.Join(t.TempDir(), "x.yaml")}, &out, &errOut); code != exitInvalid || out.Len() > 0 || errOut.Len() == 0 {
		t.Errorf("validate of nothing: %d %q %q", code, out.String(), errOut.String())
	}
}

// TestExamples checks that the examples are valid and that init writes them.
func TestExamples(t *testing.T) {
	for _, name := range templates() {
		var out, errOut strings.Builder
		file := filepath.Join(t.TempDir(), name+".yaml")
		if code := execute([]string{"init", "--template", name, file}, &out, &errOut); code != 0 {
			t.Fatalf("init %s: %s", name, &errOut)
		}
		errOut.Reset()
		if code := execute([]string{"validate", file}, &out, &errOut); code != 0 {
			t.Errorf("%s is not valid:\n%s", name, &errOut)
		}
	}
	if len(templates()) < 3 {
		t.Error("templates are missing: ", templates())
	}
}

// TestExampleRuns trains the example that has its data beside it.
func TestExampleRuns(t *testing.T) {
	var out, errOut strings.Builder
	if code := execute([]string{"fit", "-q", "--no-save", "../../examples/csv.yaml"}, &out, &errOut); code != 0 {
		t.Fatal(code, errOut.String())
	}
	_, after, _ := strings.Cut(out.String(), "Test accuracy: ")
	if accuracy, err := strconv.ParseFloat(strings.TrimSpace(after), 64); err != nil || accuracy < 0.9 {
		t.Errorf("%s%v", &out, err)
	}
}

// TestHelp asks for help about every registered class.
func TestHelp(t *testing.T) {
	a := &app{}
	root := a.root()
	for _, name := range helpTopics(root) {
		var out, errOut strings.Builder
		if code := execute([]string{"help", name}, &out, &errOut); code != 0 || out.Len() == 0 {
			t.Errorf("help %s: %d %s", name, code, &errOut)
		}
	}
}
