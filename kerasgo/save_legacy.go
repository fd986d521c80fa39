package keras

import (
	"errors"
	"slices"

	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/spec"
)

// legacy lays the model out as a .h5 file of Keras 1 and 2, in the form that
// Keras 3 writes it.
func (m *Model) legacy() *kerasfile.Legacy {
	l := &kerasfile.Legacy{KerasVersion: KerasVersion, Backend: "tensorflow"}
	paths := m.filePaths()
	for _, layer := range m.layers {
		if m.sequential && layer.inputLayer() {
			continue
		}
		e := kerasfile.LegacyLayer{Name: layer.name}
		for _, v := range layer.legacyOrder() {
			e.Weights = append(e.Weights, v.fileTensor(paths[v]))
		}
		l.Layers = append(l.Layers, e)
	}
	return l
}

// legacyOrder returns a layer's weights as older files list them: those of a
// nested model all together, those that are trained first.
func (l *Layer) legacyOrder() []*Variable {
	vars := l.Weights()
	slices.SortStableFunc(vars, func(a, b *Variable) int { return btoi(b.Trainable()) - btoi(a.Trainable()) })
	return vars
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (m *Model) saveLegacy(path string) error {
	if files := m.assets(); len(files) > 0 {
		return errors.New("a .h5 file has no place for the vocabularies that layers have learned; use .keras")
	}
	config, err := m.config(false)
	if err != nil {
		return err
	}
	l := m.legacy()
	stripModules(config)
	l.ModelConfig = string(spec.JSON(config, 0))
	if m.compiled != nil {
		c, err := m.compileConfig()
		if err != nil {
			return err
		}
		opt := c.Obj("optimizer")
		c.Delete("optimizer")
		c.Set("optimizer_config", spec.NewObject("class_name", opt.Str("class_name"), "config", opt.Obj("config")))
		l.TrainingConfig = string(spec.JSON(c, 0))
		prefix, inner := nameOf(m.compiled.optimizer), m.compiled.optimizer
		if o, ok := inner.(optimizers.LossScaleOptimizer); ok {
			inner = o.InnerOptimizer.(optimizers.Optimizer)
		}
		for i, s := range m.optimizerState() {
			if i == scaledOwn {
				prefix = nameOf(inner)
			}
			l.Optimizer = append(l.Optimizer, s.fileTensor(prefix+"/"+s.name))
		}
	}
	return kerasfile.WriteLegacy(path, l)
}

// stripModules removes from a model's and its layers' entries what older files
// do not have. They name a layer by its Python class.
func stripModules(o *spec.Object) {
	if class, ok := spec.Lookup("layer", o.Str("class_name")); ok && class.PythonName != "" {
		o.Set("class_name", class.PythonName)
	}
	for _, k := range []string{"module", "registered_name", "build_config", "compile_config"} {
		o.Delete(k)
	}
	c := o.Obj("config")
	if c == nil {
		return
	}
	list, _ := c.Get("layers")
	items, _ := list.([]any)
	for _, i := range items {
		if e, ok := i.(*spec.Object); ok {
			stripModules(e)
		}
	}
}
