package layers_test

import (
	"fmt"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// call is one call of a layer by the reference interpreter.
type call struct {
	training bool
	path     string // names the random streams
	seed     int64
	step     int64
	masks    map[int]*tensor.Tensor
}

// run completes and builds the layer, gives its weights their starting values and
// calls it.
func (c call) run(layer any, in ...*tensor.Tensor) (*tensor.Tensor, error) {
	done, err := spec.CompleteAny(layer)
	if err != nil {
		return nil, err
	}
	l := done.(layers.Layer)
	g := graph.New()
	feeds := graph.Feeds{Inputs: map[string]*tensor.Tensor{ops.RNGInput: tensor.From([]int64{c.seed, c.step})}}
	env := layers.Env{Graph: g, Training: c.training, Path: c.path, Masks: map[graph.Value]graph.Value{}}
	var xs []graph.Value
	var shapes []tensor.Shape
	for i, t := range in {
		name := fmt.Sprint("x", i)
		x := g.Input(name, graph.Spec{DType: t.DType(), Shape: t.Shape()})
		if m := c.masks[i]; m != nil {
			env.Masks[x] = g.Constant(m)
		}
		feeds.Inputs[name] = t
		xs, shapes = append(xs, x), append(shapes, t.Shape())
	}
	b := layers.NewBuilder(g)
	l.Build(b, shapes...)
	if g.Err() != nil {
		return nil, g.Err()
	}
	weights := map[string]graph.Value{}
	for i, w := range b.Weights {
		t, err := w.Initializer.(initializers.Initializer).Initialize(w.Shape, rng.New(uint64(c.seed), uint64(i)))
		if err != nil {
			return nil, err
		}
		feeds.Variables = append(feeds.Variables, t)
		weights[w.Name] = g.Variable(i, graph.Spec{DType: tensor.Float32, Shape: w.Shape})
	}
	env.Weight = func(name string) graph.Value { return weights[name] }
	env.Assign = func(name string, v graph.Value) { g.Assign(weights[name], v) }
	env.AddLoss = func(graph.Value) {}
	y := l.Call(layers.NewContext(env), xs...)
	out, err := graph.Run(g, []graph.Value{y}, feeds, true)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

func (c call) must(t *testing.T, layer any, in ...*tensor.Tensor) *tensor.Tensor {
	t.Helper()
	y, err := c.run(layer, in...)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

func ones(shape ...int) *tensor.Tensor {
	t := tensor.New(tensor.Float32, shape...)
	for i := range t.Float32s() {
		t.Float32s()[i] = 1
	}
	return t
}
