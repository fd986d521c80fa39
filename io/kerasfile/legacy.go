package kerasfile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/kerasgo/kerasgo/io/hdf5"
)

// Names in legacy files.
const (
	attrModelConfig    = "model_config"
	attrTrainingConfig = "training_config"
	attrKerasVersion   = "keras_version"
	attrBackend        = "backend"
	attrLayerNames     = "layer_names"
	attrWeightNames    = "weight_names"
	modelWeightsGroup  = "model_weights"
	topLevelGroup      = "top_level_model_weights"
	optimizerGroup     = "optimizer_weights"
)

// LegacyLayer holds the weights of one layer. A nested model is one layer with the weights of all its layers.
type LegacyLayer struct {
	Name    string
	Weights []Tensor // trainable first; named as in the file: "sequential/dense/kernel", "dense_1/kernel:0", "convolution2d_1_W"
}

// Legacy is the content of a .h5 file of Keras 1 and 2, which Keras 3 still writes: a whole model, or weights only.
type Legacy struct {
	ModelConfig    string // JSON; "" in a file of weights only
	TrainingConfig string // JSON; "" if the model was not compiled
	KerasVersion   string // "" if the file does not tell, as the first ones
	Backend        string // "" in files of Keras 1 with Theano
	Layers         []LegacyLayer
	TopLevel       []Tensor // weights that belong to no layer
	Optimizer      []Tensor // named "adam/iteration", ...; empty if the file has no optimizer state
}

// OpenLegacy reads a legacy .h5 file.
func OpenLegacy(path string) (*Legacy, error) {
	f, err := hdf5.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	l, err := ReadLegacy(f)
	if err != nil {
		return nil, inFile(path, err)
	}
	return l, nil
}

// ReadLegacy reads a legacy .h5 file of any version of Keras.
func ReadLegacy(f *hdf5.File) (*Legacy, error) {
	l := &Legacy{}
	root := f.Root()
	weights := root
	if root.Has(modelWeightsGroup) {
		var err error
		if weights, err = root.Group(modelWeightsGroup); err != nil {
			return nil, err
		}
	}
	for _, a := range []struct {
		name string
		to   *string
	}{{attrModelConfig, &l.ModelConfig}, {attrTrainingConfig, &l.TrainingConfig}, {attrKerasVersion, &l.KerasVersion}, {attrBackend, &l.Backend}} {
		for _, g := range []*hdf5.Group{root, weights} { // weights-only files keep version and backend beside the layer names
			if *a.to != "" {
				break
			}
			var err error
			if *a.to, err = optionalText(g, a.name); err != nil {
				return nil, err
			}
		}
	}
	if err := l.readLayers(weights); err != nil {
		return nil, err
	}
	if root.Has(optimizerGroup) {
		g, err := root.Group(optimizerGroup)
		if err != nil {
			return nil, err
		}
		if l.Optimizer, err = namedTensors(g); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func optionalText(g *hdf5.Group, name string) (string, error) {
	a, err := g.Attribute(name)
	if errors.Is(err, hdf5.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if a.Null || a.Len() == 0 {
		return "", nil
	}
	return a.Text()
}

func (l *Legacy) readLayers(weights *hdf5.Group) error {
	names, found, err := nameList(weights, attrLayerNames)
	if err != nil {
		return err
	}
	if !found {
		return l.readNumberedLayers(weights)
	}
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			return fmt.Errorf("%s: layer %q is listed twice", weights.Path(), name)
		}
		seen[name] = true
		g, err := weights.Group(name)
		if err != nil {
			return err
		}
		layer := LegacyLayer{Name: name}
		if layer.Weights, err = namedTensors(g); err != nil {
			return err
		}
		l.Layers = append(l.Layers, layer)
	}
	if weights.Has(topLevelGroup) && !seen[topLevelGroup] {
		g, err := weights.Group(topLevelGroup)
		if err != nil {
			return err
		}
		l.TopLevel, err = namedTensors(g)
		return err
	}
	return nil
}

// readNumberedLayers reads the form of Keras 0.x: groups layer_0, layer_1, ... with datasets param_0, param_1, ...
func (l *Legacy) readNumberedLayers(weights *hdf5.Group) error {
	if !weights.Has("layer_0") {
		return fmt.Errorf("%s: neither attribute %q nor group \"layer_0\"; this is no legacy file of weights", weights.Path(), attrLayerNames)
	}
	for i := 0; weights.Has("layer_" + strconv.Itoa(i)); i++ {
		g, err := weights.Group("layer_" + strconv.Itoa(i))
		if err != nil {
			return err
		}
		layer := LegacyLayer{Name: g.Name()}
		for k := 0; g.Has("param_" + strconv.Itoa(k)); k++ {
			d, err := g.Dataset("param_" + strconv.Itoa(k))
			if err != nil {
				return err
			}
			t, err := readTensor(d, d.Name())
			if err != nil {
				return err
			}
			layer.Weights = append(layer.Weights, t)
		}
		l.Layers = append(l.Layers, layer)
	}
	return nil
}

// namedTensors reads the datasets that a group's weight_names lists; the names are paths below the group. A group without the list has none:
// Keras 1 wrote it so, and custom layers do.
func namedTensors(g *hdf5.Group) ([]Tensor, error) {
	names, _, err := nameList(g, attrWeightNames)
	if err != nil {
		return nil, err
	}
	var out []Tensor
	for _, name := range names {
		d, err := g.Dataset(name)
		if err != nil {
			return nil, err
		}
		t, err := readTensor(d, name)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// nameList reads a list of names from an attribute, or from the attributes name0, name1, ... into which Keras splits long lists.
func nameList(g *hdf5.Group, name string) (names []string, found bool, err error) {
	a, err := g.Attribute(name)
	if err == nil {
		names, err = a.Strings()
		return names, true, err
	}
	for i := 0; errors.Is(err, hdf5.ErrNotFound); i++ {
		var part []string
		if a, err = g.Attribute(name + strconv.Itoa(i)); err != nil {
			break
		}
		if part, err = a.Strings(); err != nil {
			return nil, true, err
		}
		names, found = append(names, part...), true
		err = hdf5.ErrNotFound // look for the next
	}
	if !errors.Is(err, hdf5.ErrNotFound) {
		return nil, found, err
	}
	return names, found, checkSplit(g, name)
}

// checkSplit refuses a split list with a gap: a part that lies behind a missing one.
func checkSplit(g *hdf5.Group, name string) error {
	as, err := g.Attributes()
	if err != nil {
		return err
	}
	parts, last := 0, -1
	for _, a := range as {
		if digits, ok := strings.CutPrefix(a.Name, name); ok {
			if n, err := strconv.Atoi(digits); err == nil {
				parts++
				last = max(last, n)
			}
		}
	}
	if last+1 != parts {
		return fmt.Errorf("%s: attributes %s0 to %s%d are not complete", g.Path(), name, name, last)
	}
	return nil
}
