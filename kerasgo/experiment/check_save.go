package experiment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/spec"
)

// checkSave finds files that could not be written.
func (e *Experiment) checkSave() spec.Errors {
	var errs spec.Errors
	if e.Save != nil {
		for _, f := range []struct {
			arg, path string
			suffixes  []string
		}{
			{"model", e.Save.Model, []string{".keras", ".h5"}},
			{"weights", e.Save.Weights, []string{".weights.h5"}},
			{"history", e.Save.History, []string{".json"}},
		} {
			if f.path == "" {
				continue
			}
			pos := e.section("save", f.arg).Pos
			if !slices.ContainsFunc(f.suffixes, func(s string) bool { return strings.HasSuffix(f.path, s) }) {
				errs = append(errs, fail(pos, spec.CodeChoice, fmt.Sprintf("save.%s %q must end in %s", f.arg, f.path, strings.Join(f.suffixes, " or "))))
			} else if !filepath.IsLocal(f.path) {
				errs = append(errs, fail(pos, CodeFile, fmt.Sprintf("save.%s %q is not inside the run folder", f.arg, f.path), "files are saved in run.dir; give a path relative to it"))
			}
		}
	}
	if err := writable(e.RunFolder()); err != nil && (e.Fit != nil || e.Save != nil) {
		pos := e.at("run", "dir")
		if e.RunDir.Dir == "" {
			pos = e.at("save")
		}
		errs = append(errs, &spec.Error{Pos: pos, Code: CodeFile, Msg: fmt.Sprintf("runs can't be written: %v", err), Err: err})
	}
	return errs
}

// RunFolder is the folder in which the runs are numbered.
func (e *Experiment) RunFolder() string {
	if e.RunDir.Dir != "" {
		return e.RunDir.Dir
	}
	return filepath.Join("runs", e.Name)
}

// writable tells, without writing, whether a folder can be made: whether what
// exists of its path is folders, the last of them with permission to write.
func writable(dir string) error {
	for {
		info, err := os.Stat(dir)
		switch {
		case err == nil && !info.IsDir():
			return fmt.Errorf("%s is a file", dir)
		case err == nil && info.Mode().Perm()&0o222 == 0:
			return fmt.Errorf("%s may not be written to", dir)
		case err == nil:
			return nil
		case errors.Is(err, fs.ErrPermission):
			return err
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return nil
		}
		dir = parent
	}
}
