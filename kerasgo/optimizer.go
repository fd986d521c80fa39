package keras

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// Optimizer is an optimizer with its state: the one that Compile makes, or one more that a
// step of one's own applies, as those of the two networks of a GAN. It is for the weights
// that it is first applied to.
type Optimizer struct {
	optimizer optimizers.Optimizer
	iteration *tensor.Tensor // int32 scalar; nil before the first step
	rate      *tensor.Tensor // float32 scalar
	slotDefs  []optimizers.Slot
	slots     []*tensor.Tensor
	vars      []*Variable // that it changes
	err       error       // why the description is no good

	saved []kerasfile.Tensor // the state that a file has, until the weights are known
}

// NewOptimizer makes an optimizer from a description, such as optimizers.Adam{}, or a
// name, for an exported field of a model of one's own; see NewSubclass. A mistake is
// returned by the model's Err.
func NewOptimizer(description any) *Optimizer {
	o := &Optimizer{}
	if o.optimizer, o.err = optimizers.Get(description); o.err != nil {
		return o
	}
	switch o.optimizer.(type) {
	case optimizers.MultiOptimizer, optimizers.LossScaleOptimizer:
		o.err = fmt.Errorf("a %s works in Compile only; apply its optimizers one by one", className(o.optimizer))
	}
	return o
}

// LearningRate returns the learning rate, unless a schedule sets it.
func (o *Optimizer) LearningRate() (float64, error) {
	rate, schedule := optimizers.LearningRate(o.optimizer)
	if schedule != nil {
		return 0, fmt.Errorf("keras: the learning rate follows a schedule")
	}
	if o.rate != nil {
		rate = float64(o.rate.Float32s()[0])
	}
	return rate, nil
}

// SetLearningRate changes the learning rate from the next step on. Between the steps of
// Fit it may be called by a callback.
func (o *Optimizer) SetLearningRate(rate float64) error {
	if _, err := o.LearningRate(); err != nil {
		return err
	}
	o.startRate()
	o.rate.Float32s()[0] = float32(rate)
	return nil
}

func (o *Optimizer) startRate() {
	if o.rate == nil {
		rate, _ := optimizers.LearningRate(o.optimizer)
		o.rate = tensor.Scalar(float32(rate))
	}
}

// build makes the optimizer's variables for weights.
func (o *Optimizer) build(vars []*Variable, paths map[*Variable]string) {
	o.vars, o.iteration, o.slots = vars, tensor.New(tensor.Int32), nil
	o.startRate()
	shapes, names := o.shapesAndPaths(paths)
	o.slotDefs = optimizers.SlotsOf(o.optimizer, names, shapes)
	for _, d := range o.slotDefs {
		dtype := tensor.Float32
		if d.Var >= 0 {
			dtype = vars[d.Var].tensor.DType()
		}
		t := tensor.New(dtype, d.Shape...)
		for i := range t.Size() {
			t.SetFloat64At(i, d.Init)
		}
		if d.Copy {
			t.CopyFrom(vars[d.Var].tensor)
		}
		o.slots = append(o.slots, t)
	}
}

// restore takes the state that a file had for it.
func (o *Optimizer) restore(paths map[*Variable]string) error {
	vars := o.saved
	if o.saved = nil; len(vars) == 0 {
		return nil
	}
	return o.set(vars, paths)
}

// shapesAndPaths returns those of the weights, paths as Keras has them.
func (o *Optimizer) shapesAndPaths(paths map[*Variable]string) ([]tensor.Shape, []string) {
	shapes, names := make([]tensor.Shape, len(o.vars)), make([]string, len(o.vars))
	for i, v := range o.vars {
		shapes[i], names[i] = v.Shape(), paths[v]
	}
	return shapes, names
}

// input prepares a step, given the graph's variables of the tensors it is bound to. The
// policies are those by which what the optimizer keeps for weights is stored.
func (o *Optimizer) input(g *graph.Graph, bound func(*tensor.Tensor) graph.Value) (in optimizers.StepInput, policies map[graph.Value]layers.Policy) {
	policies = map[graph.Value]layers.Policy{}
	in = optimizers.StepInput{Graph: g, Iteration: bound(o.iteration), LearningRate: bound(o.rate)}
	in.Slot = func(i int) graph.Value {
		slot := bound(o.slots[i])
		if k := o.slotDefs[i].Var; k >= 0 {
			policies[slot] = o.vars[k].layer.policy
		}
		return slot
	}
	return in, policies
}
