package optimizers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers/schedules"
	"github.com/kerasgo/kerasgo/spec"
)

// signs is an optimizer of a user's own: steps of fixed size against the sign of the
// gradient. It counts them.
type signs struct{ Rate float64 }

func (o signs) Options() optimizers.Options {
	return optimizers.Options{LearningRate: o.Rate, ClipValue: new(1.0)}
}

func (o signs) Slots(vars []tensor.Shape) []optimizers.Slot {
	return append(o.Options().Slots(vars), optimizers.Slot{Name: "steps", Var: -1})
}

func (o signs) Update(s *optimizers.Step, i int) {
	s.Set(i, ops.Sub(s.Value(i), ops.Mul(s.LR, ops.Sign(s.Grad(i)))))
	s.Once("count", func() graph.Value {
		n := ops.AddScalar(s.Slot("steps", -1), 1)
		s.SetSlot("steps", -1, n)
		return n
	})
}

// step applies an optimizer to two variables, of which the first has a gradient when
// grad is set, and returns all variables.
func step(o optimizers.Optimizer, grad bool) ([]*tensor.Tensor, error) {
	shapes := []tensor.Shape{{3}, {2}}
	vars := []*tensor.Tensor{tensor.From([]float32{1, 2, 3}), tensor.From([]float32{4, 5}), tensor.Scalar(int32(0)), tensor.Scalar(float32(0.5))}
	for _, s := range o.Slots(shapes) {
		vars = append(vars, tensor.New(tensor.Float32, s.Shape...))
	}
	g := graph.New()
	variable := func(i int) graph.Value {
		return g.Variable(i, graph.Spec{DType: vars[i].DType(), Shape: vars[i].Shape()})
	}
	in := optimizers.StepInput{
		Graph: g, Iteration: variable(2), LearningRate: variable(3), Slot: func(i int) graph.Value { return variable(4 + i) }, Assign: g.Assign,
		Vars: []optimizers.Variable{{Name: "a", Value: variable(0)}, {Name: "b", Value: variable(1)}},
	}
	if grad {
		in.Vars[0].Grad = ops.Const(g, tensor.From([]float32{2, 0, -3}))
	}
	optimizers.Apply(o, in)
	_, err := graph.Run(g, nil, graph.Feeds{Variables: vars}, true)
	return vars, err
}

func TestOwnOptimizer(t *testing.T) {
	o, err := optimizers.Get(signs{Rate: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	vars, err := step(o, true)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]float32{0.5, 2, 3.5}, vars[0].Float32s()); d != "" {
		t.Error(d)
	}
	if vars[2].Int32s()[0] != 1 || vars[4].Float32s()[0] != 1 {
		t.Errorf("iteration %v, steps %v, want 1 and 1", vars[2], vars[4])
	}
}

func TestNoGradient(t *testing.T) {
	_, err := step(signs{Rate: 0.5}, false)
	if want := "no gradient for any variable: the loss does not depend on the trainable weights"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestGet(t *testing.T) {
	for _, v := range []any{3, "lamb", "huber", optimizers.Adam{UseEMA: true, EMAMomentum: new(2.0)}, optimizers.Adam{EMAOverwriteFrequency: -1}, signs{}.Rate} {
		if o, err := optimizers.Get(v); err == nil {
			t.Errorf("%v was accepted as %T", v, o)
		}
	}
	o, err := optimizers.Get(optimizers.SGD{LearningRate: schedules.ExponentialDecay{InitialLearningRate: 1, DecaySteps: 2, DecayRate: 0.25}})
	if err != nil {
		t.Fatal(err)
	}
	_, schedule := optimizers.LearningRate(o)
	if rate, err := schedules.At(schedule, 1); err != nil || rate != 0.5 {
		t.Errorf("rate %v after one step, want 0.5 (%v)", rate, err)
	}
}

// TestKeras2: configurations of Keras 2 are read where their extra keys do nothing.
func TestKeras2(t *testing.T) {
	read := func(config string) error {
		node, errs := spec.Parse("config.json", []byte(`{"class_name": "Adam", "config": {"learning_rate": 0.001, `+config+`}}`))
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if _, errs := spec.Decode(node, "optimizer"); len(errs) > 0 {
			return errs
		}
		return nil
	}
	for _, config := range []string{`"decay": 0.0, "jit_compile": true, "is_legacy_optimizer": false`, `"decay": null, "jit_compile": false`} {
		if err := read(config); err != nil {
			t.Errorf("%s: %v", config, err)
		}
	}
	if err := read(`"decay": 0.01`); err == nil {
		t.Error("a decay of 0.01 would be lost")
	}
}
