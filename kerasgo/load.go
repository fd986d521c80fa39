package keras

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/spec"
)

// LoadModel reads a model from a .keras archive or a whole-model .h5 file of any
// writer, with weights, and compiled with the optimizer's state when the file has
// it. What the file is follows from its content, not its name. Nothing in a file
// is executed: Lambda and classes that are not registered are errors that name
// them. What could not be restored, but does no harm, is told on standard error.
func LoadModel(path string) (*Model, error) {
	return LoadModelWith(path, LoadOptions{})
}

// LoadOptions are the optional arguments of LoadModelWith.
type LoadOptions struct {
	// NoCompile leaves the model uncompiled.
	NoCompile bool
	// Warn is told what could not be restored; nil prints it to standard error.
	Warn func(msg string)
}

func (o LoadOptions) warn(format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if o.Warn != nil {
		o.Warn(msg)
		return
	}
	fmt.Fprintln(os.Stderr, "kerasgo: warning:", msg)
}

// LoadModelWith is LoadModel with options.
func LoadModelWith(path string, o LoadOptions) (*Model, error) {
	m, err := loadModel(path, o)
	if err != nil {
		return nil, fmt.Errorf("keras: LoadModel: %w", err)
	}
	return m, nil
}

func loadModel(path string, o LoadOptions) (*Model, error) {
	format, err := kerasfile.DetectFile(path)
	if err != nil {
		return nil, err
	}
	switch format {
	case kerasfile.KerasArchive:
		return loadArchive(path, o)
	case kerasfile.LegacyModel:
		return loadLegacy(path, o)
	case kerasfile.LegacyWeights, kerasfile.KerasWeights, kerasfile.ShardedWeights:
		return nil, fmt.Errorf("%s is %v, without the model's description; build the model and use LoadWeights", path, format)
	case kerasfile.JSON, kerasfile.YAML:
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		return fromText(path, string(text))
	}
	return nil, fmt.Errorf("%s is no model file (neither a .keras archive nor HDF5)", path)
}

// decodeText parses a description and makes the model, its compile_config apart.
func decodeText(name string, text []byte, version string) (m *Model, compile *spec.Node, err error) {
	n, errs := spec.Parse(name, text)
	if err := errs.Err(); err != nil {
		return nil, nil, err
	}
	if strings.HasPrefix(version, "2.") { // from 2.12 on
		n = moderniseKeras2(n)
	}
	m, errs = decodeModel(n)
	if err := errs.Err(); err != nil {
		return nil, nil, err
	}
	return m, n.Get("compile_config"), nil
}

func loadArchive(path string, o LoadOptions) (*Model, error) {
	a, err := kerasfile.OpenArchive(path)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	m, compile, err := decodeText(path+":config.json", a.Config, a.Metadata.KerasVersion)
	if err != nil {
		return nil, err
	}
	w, err := a.Weights()
	if err != nil {
		return nil, err
	}
	have := 0
	for _, g := range w.Groups {
		have += elements(g.Vars)
	}
	if len(m.inputs) == 0 && have == 0 { // saved before it was built
		if err := m.loadAssets(path, a, w); err != nil {
			return nil, err
		}
		if !o.NoCompile && compile != nil && len(compile.Pairs) > 0 {
			if errs := m.decodeCompile(compile); len(errs) > 0 {
				o.warn("%s: the model is not compiled: %v", path, errs)
			}
		}
		return m, nil
	}
	if err := m.buildFilled(path, have); err != nil {
		return nil, err
	}
	if err := m.setGroups(path, w, LoadWeightsOptions{}); err != nil {
		return nil, err
	}
	if err := m.loadAssets(path, a, w); err != nil {
		return nil, err
	}
	if !o.NoCompile && compile != nil && len(compile.Pairs) > 0 {
		if errs := m.decodeCompile(compile); len(errs) > 0 {
			o.warn("%s: the model is not compiled: %v", path, errs)
			return m, nil
		}
		if g := w.Group("optimizer"); g != nil && len(g.Vars) > 0 {
			if err := m.setOptimizer(g.Vars); err != nil {
				o.warn("%s: the optimizer starts afresh: %v", path, err)
			}
		}
	}
	return m, nil
}

// pending collects values before any is stored, so that an error changes nothing.
type pending struct {
	vars   []*Variable
	values []*tensor.Tensor
}

func (p *pending) add(v *Variable, where string, t kerasfile.Tensor) error {
	if !tensor.Shape(t.Shape).Equal(v.Shape()) {
		return fmt.Errorf("%s: weight %s has shape %v in the model and %v in the file", where, v.Path(), v.Shape(), tensor.Shape(t.Shape))
	}
	data, err := numbers(t)
	if err != nil {
		return fmt.Errorf("%s: weight %s: %w", where, v.Path(), err)
	}
	p.vars, p.values = append(p.vars, v), append(p.values, data)
	return nil
}

func (p *pending) commit() {
	for i, v := range p.vars {
		v.store(p.values[i])
	}
	run.VariablesChanged()
}

// numbers returns a file's array: float64 as it is, others as float32.
func numbers(t kerasfile.Tensor) (*tensor.Tensor, error) {
	shape := append([]int{}, t.Shape...)
	if t.DType == "float64" {
		data, err := t.Float64s()
		if err != nil {
			return nil, err
		}
		return tensor.From(data, shape...), nil
	}
	data, err := t.Float32s()
	if err != nil {
		return nil, err
	}
	return tensor.From(data, shape...), nil
}

// setOptimizer stores the optimizer's variables, in the order of Keras's files.
func (m *Model) setOptimizer(vars []kerasfile.Tensor) error {
	if m.steps.Train != nil { // which tells what the optimizer is for
		m.compiled.saved = vars
		return nil
	}
	m.buildOptimizer()
	return m.compiled.set(vars, m.filePaths())
}

// set stores the optimizer's variables.
func (o *Optimizer) set(vars []kerasfile.Tensor, paths map[*Variable]string) error {
	state := o.state(paths)
	if _, scaled := o.optimizer.(optimizers.LossScaleOptimizer); !scaled {
		vars = scalarLast(vars, state)
	}
	if len(vars) < len(state) { // saved before the first step: there are few yet
		if early := slices.DeleteFunc(slices.Clone(state), func(n namedTensor) bool { return !n.early }); len(vars) == len(early) {
			state = early
		}
	}
	if len(vars) != len(state) {
		return fmt.Errorf("%s has %d variables, the file has %d", className(o.optimizer), len(state), len(vars))
	}
	values := make([]*tensor.Tensor, len(state))
	for i, s := range state {
		// A scalar may be stored as an array of one element.
		if !tensor.Shape(vars[i].Shape).Equal(s.t.Shape()) && !(s.t.Size() == 1 && vars[i].Len() == 1) {
			return fmt.Errorf("variable %d (%s) has shape %v, the file has %v", i, s.name, s.t.Shape(), tensor.Shape(vars[i].Shape))
		}
		data, err := numbers(vars[i])
		if err != nil {
			return fmt.Errorf("variable %d (%s): %w", i, s.name, err)
		}
		values[i] = data
	}
	steps := slices.IndexFunc(state, func(n namedTensor) bool { return n.t == o.iteration })
	if n, err := vars[steps].Int64s(); err != nil || len(n) != 1 {
		return fmt.Errorf("variable %d is no step count", steps)
	}
	for i, s := range state {
		s.t.CopyFrom(values[i].Cast(s.t.DType()))
	}
	for i, d := range o.slotDefs {
		if d.Unsaved && d.Follows != nil {
			o.slots[i].SetFloat64At(0, d.Follows(int(o.iteration.Int32s()[0])))
		}
	}
	return nil
}

// scalarLast moves a scalar that Keras up to 3.4 puts before the variables' state
// (Nadam's product) to the end, where later versions have it.
func scalarLast(vars []kerasfile.Tensor, state []namedTensor) []kerasfile.Tensor {
	first := 1
	if len(state) > 1 && state[1].name == "learning_rate" {
		first = 2
	}
	n := len(state)
	if len(vars) != n || n <= first+1 || vars[first].Len() != 1 || state[first].t.Size() == 1 || state[n-1].t.Size() != 1 {
		return vars
	}
	return append(append(slices.Clone(vars[:first]), vars[first+1:]...), vars[first])
}
