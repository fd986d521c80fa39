package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// varGroup is the weights of one object in a file.
type varGroup struct {
	layer *Layer // of the group with the layer's own weights
	path  string // such as "layers/lstm_1/cell"
	name  string // the layer's name
	vars  []*Variable

	optimizer *Optimizer // whose group it is; nil for layers
}

// groups lists the layers' weights by the paths they have in Keras 3's files:
// layers are numbered by class in each container, whatever their names. A shared weight
// is in several; the innermost comes last, and reading it decides, as in Keras.
func (m *Model) groups(prefix string) []varGroup { return m.groupsOnce(prefix, map[*Layer]bool{}) }

// groupsOnce leaves out the layers that were seen before: files have each once.
func (m *Model) groupsOnce(prefix string, seen map[*Layer]bool) []varGroup {
	if m.impl != nil {
		return m.impl.groups(m, prefix, seen)
	}
	list := m.layers
	if m.sequential {
		list = m.stack // there are no others before it is built
		if len(list) > 0 && list[0].inputLayer() {
			list = list[1:]
		}
	}
	return containerGroups(prefix+"layers/", list, seen)
}

// containerGroups lists the weights of layers in a list.
func containerGroups(prefix string, list []*Layer, seen map[*Layer]bool) []varGroup {
	var out []varGroup
	count := map[string]int{}
	for _, l := range list {
		base := l.snakeCase()
		path := prefix + base
		if k := count[base]; k > 0 {
			path = fmt.Sprintf("%s_%d", path, k)
		}
		count[base]++
		out = append(out, l.groups(path, seen)...)
	}
	return out
}

// groups lists the weights of a layer that stands at the path.
func (l *Layer) groups(path string, seen map[*Layer]bool) []varGroup {
	if seen[l] {
		return nil
	}
	seen[l] = true
	if l.model != nil {
		return append(l.model.groupsOnce(path+"/", seen), varGroup{path: path, name: l.name})
	}
	parts := []varGroup{{layer: l, path: path, name: l.name}}
	for _, v := range l.Weights() {
		for _, child := range v.decl.Groups() {
			p := path
			if g, ok := l.desc.(layers.Grouper); ok && child != "" {
				child = g.Group(child)
			}
			if child != "" {
				p += "/" + child
			}
			i := slices.IndexFunc(parts, func(g varGroup) bool { return g.path == p })
			if i < 0 {
				i = len(parts)
				parts = append(parts, varGroup{path: p, name: p[strings.LastIndexByte(p, '/')+1:]})
			}
			parts[i].vars = append(parts[i].vars, v)
		}
	}
	return parts
}
