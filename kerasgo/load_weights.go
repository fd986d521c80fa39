package keras

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
)

// LoadWeights reads the weights of a model of the same architecture from a
// .weights.h5, .weights.json, .keras or legacy .h5 file, and the optimizer's state
// when the file has it and the model is compiled. On an error nothing is changed.
func (m *Model) LoadWeights(path string) error {
	return m.LoadWeightsWith(path, LoadWeightsOptions{})
}

// LoadWeightsOptions are the optional arguments of LoadWeightsWith.
type LoadWeightsOptions struct {
	// ByName gives weights to the layers that have the names of those in the file, and
	// leaves the others as they are. Only legacy .h5 files, such as the weights of
	// keras.applications, are read by name; otherwise their layers count by order.
	ByName bool
	// SkipMismatch leaves weights that do not fit as they are, where otherwise it would
	// be an error. In a layer of which one weight does not fit, those before it are
	// loaded, as in Keras; of a legacy file all that fit.
	SkipMismatch bool
	// Skip are layers whose weights stay as they are, with all that is in them: Keras's objects_to_skip.
	Skip []*Layer
	// Warn is told what was skipped; nil prints it to standard error.
	Warn func(msg string)
}

func (o LoadWeightsOptions) warn(format string, args ...any) {
	LoadOptions{Warn: o.Warn}.warn(format, args...)
}

// skips reports whether a layer is left as it is.
func (o LoadWeightsOptions) skips(l *Layer) bool {
	return slices.ContainsFunc(o.Skip, func(s *Layer) bool {
		return s == l && l != nil || s.model != nil && LoadWeightsOptions{Skip: s.model.Layers()}.skips(l)
	})
}

// LoadWeightsWith is LoadWeights with options.
func (m *Model) LoadWeightsWith(path string, o LoadWeightsOptions) error {
	if err := m.savable(); err != nil {
		return fmt.Errorf("keras: LoadWeights: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.loadWeights(path, o); err != nil {
		return fmt.Errorf("keras: LoadWeights: %w", err)
	}
	return nil
}

func (m *Model) loadWeights(path string, o LoadWeightsOptions) error {
	format, err := kerasfile.DetectFile(path)
	if err != nil {
		return err
	}
	var w *kerasfile.Weights
	switch format {
	case kerasfile.KerasWeights:
		w, err = kerasfile.OpenWeights(path)
	case kerasfile.ShardedWeights:
		w, err = kerasfile.OpenShards(path)
	case kerasfile.KerasArchive:
		var a *kerasfile.Archive
		if a, err = kerasfile.OpenArchive(path); err == nil {
			defer a.Close()
			w, err = a.Weights()
		}
	case kerasfile.LegacyModel, kerasfile.LegacyWeights:
		l, err := kerasfile.OpenLegacy(path)
		if err != nil {
			return err
		}
		return m.setLegacy(path, l, o)
	default:
		return fmt.Errorf("%s is %v; it holds no weights", path, format)
	}
	if err != nil {
		return err
	}
	if o.ByName {
		return fmt.Errorf("%s is %v; only legacy .h5 files are read by name", path, format)
	}
	if err := m.setGroups(path, w, o); err != nil {
		return err
	}
	if g := w.Group("optimizer"); g != nil && m.compiled != nil && len(g.Vars) > 0 {
		if err := m.setOptimizer(g.Vars); err != nil { // as in Keras no reason to refuse the weights
			o.warn("%s: the optimizer's state is left as it is: %v", path, err)
		}
	}
	return nil
}

// setGroups stores the weights of a file in Keras 3's layout.
func (m *Model) setGroups(path string, w *kerasfile.Weights, o LoadWeightsOptions) error {
	var p pending
	var skipped []string
	groups := m.groups("")
	for _, g := range groups {
		if o.skips(g.layer) {
			skipped = append(skipped, g.path)
		}
	}
	for _, g := range groups {
		if slices.ContainsFunc(skipped, func(path string) bool { return below(path, g.path) }) {
			continue
		}
		if file := w.Group(g.path); g.optimizer != nil && file != nil {
			g.optimizer.saved = file.Vars
		}
		if len(g.vars) == 0 {
			continue
		}
		if err := p.group(path+":"+g.path, g, w.Group(g.path)); err != nil {
			if !o.SkipMismatch {
				return err
			}
			o.warn("skipped: %v", err)
		}
	}
	p.commit()
	return nil
}

// group takes the values of one layer, or of a part of it.
func (p *pending) group(where string, g varGroup, file *kerasfile.Group) error {
	if file == nil {
		return fmt.Errorf("%s: the file has no weights of layer %q", where, g.name)
	}
	if len(file.Vars) != len(g.vars) {
		return fmt.Errorf("%s: layer %q has %d weights, the file has %d", where, g.name, len(g.vars), len(file.Vars))
	}
	for i, v := range g.vars {
		if err := p.add(v, where, file.Vars[i]); err != nil {
			return err
		}
	}
	return nil
}

// setLegacy stores the weights of a file in the layout of Keras 1 and 2: layers
// with weights are matched by their order, or by name.
func (m *Model) setLegacy(path string, l *kerasfile.Legacy, o LoadWeightsOptions) error {
	pairs, err := m.pairLegacy(path, l, o.ByName)
	if err != nil {
		return err
	}
	var p pending
	for _, pair := range pairs {
		layer, where := pair.layer, path+":"+pair.file.Name
		if o.skips(layer) {
			continue
		}
		vars := layer.legacyOrder()
		weights, err := layer.modernWeights(pair.file.Weights, l)
		if err != nil {
			return fmt.Errorf("%s: layer %q: %w", where, layer.name, err)
		}
		if len(vars) != len(weights) {
			err := fmt.Errorf("%s: layer %q has %d weights, the file has %d", where, layer.name, len(vars), len(weights))
			if !o.ByName || !o.SkipMismatch {
				return err
			}
			o.warn("skipped: %v", err)
			continue
		}
		for k, v := range vars {
			err := p.add(v, where, weights[k])
			if err == nil {
				continue
			}
			if !o.SkipMismatch || tensor.Shape(weights[k].Shape).Equal(v.Shape()) {
				return err
			}
			o.warn("skipped: %v", err)
		}
	}
	p.commit()
	return nil
}

// legacyPair is a layer with what a file has for it.
type legacyPair struct {
	layer *Layer
	file  kerasfile.LegacyLayer
}

func (m *Model) pairLegacy(path string, l *kerasfile.Legacy, byName bool) ([]legacyPair, error) {
	var pairs []legacyPair
	if byName {
		for _, file := range l.Layers {
			for _, layer := range m.layers {
				if layer.name == file.Name {
					pairs = append(pairs, legacyPair{layer, file})
				}
			}
		}
		return pairs, nil
	}
	var files []kerasfile.LegacyLayer
	for _, file := range l.Layers {
		if len(file.Weights) > 0 {
			files = append(files, file)
		}
	}
	var list []*Layer
	for _, layer := range m.layers {
		if len(layer.Weights()) > 0 {
			list = append(list, layer)
		}
	}
	if len(list) != len(files) {
		return nil, fmt.Errorf("%s: the model has %d layers with weights, the file has %d", path, len(list), len(files))
	}
	for i, layer := range list {
		pairs = append(pairs, legacyPair{layer, files[i]})
	}
	return pairs, nil
}
