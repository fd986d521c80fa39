package keras

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/operations"
)

// Symbol stands for a value that a model will compute: an input, or the output of
// a layer applied to other symbols. Keras calls it a KerasTensor.
type Symbol struct {
	call  *call
	index int
	shape tensor.Shape // tensor.Unknown for lengths that are not fixed
	dtype tensor.DType
	named string // Keras's name of the type, where neither dtype nor the layer tells it
	err   error  // why there is no such value
}

// Shape returns the shape; lengths that are not fixed, the batch axis among them,
// are tensor.Unknown.
func (s *Symbol) Shape() tensor.Shape { return s.shape }

// DType returns the element type.
func (s *Symbol) DType() tensor.DType { return s.dtype }

// Symbols is one symbol or, made by List or Dict, several.
type Symbols interface{ symbols() []*Symbol }

func (s *Symbol) symbols() []*Symbol { return []*Symbol{s} }

type symbolList []*Symbol

func (l symbolList) symbols() []*Symbol { return l }

// List makes several symbols the inputs or outputs of a model.
func List(s ...*Symbol) Symbols { return symbolList(s) }

// call is one application of a layer.
type call struct {
	layer *Layer
	index int // among the calls of the layer
	in    []*Symbol
	out   []*Symbol
	manner
}

// Layer is a layer with its place in a model, its name and its weights. Models
// hand it out; Share makes one that several calls use.
type Layer struct {
	desc      any    // a layers.Layer or an operations.Operation, completed; nil for a nested model
	model     *Model // a model used as a layer
	class     string
	goType    string // such as "layers.Dense", for messages
	created   int64  // earlier layers have smaller numbers
	name      string
	autoName  bool
	trainable bool
	learned   int // how often Adapt or SetVocabulary has changed it
	policy    layers.Policy
	built     bool
	weights   []*Variable
	memory    []*Variable // kept from call to call, but no weights
	calls     []*call
	linked    *call  // in a Sequential
	where     string // file:line that made it
	err       error  // why the description is no good
}

// Input returns a model's input of the given shape, the batch axis left out;
// tensor.Unknown (-1) is a length that may vary. Its type is float32; InputWith
// has more arguments.
func Input(shape ...int) *Symbol {
	return input(layers.InputLayer{Shape: shape}, caller(1))
}

// InputWith is Input with all of Keras's arguments.
func InputWith(in layers.InputLayer) *Symbol { return input(in, caller(1)) }

// Apply calls a new layer, such as layers.Dense{Units: 10}, or a model, on
// symbols.
func Apply(layer any, in ...*Symbol) *Symbol {
	return newLayer(layer, caller(1)).apply(caller(1), in)
}

// Share returns a layer to be called several times with the same weights.
func Share(layer any) *Layer { return newLayer(layer, caller(1)) }

// Call applies the layer to symbols and returns its output.
func (l *Layer) Call(in ...*Symbol) *Symbol { return l.apply(caller(1), in) }

// Name returns the layer's name, which is unique in its model.
func (l *Layer) Name() string { return l.name }

// Class returns the name of the layer's class, such as "Conv2D".
func (l *Layer) Class() string { return l.class }

// Description returns the struct that describes the layer, every argument set;
// for a nested model it returns the *Model.
func (l *Layer) Description() any {
	if l.model != nil {
		return l.model
	}
	return l.desc
}

// Trainable reports whether training changes the layer's weights.
func (l *Layer) Trainable() bool {
	if l.model != nil {
		return l.model.Trainable()
	}
	return l.trainable
}

// SetTrainable freezes or unfreezes the layer. As in Keras it takes effect when
// the model is compiled again.
func (l *Layer) SetTrainable(trainable bool) {
	l.trainable = trainable
	l.setField("Trainable", &trainable)
	if l.model != nil {
		l.model.SetTrainable(trainable)
	}
}

// InputLayer reports whether the layer is a model's input.
func (l *Layer) inputLayer() bool {
	_, ok := l.desc.(layers.InputLayer)
	return ok
}

func input(d layers.InputLayer, where string) *Symbol {
	l := newLayer(d, where)
	c := &call{layer: l}
	s := &Symbol{call: c, err: l.err}
	if in, ok := l.desc.(layers.InputLayer); ok {
		shape, err := in.FullShape()
		dtype, typeErr := tensor.ParseDType(in.DType)
		if err == nil {
			err = typeErr
		}
		if err != nil {
			s.err = located(where, "keras.Input", err)
		}
		s.shape, s.dtype = shape, dtype
	}
	c.out = []*Symbol{s}
	l.calls = append(l.calls, c)
	l.built = true
	return s
}

// located puts the caller's place and the call before an error.
func located(where, what string, err error) error {
	if where == "" {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %s: %w", where, what, err)
}

// apply calls the layer without arguments by name.
func (l *Layer) apply(where string, in []*Symbol) *Symbol { return l.applyAs(where, manner{}, in) }

// applyAs infers the layer's output and links it to the inputs.
func (l *Layer) applyAs(where string, m manner, in []*Symbol) *Symbol {
	out := &Symbol{shape: tensor.Shape{tensor.Unknown}}
	fail := func(err error) *Symbol { out.err = err; return out }
	if err := l.err; err != nil {
		return fail(err)
	}
	for _, s := range in {
		if s == nil {
			return fail(located(where, "keras.Apply("+l.typeName()+")", errors.New("an input is nil")))
		}
		if s.err != nil {
			return fail(s.err)
		}
	}
	if len(in) == 0 {
		return fail(located(where, "keras.Apply("+l.typeName()+")", errors.New("called without an input")))
	}
	c := &call{layer: l, index: len(l.calls), in: in, manner: m}
	specs, err := l.infer(m, in)
	if err != nil {
		return fail(located(where, "keras.Apply("+l.typeName()+")", err))
	}
	if err := l.sameWeights(c); err != nil {
		return fail(located(where, "keras.Apply("+l.typeName()+")", err))
	}
	for i, s := range specs {
		c.out = append(c.out, &Symbol{call: c, index: i, shape: s.Shape, dtype: s.DType, named: s.named})
	}
	l.calls = append(l.calls, c)
	return c.out[0]
}

// sameWeights checks that a further call wants the weights that the first one
// does.
func (l *Layer) sameWeights(c *call) error {
	if _, ok := l.desc.(layers.Layer); !ok || len(l.calls) == 0 {
		return nil
	}
	declared := func(c *call) []layers.Weight {
		shapes := make([]tensor.Shape, len(c.in))
		for i, s := range c.in {
			shapes[i] = known(s.shape, someLength)
		}
		return l.declare(graph.New(), arranged(c.manner, shapes))
	}
	before, now := declared(l.calls[0]), declared(c)
	for i := range before {
		if i < len(now) && !before[i].Shape.Equal(now[i].Shape) {
			return fmt.Errorf("the layer's weight %s has shape %v from its first call; this input, of shape %v, wants %v",
				before[i].Name, before[i].Shape, c.in[0].shape, now[i].Shape)
		}
	}
	return nil
}

// outSpec is what is known of an output: with Keras's name of its type, where the
// engine's does not tell it.
type outSpec struct {
	graph.Spec
	named string
}

// known returns a shape with every unknown length set to n.
func known(s tensor.Shape, n int) tensor.Shape {
	s = s.Clone()
	for k, d := range s {
		if d == tensor.Unknown {
			s[k] = n
		}
	}
	return s
}

// infer returns the outputs for symbolic inputs. Layers only know concrete
// shapes, so they are traced with two different primes for every unknown length:
// an output length that moves is unknown.
func (l *Layer) infer(m manner, in []*Symbol) ([]outSpec, error) {
	if l.model != nil && l.model.impl == nil {
		in, _ := apart(m, in)
		return l.model.inferOutputs(in)
	}
	if l.model != nil {
		if err := l.model.linkSymbols(in); err != nil {
			return nil, err
		}
	}
	unknown := false
	trial := func(prime int) ([]outSpec, error) {
		specs := make([]graph.Spec, len(in))
		for i, s := range in {
			specs[i] = graph.Spec{DType: s.dtype, Shape: s.shape.Clone()}
			for k, d := range specs[i].Shape {
				if d == tensor.Unknown {
					unknown = true
					specs[i].Shape[k] = prime
				}
			}
		}
		return l.inferConcrete(m, specs)
	}
	// Both are larger than any pool or kernel that is likely, and so far apart that
	// strides and pools keep them apart.
	first, second := 1009, 2003
	a, err := trial(first)
	if _, ok := l.desc.(operations.Operation); ok && err != nil && unknown { // one that cuts an axis into equal parts, perhaps
		first, second = 2520, 5040
		a, err = trial(first)
	}
	if err != nil && unknown {
		return nil, openLengths(err, first)
	}
	if err != nil || !unknown {
		return a, err
	}
	b, err := trial(second)
	if err != nil {
		return nil, openLengths(err, second)
	}
	for i := range a {
		for k := range a[i].Shape {
			if len(b[i].Shape) == len(a[i].Shape) && a[i].Shape[k] != b[i].Shape[k] {
				a[i].Shape[k] = tensor.Unknown
			}
		}
	}
	return a, nil
}

// openLengths writes None in a message in the place of the number that stood for lengths
// that are not fixed.
func openLengths(err error, stood int) error {
	var s *graph.ScopeError
	if errors.As(err, &s) {
		return &graph.ScopeError{Scope: s.Scope, Err: openLengthError{s.Err, stood}}
	}
	return openLengthError{err, stood}
}

type openLengthError struct {
	error
	stood int
}

func (e openLengthError) Error() string {
	return regexp.MustCompile(fmt.Sprintf(`\b%d\b`, e.stood)).ReplaceAllString(e.error.Error(), "None")
}

func (e openLengthError) Unwrap() error { return e.error }
