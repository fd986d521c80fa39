package layers

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Bidirectional calls a recurrent layer and one like it that goes backwards, and
// merges their outputs: side by side (concat), sum, product (mul) or mean (ave).
// With MergeMode "none" (null in files) it returns both.
//
// Input (batch, steps, in) and, optionally, the first states of both layers. Output
// (batch, n·Units), or (batch, steps, n·Units) with the layer's ReturnSequences, in
// the order of the input; n is 2 for concat, else 1. With the layer's ReturnState
// the last states of both follow. Outputs of masked steps are 0 in sequences.
// Weights: those of the layers, under forward_layer/ and backward_layer/.
type Bidirectional struct {
	MergeMode           string `keras:"merge_mode,default=concat,enum=concat|sum|mul|ave,none=none"` // how the outputs are merged
	Layer               any    `keras:"layer,pos,required,kind=layer"`                               // SimpleRNN, LSTM, GRU or RNN
	BackwardLayer       any    `keras:"backward_layer,kind=layer"`                                   // the one that goes backwards; made from Layer when not given
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Bidirectional](module, spec.Ignored("weights")) }

// Completed names the layers as Keras does, makes the backward one if there is none
// and lets both return 0 for masked steps of sequences.
func (d Bidirectional) Completed() (any, error) {
	forward, ok := d.Layer.(sequencer)
	if !ok {
		return nil, fmt.Errorf("layer: Bidirectional wants SimpleRNN, LSTM, GRU or RNN, got %T", d.Layer)
	}
	name := nameOf(forward)
	r := forward.recurrent()
	if d.BackwardLayer == nil {
		d.BackwardLayer = forward.directed("backward_"+strings.TrimPrefix(name, "backward_"), true)
	} else if back, ok := d.BackwardLayer.(sequencer); ok {
		d.BackwardLayer = back.directed(nameOf(back), back.recurrent().backwards)
	}
	back, ok := d.BackwardLayer.(sequencer)
	if !ok {
		return nil, fmt.Errorf("backward_layer: Bidirectional wants SimpleRNN, LSTM, GRU or RNN, got %T", d.BackwardLayer)
	}
	d.Layer = forward.directed("forward_"+strings.TrimPrefix(name, "forward_"), r.backwards)
	q := back.recurrent()
	switch {
	case r.backwards == q.backwards:
		return nil, fmt.Errorf("backward_layer: go_backwards is %v in both layers; they must differ", r.backwards)
	case r.sequences != q.sequences:
		return nil, fmt.Errorf("backward_layer: return_sequences is %v, the layer's is %v; they must agree", q.sequences, r.sequences)
	case r.state != q.state:
		return nil, fmt.Errorf("backward_layer: return_state is %v, the layer's is %v; they must agree", q.state, r.state)
	}
	return d, nil
}

// nameOf returns the layer's name, the one that Keras would give it if it has none.
func nameOf(l sequencer) string {
	if n := l.named(); n != "" {
		return n
	}
	if c, ok := spec.ClassOf(l); ok {
		return spec.AutoName(c)
	}
	return spec.SnakeCase(reflect.TypeOf(l).Name())
}

// halves splits the inputs: the sequence with the first state of each layer.
func halves[T any](in []T) (forward, backward []T) {
	n := len(in[1:]) / 2
	return in[:1+n], append([]T{in[0]}, in[1+n:]...)
}

// Build builds both layers.
func (d Bidirectional) Build(b *Builder, in ...tensor.Shape) {
	b.dtype(d.DType)
	if len(in) == 0 || len(in)%2 == 0 {
		b.misfit("wants its input and as many arrays of first state for each direction, got %d inputs", len(in))
		return
	}
	f, back := halves(in)
	b.child("forward_layer", d.Layer.(Layer), f...)
	b.child("backward_layer", d.BackwardLayer.(Layer), back...)
}

// Call returns the first output.
func (d Bidirectional) Call(c *Context, in ...graph.Value) graph.Value {
	return d.CallMulti(c, in...)[0]
}

// CallMulti returns the merged output, or both outputs, and with the layers'
// ReturnState the last states of both.
func (d Bidirectional) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	f, back := halves(in)
	a, b := d.direction(c, "forward_layer", d.Layer, false, f), d.direction(c, "backward_layer", d.BackwardLayer, true, back)
	if c.Graph().Err() != nil {
		return in
	}
	states := append(slices.Clone(a[1:]), b[1:]...)
	var out []graph.Value
	switch x, y := a[0], b[0]; d.MergeMode {
	case "concat":
		out = []graph.Value{ops.Concat(-1, x, y)}
	case "sum":
		out = []graph.Value{ops.Add(x, y)}
	case "mul":
		out = []graph.Value{ops.Mul(x, y)}
	case "ave":
		out = []graph.Value{ops.MulScalar(ops.Add(x, y), 0.5)}
	default:
		out = []graph.Value{x, y}
		if mask := d.Mask(c, in...); mask.OK() {
			c.env.Masks[y] = mask
		}
	}
	return append(out, states...)
}

// direction calls one of the layers. Its sequence comes as it is returned for the
// forward layer, and turned round for the backward one.
func (d Bidirectional) direction(c *Context, name string, l any, turn bool, in []graph.Value) []graph.Value {
	old := c.prefix
	c.prefix += name + "/"
	defer func() { c.prefix = old }()
	r := l.(sequencer).recurrent()
	out := r.run(c, in)
	if r.sequences && r.backwards != turn && c.Graph().Err() == nil {
		out[0] = ops.Flip(out[0], 1)
	}
	c.penalise(activityRegularizer(l), out...)
	return out
}

// Mask keeps the mask of sequences.
func (d Bidirectional) Mask(c *Context, in ...graph.Value) graph.Value {
	return d.Layer.(sequencer).recurrent().mask(c, in[0])
}

// TakesState says that inputs after the first are the first state.
func (Bidirectional) TakesState() {}

var (
	_ StateTaker     = Bidirectional{}
	_ MultiOutput    = Bidirectional{}
	_ Masker         = Bidirectional{}
	_ spec.Completer = Bidirectional{}
)

// TakesMask lets a call have a mask of its own.
func (Bidirectional) TakesMask() {}
