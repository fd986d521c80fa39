package experiment

import (
	"reflect"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/spec"
)

// Resolved returns the description as it will be run: overrides applied and, with
// full, every argument at its value. It parses to the same experiment.
func (e *Experiment) Resolved(full bool) (*spec.Object, error) {
	o := spec.NewObject("kerasgo", version, "name", e.Name)
	if e.Seed != nil {
		o.Set("seed", *e.Seed)
	}
	if e.DTypePolicy != "" {
		o.Set("dtype_policy", e.DTypePolicy)
	}
	if e.Data != nil {
		v, err := spec.Short(e.Data, full)
		if err != nil {
			return nil, err
		}
		o.Set("data", v)
	}
	if e.Model != nil {
		v, err := e.Model.resolved(full)
		if err != nil {
			return nil, err
		}
		o.Set("model", v)
	}
	add := func(name string, v any, given bool) error {
		if !given {
			return nil
		}
		args, err := spec.ShortStruct(v, full)
		if err == nil {
			for _, k := range args.Keys() { // null says no more than leaving it out
				if v, _ := args.Get(k); v == nil {
					args.Delete(k)
				}
			}
			o.Set(name, args)
		}
		return err
	}
	for _, err := range []error{
		add("compile", e.Compile, e.Compile != nil),
		add("fit", e.Fit, e.Fit != nil),
		add("evaluate", e.Evaluate, e.Evaluate != nil),
		add("save", e.Save, e.Save != nil),
	} {
		if err != nil {
			return nil, err
		}
	}
	o.Set("run", spec.NewObject("dir", e.RunFolder()))
	if n := e.Root.Get("sweep"); n != nil {
		o.Set("sweep", n.Plain())
	}
	return o, nil
}

// resolved returns the section model.
func (m *Model) resolved(full bool) (any, error) {
	switch {
	case m.File != "":
		return spec.NewObject("load_model", m.File), nil
	case m.Application != nil:
		return spec.Short(m.Application, full)
	case m.Class != "Sequential" && full && m.Node.Get("class_name") != nil:
		return m.Node.Plain(), nil // Keras's JSON leaves nothing out
	case m.Class != "Sequential":
		model, errs := keras.Decode(m.Node)
		if err := errs.Err(); err != nil {
			return nil, err
		}
		return model.ShortKeras(full)
	}
	list, err := m.shortLayers(full)
	if err != nil {
		return nil, err
	}
	args := spec.NewObject()
	if m.Name != "" && (full || m.Name != "sequential") { // the automatic one
		args.Set("name", m.Name)
	}
	if m.Shape != nil && (full || !m.tellsInput()) {
		shape := make([]any, len(m.Shape))
		for i, n := range m.Shape {
			if n != -1 {
				shape[i] = n
			}
		}
		args.Set("build_input_shape", shape)
	}
	if args.Len() == 0 {
		return spec.NewObject("Sequential", list), nil
	}
	args.Set("layers", list)
	return spec.NewObject("Sequential", args), nil
}

// tellsInput reports whether the first layer tells the shape of the input.
func (m *Model) tellsInput() bool {
	first := m.Layers[0]
	if first.Model != nil {
		return first.Model.Shape != nil || len(first.Model.Layers) > 0 && first.Model.tellsInput()
	}
	if first.Class() == "InputLayer" {
		return true
	}
	c, ok := spec.ClassOf(first.Value)
	if !ok {
		return false
	}
	f, ok := c.Field("input_shape")
	return ok && !reflect.ValueOf(first.Value).Field(f.Index).IsZero()
}

// shortLayers returns the layers in the short form. Models among them interrupt
// the list, whose automatic names are numbered over all of it.
func (m *Model) shortLayers(full bool) ([]any, error) {
	var values []any
	nested := map[int]any{}
	for i, l := range m.Layers {
		if l.Model != nil {
			v, err := l.Model.resolved(full)
			if err != nil {
				return nil, err
			}
			nested[i] = v
			continue
		}
		values = append(values, l.Value)
	}
	if len(nested) == 0 {
		short, err := spec.Short(values, full)
		if err != nil {
			return nil, err
		}
		return short.([]any), nil
	}
	var out []any
	for i, l := range m.Layers {
		if v, ok := nested[i]; ok {
			out = append(out, v)
			continue
		}
		v, err := spec.Short(l.Value, false) // names stay automatic
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
