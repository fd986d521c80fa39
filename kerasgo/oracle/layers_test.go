package oracle_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/regularizers"
	"github.com/kerasgo/kerasgo/spec"
)

// layerCase is a recorded call of a layer; gen/layers.py says what is in it.
type layerCase struct {
	Class       string          `json:"cls"`
	Object      json.RawMessage `json:"object"`
	Inputs      []*array        `json:"inputs"`
	Masks       []*array        `json:"masks"`
	Names       []string        `json:"names"`   // of the inputs, where the layer takes them by name
	Options     []string        `json:"options"` // of the call
	OutputShape []*int          `json:"output_shape"`
	Weights     []struct {
		Name      string `json:"name"`
		Value     *array `json:"value"`
		Trainable bool   `json:"trainable"`
	} `json:"weights"`
	Random    []int64    `json:"random"`          // seed and step of the random numbers, which gen/draws.py makes too
	Cotangent *array     `json:"cotangent"`       // nil where no gradients are recorded
	More      []*array   `json:"more_cotangents"` // of the outputs after the first
	Infer     *layerMode `json:"infer"`
	Train     *layerMode `json:"train"` // nil when the layer draws random numbers
}

type layerMode struct {
	Output      *array   `json:"output"`
	More        []*array `json:"more"` // the outputs after the first
	Mask        *array   `json:"mask"`
	Losses      float64  `json:"losses"`
	GradInputs  []*array `json:"grad_inputs"`
	GradWeights []*array `json:"grad_weights"`
	After       []*array `json:"after"` // the state weights after the call
}

// Relative to the largest element; orders of summation differ between instruction
// sets. In the gradients of attention large terms cancel.
const tolerance, attentionTolerance = 5e-6, 2e-5

func (c layerCase) tolerance() float64 {
	if c.Options != nil {
		return attentionTolerance
	}
	return tolerance
}

// engine is a way to compute: run runs a graph and carries out its assigns, after
// fuse, if there is one, has rewritten it.
type engine struct {
	fuse func(g *graph.Graph, values []graph.Value) (*graph.Graph, []graph.Value)
	run  func(g *graph.Graph, want []graph.Value, f graph.Feeds) ([]*tensor.Tensor, error)
}

// The ops' own loops, the definition of what layers compute.
func TestLayers(t *testing.T) {
	testLayers(t, engine{run: func(g *graph.Graph, want []graph.Value, f graph.Feeds) ([]*tensor.Tensor, error) {
		return graph.Run(g, want, f, true)
	}})
}

// Compiled Programs on the kernels of this machine, as models run them: fused
// before differentiation.
func TestLayersCompiled(t *testing.T) {
	pool := run.NewPool(2)
	defer pool.Close()
	testLayers(t, engine{plan.Fuse, compiled(pool)})
}

// The same without fusion.
func TestLayersUnfused(t *testing.T) {
	pool := run.NewPool(2)
	defer pool.Close()
	testLayers(t, engine{run: compiled(pool)})
}

func compiled(pool *run.Pool) func(*graph.Graph, []graph.Value, graph.Feeds) ([]*tensor.Tensor, error) {
	return func(g *graph.Graph, want []graph.Value, f graph.Feeds) ([]*tensor.Tensor, error) {
		p, err := plan.Compile(g, want)
		if err != nil {
			return nil, err
		}
		frame, err := p.NewFrame(f.Variables, pool.Size())
		if err != nil {
			return nil, err
		}
		for i, name := range p.Inputs {
			if err := frame.SetInput(i, f.Inputs[name]); err != nil {
				return nil, err
			}
		}
		if err := pool.Run(frame); err != nil {
			return nil, err
		}
		out := make([]*tensor.Tensor, len(want))
		for i := range out {
			out[i] = frame.Output(i)
		}
		return out, nil
	}
}

// layerFiles hold the recorded cases; gen/ has a script for each.
var layerFiles = []string{"layers", "rnn", "attention", "attention_draws", "layers3d", "adaptive", "image", "application_layers", "core", "assigned", "spectral", "augment", "elastic", "audio", "lambda"}

func layerCases(t *testing.T) []layerCase {
	var all []layerCase
	for _, name := range layerFiles {
		all = append(all, load[layerCase](t, name+".json.gz")...)
	}
	return all
}

func testLayers(t *testing.T, exec engine) {
	errs := largest{}
	errs.log(t)
	count := map[string]int{}
	for _, c := range layerCases(t) {
		count[c.Class]++
		t.Run(fmt.Sprintf("%s/%d", c.Class, count[c.Class]), func(t *testing.T) {
			layer := decode(t, c.Object, "layer").(layers.Layer)
			checkConfig(t, layer, c)
			for _, m := range []struct {
				name     string
				want     *layerMode
				training bool
			}{{"infer", c.Infer, false}, {"train", c.Train, true}} {
				if m.want != nil {
					runMode(t, exec, m.name, layer, c, m.want, m.training, errs)
				}
			}
		})
	}
	t.Logf("cases: %v", count)
}

// Every registered layer class must have cases.
func TestLayersComplete(t *testing.T) {
	have := map[string]int{}
	for _, c := range layerCases(t) {
		have[c.Class]++
	}
	for _, c := range preprocessingCases(t) {
		have[c.Class]++
	}
	for _, c := range spec.Classes("layer") {
		if c.Module == "keras.layers" && have[c.Name] < 3 {
			t.Errorf("layer %s has %d recorded cases; add some to gen/layers.py or gen/rnn.py", c.Name, have[c.Name])
		}
	}
}

func checkConfig(t *testing.T, layer layers.Layer, c layerCase) {
	t.Helper()
	ours, err := spec.Serialize(layer)
	if err != nil {
		t.Fatal(err)
	}
	var keras any
	if err := json.Unmarshal(c.Object, &keras); err != nil {
		t.Fatal(err)
	}
	sameConfig(t, "layer", nil, ours, keras)
}

// runMode calls the layer in one mode and compares what comes out with Keras.
func runMode(t *testing.T, exec engine, mode string, layer layers.Layer, c layerCase, want *layerMode, training bool, errs largest) {
	t.Helper()
	r := traceLayer(t, layer, c, training)
	values, grads := r.differentiate(t, exec, c)
	out, err := exec.run(r.g, append(slices.Clone(values), present(grads)...), r.feeds)
	if err != nil {
		t.Fatal(err)
	}
	errs.note(c.Class+" output", compare(t, mode+" output", out[0], want.Output, c.tolerance()))
	if d := out[1].Float64At(0) - want.Losses; max(d, -d) > 1e-5*max(1, want.Losses) {
		t.Errorf("%s: losses %v, Keras has %v", mode, out[1].Float64At(0), want.Losses)
	}
	if r.more != len(want.More) {
		t.Fatalf("%s: %d outputs, Keras has %d", mode, 1+r.more, 1+len(want.More))
	}
	for i, k := range want.More {
		errs.note(c.Class+" output", compare(t, fmt.Sprintf("%s output %d", mode, i+1), out[2+i], k, c.tolerance()))
	}
	switch {
	case r.masked != (want.Mask != nil):
		t.Errorf("%s: mask %v, Keras has %v", mode, r.masked, want.Mask != nil)
	case r.masked:
		compareMask(t, mode, out[2+r.more], want.Mask)
	}
	recorded := append(slices.Clone(want.GradInputs), want.GradWeights...)
	if grads != nil && len(grads) != len(recorded) {
		t.Fatalf("%s: %d gradients, Keras has %d", mode, len(grads), len(recorded))
	}
	out = out[len(values):]
	for i, d := range grads {
		what := fmt.Sprintf("%s gradient %d", mode, i)
		k := recorded[i]
		if !d.OK() {
			if k != nil && !zero(k.tensor(t)) {
				t.Errorf("%s is missing", what)
			}
			continue
		}
		if k != nil {
			errs.note(c.Class+" gradient", compare(t, what, out[0], k, c.tolerance()))
		} else if !zero(out[0]) {
			t.Errorf("%s: Keras has none", what)
		}
		out = out[1:]
	}
	i := 0
	for j, w := range r.weights {
		if !w.Trainable && training && i < len(want.After) {
			errs.note(c.Class+" state", compare(t, w.Name+" after training", r.feeds.Variables[j], want.After[i], c.tolerance()))
			i++
		}
	}
}

// tracedLayer is the graph of one call of a layer.
type tracedLayer struct {
	g       *graph.Graph
	feeds   graph.Feeds
	weights []layers.Weight
	values  []graph.Value // output, sum of the losses, further outputs, mask if there is one
	more    int           // further outputs
	masked  bool
}

func traceLayer(t *testing.T, layer layers.Layer, c layerCase, training bool) *tracedLayer {
	t.Helper()
	g := graph.New()
	r := &tracedLayer{g: g, feeds: graph.Feeds{Inputs: map[string]*tensor.Tensor{}}}
	if c.Random != nil {
		r.feeds.Inputs[ops.RNGInput] = tensor.From(c.Random)
	}
	env := layers.Env{Graph: g, Training: training, Path: c.Class, Options: c.Options, Masks: map[graph.Value]graph.Value{}}
	var in []graph.Value
	var shapes []tensor.Shape
	for i, a := range c.Inputs {
		x, name := a.tensor(t), fmt.Sprint("x", i)
		r.feeds.Inputs[name] = x
		v := g.Input(name, graph.Spec{DType: x.DType(), Shape: x.Shape()})
		in, shapes = append(in, v), append(shapes, x.Shape())
		if m := c.Masks[i]; m != nil {
			env.Masks[v] = g.Constant(m.tensor(t).Cast(tensor.Float32))
		}
	}

	in, shapes = byName(layer, c.Names, in), byName(layer, c.Names, shapes)

	b := layers.NewBuilder(g)
	layer.Build(b, shapes...)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	if r.weights = b.Weights; len(r.weights) != len(c.Weights) {
		t.Fatalf("%d weights, Keras has %d", len(r.weights), len(c.Weights))
	}
	weights := map[string]graph.Value{}
	losses := g.Scalar(tensor.Float32, 0)
	for i, w := range r.weights {
		k := c.Weights[i]
		if w.Name != k.Name || !slices.Equal(w.Shape, k.Value.shape()) || w.Trainable != k.Trainable {
			t.Fatalf("weight %d is %s %v (trainable %v), Keras has %s %v (%v)", i, w.Name, w.Shape, w.Trainable, k.Name, k.Value.Shape, k.Trainable)
		}
		weights[w.Name] = g.Variable(i, graph.Spec{DType: tensor.Float32, Shape: w.Shape})
		r.feeds.Variables = append(r.feeds.Variables, k.Value.tensor(t))
		if w.Regularizer != nil && trainable(t, layer) {
			losses = ops.Add(losses, regularizers.Apply(w.Regularizer, weights[w.Name]))
		}
	}
	env.Weight = func(name string) graph.Value { return weights[name] }
	env.Assign = func(name string, v graph.Value) { g.Assign(weights[name], v) }
	env.AddLoss = func(v graph.Value) { losses = ops.Add(losses, v) }

	ctx := layers.NewContext(env)
	outs := layers.Apply(ctx, layer, in...)
	y := outs[0]
	mask := outputMask(ctx, layer, in)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	for i, d := range c.OutputShape {
		if len(c.OutputShape) != len(y.Shape()) || d != nil && *d != y.Shape()[i] {
			t.Fatalf("output shape %v, Keras computes %v", y.Shape(), c.OutputShape)
		}
	}
	r.values = append([]graph.Value{y, losses}, outs[1:]...)
	r.more = len(outs) - 1
	if r.masked = mask.OK(); r.masked {
		r.values = append(r.values, mask)
	}
	return r
}

// byName puts the inputs of a layer that takes them by name into their places.
func byName[T any](layer layers.Layer, names []string, in []T) []T {
	a, ok := layer.(layers.ArgumentTaker)
	if !ok {
		return in
	}
	var out []T
	for i, name := range names {
		at := slices.Index(a.Arguments(), name)
		out = append(out, make([]T, max(0, at+1-len(out)))...)
		out[at] = in[i]
	}
	return out
}

// differentiate adds the gradients of sum(output·cotangent) + losses with respect
// to the float inputs and the weights; nil when the output has no derivative. The
// values come back with them, because fusing makes another graph.
func (r *tracedLayer) differentiate(t *testing.T, exec engine, c layerCase) (values, grads []graph.Value) {
	t.Helper()
	values = r.values
	y := values[0]
	float := y.DType().Float() && c.Cotangent != nil
	if float {
		total := ops.Sum(ops.Mul(y, r.g.Constant(c.Cotangent.tensor(t))), nil, false)
		for i, k := range c.More {
			total = ops.Add(total, ops.Sum(ops.Mul(values[2+i], r.g.Constant(k.tensor(t))), nil, false))
		}
		values = append(values, ops.Add(total, values[1]))
	}
	if exec.fuse != nil {
		r.g, values = exec.fuse(r.g, values)
	}
	if !float {
		return values, nil
	}
	var wrt []graph.Value
	for i, a := range c.Inputs {
		if a.DType == "float32" {
			wrt = append(wrt, r.g.Input(fmt.Sprint("x", i), graph.Spec{DType: tensor.Float32, Shape: a.shape()}))
		}
	}
	for i, w := range r.weights {
		wrt = append(wrt, r.g.Variable(i, graph.Spec{DType: tensor.Float32, Shape: w.Shape}))
	}
	last := len(values) - 1
	return values[:last], graph.Gradients(values[last], wrt)
}

// present returns the values that are there.
func present(vs []graph.Value) []graph.Value {
	return slices.DeleteFunc(slices.Clone(vs), func(v graph.Value) bool { return !v.OK() })
}

func outputMask(c *layers.Context, layer layers.Layer, in []graph.Value) graph.Value {
	switch l := layer.(type) {
	case layers.Masker:
		return l.Mask(c, in...)
	case layers.MaskPasser:
		return c.Mask(in[0])
	}
	return graph.Value{}
}

func compareMask(t *testing.T, mode string, got *tensor.Tensor, want *array) {
	t.Helper()
	w := want.tensor(t)
	if !got.Shape().Equal(w.Shape()) {
		t.Errorf("%s mask: shape %v, Keras has %v", mode, got.Shape(), w.Shape())
		return
	}
	for i := range w.Size() {
		if got.Float64At(i) != w.Float64At(i) {
			t.Errorf("%s mask: element %d is %v, Keras has %v", mode, i, got.Float64At(i), w.Float64At(i))
			return
		}
	}
}

// trainable reads the layer's trainable argument from its configuration.
func trainable(t *testing.T, layer layers.Layer) bool {
	cfg, err := spec.Config(layer)
	if err != nil {
		t.Fatal(err)
	}
	v, ok := cfg.Get("trainable")
	return !ok || v != false
}

func zero(t *tensor.Tensor) bool {
	for i := range t.Size() {
		if t.Float64At(i) != 0 {
			return false
		}
	}
	return true
}
