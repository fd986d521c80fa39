package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ScanOp repeats a step Length times, from the last element of the sequences to
// the first when Reverse is set.
//
// Its inputs are the initial states, the sequences, each of the shape of its step
// with Length before it, and the constants. Its outputs are the final states; the
// outputs of all steps, stacked on the first axis, each at the place of the
// sequences' element it was computed from; and, stacked in the same way, what the
// gradient is computed from: the states before each step and the saved values; and the sums.
// Outputs that nothing reads cost nothing when the op is compiled.
type ScanOp struct {
	Body    *ScanBody // compared by identity
	Length  int
	Reverse bool
}

// Infer wants the inputs that the body was made for.
func (o ScanOp) Infer(in []spec) ([]spec, error) {
	b := o.Body
	if err := wantInputs("Scan", in, len(b.States)+len(b.Steps)+len(b.Constants)); err != nil {
		return nil, err
	}
	check := func(what string, i int, got, want spec) error {
		if got.DType == want.DType && got.Shape.Equal(want.Shape) {
			return nil
		}
		return misfit("Scan", "%s %d is %v, the step wants %v", what, i, got, want)
	}
	for i, v := range b.States {
		if err := check("initial state", i, in[i], v.Spec()); err != nil {
			return nil, err
		}
		if err := check("state after a step", i, b.Next[i].Spec(), v.Spec()); err != nil {
			return nil, err
		}
	}
	in = in[len(b.States):]
	for i, v := range b.Steps {
		if err := check("sequence", i, in[i], o.Stacked(v.Spec())); err != nil {
			return nil, err
		}
	}
	in = in[len(b.Steps):]
	for i, v := range b.Constants {
		if err := check("constant", i, in[i], v.Spec()); err != nil {
			return nil, err
		}
	}
	var out, before []spec
	for _, v := range b.States {
		out, before = append(out, v.Spec()), append(before, o.Stacked(v.Spec()))
	}
	for _, v := range b.Outputs {
		out = append(out, o.Stacked(v.Spec()))
	}
	out = append(out, before...)
	for _, v := range b.Saved {
		out = append(out, o.Stacked(v.Spec()))
	}
	for _, s := range b.Sums {
		out = append(out, s.spec())
	}
	return out, nil
}

// Stacked returns the shape of what has shape s at one step, for all steps.
func (o ScanOp) Stacked(s graph.Spec) graph.Spec {
	return spec{DType: s.DType, Shape: append(shape{o.Length}, s.Shape...)}
}

// Eval evaluates the body step by step.
func (o ScanOp) Eval(out, in []array) {
	b := o.Body
	nodes := graph.Reachable(b.Graph, b.Results())
	results := make([][]array, len(b.Graph.Nodes)) // by node
	at := func(v value) array { return results[v.Node.ID][v.Index] }
	states := append([]array{}, in[:len(b.States)]...)
	sequences, constants := in[len(b.States):][:len(b.Steps)], in[len(b.States)+len(b.Steps):]
	finals, outputs, before := out[:len(b.States)], out[len(b.States):][:len(b.Outputs)], out[len(b.States)+len(b.Outputs):]
	saved := before[len(b.States):]
	sums := saved[len(b.Saved):]
	for i, s := range b.Sums {
		spec := s.spec()
		sums[i].CopyFrom(tensor.New(spec.DType, spec.Shape...))
	}
	for step := range o.Length {
		if o.Reverse {
			step = o.Length - 1 - step
		}
		clear(results)
		for i, v := range b.States {
			results[v.Node.ID] = []array{states[i]}
			put(before[i], states[i], step)
		}
		for i, v := range b.Steps {
			results[v.Node.ID] = []array{take(sequences[i], v.Spec(), step)}
		}
		for i, v := range b.Constants {
			results[v.Node.ID] = constants[i : i+1]
		}
		for _, n := range nodes {
			evalNode(n, results)
		}
		for i, v := range b.Outputs {
			put(outputs[i], at(v), step)
		}
		for i, v := range b.Saved {
			put(saved[i], at(v), step)
		}
		for i, s := range b.Sums {
			term := tensor.New(sums[i].DType(), sums[i].Shape()...)
			if s.B.OK() {
				MatMulOp{TransA: true}.Eval([]array{term}, []array{at(s.A), at(s.B)})
			} else {
				ReduceOp{Kind: ReduceSum, Axes: graph.MakeDims(0)}.Eval([]array{term}, []array{at(s.A)})
			}
			BinaryOp{Kind: BinaryAdd}.Eval(sums[i:i+1], []array{sums[i].Clone(), term})
		}
		next := make([]array, len(states))
		for i, v := range b.Next {
			next[i] = at(v)
		}
		states = next
	}
	for i, s := range states {
		finals[i].CopyFrom(s)
	}
}

// evalNode computes a node of a step, if it is no input.
func evalNode(n *graph.Node, results [][]array) {
	if c, ok := n.Op.(graph.Constant); ok {
		results[n.ID] = []array{c.T}
	}
	if results[n.ID] != nil {
		return
	}
	args := make([]array, len(n.In))
	for i, v := range n.In {
		args[i] = results[v.Node.ID][v.Index]
	}
	res := make([]array, len(n.Out))
	for i, s := range n.Out {
		res[i] = tensor.New(s.DType, s.Shape...)
	}
	n.Op.Eval(res, args)
	results[n.ID] = res
}

// take copies one step's part of a sequence, put copies it back.
func take(sequence array, s spec, step int) array {
	return sequence.Slice(step, step+1).Clone().Reshape(s.Shape...)
}

func put(sequence, x array, step int) { sequence.Slice(step, step+1).CopyFrom(x) }

// ScanOptions are the optional arguments of Scan.
type ScanOptions struct {
	Axis    int  // of the steps in the sequences and the stacked outputs: 0 or 1
	Reverse bool // whether the last step comes first
}

// ScanStep is what the function that describes a step is given.
type ScanStep struct {
	Graph  *graph.Graph  // of the step
	States []graph.Value // before the step
	Inputs []graph.Value // this step's part of each sequence
	b      *scanBuilder
}

// Outer brings a value of the graph around the scan, such as a weight, into the
// step.
func (s *ScanStep) Outer(v graph.Value) graph.Value { return s.b.constant(v) }

// Scan applies a step to the elements of sequences, one after another: it computes
// new states, of the shapes of the old ones, and outputs from the states before it
// and from its element of each sequence. Scan returns the states after the last
// step and the outputs of all steps, stacked at the axis of the sequences, each at
// the place of the element it was computed from. There must be a sequence.
//
// The function is called once. What in it depends on no state is computed for all
// steps at once, before the scan: a projection of the inputs costs one product of
// matrices, however the step is written.
func Scan(initial, sequences []graph.Value, o ScanOptions, step func(s *ScanStep) (next, outputs []graph.Value)) (final, stacked []graph.Value) {
	g := sequences[0].Graph()
	if o.Axis < 0 || o.Axis > 1 {
		reject(sequences[0], "Scan", "axis %d; the steps can lie on axis 0 or 1", o.Axis)
	}
	dummies := func() ([]value, []value) {
		d := make([]value, 8)
		for i := range d {
			d[i] = sequences[0]
		}
		return d, d
	}
	for _, v := range sequences {
		if broken(v) {
			return dummies()
		}
		if s, first := v.Shape(), sequences[0].Shape(); len(s) <= o.Axis || s[o.Axis] != first[o.Axis] {
			reject(v, "Scan", "sequences %v and %v have no common length on axis %d", first, s, o.Axis)
			return dummies()
		}
	}
	b := newScanBuilder(g, ScanOp{Length: sequences[0].Shape()[o.Axis], Reverse: o.Reverse})
	s := &ScanStep{Graph: b.body.Graph, b: b}
	for _, v := range initial {
		s.States = append(s.States, b.state(v))
	}
	for _, v := range sequences {
		s.Inputs = append(s.Inputs, b.step(stepsFirst(v, o.Axis)))
	}
	next, outputs := step(s)
	if err := b.body.Graph.Err(); err != nil {
		g.Errorf("%w", err)
		return dummies()
	}
	if len(next) != len(initial) {
		reject(sequences[0], "Scan", "the step returns %d states of %d", len(next), len(initial))
		return dummies()
	}
	for i, v := range next {
		if v.DType() != initial[i].DType() || !v.Shape().Equal(initial[i].Shape()) {
			reject(sequences[0], "Scan", "state %d is %v before a step and %v after it", i, initial[i].Spec(), v.Spec())
			return dummies()
		}
	}
	for i, v := range outputs {
		if len(v.Shape()) < o.Axis {
			reject(sequences[0], "Scan", "output %d of shape %v cannot be stacked at axis %d", i, v.Shape(), o.Axis)
			return dummies()
		}
	}
	final, stacked, _ = b.finish(next, outputs)
	for i, v := range stacked {
		stacked[i] = stepsFirst(v, o.Axis)
	}
	return final, stacked
}

// stepsFirst exchanges the first two axes when the steps lie on the second, or are
// to lie there: the rows that one step reads then lie together.
func stepsFirst(v value, axis int) value {
	s := v.Shape()
	if axis == 0 || broken(v) || len(s) < 2 {
		return v
	}
	to := s.Clone()
	to[0], to[1] = s[1], s[0]
	if s[0] == 1 || s[1] == 1 {
		return Reshape(v, to...)
	}
	perm := make([]int, len(s))
	for i := range perm {
		perm[i] = i
	}
	perm[0], perm[1] = 1, 0
	return Transpose(v, perm...)
}

var _ graph.Op = ScanOp{}
