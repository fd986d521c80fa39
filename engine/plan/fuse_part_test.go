package plan

import (
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// A part is fused in its graph: the values before it stay, its own are those of the block,
// and gradients are taken through that.
func TestFusePart(t *testing.T) {
	g := graph.New()
	x := g.Input("x", graph.Spec{DType: tensor.Float32, Shape: tensor.Shape{2, 4, 4, 1}})
	w := g.Variable(0, graph.Spec{DType: tensor.Float32, Shape: tensor.Shape{3, 3, 1, 2}})
	b := g.Variable(1, graph.Spec{DType: tensor.Float32, Shape: tensor.Shape{2}})
	before := ops.MulScalar(x, 2)
	from := len(g.Nodes)
	y := ops.Relu(ops.Add(ops.Conv2D(before, w, ops.ConvOptions{}), b))
	fused := FusePart(g, from, []graph.Value{y, before})
	if _, ok := fused[0].Node.Op.(ConvBlockOp); !ok || fused[1] != before {
		t.Fatalf("values are %s and %s", graph.OpName(fused[0].Node.Op), graph.OpName(fused[1].Node.Op))
	}
	numbers := func(shape ...int) *tensor.Tensor {
		v := tensor.New(tensor.Float32, shape...)
		for i := range v.Float32s() {
			v.Float32s()[i] = float32(i*7%11-5) / 4
		}
		return v
	}
	feeds := graph.Feeds{Inputs: map[string]*tensor.Tensor{"x": numbers(2, 4, 4, 1)}, Variables: []*tensor.Tensor{numbers(3, 3, 1, 2), numbers(2)}}
	wrt := []graph.Value{w, b}
	want := append(graph.Gradients(ops.Sum(y, nil, false), wrt), y)
	got := append(graph.Gradients(ops.Sum(fused[0], nil, false), wrt), fused[0])
	out, err := graph.Run(g, append(want, got...), feeds, false)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		for k, v := range out[i].Float32s() {
			if d := v - out[i+len(want)].Float32s()[k]; d > 1e-5 || d < -1e-5 {
				t.Errorf("value %d, element %d: %v, fused %v", i, k, v, out[i+len(want)].Float32s()[k])
			}
		}
	}
}
