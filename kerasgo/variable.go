package keras

import (
	"fmt"
	"math"
	"strings"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// Variable is a weight of a model.
type Variable struct {
	decl   layers.Weight
	layer  *Layer
	tensor *tensor.Tensor // always the same one: new values are copied into it
}

// Name returns the weight's name in its layer, such as "kernel".
func (v *Variable) Name() string { return v.decl.Name[strings.LastIndexByte(v.decl.Name, '/')+1:] }

// Path returns the layer's and the weight's name, such as "conv2d/kernel".
func (v *Variable) Path() string { return v.layer.name + "/" + v.decl.Name }

// Shape returns the weight's shape.
func (v *Variable) Shape() tensor.Shape { return v.tensor.Shape() }

// Trainable reports whether training changes the weight.
func (v *Variable) Trainable() bool {
	return v.decl.Trainable && !v.decl.Frozen && v.layer.Trainable()
}

// Value returns a copy of the weight.
func (v *Variable) Value() *tensor.Tensor { return v.tensor.Clone() }

// Assign copies t, which must have the weight's shape, into the weight.
func (v *Variable) Assign(t *tensor.Tensor) error {
	if t == nil {
		return fmt.Errorf("weight %s: the value is nil", v.Path())
	}
	if !t.Shape().Equal(v.Shape()) {
		return fmt.Errorf("weight %s has shape %v, the value has %v", v.Path(), v.Shape(), t.Shape())
	}
	if t.DType() == tensor.String {
		return fmt.Errorf("weight %s: a string is no value for it", v.Path())
	}
	v.store(t)
	run.VariablesChanged()
	return nil
}

// store copies a tensor of the weight's shape into it, rounded to numbers that the
// layer's policy has.
func (v *Variable) store(t *tensor.Tensor) {
	v.tensor.CopyFrom(t.Cast(v.tensor.DType()))
	v.layer.policy.RoundAll(v.tensor)
}

// fitsMemory refuses shapes of more than 32 GiB of float32.
func fitsMemory(s tensor.Shape) error {
	const most = min(1<<33, math.MaxInt) // elements
	n := 1
	for _, d := range s {
		if d < 0 || d > 0 && n > most/d {
			return fmt.Errorf("its shape %v is too large", s)
		}
		n *= d
	}
	return nil
}

// typeOf is the type of the tensor that holds a weight.
func (l *Layer) typeOf(w layers.Weight) tensor.DType {
	if w.Whole {
		return tensor.Int32
	}
	return l.variableType()
}

// newVariable makes a weight at its initial value, which is a function of the
// seed, the layer's name and the weight's.
func newVariable(l *Layer, w layers.Weight, seed uint64, path string) (*Variable, error) {
	init, ok := w.Initializer.(initializers.Initializer)
	if !ok {
		return nil, fmt.Errorf("%s: weight %s: %T is no initializer", path, w.Name, w.Initializer)
	}
	if err := fitsMemory(w.Shape); err != nil {
		return nil, fmt.Errorf("%s: weight %s: %w", path, w.Name, err)
	}
	t, err := init.Initialize(w.Shape, rng.New(seed, rng.Hash(path+"/"+w.Name)))
	if err != nil {
		return nil, fmt.Errorf("%s: weight %s: %w", path, w.Name, err)
	}
	v := &Variable{decl: w, layer: l, tensor: tensor.New(l.typeOf(w), w.Shape...)}
	v.store(t)
	return v, nil
}
