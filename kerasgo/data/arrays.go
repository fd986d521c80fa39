package data

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/npy"
	"github.com/kerasgo/kerasgo/spec"
)

// Arrays reads NumPy's files. Each of x, y and sample_weight is a path, or, for
// models with several inputs or outputs, a list of paths or a map from names to
// paths. A path is that of an .npy file, or of an .npz archive followed by the
// name of an array in it: "mnist.npz:x_train". An archive of one array needs no
// name.
type Arrays struct {
	X            any         `keras:"x,required"`    // inputs
	Y            any         `keras:"y"`             // targets; none for a model that needs none
	SampleWeight any         `keras:"sample_weight"` // weight of every sample
	Validation   *ArrayFiles `keras:"validation"`    // the split validation
	Test         *ArrayFiles `keras:"test"`          // the split test
}

// ArrayFiles are the files of one split.
type ArrayFiles struct {
	X            any `keras:"x,required"`    // inputs
	Y            any `keras:"y"`             // targets
	SampleWeight any `keras:"sample_weight"` // weight of every sample
}

func init() { spec.Register[Arrays](module) }

// Load reads the files.
func (d Arrays) Load(base string) (*Splits, error) {
	s := &Splits{}
	var err error
	if s.Train, err = (ArrayFiles{d.X, d.Y, d.SampleWeight}).load(base); err != nil {
		return nil, err
	}
	if d.Validation != nil {
		if s.Validation, err = d.Validation.load(base); err != nil {
			return nil, fmt.Errorf("validation: %w", err)
		}
	}
	if d.Test != nil {
		if s.Test, err = d.Test.load(base); err != nil {
			return nil, fmt.Errorf("test: %w", err)
		}
	}
	return s, nil
}

func (f ArrayFiles) load(base string) (*Split, error) {
	s := &Split{}
	for _, v := range []struct {
		name string
		from any
		to   *any
	}{{"x", f.X, &s.X}, {"y", f.Y, &s.Y}, {"sample_weight", f.SampleWeight, &s.W}} {
		var err error
		if *v.to, err = readArrays(base, v.from); err != nil {
			return nil, fmt.Errorf("%s: %w", v.name, err)
		}
	}
	n := -1
	for _, v := range []struct {
		name string
		val  any
	}{{"x", s.X}, {"y", s.Y}, {"sample_weight", s.W}} {
		for _, t := range Tensors(v.val) {
			if t.Shape().Rank() == 0 {
				return nil, fmt.Errorf("%s: the file holds a single number; the first axis must count samples", v.name)
			}
			if n < 0 {
				n = t.Len()
			}
			if t.Len() != n {
				return nil, fmt.Errorf("%s: it has %d samples, x has %d", v.name, t.Len(), n)
			}
		}
	}
	return s, nil
}

// files returns the paths in a value of x, y or sample_weight: as a list with
// their keys, which are nil for a list.
func files(v any) (paths, keys []string, err error) {
	wrong := func(v any) error { return fmt.Errorf("%v is no path, list of paths or map of paths", v) }
	switch v := v.(type) {
	case nil:
	case string:
		return []string{v}, nil, nil
	case []string:
		return v, nil, nil
	case map[string]string:
		keys = slices.Sorted(maps.Keys(v))
		for _, k := range keys {
			paths = append(paths, v[k])
		}
	case []any:
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, nil, wrong(e)
			}
			paths = append(paths, s)
		}
	case *spec.Object:
		keys = v.Keys()
		for _, k := range keys {
			e, _ := v.Get(k)
			s, ok := e.(string)
			if !ok {
				return nil, nil, wrong(e)
			}
			paths = append(paths, s)
		}
	default:
		return nil, nil, wrong(v)
	}
	return paths, keys, nil
}

// Check reports values that are no paths.
func (d Arrays) Check() error {
	all := map[string]any{"x": d.X, "y": d.Y, "sample_weight": d.SampleWeight}
	for name, f := range map[string]*ArrayFiles{"validation": d.Validation, "test": d.Test} {
		if f != nil {
			all[name+".x"], all[name+".y"], all[name+".sample_weight"] = f.X, f.Y, f.SampleWeight
		}
	}
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if _, _, err := files(all[k]); err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
	}
	return nil
}

// Outline tells which splits there are.
func (d Arrays) Outline() Outline {
	o := Outline{Parts: Parts{Train: Some}}
	if d.Validation != nil {
		o.Parts.Validation = Some
	}
	if d.Test != nil {
		o.Parts.Test = Some
	}
	return o
}

func readArrays(base string, v any) (any, error) {
	paths, keys, err := files(v)
	if err != nil || paths == nil {
		return nil, err
	}
	list := make([]*tensor.Tensor, len(paths))
	for i, p := range paths {
		if list[i], err = ReadArray(locate(base, p)); err != nil {
			return nil, err
		}
	}
	if keys != nil {
		m := map[string]*tensor.Tensor{}
		for i, k := range keys {
			m[k] = list[i]
		}
		return m, nil
	}
	if _, one := v.(string); one {
		return list[0], nil
	}
	return list, nil
}

// ReadArray reads an .npy file, or an array of an .npz archive, "file.npz:name".
// An archive of one array needs no name.
func ReadArray(path string) (*tensor.Tensor, error) {
	file, name := path, ""
	if i := strings.LastIndex(path, ".npz:"); i >= 0 {
		file, name = path[:i+4], path[i+5:]
	}
	if !strings.HasSuffix(file, ".npz") {
		return npy.ReadFile(file)
	}
	arrays, err := npy.ReadZipFile(file)
	if err != nil {
		return nil, err
	}
	if name == "" && len(arrays) == 1 {
		return arrays[0].Tensor, nil
	}
	var names []string
	for _, a := range arrays {
		names = append(names, a.Name)
	}
	if name == "" {
		return nil, fmt.Errorf("%s holds %d arrays; say which: %s:%s", file, len(arrays), file, strings.Join(names, ", :"))
	}
	if t, ok := npy.Find(arrays, name); ok {
		return t, nil
	}
	return nil, fmt.Errorf("%s has no array %q; it has %s", file, name, strings.Join(names, ", "))
}

var (
	_ Source   = Arrays{}
	_ Outliner = Arrays{}
	_ Checker  = Arrays{}
)
