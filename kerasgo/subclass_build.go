package keras

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// BuildInputs is Build for several inputs: a []tensor.Shape, or, for a model that is fed with
// a map, a map[string]tensor.Shape; batch axes included.
func (m *Model) BuildInputs(shapes any) error {
	if m.err != nil {
		return m.err
	}
	var names []string
	var specs []graph.Spec
	add := func(name string, s tensor.Shape) {
		names, specs = append(names, name), append(specs, graph.Spec{DType: tensor.Float32, Shape: s})
	}
	switch v := shapes.(type) {
	case tensor.Shape:
		return m.Build(v...)
	case []tensor.Shape:
		for _, s := range v {
			add("", s)
		}
	case map[string]tensor.Shape:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			add(k, v[k])
		}
	default:
		return fmt.Errorf("keras: BuildInputs: a []tensor.Shape or a map[string]tensor.Shape is wanted, not a %T", shapes)
	}
	if m.impl == nil || len(m.inputs) > 0 {
		return errors.New("keras: BuildInputs: the model knows the shapes of its inputs; use Build")
	}
	if err := m.setInputs(names, specs); err != nil {
		return fmt.Errorf("keras: BuildInputs: %w", unscoped(err))
	}
	return m.Build()
}

// inputNames returns the names that a map of data has.
func (m *Model) inputNames() []string {
	if m.inputKeys != nil {
		return m.inputKeys
	}
	var names []string
	for _, s := range m.inputs {
		names = append(names, s.call.layer.name)
	}
	return names
}

// setInputs tells a model of the user's code what it is fed with, and works out what it
// yields. Names are those of a map, or empty.
func (m *Model) setInputs(names []string, specs []graph.Spec) error {
	var in []*Symbol
	for i, sp := range specs {
		if len(sp.Shape) == 0 {
			return fmt.Errorf("input %d is a scalar; the first axis must count samples", i)
		}
		if sp.DType == tensor.String {
			return fmt.Errorf("input %d holds words; a layer that reads them stands before this model, in a Sequential or functional model around both", i)
		}
		name := names[i]
		if name == "" {
			name = fmt.Sprintf("input_%d", i+1)
		}
		shape := sp.Shape.Clone()
		shape[0] = tensor.Unknown
		s := input(layers.InputLayer{BatchShape: shape, DType: sp.DType.String(), Name: name}, "")
		if s.err != nil {
			return s.err
		}
		in = append(in, s)
	}
	m.impl.byName = len(names) > 0 && names[0] != ""
	m.inputs = in
	if err := m.impl.infer(m); err != nil {
		m.inputs, m.outputs = nil, nil
		return err
	}
	if cp := m.compiled; cp != nil {
		return m.resolveArguments(cp)
	}
	return nil
}

// namelessOutputs reports whether there are several outputs without names, as a list that
// a Python model returns: logs do not tell them apart.
func (m *Model) namelessOutputs() bool {
	_, named := m.Value().(OutputNamer)
	return m.impl != nil && !named && len(m.outputs) > 1
}

// linkData is setInputs for the first data.
func (m *Model) linkData(x any) error {
	var names []string
	var list []*tensor.Tensor
	switch v := typedArrays(x).(type) {
	case *tensor.Tensor:
		names, list = []string{""}, []*tensor.Tensor{v}
	case []*tensor.Tensor:
		names, list = make([]string, len(v)), v
	case map[string]*tensor.Tensor:
		names = slices.Sorted(maps.Keys(v))
		for _, k := range names {
			list = append(list, v[k])
		}
	}
	if len(list) == 0 || slices.Contains(list, nil) {
		return fmt.Errorf("x is a %T; the first data that a model of one's own sees must be a *tensor.Tensor, a []*tensor.Tensor or a map[string]*tensor.Tensor", x)
	}
	specs := make([]graph.Spec, len(list))
	for i, t := range list {
		specs[i] = graph.Spec{DType: fedType(t), Shape: t.Shape()}
	}
	return m.setInputs(names, specs)
}

// linkSymbols is setInputs for the symbols that the model is first applied to.
func (m *Model) linkSymbols(in []*Symbol) error {
	switch {
	case m.err != nil:
		return m.err
	case len(m.inputs) == 0:
		specs := make([]graph.Spec, len(in))
		for i, s := range in {
			specs[i] = graph.Spec{DType: s.dtype, Shape: s.shape}
		}
		return m.setInputs(make([]string, len(in)), specs)
	case len(in) != len(m.inputs):
		return fmt.Errorf("model %q wants %d inputs, got %d", m.name, len(m.inputs), len(in))
	}
	return nil
}

// trial runs the user's code on inputs of which the unknown lengths are n. What is called
// on the way is told to enter and leave.
func (s *subclass) trial(m *Model, n int, training bool, enter func(t *trace, l *Layer, how manner, in []graph.Value), leave func(l *Layer, out []graph.Value)) ([]graph.Value, error) {
	t := newTrace(graph.New(), training)
	t.scratch, t.unknown = true, n
	if enter != nil {
		t.enter = func(l *Layer, how manner, in []graph.Value) { enter(t, l, how, in) }
	}
	t.leave = leave
	in := make([]graph.Value, len(m.inputs))
	for i, x := range m.inputs {
		in[i] = t.g.Input(inputName("x", i), graph.Spec{DType: x.dtype, Shape: known(x.shape, n)})
	}
	out := t.guard(func() []graph.Value { return s.call(t, m, in) })
	return out, t.g.Err()
}

// infer finds the shapes of what the model and its layers yield, with two primes for
// every unknown length, as for layers.
func (s *subclass) infer(m *Model) error {
	if !m.callable() {
		return nil
	}
	s.shapes = map[*Layer][]outSpec{}
	first := map[*Layer][]graph.Value{}
	a, err := s.trial(m, 1009, false, nil, func(l *Layer, out []graph.Value) {
		if first[l] == nil {
			first[l] = out
		}
	})
	if err != nil {
		return err
	}
	b, err := s.trial(m, 2003, false, nil, func(l *Layer, out []graph.Value) {
		if s.shapes[l] == nil {
			s.shapes[l] = compared(first[l], out)
		}
	})
	if err != nil {
		return err
	}
	for l := range s.shapes {
		if l.model != nil && l.model.impl != nil {
			l.model.impl.shapes = s.shapes
		}
	}
	c := &call{layer: m.layer(), in: m.inputs}
	for i, sp := range compared(a, b) {
		c.out = append(c.out, &Symbol{call: c, index: i, shape: sp.Shape, dtype: sp.DType})
	}
	if n, ok := s.value.(OutputNamer); ok && len(n.OutputNames()) != len(c.out) {
		return fmt.Errorf("%s: OutputNames has %d names, CallMulti returns %d outputs", m.typeName(), len(n.OutputNames()), len(c.out))
	}
	m.outputs = c.out
	return nil
}

// compared returns the specs of a, lengths unknown in which b differs.
func compared(a, b []graph.Value) []outSpec {
	out := make([]outSpec, min(len(a), len(b)))
	for i := range out {
		out[i].Spec = graph.Spec{DType: a[i].DType(), Shape: unknownIn(a[i].Shape(), b[i].Shape())}
	}
	return out
}

// firstUse is the first call of a layer or model.
type firstUse struct {
	layer  *Layer
	how    manner
	path   string
	shapes []tensor.Shape
}

// record lists what the user's code calls, in inference and in training.
func (s *subclass) record(m *Model, n int) ([]firstUse, error) {
	var list []firstUse
	note := func(t *trace, l *Layer, how manner, in []graph.Value) {
		if l.inputLayer() || slices.ContainsFunc(list, func(r firstUse) bool { return r.layer == l }) {
			return
		}
		r := firstUse{layer: l, how: how, path: t.g.Scope()}
		for _, v := range in {
			r.shapes = append(r.shapes, v.Shape().Clone())
		}
		list = append(list, r)
	}
	for _, training := range []bool{false, true} {
		if _, err := s.trial(m, n, training, note, nil); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// build makes the weights of the layers that the user's code calls. Without Call, the
// models that the fields hold are built, which must know their inputs.
func (s *subclass) build(m *Model, prefix string) error {
	var list, others []firstUse
	if m.callable() {
		var err error
		if list, err = s.record(m, someLength); err != nil {
			return err
		}
		if others, err = s.record(m, otherLength); err != nil {
			return err
		}
	}
	for _, l := range m.layers {
		if l.model != nil && !l.built && (len(l.model.inputs) > 0 || !m.callable()) {
			l.model.filling = m.filling
			if len(l.model.inputs) == 0 {
				return fmt.Errorf("model %q has no input shape; a model without Call consists of models that have one", l.name)
			}
			if err := l.model.makeWeights(prefix + "/" + l.name); err != nil {
				return err
			}
			l.built = true
		}
		if l.model == nil && !l.built && !m.callable() {
			return fmt.Errorf("layer %q: a model without Call consists of models, not of layers, whose input shapes nothing tells", l.name)
		}
	}
	if len(list) != len(others) {
		return fmt.Errorf("%s: Call takes another way for another number of samples", m.typeName())
	}
	for _, r := range list { // those inside come later than the models around them
		if r.layer.model != nil && r.layer.model.impl == nil && !r.layer.built {
			r.layer.model.filling = m.filling
			if err := r.layer.model.makeWeights(prefix + "/" + r.path); err != nil {
				return err
			}
			r.layer.built = true
		}
	}
	for i, r := range list {
		if r.layer.model == nil && !r.layer.built && !isOperation(r.layer.desc) {
			if err := m.buildLayer(r.layer, r.how, prefix+"/"+r.path, r.shapes, others[i].shapes); err != nil {
				return err
			}
		}
	}
	for _, r := range slices.Backward(list) {
		if inner := r.layer.model; inner != nil {
			inner.vars, inner.built, r.layer.built = inner.collectVars(nil), true, true
		}
	}
	m.vars, m.built = m.collectVars(nil), true
	return nil
}

// class returns the name of the user's class.
func (s *subclass) class() string {
	if r := reflect.ValueOf(s.value); r.Kind() != reflect.Pointer || r.IsNil() {
		return "Model"
	}
	return className(s.value)
}
