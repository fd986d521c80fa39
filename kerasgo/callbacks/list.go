package callbacks

import (
	"fmt"
	"reflect"

	"github.com/kerasgo/kerasgo/spec"
)

// List calls callbacks in order. A hook stops at the first error.
type List []Callback

// NewList makes a list of callbacks given in any form: a Callback, a struct whose
// pointer is one (of which it starts a copy), or the name of a class without
// required arguments. Arguments are completed and checked; a pointer is completed in
// place.
func NewList(items ...any) (List, error) {
	var l List
	for _, item := range items {
		if more, ok := item.(List); ok {
			l = append(l, more...)
			continue
		}
		c, err := start(item)
		if err != nil {
			return nil, err
		}
		l = append(l, c)
	}
	return l, nil
}

// checker is a callback with rules that tags can't express.
type checker interface{ check() error }

func start(item any) (Callback, error) {
	if s, ok := item.(string); ok {
		obj, err := spec.ResolveString("callback", s)
		if err != nil {
			return nil, err
		}
		item = obj
	}
	v := reflect.ValueOf(item)
	if class, ok := spec.ClassOf(item); ok && class.Type != nil {
		if class.Kind != "callback" {
			return nil, fmt.Errorf("callbacks: %s is no callback but a %s", class.Name, class.Kind)
		}
		done, err := spec.CompleteAny(item)
		if err != nil {
			return nil, err
		}
		if v.Kind() == reflect.Pointer {
			v.Elem().Set(reflect.ValueOf(done))
		} else {
			v = reflect.ValueOf(done)
		}
	}
	if v.Kind() == reflect.Struct {
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		v = p
	}
	if !v.IsValid() {
		return nil, fmt.Errorf("callbacks: nil is no callback")
	}
	c, ok := v.Interface().(Callback)
	if !ok {
		return nil, fmt.Errorf("callbacks: %T is no callback: embed callbacks.Base", item)
	}
	if k, ok := c.(checker); ok {
		if err := k.check(); err != nil {
			return nil, fmt.Errorf("callbacks: %s: %w", v.Type().Elem().Name(), err)
		}
	}
	return c, nil
}

// each calls hook for every callback until one fails.
func (l List) each(hook func(Callback) error) error {
	for _, c := range l {
		if err := hook(c); err != nil {
			return err
		}
	}
	return nil
}

// SetModel hands the model to every callback.
func (l List) SetModel(m Model) {
	for _, c := range l {
		c.SetModel(m)
	}
}

// OnTrainBegin calls the hook of every callback.
func (l List) OnTrainBegin(logs Logs) error {
	return l.each(func(c Callback) error { return c.OnTrainBegin(logs) })
}

// OnTrainEnd calls the hook of every callback.
func (l List) OnTrainEnd(logs Logs) error {
	return l.each(func(c Callback) error { return c.OnTrainEnd(logs) })
}

// OnTestBegin calls the hook of every callback.
func (l List) OnTestBegin(logs Logs) error {
	return l.each(func(c Callback) error { return c.OnTestBegin(logs) })
}

// OnTestEnd calls the hook of every callback.
func (l List) OnTestEnd(logs Logs) error {
	return l.each(func(c Callback) error { return c.OnTestEnd(logs) })
}

// OnPredictBegin calls the hook of every callback.
func (l List) OnPredictBegin(logs Logs) error {
	return l.each(func(c Callback) error { return c.OnPredictBegin(logs) })
}

// OnPredictEnd calls the hook of every callback.
func (l List) OnPredictEnd(logs Logs) error {
	return l.each(func(c Callback) error { return c.OnPredictEnd(logs) })
}

// OnEpochBegin calls the hook of every callback.
func (l List) OnEpochBegin(epoch int, logs Logs) error {
	return l.each(func(c Callback) error { return c.OnEpochBegin(epoch, logs) })
}

// OnEpochEnd calls the hook of every callback.
func (l List) OnEpochEnd(epoch int, logs Logs) error {
	return l.each(func(c Callback) error { return c.OnEpochEnd(epoch, logs) })
}

// OnTrainBatchBegin calls the hook of every callback.
func (l List) OnTrainBatchBegin(batch int, logs Logs) error {
	return l.each(func(c Callback) error { return c.OnTrainBatchBegin(batch, logs) })
}

// OnTrainBatchEnd calls the hook of every callback.
func (l List) OnTrainBatchEnd(batch int, logs Logs) error {
	return l.each(func(c Callback) error { return c.OnTrainBatchEnd(batch, logs) })
}

// OnTestBatchBegin calls the hook of every callback.
func (l List) OnTestBatchBegin(batch int, logs Logs) error {
	return l.each(func(c Callback) error { return c.OnTestBatchBegin(batch, logs) })
}

// OnTestBatchEnd calls the hook of every callback.
func (l List) OnTestBatchEnd(batch int, logs Logs) error {
	return l.each(func(c Callback) error { return c.OnTestBatchEnd(batch, logs) })
}

// OnPredictBatchBegin calls the hook of every callback.
func (l List) OnPredictBatchBegin(batch int, logs Logs) error {
	return l.each(func(c Callback) error { return c.OnPredictBatchBegin(batch, logs) })
}

// OnPredictBatchEnd calls the hook of every callback.
func (l List) OnPredictBatchEnd(batch int, logs Logs) error {
	return l.each(func(c Callback) error { return c.OnPredictBatchEnd(batch, logs) })
}

var _ Callback = List{}
