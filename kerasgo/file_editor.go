package keras

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
)

// FileEditor changes the weights of a file without a model: Keras's KerasFileEditor. Objects are
// layers, what is in them, and the optimizer. They have paths such as "layers/dense_1" or
// "layers/lstm/cell", and weights with names, "0", "1" and so on. Where an object is asked for, its
// last name will do if no other object has it.
type FileEditor struct {
	path    string
	about   string // version and date, of a .keras file
	weights *kerasfile.Weights
}

// OpenFileEditor reads the weights of a .keras or .weights.h5 file.
func OpenFileEditor(path string) (*FileEditor, error) {
	format, err := kerasfile.DetectFile(path)
	if err != nil {
		return nil, fmt.Errorf("keras: OpenFileEditor: %w", err)
	}
	e := &FileEditor{path: path}
	switch format {
	case kerasfile.KerasWeights:
		e.weights, err = kerasfile.OpenWeights(path)
	case kerasfile.KerasArchive:
		var a *kerasfile.Archive
		if a, err = kerasfile.OpenArchive(path); err == nil {
			defer a.Close()
			e.about = fmt.Sprintf("Saved with Keras %s - date: %s\n", a.Metadata.KerasVersion, a.Metadata.DateSaved)
			e.weights, err = a.Weights()
		}
	default:
		err = fmt.Errorf("%s is %v; wanted a .keras or .weights.h5 file", path, format)
	}
	if err != nil {
		return nil, fmt.Errorf("keras: OpenFileEditor: %w", err)
	}
	return e, nil
}

// Objects returns the paths of all objects, sorted.
func (e *FileEditor) Objects() []string {
	all := map[string]bool{}
	for _, g := range e.weights.Groups {
		for p := g.Path; p != ""; p, _ = splitLast(p) {
			all[p] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// Weights returns the weights of an object by their names: float64 as it is, other types as float32.
func (e *FileEditor) Weights(object string) (map[string]*tensor.Tensor, error) {
	path, err := e.find("Weights", object)
	if err != nil {
		return nil, err
	}
	out := map[string]*tensor.Tensor{}
	if g := e.weights.Group(path); g != nil {
		for _, t := range g.Vars {
			if out[t.Name], err = numbers(t); err != nil {
				return nil, fmt.Errorf("keras: FileEditor.Weights: %s/%s: %w", path, t.Name, err)
			}
		}
	}
	return out, nil
}

// RenameObject gives an object, with all that is in it, another last name.
func (e *FileEditor) RenameObject(object, name string) error {
	path, err := e.find("RenameObject", object)
	if err != nil {
		return err
	}
	if name == "" || strings.Contains(name, "/") {
		return fmt.Errorf("keras: FileEditor.RenameObject: the new name of %s is %q; wanted a name without a path", path, name)
	}
	parent, _ := splitLast(path)
	to := join(parent, name)
	if slices.Contains(e.Objects(), to) {
		return fmt.Errorf("keras: FileEditor.RenameObject: there is an object %s already", to)
	}
	for i := range e.weights.Groups {
		if g := &e.weights.Groups[i]; below(path, g.Path) {
			g.Path = to + g.Path[len(path):]
		}
	}
	return nil
}

// DeleteObject removes an object with all that is in it.
func (e *FileEditor) DeleteObject(object string) error {
	path, err := e.find("DeleteObject", object)
	if err != nil {
		return err
	}
	e.weights.Groups = slices.DeleteFunc(e.weights.Groups, func(g kerasfile.Group) bool { return below(path, g.Path) })
	return nil
}

// AddObject adds an object with weights at a path whose parent exists.
func (e *FileEditor) AddObject(path string, weights map[string]*tensor.Tensor) error {
	parent, name := splitLast(path)
	all := e.Objects()
	switch {
	case name == "" || parent != "" && !slices.Contains(all, parent):
		return fmt.Errorf("keras: FileEditor.AddObject: %s: there is no object %q to hold it", path, parent)
	case slices.Contains(all, path):
		return fmt.Errorf("keras: FileEditor.AddObject: there is an object %s already", path)
	}
	e.weights.Add(path, name, fileTensors(weights)...)
	return nil
}

// DeleteWeight removes a weight of an object.
func (e *FileEditor) DeleteWeight(object, weight string) error {
	path, err := e.find("DeleteWeight", object)
	if err != nil {
		return err
	}
	var names []string
	if g := e.weights.Group(path); g != nil {
		for i, t := range g.Vars {
			if t.Name == weight {
				g.Vars = slices.Delete(g.Vars, i, i+1)
				return nil
			}
			names = append(names, t.Name)
		}
	}
	return fmt.Errorf("keras: FileEditor.DeleteWeight: %s has no weight %q, but %q", path, weight, names)
}

// AddWeights adds weights to an object, or replaces those of the same names.
func (e *FileEditor) AddWeights(object string, weights map[string]*tensor.Tensor) error {
	path, err := e.find("AddWeights", object)
	if err != nil {
		return err
	}
	g := e.weights.Group(path)
	if g == nil {
		e.weights.Add(path, "", fileTensors(weights)...)
		return nil
	}
	g.Vars = slices.DeleteFunc(g.Vars, func(t kerasfile.Tensor) bool { return weights[t.Name] != nil })
	g.Vars = append(g.Vars, fileTensors(weights)...)
	return nil
}

// Save writes the weights as a .weights.h5 file.
func (e *FileEditor) Save(path string) error {
	if !strings.HasSuffix(path, ".weights.h5") {
		return fmt.Errorf("keras: FileEditor.Save: %s: wanted a name that ends in .weights.h5", path)
	}
	if err := kerasfile.WriteWeights(path, e.weights); err != nil {
		return fmt.Errorf("keras: FileEditor.Save: %w", err)
	}
	return nil
}

// find returns the path of an object that is named by it or by its last name.
func (e *FileEditor) find(method, object string) (string, error) {
	all := e.Objects()
	if strings.Contains(object, "/") {
		if slices.Contains(all, object) {
			return object, nil
		}
		return "", fmt.Errorf("keras: FileEditor.%s: there is no object %s; Objects lists them", method, object)
	}
	var found []string
	for _, p := range all {
		if _, name := splitLast(p); name == object {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("keras: FileEditor.%s: there is no object %s; Objects lists them", method, object)
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("keras: FileEditor.%s: several objects are called %s; give a path: %s", method, object, strings.Join(found, ", "))
}

// splitLast cuts the last name off a path.
func splitLast(path string) (parent, name string) {
	i := strings.LastIndexByte(path, '/')
	return path[:max(i, 0)], path[i+1:]
}

func join(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "/" + name
}

// below reports whether a path is that of an object or of something in it.
func below(object, path string) bool {
	return path == object || strings.HasPrefix(path, object+"/")
}

func fileTensors(weights map[string]*tensor.Tensor) []kerasfile.Tensor {
	var out []kerasfile.Tensor
	for _, name := range slices.Sorted(maps.Keys(weights)) {
		out = append(out, fileTensor(name, weights[name]))
	}
	return out
}
