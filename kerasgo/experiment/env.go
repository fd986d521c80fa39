package experiment

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/spec"
)

// begin writes the files of a run that are known before it.
func (e *Experiment) begin(f *folder, o Options, started time.Time) error {
	if err := f.write("spec.yaml", e.src); err != nil {
		return err
	}
	resolved, err := e.Resolved(true)
	if err != nil {
		return err
	}
	if err := f.write("resolved.yaml", spec.YAML(resolved)); err != nil {
		return err
	}
	return e.writeEnv(f, o, started, 0)
}

// writeEnv writes env.json: on what, with what and how long.
func (e *Experiment) writeEnv(f *folder, o Options, started time.Time, took time.Duration) error {
	threads, err := run.Threads()
	if err != nil {
		return err
	}
	base, err := filepath.Abs(e.Base)
	if err != nil {
		return err
	}
	env := spec.NewObject(
		"kerasgo", o.Version, "go", runtime.Version(), "os", runtime.GOOS, "arch", runtime.GOARCH,
		"cpu", CPU(), "isa", kernel.ISA(), "threads", threads, "seed", *e.Seed,
		"base", base, "started", started.UTC().Format(time.RFC3339))
	if took > 0 {
		env.Set("seconds", took.Seconds())
	}
	return f.write("env.json", append(spec.JSON(env, 2), '\n'))
}

// CPU returns the processor's name, empty where the system does not tell.
func CPU() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if key, val, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(val)
		}
	}
	return ""
}

// BaseOf returns the folder that the data paths of a run start from, or "".
func BaseOf(run string) string {
	text, err := os.ReadFile(filepath.Join(run, "env.json"))
	if err != nil {
		return ""
	}
	n, errs := spec.Parse("env.json", text)
	if base := n.Get("base"); len(errs) == 0 && base != nil {
		return base.Value
	}
	return ""
}
