package kerasfile

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/kerasgo/kerasgo/io/hdf5"
)

// Group holds the variables of one object: a layer, a cell inside a layer, the optimizer, or the model itself.
type Group struct {
	Path string   // "layers/lstm/cell", "optimizer"; "" is the model
	Name string   // the object's name, stored since Keras 3.6; "" if the file has none
	Vars []Tensor // named "0", "1", ... unless the layer stores others
}

// Weights is the content of a .weights.h5 file.
type Weights struct {
	Groups []Group // in the order of Add; read from a file: model first, then by path
}

// Add appends a group. Variables without a name get their position as name.
func (w *Weights) Add(path, name string, vars ...Tensor) {
	vars = slices.Clone(vars)
	for i := range vars {
		if vars[i].Name == "" {
			vars[i].Name = strconv.Itoa(i)
		}
	}
	w.Groups = append(w.Groups, Group{Path: path, Name: name, Vars: vars})
}

// Group returns the group at a path, nil if there is none.
func (w *Weights) Group(path string) *Group {
	for i := range w.Groups {
		if w.Groups[i].Path == path {
			return &w.Groups[i]
		}
	}
	return nil
}

// Names of groups.
const (
	varsGroup   = "vars"
	layersGroup = "layers"
	// Keras 2.12 to 2.15 called it so.
	oldLayersGroup = "_layer_checkpoint_dependencies"
)

// plan lays the groups out as Keras does; every group gets a "vars" group, even without variables.
func (w *Weights) plan() (*hdf5.GroupPlan, error) {
	root := hdf5.NewGroupPlan()
	seen := map[string]bool{}
	for _, g := range w.Groups {
		if seen[g.Path] {
			return nil, fmt.Errorf("two groups of variables with the path %q", g.Path)
		}
		seen[g.Path] = true
		vars := root.Group(g.Path).Group(varsGroup)
		if g.Name != "" {
			vars.SetAttr("name", hdf5.Text(g.Name))
		}
		for _, t := range g.Vars {
			d, err := t.plan()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", g.Path, err)
			}
			vars.Add(t.Name, d)
		}
	}
	return root, nil
}

// EncodeWeights writes a .weights.h5 file to out.
func EncodeWeights(out io.Writer, w *Weights) error {
	root, err := w.plan()
	if err != nil {
		return err
	}
	return hdf5.Write(out, root)
}

// WriteWeights writes a .weights.h5 file, atomically.
func WriteWeights(path string, w *Weights) error {
	return writeAtomic(path, func(out io.Writer) error { return EncodeWeights(out, w) })
}

// OpenWeights reads a .weights.h5 file.
func OpenWeights(path string) (*Weights, error) {
	f, err := hdf5.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	w, err := ReadWeights(f)
	if err != nil {
		return nil, inFile(path, err)
	}
	return w, nil
}

// ReadWeights reads the weights of a .weights.h5 file or archive member. Paths come as Keras 3 writes them: the name
// "_layer_checkpoint_dependencies" of Keras 2.12 to 2.15 is turned into "layers", and backslashes, written on Windows, into slashes.
func ReadWeights(f *hdf5.File) (*Weights, error) { return readWeights(f, false) }

// readWeights reads weights; in a shard, the numbers of a group's variables may begin above 0.
func readWeights(f *hdf5.File, shard bool) (*Weights, error) {
	w := &Weights{}
	seen := map[string]string{}
	err := f.Root().Walk(func(o hdf5.Object) error {
		switch o := o.(type) {
		case *hdf5.Dataset:
			return fmt.Errorf("%s: a dataset outside a group %q; this is no file of Keras 3 weights", o.Path(), varsGroup)
		case *hdf5.Group:
			if o.Name() != varsGroup {
				return nil
			}
			g, err := readGroup(o, shard)
			if err != nil {
				return err
			}
			if other, ok := seen[g.Path]; ok {
				return fmt.Errorf("%s and %s are the same object", other, o.Path())
			}
			seen[g.Path] = o.Path()
			w.Groups = append(w.Groups, g)
			return hdf5.ErrSkip
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(w.Groups, func(a, b Group) int { return cmp.Compare(a.Path, b.Path) })
	return w, nil
}

func readGroup(vars *hdf5.Group, shard bool) (g Group, err error) {
	g.Path = ownerPath(vars.Path())
	if a, err := vars.Attribute("name"); err == nil {
		if g.Name, err = a.Text(); err != nil {
			return g, err
		}
	} else if !errors.Is(err, hdf5.ErrNotFound) {
		return g, err
	}
	children, err := vars.Children()
	if err != nil {
		return g, err
	}
	slices.SortFunc(children, func(a, b hdf5.Object) int { return compareKeys(a.Name(), b.Name()) })
	for i, c := range children {
		d, ok := c.(*hdf5.Dataset)
		if !ok {
			return g, fmt.Errorf("%s: not an array", c.Path())
		}
		if n, err := strconv.Atoi(d.Name()); err == nil && n != i && !shard {
			return g, fmt.Errorf("%s: variable %d is missing", vars.Path(), i)
		}
		t, err := readTensor(d, d.Name())
		if err != nil {
			return g, err
		}
		g.Vars = append(g.Vars, t)
	}
	return g, nil
}

// ownerPath turns the path of a vars group into that of its owner.
func ownerPath(path string) string {
	path = strings.TrimSuffix(strings.ReplaceAll(path, `\`, "/"), varsGroup)
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, p := range parts {
		if p == oldLayersGroup {
			parts[i] = layersGroup
		}
	}
	return strings.Join(parts, "/")
}

// compareKeys sorts numbers by value before names.
func compareKeys(a, b string) int {
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	switch {
	case errX == nil && errY == nil:
		return cmp.Compare(x, y)
	case errX == nil:
		return -1
	case errY == nil:
		return 1
	}
	return cmp.Compare(a, b)
}
