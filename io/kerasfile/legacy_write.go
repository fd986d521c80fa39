package kerasfile

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/kerasgo/kerasgo/io/hdf5"
)

// maxNameList is Keras's limit, in bytes of a numpy array of names, above which it splits a list over several attributes.
const maxNameList = 64512

// setNameList stores a list of names as Keras does.
func setNameList(g *hdf5.GroupPlan, name string, list []string) error {
	width := 0
	for _, s := range list {
		if len(s) > maxNameList {
			return fmt.Errorf("name of %d bytes in %s", len(s), name)
		}
		width = max(width, len(s))
	}
	if width*len(list) <= maxNameList && 16*len(list) <= maxNameList {
		g.SetAttr(name, hdf5.Texts(list))
		return nil
	}
	// numpy.array_split: the first len%n parts are one longer.
	parts := 1
	for (len(list)+parts-1)/parts*width > maxNameList {
		parts++
	}
	size, longer := len(list)/parts, len(list)%parts
	for i := range parts {
		n := size
		if i < longer {
			n++
		}
		g.SetAttr(name+strconv.Itoa(i), hdf5.FixedTexts(list[:n]))
		list = list[n:]
	}
	return nil
}

func addNamed(g *hdf5.GroupPlan, weights []Tensor) error {
	names := make([]string, len(weights))
	for i, t := range weights {
		names[i] = t.Name
		d, err := t.plan()
		if err != nil {
			return err
		}
		folder, base := "", t.Name
		if k := strings.LastIndexByte(t.Name, '/'); k >= 0 {
			folder, base = t.Name[:k], t.Name[k+1:]
		}
		g.Group(folder).Add(base, d)
	}
	return setNameList(g, attrWeightNames, names)
}

// planWeights lays out the content of model_weights.
func (l *Legacy) planWeights(g *hdf5.GroupPlan) error {
	names := make([]string, len(l.Layers))
	seen := map[string]bool{topLevelGroup: true}
	for i, layer := range l.Layers {
		names[i] = layer.Name
		if layer.Name == "" || seen[layer.Name] {
			return fmt.Errorf("layer name %q is empty or taken", layer.Name)
		}
		seen[layer.Name] = true
		if err := addNamed(g.Group(layer.Name), layer.Weights); err != nil {
			return fmt.Errorf("layer %s: %w", layer.Name, err)
		}
	}
	if err := setNameList(g, attrLayerNames, names); err != nil {
		return err
	}
	if l.Backend != "" {
		g.SetAttr(attrBackend, hdf5.Text(l.Backend))
	}
	if l.KerasVersion != "" {
		g.SetAttr(attrKerasVersion, hdf5.Text(l.KerasVersion))
	}
	return addNamed(g.Group(topLevelGroup), l.TopLevel)
}

func (l *Legacy) plan() (*hdf5.GroupPlan, error) {
	if l.ModelConfig == "" {
		return nil, fmt.Errorf("a whole model needs a configuration")
	}
	root := hdf5.NewGroupPlan()
	for _, a := range []struct{ name, text string }{
		{attrKerasVersion, l.KerasVersion}, {attrBackend, l.Backend}, {attrModelConfig, l.ModelConfig}, {attrTrainingConfig, l.TrainingConfig},
	} {
		if a.text != "" {
			root.SetAttr(a.name, hdf5.Text(a.text))
		}
	}
	if err := l.planWeights(root.Group(modelWeightsGroup)); err != nil {
		return nil, err
	}
	if len(l.Optimizer) > 0 {
		if err := addNamed(root.Group(optimizerGroup), l.Optimizer); err != nil {
			return nil, fmt.Errorf("optimizer: %w", err)
		}
	}
	return root, nil
}

// WriteLegacy writes a whole model as Keras 3 writes a .h5 file, atomically. Weight names are paths such as "sequential/dense/kernel".
func WriteLegacy(path string, l *Legacy) error {
	return writeAtomic(path, func(out io.Writer) error {
		root, err := l.plan()
		if err != nil {
			return err
		}
		return hdf5.Write(out, root)
	})
}

// WriteLegacyWeights writes only the weights, at the root of the file, atomically. Configuration and optimizer are left out.
func WriteLegacyWeights(path string, l *Legacy) error {
	return writeAtomic(path, func(out io.Writer) error {
		root := hdf5.NewGroupPlan()
		if err := l.planWeights(root); err != nil {
			return err
		}
		return hdf5.Write(out, root)
	})
}
