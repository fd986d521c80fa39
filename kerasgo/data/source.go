package data

import (
	"fmt"
	"path/filepath"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// module is where the sources are registered.
const module = "kerasgo.data"

// Source reads a data set.
type Source interface {
	// Load reads everything into memory. Relative paths start at the folder base.
	Load(base string) (*Splits, error)
}

// Outliner is a source that can tell something about its data without reading
// any.
type Outliner interface{ Outline() Outline }

// Outline is what a source knows about its data before reading it. Zero values
// mean that it does not know, except for Parts.
type Outline struct {
	X, Y    tensor.Shape // of one batch, the unknown batch axis included
	Strings bool         // X holds words, not numbers
	Classes int          // number of classes when Y holds class numbers
	Parts   Parts
}

// Parts tells how many samples each split will have.
type Parts struct{ Train, Validation, Test Count }

// Count is a number of samples: None, Some, or exactly n.
type Count int

// None is a split that will not exist, Some one of unknown size.
const (
	None Count = 0
	Some Count = -1
)

// Split is one part of a data set. X, Y and W are a *tensor.Tensor, a
// []*tensor.Tensor or a map[string]*tensor.Tensor, as Fit takes them; Y and W may
// be nil.
type Split struct{ X, Y, W any }

// Splits are the parts of a data set; all but Train may be nil.
type Splits struct {
	Train, Validation, Test *Split
	Classes                 []string // names of the classes, by number, where the data has names
}

// Get returns a split by the name it has in descriptions: train, validation or
// test; nil if there is none.
func (s *Splits) Get(name string) *Split {
	switch name {
	case "train":
		return s.Train
	case "validation":
		return s.Validation
	case "test":
		return s.Test
	}
	return nil
}

// Names returns the names of the splits that exist.
func (s *Splits) Names() []string {
	var names []string
	for _, n := range []string{"train", "validation", "test"} {
		if s.Get(n) != nil {
			names = append(names, n)
		}
	}
	return names
}

// Tensors returns the arrays of X, Y or W, in no particular order for a map.
func Tensors(v any) []*tensor.Tensor {
	switch v := v.(type) {
	case *tensor.Tensor:
		if v != nil {
			return []*tensor.Tensor{v}
		}
	case []*tensor.Tensor:
		return v
	case map[string]*tensor.Tensor:
		var list []*tensor.Tensor
		for _, t := range v {
			list = append(list, t)
		}
		return list
	}
	return nil
}

// Len returns the number of samples.
func (s *Split) Len() int {
	if s == nil {
		return 0
	}
	for _, t := range Tensors(s.X) {
		return t.Len()
	}
	return 0
}

// locate makes a path relative to base absolute or relative to the working
// directory.
func locate(base, path string) string {
	if filepath.IsAbs(path) || base == "" {
		return path
	}
	return filepath.Join(base, path)
}

// oneHot turns class numbers (n) into float32 (n, classes).
func oneHot(labels *tensor.Tensor, classes int) (*tensor.Tensor, error) {
	out := tensor.New(tensor.Float32, labels.Len(), classes)
	for i := range labels.Len() {
		c := int(labels.Float64At(i))
		if c < 0 || c >= classes {
			return nil, fmt.Errorf("label %d of sample %d is outside the %d classes", c, i, classes)
		}
		out.Float32s()[classes*i+c] = 1
	}
	return out, nil
}

// Checker is a source that can find mistakes in its arguments, beyond their types
// and ranges, without reading data.
type Checker interface{ Check() error }
