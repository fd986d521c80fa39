package keras

import (
	"reflect"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/operations"
	"github.com/kerasgo/kerasgo/spec"
)

// node writes a call: the class with its arguments, or the node that is called again,
// and what it is called with.
func (w *graphWriter) node(c *call) (any, error) {
	o, err := w.head(c)
	if err != nil {
		return nil, err
	}
	from, with := w.arguments(c)
	if len(from) != 1 || from[0] != any(w.names[w.above]) {
		if o.Set("from", from); len(from) == 1 {
			if _, list := from[0].([]any); !list {
				o.Set("from", from[0])
			}
		}
	}
	if with.Len() > 0 {
		o.Set("with", with)
	}
	if keys := o.Keys(); len(keys) == 1 && keys[0] != "call" {
		if v, _ := o.Get(keys[0]); v == nil {
			return keys[0], nil // no arguments
		}
	}
	for _, k := range o.Keys() {
		if v, _ := o.Get(k); v == nil {
			o.Set(k, spec.NewObject())
		}
	}
	return o, nil
}

// head returns {Class: arguments} with nil for no arguments, or {call: node}.
func (w *graphWriter) head(c *call) (*spec.Object, error) {
	for _, o := range w.model.calls {
		if o.layer == c.layer && o.index < c.index {
			return spec.NewObject("call", c.layer.name), nil
		}
	}
	var short any
	var err error
	if c.layer.model != nil {
		short, err = c.layer.model.ShortKeras(w.full)
	} else {
		short, err = spec.Short(c.layer.nameless(), w.full)
	}
	if err != nil {
		return nil, err
	}
	class, args := "", any(nil)
	switch v := short.(type) {
	case string:
		class = v
	case *spec.Object:
		class = v.Keys()[0]
		args, _ = v.Get(class)
		if o, ok := args.(*spec.Object); ok && (c.layer.model != nil || w.full) {
			o.Delete("name") // the node's name is the layer's
			if list, _ := o.Get("layers"); class == "Sequential" && o.Len() == 1 {
				args = list
			}
		}
	}
	if isOperation(c.layer.desc) {
		class = "ops." + class
	}
	return spec.NewObject(class, args), nil
}

// nameless returns the layer's description without its name.
func (l *Layer) nameless() any {
	old := reflect.ValueOf(l.desc)
	if old.Kind() != reflect.Pointer {
		c := &Layer{desc: l.desc}
		c.setField("Name", "")
		return c.desc
	}
	fresh := reflect.New(old.Type().Elem())
	fresh.Elem().Set(old.Elem())
	c := &Layer{desc: fresh.Interface()}
	c.setField("Name", "")
	return c.desc
}

// arguments returns what a call takes by position and by name.
func (w *graphWriter) arguments(c *call) (from []any, with *spec.Object) {
	with = spec.NewObject()
	if op, ok := c.layer.desc.(operations.Operation); ok {
		names := op.Arguments()
		for i, a := range c.args {
			v := w.argument(a)
			switch {
			case i < len(names) && slices.Contains(c.keywords, names[i]):
				with.Set(names[i], v)
			case with.Len() == 0:
				from = append(from, v)
			}
		}
		return from, with
	}
	in, masks := apart(c.manner, c.in)
	for i, s := range in {
		if c.at == nil || c.at[i] == i {
			from = append(from, w.ref(s))
			continue
		}
		with.Set(c.layer.argument(c.manner, i), w.ref(s))
	}
	for _, o := range c.options {
		with.Set(o, true)
	}
	if c.training != nil {
		with.Set("training", *c.training)
	}
	if len(masks) > 0 {
		names := make([]any, len(masks))
		for i, s := range masks {
			names[i] = w.ref(s)
		}
		with.Set("mask", maskList(c.manner, names))
	}
	return from, with
}

// argument writes an argument of an operation.
func (w *graphWriter) argument(arg any) any {
	switch a := arg.(type) {
	case *Symbol:
		return w.ref(a)
	case []any:
		list := make([]any, len(a))
		for i, x := range a {
			list[i] = w.argument(x)
		}
		return list
	case *tensor.Tensor:
		return spec.NewObject("array", nested(a), "dtype", a.DType().String())
	case kerasTensor:
		return spec.NewObject("tensor", nested(a.Tensor), "dtype", a.DType().String())
	case operations.Range:
		return indexText(a)
	case operations.Ellipsis:
		return "..."
	case string:
		return spec.NewObject("text", a)
	}
	return arg
}
