package plan

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// bfloat16MatMulOp is a product of two matrices that are rounded to bfloat16 when they
// are read, summed in float32. It stands for products of rounded matrices where
// kernel.PairGemm is faster than products of float32s.
//
// With Split the matrices are any: each is taken as the sum of a rounded one and the
// rounded rest, and the product as the sum of three, all but that of the rests. It is
// exact to about 2^-16 of the sum of the absolute products, for the precision "high".
type bfloat16MatMulOp struct {
	MatMul ops.MatMulOp
	Split  bool
}

// Infer follows the product.
func (o bfloat16MatMulOp) Infer(in []graph.Spec) ([]graph.Spec, error) { return o.MatMul.Infer(in) }

// Gradient is not there: the op is made after differentiation.
func (o bfloat16MatMulOp) Gradient(in, out, dout []graph.Value) []graph.Value {
	in[0].Graph().Errorf("MatMul: second derivatives of compiled products are not supported")
	return make([]graph.Value, len(in))
}

// Eval rounds and multiplies.
func (o bfloat16MatMulOp) Eval(out, in []*tensor.Tensor) {
	if o.Split {
		o.MatMul.Eval(out, in)
		return
	}
	rounded := make([]*tensor.Tensor, len(in))
	for i, t := range in {
		rounded[i] = tensor.New(tensor.Float32, t.Shape()...)
		ops.UnaryOp{Kind: ops.UnaryBFloat16}.Eval(rounded[i:i+1], in[i:i+1])
	}
	o.MatMul.Eval(out, rounded)
}

// bfloat16MatMul returns the op and its inputs for a product of two rounded matrices
// that is worth copying them into pairs, or with pairs of splitAll for one of any
// matrices. Weights are read without their rounding.
func bfloat16MatMul(n *graph.Node, in []graph.Value, use pairUse) (op bfloat16MatMulOp, from []graph.Value, ok bool) {
	m, ok := n.Op.(ops.MatMulOp)
	if !ok || use == noPairs || n.Out[0].DType != tensor.Float32 {
		return op, nil, false
	}
	rounded := isBFloat16(in[0], 0) && isBFloat16(in[1], 0)
	if !rounded && use != splitAll {
		return op, nil, false
	}
	p, ok := productOf(&graph.Node{Op: m, In: in, Out: n.Out})
	const least = 40 // results for each number that is copied
	if !ok || p.k < 16 || p.rows*p.cols < least*(p.rows+p.cols) || p.rows*p.cols*p.k < minWork {
		return op, nil, false
	}
	from = append(from, in...)
	if !rounded {
		return bfloat16MatMulOp{m, true}, from, true
	}
	for i, v := range in {
		if v.Node.Op == (ops.UnaryOp{Kind: ops.UnaryBFloat16}) {
			if _, variable := v.Node.In[0].Node.Op.(graph.Variable); variable {
				from[i] = v.Node.In[0]
			}
		}
	}
	return bfloat16MatMulOp{m, false}, from, true
}

// isBFloat16 reports whether all elements of a value are known to be numbers that
// bfloat16 has: they come from rounded ones by ops that only move, choose or negate.
func isBFloat16(v graph.Value, depth int) bool {
	n := v.Node
	if depth > 16 || v.DType() != tensor.Float32 {
		return false
	}
	in := n.In
	switch op := n.Op.(type) {
	case graph.Constant:
		x := op.T.Float32s()
		return len(x) == 1 && math.Float32bits(x[0])&0xffff == 0
	case ConvBlockOp:
		return op.BFloat16
	case ops.UnaryOp:
		switch op.Kind {
		case ops.UnaryBFloat16:
			return true
		case ops.UnaryRelu, ops.UnaryNeg, ops.UnaryAbs:
		default:
			return false
		}
	case reluGradOp:
		in = in[:1]
	case ops.WhereOp:
		in = in[1:]
	case ops.MaxPool2DOp, ops.ReshapeOp, ops.TransposeOp, ops.SliceOp, ops.FlipOp, ops.ConcatOp, ops.BroadcastToOp, ops.StopGradientOp:
	default:
		return false
	}
	for _, v := range in {
		if !isBFloat16(v, depth+1) {
			return false
		}
	}
	return len(in) > 0
}

// packing names a copy of a matrix in pairs.
type packing struct {
	buf   int
	gemm  kernel.PairGemm // without the sizes of the other matrix
	right bool
}

// bindPairs adds the steps that copy the operands into pairs, unless an earlier product
// has the same copy.
func (p *product) bindPairs(c *compiler) {
	g := p.pairGemm()
	left, right := g, g
	left.N, left.LdB, left.TransB = 0, 0, false
	right.M, right.LdA, right.TransA = 0, 0, false
	a, b := c.buffer(p.node.In[0]), c.buffer(p.node.In[1])
	p.bufA = c.pairs(p.node, packing{a, left, false})
	p.bufB = c.pairs(p.node, packing{b, right, true})
	if p.split {
		p.restA = c.pairs(p.node, packing{c.rest(p.node, a), left, false})
		p.restB = c.pairs(p.node, packing{c.rest(p.node, b), right, true})
	}
}

// rest returns the buffer of what rounding a buffer to bfloat16 leaves over.
func (c *compiler) rest(n *graph.Node, buf int) int {
	if b, ok := c.rests[buf]; ok {
		return b
	}
	spec := c.prog.Buffers[buf].Spec
	size, to := spec.Shape.Size(), c.temp(tensor.Float32, spec.Shape...)
	s := run.Step{Name: "Rest BFloat16", Scope: n.Scope, Chunks: (size + chunkSize - 1) / chunkSize}
	s.Run = func(f *run.Frame, chunk int, _ []float32) {
		lo, hi := chunk*chunkSize, min((chunk+1)*chunkSize, size)
		dst, src := f.F32[to][lo:hi], f.F32[buf][lo:hi]
		kernel.BFloat16(dst, src)
		kernel.Sub(dst, src, dst)
	}
	c.emit(s, []int{to}, []int{buf})
	c.rests[buf] = to
	return to
}

// runPairs computes an area into c, whose rows lie ldc apart; of a split product the
// small parts first.
func (p *product) runPairs(f *run.Frame, a area, c []float32, ldc int) {
	g := p.pairGemm()
	if p.split {
		g.Run(c, ldc, f.F32[p.restA], f.F32[p.bufB], a.r, a.m, a.q, a.w)
		g.Accumulate = true
		g.Run(c, ldc, f.F32[p.bufA], f.F32[p.restB], a.r, a.m, a.q, a.w)
	}
	g.Run(c, ldc, f.F32[p.bufA], f.F32[p.bufB], a.r, a.m, a.q, a.w)
}

// pairGemm is the kernel's product.
func (p *product) pairGemm() kernel.PairGemm {
	g := p.gemm(p.rows, p.cols)
	return kernel.PairGemm{M: g.M, N: g.N, K: g.K, LdA: g.LdA, LdB: g.LdB, TransA: g.TransA, TransB: g.TransB}
}

// pairs returns the buffer of a copy.
func (c *compiler) pairs(n *graph.Node, p packing) int {
	if b, ok := c.packed[p]; ok {
		return b
	}
	g := p.gemm
	size, parts := g.SizeA(), g.PartsA()
	if p.right {
		size, parts = g.SizeB(), g.PartsB()
	}
	to := c.temp(tensor.Float32, size)
	s := run.Step{Name: "Pack BFloat16", Scope: n.Scope, Chunks: parts, Scratch: g.PackScratch()}
	s.Run = func(f *run.Frame, part int, scratch []float32) {
		if p.right {
			g.PackB(f.F32[to], f.F32[p.buf], scratch, part)
		} else {
			g.PackA(f.F32[to], f.F32[p.buf], scratch, part)
		}
	}
	c.emit(s, []int{to}, []int{p.buf})
	c.packed[p] = to
	return to
}
