package experiment

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/applications"
	"github.com/kerasgo/kerasgo/spec"
)

// load reads the model file that the section names.
func (e *Experiment) load(m *Model) (*keras.Model, spec.Errors) {
	path := m.File
	if !filepath.IsAbs(path) {
		path = filepath.Join(e.Base, path)
	}
	pos := m.Node.Pos
	if _, args := spec.Head(m.Node); args != nil {
		pos = args.Pos
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, spec.Errors{{Pos: pos, Code: CodeFile, Msg: "load_model: there is no file " + path, Err: err}}
	}
	model, err := keras.LoadModel(path)
	if err != nil {
		return nil, spec.Errors{{Pos: pos, Code: CodeFile, Msg: plainMessage(err), Err: err}}
	}
	return model, nil
}

// fromBase makes the path of an application's weights start from the folder of the spec
// file, as all its paths do. Other values are returned as they are.
func (e *Experiment) fromBase(v any) any {
	if _, ok := v.(applications.Application); !ok {
		return v
	}
	c := reflect.New(reflect.TypeOf(v)).Elem()
	c.Set(reflect.ValueOf(v))
	path := c.FieldByName("Weights")
	if w := path.String(); w != "" && w != "imagenet" && !filepath.IsAbs(w) {
		path.SetString(filepath.Join(e.Base, w))
	}
	return c.Interface()
}
