package experiment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/spec"
)

// folder is the folder of one run, RUNS/3.
type folder struct {
	dir string
	log *os.File
}

// newFolder makes the next numbered folder in runs.
func newFolder(runs string) (*folder, error) {
	if err := os.MkdirAll(runs, 0o777); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(runs)
	if err != nil {
		return nil, err
	}
	last := 0
	for _, e := range entries {
		if n, err := strconv.Atoi(e.Name()); err == nil {
			last = max(last, n)
		}
	}
	for n := last + 1; ; n++ {
		dir := filepath.Join(runs, strconv.Itoa(n))
		err := os.Mkdir(dir, 0o777)
		if errors.Is(err, fs.ErrExist) {
			continue // another run took the number
		}
		if err != nil {
			return nil, err
		}
		log, err := os.Create(filepath.Join(dir, "log.txt"))
		if err != nil {
			return nil, err
		}
		return &folder{dir: dir, log: log}, nil
	}
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

func (f *folder) close() { f.log.Close() }

// write writes a file under a temporary name and renames it.
func (f *folder) write(name string, data []byte) error { return writeFile(f.path(name), data) }

func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	t, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return err
	}
	_, err = t.Write(data)
	err = errors.Join(err, t.Chmod(0o644), t.Close())
	if err == nil {
		err = os.Rename(t.Name(), path)
	}
	if err != nil {
		os.Remove(t.Name())
	}
	return err
}

// saveHistory writes history.json, the file that the section save names, and the curves.
func (f *folder) saveHistory(h *keras.History, validated func(epoch int) bool, s *Save) error {
	o := spec.NewObject()
	for _, k := range h.Keys() {
		list := []any{}
		for _, v := range h.History[k] {
			list = append(list, v)
		}
		o.Set(k, list)
	}
	text := append(spec.JSON(o, 2), '\n')
	err := f.write("history.json", text)
	if s != nil && s.History != "" && filepath.Clean(s.History) != "history.json" {
		err = errors.Join(err, f.write(s.History, text))
	}
	svg, plotErr := Curves(h, validated)
	if plotErr == nil && svg != nil {
		plotErr = f.write("curves.svg", svg)
	}
	return errors.Join(err, plotErr)
}

// saveModel writes what the section save names. Package keras writes under a
// temporary name itself.
func (f *folder) saveModel(m *keras.Model, s *Save) error {
	for _, v := range []struct {
		name string
		save func(string) error
	}{{s.Model, m.Save}, {s.Weights, m.SaveWeights}} {
		if v.name == "" {
			continue
		}
		path := f.path(v.name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := v.save(path); err != nil {
			return err
		}
	}
	return nil
}

// setLatest points latest at this run.
func (f *folder) setLatest() error {
	return writeFile(filepath.Join(filepath.Dir(f.dir), "latest"), []byte(filepath.Base(f.dir)+"\n"))
}

// Latest returns the folder of the last finished run in a folder of runs.
func Latest(runs string) (string, error) {
	text, err := os.ReadFile(filepath.Join(runs, "latest"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s holds no finished run", runs)
	}
	if err != nil {
		return "", err
	}
	n := strings.TrimSpace(string(text))
	if _, err := strconv.Atoi(n); err != nil {
		return "", fmt.Errorf("%s does not hold the number of a run", filepath.Join(runs, "latest"))
	}
	return filepath.Join(runs, n), nil
}
