package keras

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/spec"
)

// Caller is a model of one's own with one output.
type Caller interface {
	Call(c *Context, in ...graph.Value) graph.Value
}

// MultiCaller is a model of one's own with several outputs.
type MultiCaller interface {
	CallMulti(c *Context, in ...graph.Value) []graph.Value
}

// OutputNamer is a MultiCaller whose outputs have names: the counterpart of a Python model
// that returns a dict. Losses, metrics and targets may be given by these names.
type OutputNamer interface{ OutputNames() []string }

// NewSubclass returns a model that the user's Go code computes: the counterpart of a class
// derived from keras.Model. v is a pointer to a struct whose exported fields hold what the
// model consists of, and which has a method Call (or CallMulti):
//
//	type Net struct {
//		Units  int `keras:"units,default=32"`
//		Hidden *keras.Layer
//		Blocks []*keras.Layer
//		Head   *keras.Model
//	}
//
//	func (n *Net) Init() {
//		n.Hidden = keras.Share(layers.Dense{Units: n.Units, Activation: "relu"})
//		…
//	}
//
//	func (n *Net) Call(c *keras.Context, in ...graph.Value) graph.Value {
//		x := c.Call(n.Hidden, in[0])
//		…
//		return c.Call(n.Head, x)
//	}
//
// Init, when there is one, is called once the fields with keras tags, which are the
// arguments, have their defaults: it is Python's __init__. Fields hold a *Layer, a *Model,
// an *Optimizer, a *Metric, or slices and maps (in the order of their keys) of layers and
// models. Their order in the struct is Keras's order of assignment, which the order of
// layers and weights follows; in files a field is called by its name in snake case (DLoss
// is d_loss), as the attribute of the equal Python class must be, or by a tag attr:"name".
//
// Wherever a layer can stand, the pointer itself can, without NewSubclass: it is what a
// Python class derived from keras.Layer that holds layers is ported to.
//
//	y := keras.Apply(&TransformerBlock{Heads: 4}, x)
//
// A struct that is registered, spec.Register[Net]("shop", spec.OfKind("model")), can be saved
// as a whole and loaded, here and in Keras, where a class is registered as "shop>Net".
// OfKind("layer") stands for a class derived from keras.Layer, whose weights have other
// places in files.
//
// The model is built by the first data that it sees, or by Build. A method TrainStep,
// TestStep, PredictStep or ComputeLoss takes the place of Keras's; see Steps. A model that
// has TrainStep needs no Call.
func NewSubclass(v any) *Model {
	m := &Model{name: "model", autoName: true, trainable: true, seed: globalSeed(), policy: DTypePolicy(), names: map[string]int{}}
	m.impl = &subclass{value: v}
	if err := m.impl.init(m); err != nil {
		m.err = located(caller(1), "keras.NewSubclass("+m.typeName()+")", err)
	}
	return m
}

// subclass is what a Model is when the user's code computes it.
type subclass struct {
	value  any // pointer to the user's struct
	attrs  []attr
	byName bool // it is fed with a map
	shapes map[*Layer][]outSpec
}

// attr is a field of the user's struct that holds parts of the model.
type attr struct {
	name      string // in files
	list      bool   // a slice or a map: its parts are numbered by class
	layers    []*Layer
	optimizer *Optimizer
	metric    *Metric
}

var (
	layerType     = reflect.TypeFor[*Layer]()
	modelType     = reflect.TypeFor[*Model]()
	optimizerType = reflect.TypeFor[*Optimizer]()
	metricType    = reflect.TypeFor[*Metric]()
)

// typeName names the user's type in messages, such as main.Net.
func (m *Model) typeName() string {
	if m.impl == nil {
		return m.class()
	}
	return typeName(m.impl.value)
}

// Value returns the pointer that NewSubclass was given; nil for other models.
func (m *Model) Value() any {
	if m.impl == nil {
		return nil
	}
	return m.impl.value
}

func (s *subclass) init(m *Model) error {
	r := reflect.ValueOf(s.value)
	if r.Kind() != reflect.Pointer || r.IsNil() || r.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("a pointer to a struct is wanted, not a %T", s.value)
	}
	m.name = spec.SnakeCase(s.class())
	full, err := spec.CompleteAny(s.value)
	if err != nil {
		return err
	}
	r.Elem().Set(reflect.ValueOf(full))
	if name := nameField(s.value); name != "" {
		m.Named(name)
	}
	if v, ok := s.value.(interface{ Init() }); ok {
		v.Init()
	}
	m.steps = stepsOfValue(s.value)
	_, one := s.value.(Caller)
	_, many := s.value.(MultiCaller)
	if !one && !many && m.steps.Train == nil {
		return errors.New("it has neither Call(*keras.Context, ...graph.Value) graph.Value, nor CallMulti, nor TrainStep")
	}
	if err := s.findAttrs(r.Elem()); err != nil {
		return err
	}
	for _, a := range s.attrs {
		m.layers = append(m.layers, a.layers...)
	}
	list := unique(m.layers)
	m.layers = nil
	for _, l := range slices.SortedStableFunc(slices.Values(list), func(a, b *Layer) int { return cmp.Compare(a.created, b.created) }) {
		if l.err != nil {
			return l.err
		}
		if err := m.claimName(l); err != nil {
			return err
		}
		m.layers = append(m.layers, l)
	}
	m.layers = list
	if m.onHost() {
		return errors.New("a layer that reads words or numbers of 64 bits can't be called inside; put it before this model, in a Sequential or functional model around both")
	}
	if isFrozen(s.value) {
		m.SetTrainable(false)
	}
	return nil
}

// isFrozen reports whether the argument Trainable of the struct is false.
func isFrozen(v any) bool {
	f := reflect.ValueOf(v).Elem().FieldByName("Trainable")
	if !f.IsValid() {
		return false
	}
	b, ok := f.Interface().(*bool)
	return ok && b != nil && !*b
}

// unique returns the list with each layer at its first place only.
func unique(list []*Layer) []*Layer {
	var out []*Layer
	for _, l := range list {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// findAttrs finds the fields that hold parts of the model.
func (s *subclass) findAttrs(r reflect.Value) error {
	for i := range r.NumField() {
		f, v := r.Type().Field(i), r.Field(i)
		if !holdsParts(f.Type) {
			continue
		}
		if !f.IsExported() {
			return fmt.Errorf("field %s holds a part of the model; exported fields are seen, so call it %s", f.Name, strings.ToUpper(f.Name[:1])+f.Name[1:])
		}
		a := attr{name: f.Tag.Get("attr")}
		if a.name == "" {
			a.name = spec.SnakeCase(f.Name)
		}
		switch {
		case f.Type == optimizerType && !v.IsNil():
			a.optimizer = v.Interface().(*Optimizer)
			if a.optimizer.err != nil {
				return fmt.Errorf("field %s: %w", f.Name, a.optimizer.err)
			}
		case f.Type == metricType && !v.IsNil():
			a.metric = v.Interface().(*Metric)
			if a.metric.err != nil {
				return fmt.Errorf("field %s: %w", f.Name, a.metric.err)
			}
		case f.Type.Kind() == reflect.Slice:
			a.list = true
			for k := range v.Len() {
				a.add(v.Index(k))
			}
		case f.Type.Kind() == reflect.Map:
			a.list = true
			byKey := map[string]reflect.Value{}
			for it := v.MapRange(); it.Next(); {
				byKey[it.Key().String()] = it.Value()
			}
			for _, k := range slices.Sorted(maps.Keys(byKey)) {
				a.add(byKey[k])
			}
		default:
			a.add(v)
		}
		if a.name == "optimizer" || a.name == "layers" {
			return fmt.Errorf("field %s: %q is an attribute of every model in Keras; give the field another name or a tag attr", f.Name, a.name)
		}
		s.attrs = append(s.attrs, a)
	}
	return nil
}

// holdsParts reports whether a field of the type may hold parts of a model.
func holdsParts(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice:
		return t.Elem() == layerType || t.Elem() == modelType
	case reflect.Map:
		return t.Key().Kind() == reflect.String && (t.Elem() == layerType || t.Elem() == modelType)
	}
	return t == layerType || t == modelType || t == optimizerType || t == metricType
}

func (a *attr) add(v reflect.Value) {
	if l := asLayer(v.Interface()); l != nil {
		a.layers = append(a.layers, l)
	}
}

// call traces the user's code.
func (s *subclass) call(t *trace, m *Model, in []graph.Value) []graph.Value {
	c := t.newContext(m, in)
	switch v := s.value.(type) {
	case MultiCaller:
		return v.CallMulti(c, in...)
	case Caller:
		return []graph.Value{v.Call(c, in...)}
	}
	t.g.Errorf("%s has no method Call", m.typeName())
	return in
}

// callable reports whether the model has outputs.
func (m *Model) callable() bool {
	if m.impl == nil {
		return true
	}
	_, one := m.impl.value.(Caller)
	_, many := m.impl.value.(MultiCaller)
	return one || many
}
