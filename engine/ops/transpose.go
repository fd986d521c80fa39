package ops

import "github.com/kerasgo/kerasgo/engine/graph"

// TransposeOp permutes the axes: axis i of the result is axis Perm[i] of the input.
type TransposeOp struct{ Perm graph.Dims }

// Infer wants a permutation of the input's axes.
func (o TransposeOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Transpose", in, 1); err != nil {
		return nil, err
	}
	s := in[0].Shape
	if o.Perm.Len() != len(s) {
		return nil, misfit("Transpose", "permutation %v has %d axes, %v has %d", o.Perm, o.Perm.Len(), s, len(s))
	}
	to, seen := make(shape, len(s)), make([]bool, len(s))
	for i, p := range o.Perm.List() {
		if p < 0 || p >= len(s) || seen[p] {
			return nil, misfit("Transpose", "%v is not a permutation of the axes of %v", o.Perm, s)
		}
		seen[p] = true
		to[i] = s[p]
	}
	return one(in[0].DType, to)
}

// Gradient permutes back.
func (o TransposeOp) Gradient(in, out, dout []value) []value {
	back := make([]int, o.Perm.Len())
	for i, p := range o.Perm.List() {
		back[p] = i
	}
	return []value{Transpose(dout[0], back...)}
}

// Eval copies with permuted strides.
func (o TransposeOp) Eval(out, in []array) {
	st := in[0].Shape().Strides()
	from := make([]int, len(st))
	for i, p := range o.Perm.List() {
		from[i] = st[p]
	}
	s := out[0].Shape()
	copyStrided(out[0], in[0], s, dense(s), lane{strides: from})
}

// Transpose permutes the axes of x: axis i of the result is axis perm[i] of x.
// Without perm the order is reversed.
func Transpose(x graph.Value, perm ...int) graph.Value {
	if broken(x) {
		return x
	}
	rank := x.Shape().Rank()
	to := make([]int, max(len(perm), rank))
	if len(perm) == 0 {
		for i := range to {
			to[i] = rank - 1 - i
		}
	} else {
		to = to[:copy(to, perm)]
	}
	if tooLong(x, "Transpose", to) {
		return x
	}
	same := len(to) == rank
	for i, p := range to {
		if p < 0 {
			to[i] += rank
		}
		same = same && to[i] == i
	}
	if same {
		return x
	}
	return graph.Apply1(TransposeOp{graph.MakeDims(to...)}, x)
}

var _ graph.Op = TransposeOp{}
