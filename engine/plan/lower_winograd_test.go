package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
)

// TestWinogradGradient holds the input gradient by Winograd's algorithm, alone and behind bias and relu, against the formula, and sees that it is used, and
// not used where it may not be.
func TestWinogradGradient(t *testing.T) {
	for _, c := range []struct {
		kernel, stride, dilation, groups int
		padding                          string
		fast                             bool
	}{
		{3, 1, 1, 1, "same", true}, {3, 1, 1, 1, "valid", true}, {5, 1, 1, 1, "same", true},
		{3, 2, 1, 1, "same", false}, {3, 1, 2, 1, "same", false}, {3, 1, 1, 2, "same", false}, {1, 1, 1, 1, "same", false},
	} {
		for _, fused := range []bool{false, true} {
			for _, direct := range []bool{false, true} {
				t.Run(fmt.Sprintf("%+v fused %v direct %v", c, fused, direct), func(t *testing.T) {
					if direct {
						t.Setenv("KERASGO_CONV", "direct")
					}
					b := newBench()
					x, w, bias := b.variable(7, 19, 17, 16), b.variable(c.kernel, c.kernel, 16/c.groups, 24), b.variable(24)
					y := ops.Conv2D(x, w, ops.ConvOptions{Strides: [2]int{c.stride, c.stride}, Dilation: [2]int{c.dilation, c.dilation}, Padding: c.padding, Groups: c.groups})
					if fused {
						y = ops.Relu(ops.Add(y, bias))
						g, values := plan.Fuse(b.g, []value{y})
						b.g, y = g, values[0]
						x, w = g.Variable(0, x.Spec()), g.Variable(1, w.Spec())
					}
					want := graph.Gradients(ops.Mean(ops.Mul(y, ops.Sin(y)), nil, false), []value{x, w})
					p, err := plan.Compile(b.g, want)
					if err != nil {
						t.Fatal(err)
					}
					name := "Conv2DInputGradOp (Winograd)"
					if fused {
						name = "ConvBlockGradOp (Winograd)"
					}
					if got, want := strings.Contains(p.String(), name), c.fast && !direct; got != want {
						t.Errorf("Winograd used: %v, want %v:\n%v", got, want, p)
					}
					b.check(t, 1e-4, want...)
				})
			}
		}
	}
}
