package experiment

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"github.com/kerasgo/kerasgo/spec"
)

// pathArguments are the arguments in which callbacks take files and folders: true for
// those that one run leaves for the next, which start at the folder of all runs, false
// for those of the run's own folder.
var pathArguments = map[string]bool{"filepath": false, "filename": false, "log_dir": false, "backup_dir": true}

// inFolder returns a callback whose relative paths start at the run folder, or at the
// folder of all runs, and whether it has any. Absolute paths stay.
func (e *Experiment) inFolder(cb any, f *folder) (moved any, writes bool) {
	c, ok := spec.ClassOf(cb)
	if !ok {
		return cb, false
	}
	v := reflect.New(c.Type).Elem()
	v.Set(reflect.Indirect(reflect.ValueOf(cb)))
	for name, shared := range pathArguments {
		a, ok := c.Field(name)
		if !ok || a.Type.Kind() != reflect.String {
			continue
		}
		writes = true
		p := v.Field(a.Index)
		if f == nil || filepath.IsAbs(p.String()) {
			continue
		}
		if shared {
			p.SetString(filepath.Join(e.RunFolder(), filepath.FromSlash(p.String())))
			continue
		}
		p.SetString(f.path(p.String()))
		_ = os.MkdirAll(filepath.Dir(p.String()), 0o777) // the callback tells if that failed
	}
	return v.Interface(), writes
}

// checkPaths finds relative paths of callbacks that lead out of the run folder. An
// absolute path is taken as meant.
func (e *Experiment) checkPaths() spec.Errors {
	if e.Fit == nil {
		return nil
	}
	var errs spec.Errors
	for i, cb := range e.Fit.Callbacks {
		c, ok := spec.ClassOf(cb)
		if !ok {
			continue
		}
		for name := range pathArguments {
			a, ok := c.Field(name)
			if !ok || a.Type.Kind() != reflect.String {
				continue
			}
			p := reflect.Indirect(reflect.ValueOf(cb)).Field(a.Index).String()
			if p == "" || filepath.IsAbs(p) || filepath.IsLocal(p) {
				continue
			}
			errs = append(errs, fail(e.callback(i, name), CodeFile, fmt.Sprintf("%s: %s %q is not inside the run folder", c.Name, name, p),
				"relative paths start at the folder of the run; give an absolute path to write elsewhere"))
		}
	}
	return errs
}
