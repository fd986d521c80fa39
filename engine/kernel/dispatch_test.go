package kernel

import (
	"errors"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// No table has a hole.
func TestTablesAreComplete(t *testing.T) {
	for _, tab := range tables {
		v := reflect.ValueOf(*tab)
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			switch f := v.Field(i); f.Kind() {
			case reflect.Func:
				if f.IsNil() {
					t.Errorf("%s: %s is missing", tab.isa, name)
				}
			case reflect.Array:
				for j := range f.Len() {
					if f.Index(j).IsNil() {
						t.Errorf("%s: %s[%d] is missing", tab.isa, name, j)
					}
				}
			}
		}
	}
}

func TestUse(t *testing.T) {
	before := ISA()
	restore, err := Use("generic")
	if err != nil {
		t.Fatal(err)
	}
	if ISA() != "generic" {
		t.Errorf("ISA() = %s", ISA())
	}
	restore()
	if ISA() != before {
		t.Errorf("ISA() = %s after restore, want %s", ISA(), before)
	}
	if _, err := Use("sse9"); err == nil || !strings.Contains(err.Error(), `"sse9"`) {
		t.Errorf("Use(sse9): error %v", err)
	}
}

// The environment variable is read at start-up, so a new process is needed.
func TestEnvironment(t *testing.T) {
	if os.Getenv("KERNEL_TEST_CHILD") != "" {
		t.Logf("child: %s %v", ISA(), InitErr())
		return
	}
	if runtime.GOARCH == "wasm" {
		t.Skip("no processes")
	}
	for _, row := range []struct{ value, want string }{
		{"generic", "child: generic <nil>"},
		{"", "child: " + ISAs()[0] + " <nil>"},
		{"mmx", "child: " + ISAs()[0] + ` KERASGO_ISA: unknown instruction set "mmx"`},
	} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestEnvironment$", "-test.v")
		cmd.Env = append(os.Environ(), "KERNEL_TEST_CHILD=1", "KERASGO_ISA="+row.value)
		out, err := cmd.CombinedOutput()
		if errors.Is(err, syscall.ENOEXEC) {
			t.Skip("an emulated process cannot start itself")
		}
		if err != nil || !strings.Contains(string(out), row.want) {
			t.Errorf("KERASGO_ISA=%s: %v\n%s", row.value, err, out)
		}
	}
}

func TestSelfCheck(t *testing.T) {
	onEach(t, func(t *testing.T) {
		if err := SelfCheck(); err != nil {
			t.Error(err)
		}
	})
}

// A wrong kernel must not pass.
func TestSelfCheckFindsErrors(t *testing.T) {
	saved := active
	defer func() { active = saved }()
	broken := *active
	broken.isa = "broken"
	broken.binary[opSub] = broken.binary[opAdd]
	active = &broken
	if err := SelfCheck(); err == nil || !strings.Contains(err.Error(), "sub") {
		t.Errorf("SelfCheck: %v", err)
	}
}

// The tests of an instruction set are tests of that set.
func TestAskedISA(t *testing.T) {
	if want := os.Getenv("KERASGO_ISA"); want != "" && (ISA() != want || InitErr() != nil) {
		t.Errorf("KERASGO_ISA=%s, but the kernels are those of %s: %v", want, ISA(), InitErr())
	}
}
