package keras

import (
	"fmt"
	"math"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// filling makes the weights of a model that a file is about to fill: zeros, and no
// more of them than the file holds, so that a description can't ask for memory that
// nothing stands for.
type filling struct {
	path string
	left int // elements of the file that no weight has claimed
}

// variable returns nil without an error when no file is being read.
func (f *filling) variable(l *Layer, w layers.Weight) (*Variable, error) {
	if f == nil {
		return nil, nil
	}
	n := 1
	for _, d := range w.Shape {
		if d < 0 || d > 0 && n > math.MaxInt/d {
			return nil, fmt.Errorf("%s: layer %q: weight %s has the impossible shape %v", f.path, l.name, w.Name, w.Shape)
		}
		n *= d
	}
	if n > f.left {
		return nil, fmt.Errorf("%s: layer %q: weight %s of shape %v is larger than what the file holds", f.path, l.name, w.Name, w.Shape)
	}
	f.left -= n
	return &Variable{decl: w, layer: l, tensor: tensor.New(l.typeOf(w), w.Shape...)}, nil
}

// buildFilled builds a model whose weights follow from a file with so many
// elements.
func (m *Model) buildFilled(path string, have int) error {
	m.setFilling(&filling{path, have})
	defer m.setFilling(nil)
	return m.Build()
}

func (m *Model) setFilling(f *filling) {
	m.filling = f
	for _, l := range m.Layers() {
		if l.model != nil {
			l.model.setFilling(f)
		}
	}
}

// elements counts those of all tensors.
func elements(list []kerasfile.Tensor) int {
	n := 0
	for _, t := range list {
		n += t.Len()
	}
	return n
}
