package keras

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
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
		if o, ok := m.compiled.optimizer.(optimizers.MultiOptimizer); ok {
			m.addMulti(w, o, vars)
		} else if o, ok := m.compiled.optimizer.(optimizers.LossScaleOptimizer); ok {
			m.addScaled(w, o, vars)
		} else {
			w.Add("optimizer", nameOf(m.compiled.optimizer), vars...)
		}
	}
	w.Add("", m.name)
	return w
}

// addMulti lays the variables of a MultiOptimizer out as Keras does: those of each
// optimizer stand under its class once more.
func (m *Model) addMulti(w *kerasfile.Weights, o optimizers.MultiOptimizer, vars []kerasfile.Tensor) {
	w.Add("optimizer", nameOf(o), vars...)
	shapes, paths := m.compiled.shapesAndPaths(m.filePaths())
	inner, slots := o.Groups(paths, shapes)
	first := len(vars) - len(m.compiled.slots)
	count := map[string]int{}
	for k, p := range inner {
		base := spec.SnakeCase(className(p))
		path := "optimizer/optimizers/" + base
		if n := count[base]; n > 0 {
			path = fmt.Sprintf("%s_%d", path, n)
		}
		count[base]++
		var own []kerasfile.Tensor
		for _, i := range slots[k] {
			v := vars[first+i]
			v.Name = ""
			own = append(own, v)
		}
		w.Add(path, nameOf(p), own...)
	}
}

// addScaled lays the variables of a loss-scaling optimizer out as Keras does: the
// inner optimizer's stand under inner_optimizer once more.
func (m *Model) addScaled(w *kerasfile.Weights, o optimizers.LossScaleOptimizer, vars []kerasfile.Tensor) {
	all, inner := m.scaledTensors(vars, "")
	w.Add("optimizer", nameOf(o), all...)
	w.Add("optimizer/inner_optimizer", nameOf(o.InnerOptimizer), inner...)
}

// scaledTensors returns the variables of a loss-scaling optimizer in Keras's order:
// its own step count and learning rate, which stay 0, the step counter, the scale,
// and the inner optimizer's.
func (m *Model) scaledTensors(vars []kerasfile.Tensor, prefix string) (all, inner []kerasfile.Tensor) {
	n := len(vars) - len(m.compiled.slots) // iteration and, without a schedule, learning rate
	name := func(s string) string {
		if prefix == "" {
			return ""
		}
		return prefix + s
	}
	counter := kerasfile.Int64s(vars[n].Name, nil, []int64{int64(m.compiled.slots[0].Float32s()[0])})
	inner = append(slices.Clone(vars[:n]), vars[n+2:]...)
	own := []kerasfile.Tensor{kerasfile.Int64s(name("iteration"), nil, []int64{0}), kerasfile.Float32s(name("learning_rate"), nil, []float32{0}), counter, vars[n+1]}
	return append(own, inner...), inner
}

// scaledVars returns the variables of a loss-scaling optimizer in the order of
// optimizerState, from those of its group in a file.
func scaledVars(vars []kerasfile.Tensor, schedule bool) []kerasfile.Tensor {
	n := 2 // of the inner optimizer that come before its slots
	if schedule {
		n = 1
	}
	if len(vars) < 4+n {
		return vars
	}
	inner := vars[4:]
	return append(append(slices.Clone(inner[:n]), vars[2], vars[3]), inner[n:]...)
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

// namedTensor is one of the optimizer's variables.
type namedTensor struct {
	name  string
	t     *tensor.Tensor
	whole bool // a count, which files have as an integer
}

func (n namedTensor) fileTensor(name string) kerasfile.Tensor {
	if n.whole {
		return kerasfile.Int64s(name, n.t.Shape(), []int64{int64(n.t.Float64At(0))})
	}
	return fileTensor(name, n.t)
}

// optimizerState lists the optimizer's variables in the order of Keras's files;
// nothing when there are none yet.
func (m *Model) optimizerState() []namedTensor {
	if m.compiled == nil {
		return nil
	}
	return m.compiled.state(m.filePaths())
}

// state lists the optimizer's variables; see optimizerState.
func (o *Optimizer) state(paths map[*Variable]string) []namedTensor {
	if o.iteration == nil {
		return nil
	}
	list := []namedTensor{{name: "iteration", t: o.iteration}}
	if _, schedule := optimizers.LearningRate(o.optimizer); schedule == nil {
		list = append(list, namedTensor{name: "learning_rate", t: o.rate})
	}
	taken := map[string]bool{}
	for i, d := range o.slotDefs {
		name := d.Name
		if d.Var >= 0 {
			name = strings.ReplaceAll(paths[o.vars[d.Var]], "/", "_") + "_" + d.Name
		}
		for unique, k := name, 1; taken[name]; k++ { // a_b/c and a/b_c
			name = fmt.Sprintf("%s_%d", unique, k)
		}
		taken[name] = true
		list = append(list, namedTensor{name, o.slots[i], d.Whole})
	}
	return list
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
		for _, s := range m.optimizerState() {
			l.Optimizer = append(l.Optimizer, s.fileTensor(nameOf(m.compiled.given)+"/"+s.name))
		}
		if _, ok := m.compiled.optimizer.(optimizers.LossScaleOptimizer); ok && len(l.Optimizer) > 0 {
			l.Optimizer, _ = m.scaledTensors(l.Optimizer, nameOf(m.compiled.optimizer)+"/")
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
