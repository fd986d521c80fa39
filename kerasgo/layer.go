package keras

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

var layersMade atomic.Int64

// modelMaker is a description of a whole model, such as those of package applications.
// It can stand where a model can.
type modelMaker interface{ Model() (*Model, error) }

// newLayer wraps a description, completed and checked, or a model.
func newLayer(v any, where string) *Layer {
	l := &Layer{trainable: true, where: where, created: layersMade.Add(1)}
	if d, ok := v.(modelMaker); ok {
		m, err := d.Model()
		if err != nil {
			l.goType = typeName(v)
			l.err = located(where, l.goType, err)
			return l
		}
		v = m
	}
	if own := ownLayer(v); own != nil {
		v = NewSubclass(own)
	}
	if m, ok := v.(*Model); ok {
		if m == nil {
			l.err = located(where, "keras", errors.New("the model is nil"))
			return l
		}
		l.model, l.class, l.name, l.trainable = m, m.class(), m.name, m.trainable
		l.autoName = m.autoName
		l.err = m.Err()
		return l
	}
	if v == nil {
		l.err = located(where, "keras", errors.New("nil is no layer"))
		l.goType = "nil"
		return l
	}
	l.class = className(v)
	l.goType = typeName(v)
	if _, registered := spec.ClassOf(v); !registered {
		if _, ok := v.(layers.Layer); !ok && !isOperation(v) {
			l.err = located(where, "keras", fmt.Errorf("a value of type %T is no layer; wanted is one such as layers.Dense{Units: 10}, or a model", v))
			return l
		}
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && r.IsNil() {
		l.err = located(where, "keras", errors.New("the pointer is nil"))
		return l
	}
	full, err := spec.CompleteAny(v)
	if err == nil {
		l.desc = full
		if _, ok := full.(layers.Layer); !ok && !isOperation(full) {
			l.desc, err = nil, fmt.Errorf("%T is no layer", v)
		}
	}
	if in, ok := l.desc.(layers.InputLayer); ok && err == nil {
		err = checkInput(in)
	} else if err == nil && !isOperation(l.desc) {
		err = l.setPolicy()
	}
	if err != nil {
		l.err = located(where, l.goType, err)
		return l
	}
	if f := reflect.Indirect(reflect.ValueOf(l.desc)); f.Kind() == reflect.Struct {
		if n := f.FieldByName("Name"); n.IsValid() && n.Kind() == reflect.String {
			l.name = n.String()
			if where != "" && strings.Contains(l.name, "/") { // in files of old versions it may
				l.err = located(where, l.goType, fmt.Errorf("name %q contains a slash, which separates names in paths", l.name))
				return l
			}
		}
		if t := f.FieldByName("Trainable"); t.IsValid() && t.Kind() == reflect.Pointer && !t.IsNil() {
			l.trainable = t.Elem().Bool()
		}
	}
	l.autoName = l.name == ""
	return l
}

// ownLayer returns a pointer to a struct that is given as a layer and computed as
// NewSubclass says; nil for everything else.
func ownLayer(v any) any {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Struct { // from a file
		p := reflect.New(r.Type())
		p.Elem().Set(r)
		r, v = p, p.Interface()
	}
	if r.Kind() != reflect.Pointer || r.IsNil() {
		return nil
	}
	switch v.(type) {
	case Caller, MultiCaller:
		return v
	}
	return nil
}

// checkInput refuses shapes that no data can have.
func checkInput(in layers.InputLayer) error {
	shape, err := in.FullShape()
	if err != nil {
		return err
	}
	for _, d := range shape {
		if d < tensor.Unknown {
			return fmt.Errorf("the input shape %v has a negative length; -1 is one that is not fixed", shape)
		}
	}
	return nil
}

// typeName is how a description is written in Go, such as layers.Dense.
func typeName(v any) string {
	if v == nil {
		return "nil"
	}
	return strings.TrimPrefix(reflect.TypeOf(v).String(), "*")
}

// typeName names the layer's Go type in messages.
func (l *Layer) typeName() string {
	if l.model != nil || l.goType == "" {
		return "keras.Model"
	}
	return l.goType
}

// setField stores a value in one of the fields that all layers have, so that the
// description stays true when the model names or freezes the layer.
func (l *Layer) setField(name string, v any) {
	if l.desc == nil {
		return
	}
	old := reflect.ValueOf(l.desc)
	if old.Kind() == reflect.Pointer {
		if f := old.Elem().FieldByName(name); f.IsValid() && f.CanSet() {
			f.Set(reflect.ValueOf(v))
		}
		return
	}
	fresh := reflect.New(old.Type()).Elem()
	fresh.Set(old)
	if f := fresh.FieldByName(name); f.IsValid() {
		f.Set(reflect.ValueOf(v))
		l.desc = fresh.Interface()
	}
}

func className(v any) string {
	if c, ok := spec.ClassOf(v); ok {
		return c.Name
	}
	t := reflect.TypeOf(v)
	if t == nil {
		return "nil"
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

// inputShape returns the shape with the batch axis that the description gives its
// input, for the first layer of a Sequential; false when it gives none.
func (l *Layer) inputShape() (tensor.Shape, bool) {
	if in, ok := l.desc.(layers.InputLayer); ok {
		s, err := in.FullShape()
		return s, err == nil
	}
	if l.desc == nil {
		return nil, false
	}
	f := reflect.Indirect(reflect.ValueOf(l.desc)).FieldByName("InputShape")
	if !f.IsValid() || f.IsNil() {
		return nil, false
	}
	return append(tensor.Shape{tensor.Unknown}, f.Interface().([]int)...), true
}

// inferConcrete builds and calls the layer on inputs of known shapes, in a graph
// that is thrown away, and returns what comes out.
func (l *Layer) inferConcrete(m manner, in []graph.Spec) ([]outSpec, error) {
	t := newTrace(graph.New(), false)
	values := make([]graph.Value, len(in))
	for i, s := range in {
		values[i] = t.g.Input(fmt.Sprintf("in%d", i), s)
	}
	t.scratch = true
	out := t.guard(func() []graph.Value { return t.layer(l, m, values) })
	if err := t.g.Err(); err != nil {
		return nil, err
	}
	specs := make([]outSpec, len(out))
	for i, v := range out {
		specs[i].Spec = graph.Spec{DType: v.DType(), Shape: v.Shape().Clone()}
		if i < len(t.named) {
			specs[i].named = t.named[i]
		}
	}
	return specs, nil
}

// declare returns the weights the layer wants for inputs of known shapes.
func (l *Layer) declare(g *graph.Graph, in []tensor.Shape) []layers.Weight {
	b := layers.NewBuilder(g)
	if d, ok := l.desc.(layers.Layer); ok {
		d.Build(b, in...)
	}
	return b.Weights
}

// nameField returns a struct's Name field.
func nameField(v any) string {
	f := reflect.Indirect(reflect.ValueOf(v))
	if f.Kind() != reflect.Struct {
		return ""
	}
	if n := f.FieldByName("Name"); n.IsValid() && n.Kind() == reflect.String {
		return n.String()
	}
	return ""
}

// inputShapeField returns the description's InputShape, if its class has one.
func (l *Layer) inputShapeField() ([]int, bool) {
	f := reflect.Indirect(reflect.ValueOf(l.desc)).FieldByName("InputShape")
	if !f.IsValid() {
		return nil, false
	}
	s, ok := f.Interface().([]int)
	return s, ok
}
