package plan

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// productSumOp is A₀·B₀ + A₁·B₁ + … (+ bias), what the gates of recurrent cells and
// the derivatives of their states are made of: each product is added to the sum by
// the kernel that computes it, so that there is nothing left to add.
//
// Inputs A₀ (m, k₀), B₀ (k₀, n), A₁ (m, k₁), B₁ (k₁, n), …, and, when their number is
// odd, a bias of n elements. Output (m, n).
type productSumOp struct{}

// Infer wants products of one shape.
func (productSumOp) Infer(in []graph.Spec) ([]graph.Spec, error) {
	if len(in) < 2 {
		return nil, fmt.Errorf("productSum: wants a product, got %d inputs", len(in))
	}
	return ops.MatMulOp{}.Infer(in[:2])
}

// Gradient is never asked for: the op is made of finished graphs.
func (productSumOp) Gradient(in, _, _ []graph.Value) []graph.Value {
	in[0].Graph().Errorf("productSum has no gradient")
	return make([]graph.Value, len(in))
}

// Eval adds one product after the other.
func (productSumOp) Eval(out, in []*tensor.Tensor) {
	y := out[0].Float32s()
	clear(y)
	if len(in)%2 == 1 {
		bias := in[len(in)-1].Float32s()
		for i := range y {
			y[i] = bias[i%len(bias)]
		}
	}
	part := tensor.New(tensor.Float32, out[0].Shape()...)
	for i := 0; i+1 < len(in); i += 2 {
		ops.MatMulOp{}.Eval([]*tensor.Tensor{part}, in[i:i+2])
		for j, v := range part.Float32s() {
			y[j] += v
		}
	}
}

// productSum replaces a sum whose terms include two products or more; it returns the
// zero Value for other nodes. Uses tells how often a value of the old graph is read.
func (r *rewriter) productSum(n *graph.Node, uses map[graph.Value]int) graph.Value {
	if !isSum(n) {
		return graph.Value{}
	}
	var products, others []graph.Value // of the old graph
	var bias graph.Value
	var terms func(n *graph.Node)
	terms = func(n *graph.Node) {
		for _, v := range n.In {
			switch {
			case uses[v] == 1 && isSum(v.Node) && v.Shape().Equal(n.Out[0].Shape):
				terms(v.Node)
			case uses[v] == 1 && isProduct(v.Node) && v.Shape().Equal(n.Out[0].Shape):
				products = append(products, v.Node.In...)
			case !bias.OK() && isRow(v.Shape(), n.Out[0].Shape.Last()):
				bias = v
			default:
				others = append(others, v)
			}
		}
	}
	terms(n)
	if len(products) < 4 {
		return graph.Value{}
	}
	if bias.OK() {
		products = append(products, bias)
	}
	sum := graph.Value{Node: r.g.Insert(productSumOp{}, r.values(products), n.Out, n.Scope)}
	for _, v := range others {
		sum = graph.Value{Node: r.g.Insert(ops.BinaryOp{Kind: ops.BinaryAdd}, []graph.Value{sum, r.value(v)}, n.Out, n.Scope)}
	}
	return sum
}

// isRow reports whether a shape is that of one row of n elements.
func isRow(s graph.Shape, n int) bool { return len(s) > 0 && s.Last() == n && s.Size() == n }

func isSum(n *graph.Node) bool {
	op, ok := n.Op.(ops.BinaryOp)
	return ok && op.Kind == ops.BinaryAdd && n.Out[0].DType == tensor.Float32 && len(n.Out[0].Shape) == 2 && n.Out[0].Shape.Size() > 0
}

func isProduct(n *graph.Node) bool {
	op, ok := n.Op.(ops.MatMulOp)
	return ok && op == (ops.MatMulOp{}) && n.Out[0].DType == tensor.Float32 && len(n.In[0].Shape()) == 2 && len(n.In[1].Shape()) == 2
}

func init() { lowerings = append(lowerings, lowerProductSum) }

// lowerProductSum lowers the op.
func lowerProductSum(c *compiler, n *graph.Node) bool {
	if n.Op != (productSumOp{}) {
		return false
	}
	rows, cols := n.Out[0].Shape[0], n.Out[0].Shape[1]
	var gemms []kernel.Gemm // for the largest chunk
	depth := 0
	for i := 0; i+1 < len(n.In); i += 2 {
		k := n.In[i].Shape()[1]
		depth += k
		gemms = append(gemms, kernel.Gemm{K: k, LdA: k, LdB: cols, LdC: cols, Accumulate: true})
	}
	gemms[0].Accumulate = len(n.In)%2 == 1
	packed := true
	for i := range gemms {
		packed = packed && c.packs(n.In[2*i+1], rows)
	}
	if packed {
		c.packedSum(n, gemms, rows, cols, depth)
		return true
	}
	rowStep, colStep := c.matmulTiles(rows, cols, depth)
	rowChunks, colChunks := (rows+rowStep-1)/rowStep, (cols+colStep-1)/colStep
	in, out := c.bufs(n)
	bias := -1
	if len(in)%2 == 1 {
		bias = in[len(in)-1]
	}
	s := step(n)
	s.Chunks = rowChunks * colChunks
	s.FLOPs = 2 * int64(rows) * int64(cols) * int64(depth)
	for i := range gemms {
		gemms[i].M, gemms[i].N = rowStep, colStep
		s.Scratch = max(s.Scratch, gemms[i].ScratchSize())
	}
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		r, q := chunk/colChunks*rowStep, chunk%colChunks*colStep
		m, w := min(rowStep, rows-r), min(colStep, cols-q)
		y := f.F32[out[0]][r*cols+q:]
		if bias >= 0 {
			for i := range m {
				copy(y[i*cols:][:w], f.F32[bias][q:])
			}
		}
		for i, g := range gemms {
			g.M, g.N = m, w
			g.Run(y, f.F32[in[2*i]][r*g.LdA:], f.F32[in[2*i+1]][q:], scratch)
		}
	}
	c.emit(s, out, in)
	return true
}

// packedSum lowers the op with second matrices that lie in panels.
func (c *compiler) packedSum(n *graph.Node, gemms []kernel.Gemm, rows, cols, depth int) {
	var panels []int
	s := step(n)
	for i := range gemms {
		gemms[i].M, gemms[i].N = rows, cols
		panels = append(panels, c.panels(n.In[2*i+1], gemms[i]))
		s.Scratch = max(s.Scratch, gemms[i].PackedScratch())
	}
	reads, out, bias := append([]int{}, panels...), c.buffer(graph.Value{Node: n}), -1
	first := make([]int, len(gemms))
	for i := range gemms {
		first[i] = c.buffer(n.In[2*i])
	}
	reads = append(reads, first...)
	if len(n.In)%2 == 1 {
		bias = c.buffer(n.In[len(n.In)-1])
		reads = append(reads, bias)
	}
	s.FLOPs = 2 * int64(rows) * int64(cols) * int64(depth)
	s.Run = func(f *run.Frame, _ int, scratch []float32) {
		y := f.F32[out]
		if bias >= 0 {
			for i := range rows {
				copy(y[i*cols:][:cols], f.F32[bias])
			}
		}
		for i := range gemms {
			f.Ahead = gemms[i].RunPacked(y, f.F32[first[i]], f.F32[panels[i]], scratch, f.Ahead)
		}
	}
	c.emit(s, []int{out}, reads)
}

var _ graph.Op = productSumOp{}
