package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// A step of a recurrence multiplies by the same matrices again and again: they are copied
// once, before the recurrence, into the order in which the kernels read them.

// packer collects the matrices that a step's Program reads in panels.
type packer struct {
	whole map[string]bool // inputs of the Program that are the same at every step
	list  []panels
}

// panels is an input of a Program that is another one in panels.
type panels struct {
	of     string
	gemm   kernel.Gemm // that reads it
	buffer int         // of the Program
}

// packedRows is the least number of rows of a product for which panels are best: for fewer
// rows the kernels take more columns at once than a panel has.
const packedRows = 8

// packs reports whether products of that many rows read their second matrix in panels.
func (c *compiler) packs(matrix graph.Value, rows int) bool {
	in, ok := matrix.Node.Op.(graph.Input)
	return ok && c.packer != nil && c.packer.whole[in.Name] && rows >= packedRows
}

// panels returns the buffer in which the second matrix of a product lies in panels.
func (c *compiler) panels(matrix graph.Value, g kernel.Gemm) int {
	in := matrix.Node.Op.(graph.Input)
	for _, p := range c.packer.list {
		if p.of == in.Name && p.gemm.K == g.K && p.gemm.N == g.N && p.gemm.TransB == g.TransB {
			return p.buffer
		}
	}
	b := c.newBuffer(run.Buffer{Spec: graph.Spec{DType: tensor.Float32, Shape: graph.Shape{g.K, g.N}}, Place: run.Input, Index: c.input(in.Name + " in panels")})
	c.packer.list = append(c.packer.list, panels{in.Name, g, b})
	return b
}

// packed is a matrix in panels that the parts of a recurrence share.
type packed struct {
	constant int // in the body's list
	gemm     kernel.Gemm
	buffer   int
}

// pack makes the panels that a part wants, or finds them, and returns their buffers.
func (s *scan) pack(c *compiler, n *graph.Node, want []panels) []int {
	var buffers []int
	for _, p := range want {
		buffers = append(buffers, s.packOne(c, n, p))
	}
	return buffers
}

func (s *scan) packOne(c *compiler, n *graph.Node, p panels) int {
	for _, x := range s.constants {
		if s.op.Body.Constants[x.index].Node.Op.(graph.Input).Name != p.of {
			continue
		}
		for _, have := range s.packed {
			if have.constant == x.index && have.gemm.K == p.gemm.K && have.gemm.N == p.gemm.N && have.gemm.TransB == p.gemm.TransB {
				return have.buffer
			}
		}
		b := c.packPanels(n, p.gemm, x.buffer)
		s.packed = append(s.packed, packed{x.index, p.gemm, b})
		s.reads = append(s.reads, b)
		return b
	}
	panic("plan: a step reads panels of " + p.of + ", which is no constant")
}
