package keras

import (
	"errors"
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// Words never reach a compiled step. The layer calls that follow from the inputs and
// read words or numbers of 64 bits (layers.Host) run before it, batch by batch, by the
// ops' own loops, on the data itself; the step is compiled for the numbers that they
// yield, whose shapes are then known, and fed with them. A layer call is found again by
// its key: its place in the model, after that of the models around it.

// onHost reports whether something of the model runs before its compiled steps.
func (m *Model) onHost() bool {
	for _, s := range m.inputs {
		if s.dtype == tensor.String {
			return true
		}
	}
	for _, l := range m.layers {
		if l.model != nil && l.model.onHost() {
			return true
		}
		if _, ok := l.desc.(layers.Host); ok {
			return true
		}
	}
	return false
}

// hosted are values that were computed before the compiled step, with their keys.
type hosted struct {
	keys   []string
	values []*tensor.Tensor
}

func hostKey(prefix string, call, output int) string {
	return fmt.Sprintf("%s%d/%d", prefix, call, output)
}

// host runs what comes before the compiled step on one batch of the inputs.
func (m *Model) host(x []*tensor.Tensor) (h hosted, err error) {
	defer caughtFunc(&err)
	in := make([]*tensor.Tensor, len(x))
	for i, t := range x {
		if in[i], err = m.inputs[i].take(t); err != nil {
			return h, err
		}
	}
	_, err = h.model(m, "", in)
	return h, err
}

// caughtFunc turns what an op on words panics with into an error.
func caughtFunc(err *error) {
	switch v := recover().(type) {
	case nil:
	case *ops.FuncError:
		*err = v
	case *tensor.ShapeError:
		*err = v
	default:
		panic(v)
	}
}

// take brings data into the type and the number of axes that the input declares, as
// adaptInput does in the step.
func (s *Symbol) take(t *tensor.Tensor) (*tensor.Tensor, error) {
	if err := s.checkWords(t); err != nil {
		return nil, err
	}
	t = t.Cast(s.dtype)
	switch d := t.Shape(); {
	case len(d) == len(s.shape)+1 && d.Last() == 1:
		t = t.Reshape(d[:len(d)-1]...)
	case len(d)+1 == len(s.shape) && s.shape.Last() == 1:
		t = t.Reshape(append(d.Clone(), 1)...)
	}
	return t, nil
}

// checkWords refuses words where numbers are wanted, and numbers where words are.
func (s *Symbol) checkWords(t *tensor.Tensor) error {
	if (t.DType() == tensor.String) == (s.dtype == tensor.String) {
		return nil
	}
	if s.dtype == tensor.String {
		return fmt.Errorf("holds %v; the model's input %q wants strings", t.DType(), s.call.layer.label())
	}
	return fmt.Errorf("holds strings; the model's input %q wants %v, words an input of dtype string", s.call.layer.label(), s.dtype)
}

// model runs those calls of a model that can be run on the inputs that are there.
func (h *hosted) model(m *Model, prefix string, in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	values := map[*Symbol]*tensor.Tensor{}
	for i, s := range m.inputs {
		values[s] = in[i]
	}
	for k, c := range m.calls {
		if c.layer.inputLayer() {
			continue
		}
		args, known, words := make([]*tensor.Tensor, len(c.in)), 0, false
		for i, s := range c.in {
			if args[i] = values[s]; args[i] != nil {
				known++
				words = words || args[i].DType() == tensor.String
			}
		}
		var out []*tensor.Tensor
		var err error
		_, reads := c.layer.desc.(layers.Host)
		switch {
		case c.layer.model != nil && known > 0:
			args, _ = apart(c.manner, args)
			out, err = h.model(c.layer.model, fmt.Sprintf("%s%d.", prefix, k), args)
		case c.layer.model == nil && known == len(args) && (reads || words):
			if out, err = c.run(args); err == nil {
				for i, t := range out {
					h.keys, h.values = append(h.keys, hostKey(prefix, k, i)), append(h.values, t)
				}
			}
		}
		if err != nil {
			return nil, err
		}
		for i, t := range out {
			if i < len(c.out) && t != nil {
				values[c.out[i]] = t
			}
		}
	}
	out := make([]*tensor.Tensor, len(m.outputs))
	for i, s := range m.outputs {
		out[i] = values[s]
	}
	return out, nil
}

// run computes one layer call by the ops' own loops.
func (c *call) run(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	l := *c.layer
	if d, ok := l.desc.(layers.Measurer); ok {
		measured, err := d.Measured(in...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.label(), err)
		}
		l.desc = measured
	}
	t := newTrace(graph.New(), false)
	feeds := graph.Feeds{Inputs: map[string]*tensor.Tensor{}}
	values := make([]graph.Value, len(in))
	for i, x := range in {
		name := inputName("x", i)
		values[i] = t.g.Input(name, graph.Spec{DType: x.DType(), Shape: x.Shape()})
		feeds.Inputs[name] = x
	}
	if d, ok := l.desc.(layers.Layer); ok {
		d.Build(layers.NewBuilder(t.g), specShapes(values)...)
	}
	if err := t.g.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", l.label(), err)
	}
	out := t.guard(func() []graph.Value { return t.layer(&l, c.manner, values) })
	if err := t.g.Err(); err != nil {
		return nil, err
	}
	list, err := runHost(t.g, out, feeds)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.label(), err)
	}
	return list, nil
}

func runHost(g *graph.Graph, out []graph.Value, feeds graph.Feeds) (list []*tensor.Tensor, err error) {
	defer func() {
		var f *ops.FuncError
		if errors.As(err, &f) {
			err = f.Err // the layer's name says it
		}
	}()
	defer caughtFunc(&err)
	return graph.Run(g, out, feeds, false)
}

func specShapes(in []graph.Value) []tensor.Shape {
	shapes := make([]tensor.Shape, len(in))
	for i, v := range in {
		shapes[i] = v.Shape()
	}
	return shapes
}
