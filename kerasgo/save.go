package keras

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/spec"
)

// Save writes the whole model: description, weights and, when it is compiled, the
// optimizer with its state, so that training goes on from the file as if it had
// never stopped, here or in Keras 3. A Sequential whose input is not known yet is
// saved without weights, as .keras only. The suffix chooses the format: .keras, or
// Keras's older .h5 (.hdf5). The file is written under a temporary name and
// renamed, so that a failure destroys nothing.
func (m *Model) Save(path string) error {
	if m.err != nil {
		return fmt.Errorf("keras: Save: %w", m.err)
	}
	if !m.built && (len(m.inputs) > 0 || !strings.HasSuffix(path, ".keras")) {
		if err := m.Build(); err != nil {
			return fmt.Errorf("keras: Save: the model is not built: %w", withoutPrefix(err))
		}
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	var err error
	switch {
	case strings.HasSuffix(path, ".keras"):
		err = m.saveArchive(path)
	case strings.HasSuffix(path, ".weights.h5"):
		err = errors.New("a .weights.h5 file holds weights only; use SaveWeights, or another suffix")
	case strings.HasSuffix(path, ".h5"), strings.HasSuffix(path, ".hdf5"):
		err = m.saveLegacy(path)
	default:
		err = fmt.Errorf("%q: the suffix must be .keras or .h5", path)
	}
	if err != nil {
		return fmt.Errorf("keras: Save: %w", err)
	}
	return nil
}

// SaveWeights writes the weights, and the optimizer's state when there is one, to
// a file whose name ends in .weights.h5, or, weights only, to a .h5 file in the
// layout of Keras 1 and 2.
func (m *Model) SaveWeights(path string) error {
	if err := m.savable(); err != nil {
		return fmt.Errorf("keras: SaveWeights: %w", err)
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	var err error
	switch {
	case strings.HasSuffix(path, ".weights.h5"):
		err = kerasfile.WriteWeights(path, m.weightGroups())
	case strings.HasSuffix(path, ".h5"), strings.HasSuffix(path, ".hdf5"):
		err = kerasfile.WriteLegacyWeights(path, m.legacy())
	default:
		err = fmt.Errorf("%q: the suffix must be .weights.h5", path)
	}
	if err != nil {
		return fmt.Errorf("keras: SaveWeights: %w", err)
	}
	return nil
}

func (m *Model) savable() error {
	if m.err != nil {
		return m.err
	}
	if !m.built {
		if err := m.Build(); err != nil {
			return err
		}
	}
	return nil
}

func (m *Model) saveArchive(path string) error {
	config, err := m.config(true)
	if err != nil {
		return err
	}
	return kerasfile.WriteArchive(path, &kerasfile.Model{KerasVersion: KerasVersion, Config: spec.JSON(config, 0), Weights: m.weightGroups(), Assets: m.assets()})
}

// weightGroups lays the weights out as Keras 3 does.
func (m *Model) weightGroups() *kerasfile.Weights {
	w := &kerasfile.Weights{}
	paths := m.filePaths()
	for _, g := range m.groups("") {
		var vars []kerasfile.Tensor
		if g.optimizer != nil {
			for _, s := range g.optimizer.state(paths) {
				vars = append(vars, s.fileTensor(""))
			}
			w.Add(g.path, g.name, vars...)
			continue
		}
		for _, v := range g.vars {
			vars = append(vars, v.fileTensor(""))
		}
		w.Add(g.path, g.name, append(vars, g.assetArrays()...)...)
		if folder, name := g.assetFolder(); folder != "" {
			w.Add(g.path+"/"+folder, name, g.assetArrays()...)
		}
	}
	if state := m.optimizerState(); len(state) > 0 {
		var vars []kerasfile.Tensor
		for _, s := range state {
			vars = append(vars, s.fileTensor(""))
		}
		m.addOptimizer(w, "optimizer", m.compiled.optimizer, vars)
	}
	w.Add("", m.name)
	return w
}

// fileTensor returns the weight in the type that Keras stores it in.
func (v *Variable) fileTensor(name string) kerasfile.Tensor {
	if short := v.layer.policy.Variable; short == "bfloat16" || short == "float16" {
		if t, err := kerasfile.FromFloat32s(name, short, v.Shape(), v.tensor.Float32s()); err == nil {
			return t
		}
	}
	return fileTensor(name, v.tensor)
}

func fileTensor(name string, t *tensor.Tensor) kerasfile.Tensor {
	switch t.DType() {
	case tensor.Int32:
		return kerasfile.Int32s(name, t.Shape(), t.Int32s())
	case tensor.Float64:
		return kerasfile.Float64s(name, t.Shape(), t.Float64s())
	}
	return kerasfile.Float32s(name, t.Shape(), t.Float32s())
}

func nameOf(v any) string {
	if n := nameField(v); n != "" {
		return n
	}
	return spec.SnakeCase(className(v))
}

// filePaths returns the names that the weights have in older files. A Sequential
// puts its own name before them, and so does a nested model.
func (m *Model) filePaths() map[*Variable]string {
	paths := map[*Variable]string{}
	var walk func(m *Model, prefix string)
	walk = func(m *Model, prefix string) {
		for _, l := range m.layers {
			if l.model != nil {
				walk(l.model, prefix+l.name+"/")
				continue
			}
			for _, v := range l.weights {
				if _, known := paths[v]; !known {
					paths[v] = prefix + v.Path()
				}
			}
		}
	}
	if m.sequential || m.impl != nil {
		walk(m, m.name+"/")
	} else {
		walk(m, "")
	}
	return paths
}
