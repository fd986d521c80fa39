package keras

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
)

// Summary is the tree of objects and their weights as Keras prints it, with the names of objects that the
// file knows by another one: those of layers, which their paths don't tell.
func (e *FileEditor) Summary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Keras model file '%s'\n%sWeights structure\n", e.path, e.about)
	e.tree(&b, "", "  ", new(true))
	return b.String()
}

// tree writes what is in an object. The first line of all has an arrow.
func (e *FileEditor) tree(b *strings.Builder, object, prefix string, first *bool) {
	children := map[string]*kerasfile.Tensor{} // nil for objects
	for _, p := range e.Objects() {
		if parent, name := splitLast(p); parent == object && e.holds(p) {
			children[name] = nil
		}
	}
	if g := e.weights.Group(object); g != nil {
		for i := range g.Vars {
			children[g.Vars[i].Name] = &g.Vars[i]
		}
	}
	names := slices.Sorted(maps.Keys(children))
	for i, name := range names {
		connector, deeper := "├─ ", "│   "
		if i == len(names)-1 {
			connector, deeper = "└─ ", "    "
		}
		if *first {
			connector, *first = "> ", false
		}
		if t := children[name]; t != nil {
			fmt.Fprintf(b, "%s%s%s: shape=%s, dtype=%s\n", prefix, connector, name, tensor.Shape(t.Shape), t.DType)
			continue
		}
		path := join(object, name)
		label := name
		if g := e.weights.Group(path); g != nil && g.Name != "" && g.Name != name {
			label += " ('" + g.Name + "')"
		}
		fmt.Fprintf(b, "%s%s%s\n", prefix, connector, label)
		e.tree(b, path, prefix+deeper, first)
	}
}

// holds reports whether there are weights in an object or below.
func (e *FileEditor) holds(path string) bool {
	return slices.ContainsFunc(e.weights.Groups, func(g kerasfile.Group) bool { return len(g.Vars) > 0 && below(path, g.Path) })
}

// Comparison is what FileEditor.Compare found.
type Comparison struct {
	Matches int      // weights that fit
	Errors  []string // what does not: objects and weights that one side lacks, and other shapes
}

// OK reports whether the file fits the model.
func (c Comparison) OK() bool { return len(c.Errors) == 0 }

// Compare holds the file against a built model: which weights of the file have a place of their shape in
// it, and what each side lacks. Of an object that one side lacks altogether, what is in it is not listed.
func (e *FileEditor) Compare(m *Model) (Comparison, error) {
	if m.err != nil {
		return Comparison{}, m.err
	}
	if !m.built {
		return Comparison{}, errors.New("keras: FileEditor.Compare: the model has no weights yet; call Build")
	}
	model := &FileEditor{weights: m.weightGroups()}
	var c Comparison
	lacks := func(from, to *FileEditor, fromName, toName string) {
		missing := ""
		for _, p := range from.Objects() {
			if missing != "" && below(missing, p) || !from.holds(p) {
				continue
			}
			if !to.holds(p) {
				missing = p
				c.Errors = append(c.Errors, fmt.Sprintf("object %s is in the %s and missing from the %s", p, fromName, toName))
			}
		}
		for _, g := range from.weights.Groups {
			for _, t := range g.Vars {
				switch k := to.weight(g.Path, t.Name); {
				case k == nil && to.holds(g.Path):
					c.Errors = append(c.Errors, fmt.Sprintf("weight %s/%s is in the %s and missing from the %s", g.Path, t.Name, fromName, toName))
				case k == nil || from != model:
				case !slices.Equal(k.Shape, t.Shape):
					c.Errors = append(c.Errors, fmt.Sprintf("weight %s/%s has shape %v in the model and %v in the file", g.Path, t.Name, tensor.Shape(t.Shape), tensor.Shape(k.Shape)))
				default:
					c.Matches++
				}
			}
		}
	}
	lacks(model, e, "model", "file")
	lacks(e, model, "file", "model")
	return c, nil
}

func (e *FileEditor) weight(path, name string) *kerasfile.Tensor {
	if g := e.weights.Group(path); g != nil {
		for i := range g.Vars {
			if g.Vars[i].Name == name {
				return &g.Vars[i]
			}
		}
	}
	return nil
}
