package ops

import (
	"math"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// AttentionOptions are the attributes of dot-product attention.
type AttentionOptions struct {
	Scale  float64 // multiplies the products of queries and keys
	Causal bool    // place t attends to places up to t only
	// ZeroMasked gives masked places the weight 0 even where all of a query's places
	// are masked; without it these get the same weight each, as in keras.ops.
	ZeroMasked bool
	// Dropout is the probability by which a weight is set to 0, others being divided by
	// 1-Dropout; below 1. The random numbers are those that RandomUniform has for Stream
	// and the shape (N, heads, T, S), which are never stored as a whole either.
	Dropout float64
	Stream  Stream
}

// DotProductAttentionOp computes softmax(Scale·q·kᵀ)·v for every head (Vaswani et
// al., 2017). Inputs q (N, T, heads, h), k (N, S, groups, h), v (N, S, groups, hv)
// and, optionally, a mask of 0 and 1 that broadcasts to (N, heads, T, S) and, with
// Dropout, the seed and the step of RNGInput; heads is a multiple of groups,
// neighbouring heads share a group. Outputs: (N, T, heads, hv),
// and for the gradient (N, heads, T, 2): the largest score of each query and one
// over the sum of the exponentials.
type DotProductAttentionOp struct{ AttentionOptions }

// DotProductAttentionGradOp computes the gradients of q, k and v from the inputs of
// the attention, both outputs and the gradient of the first.
type DotProductAttentionGradOp struct {
	AttentionOptions
	Masked bool
}

// MaskedScore is the score of a masked place: Keras's -0.7·3.39e38, but a float32.
const MaskedScore = -0x1.65p127

// Infer checks the shapes against each other.
func (o DotProductAttentionOp) Infer(in []spec) ([]spec, error) {
	const name = "DotProductAttention"
	if o.Dropout != 0 {
		if o.Dropout < 0 || o.Dropout >= 1 {
			return nil, misfit(name, "dropout %v is not in [0, 1)", o.Dropout)
		}
		if len(in) < 4 {
			return nil, misfit(name, "wants the seed and the step as its last input")
		}
		if _, err := randomInfer(name, in[len(in)-1:], graph.Dims{}); err != nil {
			return nil, err
		}
		in = in[:len(in)-1]
	}
	if len(in) != 4 {
		if err := wantInputs(name, in, 3); err != nil {
			return nil, err
		}
	}
	if err := wantFloat(name, in...); err != nil {
		return nil, err
	}
	q, k, v := in[0].Shape, in[1].Shape, in[2].Shape
	if len(q) != 4 || len(k) != 4 || len(v) != 4 {
		return nil, misfit(name, "wants (batch, steps, heads, features) three times, got %v, %v and %v", q, k, v)
	}
	if q[0] != k[0] || k[0] != v[0] || k[1] != v[1] || k[2] != v[2] || q[3] != k[3] {
		return nil, misfit(name, "query %v, key %v and value %v do not fit", q, k, v)
	}
	if k[2] == 0 || q[2]%k[2] != 0 {
		return nil, misfit(name, "%d heads of the query are no multiple of the key's %d", q[2], k[2])
	}
	if len(in) == 4 {
		m := in[3].Shape
		to := shape{q[0], q[2], q[1], k[1]}
		if all, ok := tensor.Broadcast(m, to); !ok || !all.Equal(to) {
			return nil, misfit(name, "mask %v does not broadcast to %v", m, to)
		}
	}
	return []spec{
		{DType: in[0].DType, Shape: shape{q[0], q[1], q[2], v[3]}},
		{DType: in[0].DType, Shape: shape{q[0], q[2], q[1], 2}},
	}, nil
}

// Infer returns the specs of q, k and v.
func (o DotProductAttentionGradOp) Infer(in []spec) ([]spec, error) {
	n := o.inputs() + 3
	if err := wantInputs("DotProductAttentionGrad", in, n); err != nil {
		return nil, err
	}
	out, err := DotProductAttentionOp{o.AttentionOptions}.Infer(in[:n-3])
	if err != nil {
		return nil, err
	}
	for i, s := range []spec{out[0], out[1], out[0]} {
		if g := in[n-3+i]; !g.Shape.Equal(s.Shape) || g.DType != s.DType {
			return nil, misfit("DotProductAttentionGrad", "input %d is %v, wanted %v", n-3+i, g, s)
		}
	}
	return slices.Clone(in[:3]), nil
}

// inputs is the number of inputs of the attention.
func (o DotProductAttentionGradOp) inputs() int {
	n := 3
	if o.Masked {
		n++
	}
	if o.Dropout > 0 {
		n++
	}
	return n
}

// masked reports whether one of the inputs is a mask.
func (o AttentionOptions) masked(inputs int) bool {
	return inputs == 5 || inputs == 4 && o.Dropout == 0
}

// Gradient is one op for q, k and v. The other inputs have none, and the second
// output is not handed out.
func (o DotProductAttentionOp) Gradient(in, out, dout []value) []value {
	grads := make([]value, len(in))
	if !dout[0].OK() {
		return grads
	}
	op := DotProductAttentionGradOp{o.AttentionOptions, o.masked(len(in))}
	copy(grads, in[0].Graph().Apply(op, slices.Concat(in, out, dout[:1])...))
	return grads
}

// Gradient is the derivative of the gradient of the same computation written with
// other ops.
func (o DotProductAttentionGradOp) Gradient(in, out, dout []value) []value {
	g := in[0].Graph()
	grads := make([]value, len(in))
	// What the inputs are made of is no concern of this op.
	var leaves []value
	for _, v := range append(slices.Clone(in[:3]), in[len(in)-1]) {
		leaves = append(leaves, StopGradient(v))
	}
	var mask value
	if o.Masked {
		mask = in[3]
	}
	y := o.composed(leaves[0], leaves[1], leaves[2], mask)
	first := g.Backprop([]value{y}, leaves[3:], leaves[:3])
	second := g.Backprop(first, dout, leaves)
	copy(grads, second[:3])
	grads[len(in)-1] = second[3]
	return grads
}

// composed computes the attention with ops that have derivatives of any order.
func (o AttentionOptions) composed(q, k, v, mask value) value {
	if heads, groups := q.Shape()[2], k.Shape()[2]; heads != groups {
		k, v = Repeat(k, heads/groups, 2), Repeat(v, heads/groups, 2)
	}
	s := MulScalar(Einsum("btnh,bsnh->bnts", q, k), o.Scale)
	if o.Causal {
		c := causalMask(s)
		if mask.OK() {
			c = And(BroadcastTo(mask, s.Shape()...), BroadcastTo(c, s.Shape()...))
		}
		mask = c
	}
	if mask.OK() {
		mask = BroadcastTo(mask, s.Shape()...)
		s = Where(mask, s, Scalar(s, MaskedScore))
	}
	p := Softmax(s, -1)
	if mask.OK() && o.ZeroMasked {
		p = Where(mask, p, Scalar(p, 0))
	}
	if o.Dropout > 0 {
		u := Cast(RandomUniform(q.Graph(), p.Shape(), o.Stream), p.DType())
		p = Where(GreaterEqual(u, Scalar(u, o.Dropout)), DivScalar(p, 1-o.Dropout), Scalar(p, 0))
	}
	return Einsum("bnts,bsnh->btnh", p, v)
}

// causalMask returns ones where a query may look, for scores (…, T, S).
func causalMask(s value) value {
	r := s.Shape().Rank()
	t, n := s.Shape()[r-2], s.Shape()[r-1]
	m := tensor.New(s.DType(), t, n)
	for i := range t {
		for j := range min(i+1, n) {
			m.SetFloat64At(i*n+j, 1)
		}
	}
	return Const(s.Graph(), m)
}

// Eval goes through the queries one by one.
func (o DotProductAttentionOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		attention[float32](o.AttentionOptions, out, in)
	} else {
		attention[float64](o.AttentionOptions, out, in)
	}
}

func attention[T float](o AttentionOptions, out, in []array) {
	y, stats := tensor.Data[T](out[0]), tensor.Data[T](out[1])
	v := tensor.Data[T](in[2])
	l := newScores[T](o, in)
	for b := range l.batch {
		for n := range l.heads {
			for t := range l.steps {
				top := float64(T(l.score(b, n, t))) // as it is kept for the gradient
				sum := 0.0
				for _, s := range l.row {
					sum += math.Exp(s - top)
				}
				at := ((b*l.heads+n)*l.steps + t) * 2
				stats[at], stats[at+1] = T(top), T(1/sum)
				row := y[l.at(b, t, n, l.heads, l.steps, l.hv):][:l.hv]
				sums := make([]float64, l.hv)
				for s, x := range l.row {
					if p := math.Exp(x-top) / sum * l.kept(b, n, t, s); !o.ZeroMasked || l.open[s] {
						from := v[l.at(b, s, n/l.share, l.groups, l.places, l.hv):]
						for j := range sums {
							sums[j] += p * float64(from[j])
						}
					}
				}
				store(row, sums)
			}
		}
	}
}

// scores computes the scores of one query at a time.
type scores[T float] struct {
	AttentionOptions
	batch, steps, places, heads, groups, share, h, hv int

	q, k, mask []T
	random     []int64 // the seed and the step, for Dropout
	strides    [4]int  // of the mask, 0 where it is broadcast
	row        []float64
	open       []bool // by place: not masked
}

func newScores[T float](o AttentionOptions, in []array) *scores[T] {
	q, k, v := in[0].Shape(), in[1].Shape(), in[2].Shape()
	l := &scores[T]{AttentionOptions: o, batch: q[0], steps: q[1], places: k[1], heads: q[2], groups: k[2], share: q[2] / k[2], h: q[3], hv: v[3]}
	l.q, l.k = tensor.Data[T](in[0]), tensor.Data[T](in[1])
	if o.Dropout > 0 {
		l.random = tensor.Data[int64](in[len(in)-1])
	}
	if o.masked(len(in)) {
		l.mask = tensor.Data[T](in[3])
		copy(l.strides[:], broadcast(in[3].Shape(), shape{q[0], q[2], q[1], k[1]}).strides)
	}
	l.row, l.open = make([]float64, l.places), make([]bool, l.places)
	return l
}

// kept is the factor of a weight: 0 where it is dropped.
func (l *scores[T]) kept(b, n, t, s int) float64 {
	if l.Dropout == 0 {
		return 1
	}
	i := ((b*l.heads+n)*l.steps+t)*l.places + s
	if rng.Float(l.Stream.Words(l.random, i/4)[i%4]) < float32(l.Dropout) {
		return 0
	}
	return 1 / (1 - l.Dropout)
}

// at is where the features of a step and a head begin.
func (l *scores[T]) at(b, step, head, heads, steps, features int) int {
	return ((b*steps+step)*heads + head) * features
}

// score fills row and open for a query, and returns the largest score.
func (l *scores[T]) score(b, n, t int) (top float64) {
	top = math.Inf(-1)
	q := l.q[l.at(b, t, n, l.heads, l.steps, l.h):]
	for s := range l.row {
		k := l.k[l.at(b, s, n/l.share, l.groups, l.places, l.h):]
		x := 0.0
		for j := range l.h {
			x += float64(q[j]) * float64(k[j])
		}
		x *= l.Scale
		p := l.strides
		l.open[s] = (!l.Causal || s <= t) && (l.mask == nil || l.mask[b*p[0]+n*p[1]+t*p[2]+s*p[3]] != 0)
		if !l.open[s] {
			x = MaskedScore
		}
		l.row[s] = x
		top = max(top, x)
	}
	return top
}

// Eval computes the weights of each query again.
func (o DotProductAttentionGradOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		attentionGrad[float32](o, out, in)
	} else {
		attentionGrad[float64](o, out, in)
	}
}

// With weights p, dv = pᵀ·dy, dp = dy·vᵀ and the derivative of a score
// p·(dp - Σ p·dp), which is 0 where the score is masked.
func attentionGrad[T float](o DotProductAttentionGradOp, out, in []array) {
	n := len(in) - 3
	l := newScores[T](o.AttentionOptions, in[:n])
	v, stats, dy := tensor.Data[T](in[2]), tensor.Data[T](in[n+1]), tensor.Data[T](in[n+2])
	dq, dk, dv := make([]float64, out[0].Size()), make([]float64, out[1].Size()), make([]float64, out[2].Size())
	p, dp := make([]float64, l.places), make([]float64, l.places)
	for b := range l.batch {
		for n := range l.heads {
			for t := range l.steps {
				l.score(b, n, t)
				st := stats[((b*l.heads+n)*l.steps+t)*2:]
				d := dy[l.at(b, t, n, l.heads, l.steps, l.hv):]
				mean := 0.0
				for s, x := range l.row {
					p[s], dp[s] = 0, 0
					if !o.ZeroMasked || l.open[s] {
						p[s] = math.Exp(x-float64(st[0])) * float64(st[1])
					}
					at, kept := l.at(b, s, n/l.share, l.groups, l.places, l.hv), l.kept(b, n, t, s)
					for j := range l.hv {
						dv[at+j] += p[s] * kept * float64(d[j])
						dp[s] += float64(d[j]) * float64(v[at+j]) * kept
					}
					mean += p[s] * dp[s]
				}
				from := l.at(b, t, n, l.heads, l.steps, l.h)
				for s := range l.row {
					if !l.open[s] {
						continue
					}
					ds := p[s] * (dp[s] - mean) * o.Scale
					at := l.at(b, s, n/l.share, l.groups, l.places, l.h)
					for j := range l.h {
						dq[from+j] += ds * float64(l.k[at+j])
						dk[at+j] += ds * float64(l.q[from+j])
					}
				}
			}
		}
	}
	store(tensor.Data[T](out[0]), dq)
	store(tensor.Data[T](out[1]), dk)
	store(tensor.Data[T](out[2]), dv)
}

// DotProductAttention attends from queries q (N, T, heads, h) to keys k (N, S,
// groups, h) and returns the mean of the values v (N, S, groups, hv), weighted by
// the softmax of the scores q·kᵀ, for each head: (N, T, heads, hv). The mask, which
// broadcasts to (N, heads, T, S), is 0 for places that must not be seen; a zero
// Value means none. The scores are never stored as a whole.
func DotProductAttention(q, k, v, mask graph.Value, o AttentionOptions) graph.Value {
	in := []value{q, k, v}
	if mask.OK() {
		in = append(in, mask)
	}
	if o.Dropout > 0 {
		in = append(in, rngInput(q.Graph()))
	}
	return q.Graph().Apply(DotProductAttentionOp{o}, in...)[0]
}

var (
	_ graph.Op = DotProductAttentionOp{}
	_ graph.Op = DotProductAttentionGradOp{}
)
