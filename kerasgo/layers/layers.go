package layers

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/constraints"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/kerasgo/regularizers"
	"github.com/kerasgo/kerasgo/spec"
)

// Layer is a description of a computation with weights. Its values are plain
// structs: the weights live in the model.
//
// Both methods see a completed struct (every unset argument at its default, every
// initializer, regularizer, constraint and activation resolved).
type Layer interface {
	// Build declares the weights for inputs of the given shapes. All lengths are
	// known, the batch axis included; nothing may depend on the batch length.
	Build(b *Builder, in ...tensor.Shape)
	// Call computes the output while the model is traced.
	Call(c *Context, in ...graph.Value) graph.Value
}

// MultiOutput is a layer with several outputs. Where only one is asked for, it is
// the first, which Call returns.
type MultiOutput interface {
	CallMulti(c *Context, in ...graph.Value) []graph.Value
}

// StateTaker is a layer whose inputs after the first are its first state, which
// Keras calls initial_state.
type StateTaker interface{ TakesState() }

// Masker is a layer that decides about masks itself. Without it a layer passes
// its input's mask on when it is a MaskPasser, and drops it otherwise.
type Masker interface {
	// Mask returns the mask of the output, or a zero Value. Mask values are 0/1
	// float32 of the output's shape without its last axis.
	Mask(c *Context, in ...graph.Value) graph.Value
}

// MaskPasser is a layer whose output keeps its input's mask.
type MaskPasser interface{ PassesMask() }

// Weight is one array that a layer declares.
type Weight struct {
	Name        string // path inside the layer, such as "kernel" or "cell/kernel"
	Shape       tensor.Shape
	Initializer any // an initializers value
	Regularizer any // a regularizers value or nil
	Constraint  any // a constraints value or nil
	Trainable   bool
	Whole       bool     // a count: int32 whatever the layer's dtype is
	Frozen      bool     // in a layer inside the layer that is not to be trained
	Memory      bool     // no weight: kept from call to call, but not counted, listed or saved
	Shared      []string // the layers around its own, outermost first, that have it as a weight too; see Builder.Share
	group       string   // path inside the layer of the layer whose weight it is, as files name it
}

// WeightOptions are the optional parts of a trainable weight.
type WeightOptions struct {
	Regularizer any // a regularizers value, a name or nil
	Constraint  any // a constraints value, a name or nil
}

// Builder collects what a layer's Build declares.
type Builder struct {
	Weights []Weight
	scope   *graph.Graph // for its sticky, scoped error
	prefix  string
	group   string // prefix, as files name it
	layer   Layer  // the child being built
	frozen  bool   // it is not to be trained
}

// NewBuilder returns a Builder that reports errors through g.
func NewBuilder(g *graph.Graph) *Builder { return &Builder{scope: g} }

// Weight declares a trainable weight. Init is an initializers value or a name; nil means
// glorot_uniform.
func (b *Builder) Weight(name string, shape tensor.Shape, init any, o WeightOptions) {
	w := b.weight(name, shape, init)
	w.Regularizer = resolved[regularizers.Regularizer](b, name, "regularizer", o.Regularizer)
	w.Constraint = resolved[constraints.Constraint](b, name, "constraint", o.Constraint)
	w.Trainable, w.Frozen = true, b.frozen
	b.Weights = append(b.Weights, w)
}

// State declares a weight that training changes only through Context.Assign; init is as
// in Weight.
func (b *Builder) State(name string, shape tensor.Shape, init any) {
	b.Weights = append(b.Weights, b.weight(name, shape, init))
}

func (b *Builder) weight(name string, shape tensor.Shape, init any) Weight {
	if init == nil {
		init = "glorot_uniform"
	}
	init = resolved[initializers.Initializer](b, name, "initializer", init)
	return Weight{Name: b.prefix + name, Shape: shape.Clone(), Initializer: init, group: b.group}
}

// resolved returns the object of a weight that a name, or a struct with arguments left
// out, stands for; nil for nil.
func resolved[T any](b *Builder, weight, kind string, v any) any {
	if v == nil {
		return nil
	}
	var err error
	if name, ok := v.(string); ok {
		v, err = spec.ResolveString(kind, name)
	} else if _, ok := spec.ClassOf(v); ok {
		v, err = spec.CompleteAny(v)
	}
	if _, ok := v.(T); err == nil && !ok {
		err = fmt.Errorf("a %T is no %s", v, kind)
	}
	if err != nil {
		b.Errorf("weight %s: %w", b.prefix+weight, err)
	}
	return v
}

// Counter declares a whole number that starts at 0.
func (b *Builder) Counter(name string) {
	b.Weights = append(b.Weights, Weight{Name: b.prefix + name, Shape: tensor.Shape{}, Initializer: initializers.Zeros{}, Whole: true, group: b.group})
}

// Memory declares an array, at first 0, that the layer keeps from call to call, as a
// stateful recurrent layer keeps its state: Context.Weight reads it and
// Context.Assign sets it, when predicting too. It is no weight: it is not counted,
// listed or saved. Unlike a weight's its shape may have the batch axis; the model must
// fix that.
func (b *Builder) Memory(name string, shape tensor.Shape) {
	b.Weights = append(b.Weights, Weight{Name: b.prefix + name, Shape: shape.Clone(), Initializer: initializers.Zeros{}, Memory: true, group: b.group})
}

// Share makes a weight of a layer inside this one, such as "layer/kernel", a weight of
// this one too. Files have it in both places; it is counted and listed once, with the
// outer layer's.
func (b *Builder) Share(name string) {
	for i := range b.Weights {
		if w := &b.Weights[i]; w.Name == b.prefix+name {
			w.Shared = slices.Insert(w.Shared, 0, strings.TrimSuffix(b.group, "/"))
		}
	}
}

// Groups returns the paths inside the layer of those that have the weight, outermost
// first; the layer itself is "".
func (w Weight) Groups() []string {
	return append(slices.Clone(w.Shared), strings.TrimSuffix(w.group, "/"))
}

// isFrozen reports whether a layer's argument Trainable is false.
func isFrozen(l Layer) bool {
	v := reflect.Indirect(reflect.ValueOf(l))
	if v.Kind() != reflect.Struct || !v.FieldByName("Trainable").IsValid() {
		return false
	}
	trainable, ok := v.FieldByName("Trainable").Interface().(*bool)
	return ok && trainable != nil && !*trainable
}

// Errorf records that the inputs do not fit.
func (b *Builder) Errorf(format string, args ...any) { b.scope.Errorf(format, args...) }

// Env is what a model lends a layer while it is traced.
type Env struct {
	Graph    *graph.Graph
	Training bool
	DType    tensor.DType                     // Float32 or Float64: in which the layer computes
	Path     string                           // the layer's path, which names its random streams
	Weight   func(name string) graph.Value    // zero Value when there is no such weight
	Assign   func(name string, v graph.Value) // to a state weight
	AddLoss  func(v graph.Value)              // a scalar added to the model's loss
	Masks    map[graph.Value]graph.Value      // masks of the values traced so far
	Masked   bool                             // the call was given masks of its own, which are in Masks
	Options  []string                         // what an OptionTaker is called with
}

// Context gives a layer what it may touch while it is called; nothing else is
// reachable.
type Context struct {
	env    Env
	prefix string
	random *uint64 // number of random streams taken by the layer's call
}

// NewContext returns the Context for one call of a layer.
func NewContext(env Env) *Context { return &Context{env: env, random: new(uint64)} }

// Graph returns the graph under construction.
func (c *Context) Graph() *graph.Graph { return c.env.Graph }

// Training reports whether the model is traced for training.
func (c *Context) Training() bool { return c.env.Training }

// Weight returns the weight of that name.
func (c *Context) Weight(name string) graph.Value {
	v := c.env.Weight(c.prefix + name)
	if !v.OK() {
		panic("layers: weight " + c.prefix + name + " was not declared in Build")
	}
	return v
}

// Has reports whether Build declared the weight.
func (c *Context) Has(name string) bool { return c.env.Weight(c.prefix + name).OK() }

// Assign sets a state weight when the step has run.
func (c *Context) Assign(name string, v graph.Value) { c.env.Assign(c.prefix+name, v) }

// AddLoss adds a scalar to the model's loss.
func (c *Context) AddLoss(v graph.Value) { c.env.AddLoss(v) }

// Mask returns the mask that came with an input, or a zero Value.
func (c *Context) Mask(in graph.Value) graph.Value {
	m := c.env.Masks[in]
	if !m.OK() {
		return m
	}
	return ops.Cast(m, c.env.DType)
}

// Errorf records that the layer cannot compute its output.
func (c *Context) Errorf(format string, args ...any) { c.env.Graph.Errorf(format, args...) }

// Apply calls a layer as a model does: it returns all outputs, and adds the penalty
// of the layer's ActivityRegularizer for each of them to the loss.
func Apply(c *Context, l Layer, in ...graph.Value) []graph.Value {
	var out []graph.Value
	if m, ok := l.(MultiOutput); ok {
		out = m.CallMulti(c, in...)
	} else {
		out = []graph.Value{l.Call(c, in...)}
	}
	c.penalise(activityRegularizer(l), out...)
	return out
}

// PenalisesParts marks a layer whose ActivityRegularizer is for the layers inside it,
// not for its own output.
type PenalisesParts interface{ PenalisesParts() }

// activityRegularizer returns what penalises the outputs of a layer, or nil.
func activityRegularizer(l any) any {
	v := reflect.Indirect(reflect.ValueOf(l))
	if _, parts := l.(PenalisesParts); parts || v.Kind() != reflect.Struct {
		return nil
	}
	if f := v.FieldByName("ActivityRegularizer"); f.IsValid() {
		return f.Interface()
	}
	return nil
}
