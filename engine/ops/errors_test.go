package ops_test

import (
	"errors"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func TestErrors(t *testing.T) {
	f32 := func(g *graph.Graph, name string, s ...int) graph.Value {
		return g.Input(name, graph.Spec{DType: tensor.Float32, Shape: s})
	}
	ids := func(g *graph.Graph, s ...int) graph.Value {
		return g.Input("ids", graph.Spec{DType: tensor.Int32, Shape: s})
	}
	for _, c := range []struct {
		want string
		f    func(g *graph.Graph)
	}{
		{"Add: shapes (2, 3) and (2,) do not broadcast", func(g *graph.Graph) { ops.Add(f32(g, "a", 2, 3), f32(g, "b", 2)) }},
		{"Add: operand types differ: float32 (2,) and int32 (2,); use Cast", func(g *graph.Graph) { ops.Add(f32(g, "a", 2), ids(g, 2)) }},
		{"Div: wants a float type, got int32 (2,); use Cast", func(g *graph.Graph) { ops.DivScalar(ids(g, 2), 2) }},
		{"Exp: wants a float type, got int32 (2,); use Cast", func(g *graph.Graph) { ops.Exp(ids(g, 2)) }},
		{"Neg: is not defined on uint8 (1,); use Cast", func(g *graph.Graph) {
			ops.Neg(g.Input("u", graph.Spec{DType: tensor.Uint8, Shape: []int{1}}))
		}},
		{"Where: shapes (2,), (3,) and () do not broadcast", func(g *graph.Graph) { a := f32(g, "a", 3); ops.Where(f32(g, "c", 2), a, ops.Scalar(a, 0)) }},
		{"Clip: the lower bound 2 is above the upper bound 1", func(g *graph.Graph) { ops.Clip(f32(g, "a", 3), 2, 1) }},
		{"Cast: cannot turn float32 (3,) into bool", func(g *graph.Graph) { ops.Cast(f32(g, "a", 3), tensor.Bool) }},
		{"Reshape: cannot turn (2, 3) (6 elements) into (4, 2)", func(g *graph.Graph) { ops.Reshape(f32(g, "a", 2, 3), 4, 2) }},
		{"Reshape: cannot turn (2, 3) (6 elements) into [4 -1]", func(g *graph.Graph) { ops.Reshape(f32(g, "a", 2, 3), 4, -1) }},
		{"Reshape: more than one -1 in [-1 -1]", func(g *graph.Graph) { ops.Reshape(f32(g, "a", 2, 3), -1, -1) }},
		{"Reshape: 9 dimensions, at most 8 are supported", func(g *graph.Graph) { ops.Reshape(f32(g, "a", 1), 1, 1, 1, 1, 1, 1, 1, 1, 1) }},
		{"ExpandDims: axis 3 is outside the result of rank 2 of (2,)", func(g *graph.Graph) { ops.ExpandDims(f32(g, "a", 2), 3) }},
		{"Squeeze: axis 0 of (2,) is not of length 1", func(g *graph.Graph) { ops.Squeeze(f32(g, "a", 2), 0) }},
		{"Transpose: (0, 0) is not a permutation of the axes of (2, 3)", func(g *graph.Graph) { ops.Transpose(f32(g, "a", 2, 3), 0, 0) }},
		{"Transpose: permutation (0, 1, 2) has 3 axes, (2, 3) has 2", func(g *graph.Graph) { ops.Transpose(f32(g, "a", 2, 3), 0, 1, 2) }},
		{"BroadcastTo: (2,) does not broadcast to (3,)", func(g *graph.Graph) { ops.BroadcastTo(f32(g, "a", 2), 3) }},
		{"BroadcastTo: (2,) does not broadcast to ()", func(g *graph.Graph) { ops.BroadcastTo(f32(g, "a", 2)) }},
		{"SumTo: (4,) does not broadcast to (2, 3)", func(g *graph.Graph) { ops.SumTo(f32(g, "a", 2, 3), 4) }},
		{"Concat: shapes (2, 3) and (3, 2) differ outside axis 1", func(g *graph.Graph) { ops.Concat(-1, f32(g, "a", 2, 3), f32(g, "b", 3, 2)) }},
		{"Stack: shapes (2,) and (3,) differ", func(g *graph.Graph) { ops.Stack(0, f32(g, "a", 2), f32(g, "b", 3)) }},
		{"Slice: start 1, size 3, step 1 on axis 0 leave (3,)", func(g *graph.Graph) { ops.Slice(f32(g, "a", 3), []int{1}, []int{3}) }},
		{"Slice: step -1 on axis 0 must be positive; use Flip", func(g *graph.Graph) { ops.SliceStep(f32(g, "a", 3), []int{2}, []int{3}, []int{-1}) }},
		{"Slice: starts (0,), sizes (1,) and steps (1,) must have one entry for each axis of (2, 3)", func(g *graph.Graph) { ops.Slice(f32(g, "a", 2, 3), []int{0}, []int{1}) }},
		{"Pad: 1 pairs for (2, 3), which has 2 axes", func(g *graph.Graph) { ops.Pad(f32(g, "a", 2, 3), [][2]int{{1, 1}}, 0) }},
		{"Pad: negative count on axis 0", func(g *graph.Graph) { ops.Pad(f32(g, "a", 2), [][2]int{{-1, 1}}, 0) }},
		{"Flip: axis 2 is outside (2, 3)", func(g *graph.Graph) { ops.Flip(f32(g, "a", 2, 3), 2) }},
		{"Repeat: n is -1", func(g *graph.Graph) { ops.Repeat(f32(g, "a", 2, 3), -1, 0) }},
		{"Gather: ids must be int32, got float32 (2,); use Cast", func(g *graph.Graph) { ops.Gather(f32(g, "a", 2, 3), f32(g, "b", 2)) }},
		{"Gather: a scalar has no rows", func(g *graph.Graph) { ops.Gather(f32(g, "a"), ids(g, 2)) }},
		{"OneHot: ids must be int32, got float32 (2,); use Cast", func(g *graph.Graph) { ops.OneHot(f32(g, "a", 2), 3, tensor.Float32) }},
		{"TakeAlong: shapes (2, 3) and (3, 3) differ outside axis 1", func(g *graph.Graph) { ops.TakeAlong(f32(g, "a", 2, 3), ids(g, 3, 3), 1) }},
		{"Sum: axis -3 is outside (2, 3)", func(g *graph.Graph) { ops.Sum(f32(g, "a", 2, 3), []int{-3}, false) }},
		{"Sum: axes [1 -1] name an axis of (2, 3) twice", func(g *graph.Graph) { ops.Sum(f32(g, "a", 2, 3), []int{1, -1}, false) }},
		{"Mean: wants a float type, got int32 (2,); use Cast", func(g *graph.Graph) { ops.Mean(ids(g, 2), nil, false) }},
		{"Max: axis 0 of (0, 3) is empty", func(g *graph.Graph) { ops.Max(f32(g, "a", 0, 3), []int{0}, false) }},
		{"ArgMax: axis 1 is outside (2,)", func(g *graph.Graph) { ops.ArgMax(f32(g, "a", 2), 1) }},
		{"Sort: cannot take 4 elements of axis 0 of (3,)", func(g *graph.Graph) { ops.TopK(f32(g, "a", 3), 4) }},
		{"TopK: axis -1 is outside ()", func(g *graph.Graph) { ops.TopK(f32(g, "a"), 1) }},
		{"MatMul: shapes (2, 3) and (4, 5) do not fit: inner lengths 3 and 4 differ", func(g *graph.Graph) { ops.MatMul(f32(g, "a", 2, 3), f32(g, "b", 4, 5)) }},
		{"MatMul: shapes (7, 2, 3) and (4, 5) do not fit: inner lengths 3 and 4 differ", func(g *graph.Graph) { ops.MatMul(f32(g, "a", 7, 2, 3), f32(g, "b", 4, 5)) }},
		{"MatMul: shapes (2, 3) (transposed) and (3, 5) do not fit: inner lengths 2 and 3 differ", func(g *graph.Graph) {
			ops.MatMulT(f32(g, "a", 2, 3), f32(g, "b", 3, 5), true, false)
		}},
		{"MatMul: wants matrices, got shapes (3,) and (3, 5)", func(g *graph.Graph) { ops.MatMul(f32(g, "a", 3), f32(g, "b", 3, 5)) }},
		{"MatMul: the leading axes of (2, 3, 4) and (5, 4, 2) do not broadcast", func(g *graph.Graph) { ops.MatMul(f32(g, "a", 2, 3, 4), f32(g, "b", 5, 4, 2)) }},
		{"Softmax: axis 2 is outside (2, 3)", func(g *graph.Graph) { ops.Softmax(f32(g, "a", 2, 3), 2) }},
		{"Conv2D: wants images (N, H, W, Cin) and kernels (kh, kw, Cin/groups, Cout), got (2, 3) and (3, 3, 1, 1)", func(g *graph.Graph) {
			ops.Conv2D(f32(g, "a", 2, 3), f32(g, "b", 3, 3, 1, 1), ops.ConvOptions{})
		}},
		{"Conv2D: images (1, 5, 5, 3) have 3 channels, kernels (3, 3, 2, 4) in 1 groups want 2", func(g *graph.Graph) {
			ops.Conv2D(f32(g, "a", 1, 5, 5, 3), f32(g, "b", 3, 3, 2, 4), ops.ConvOptions{})
		}},
		{"Conv2D: 2 groups do not divide the channels of images (1, 5, 5, 3) and kernels (3, 3, 1, 4)", func(g *graph.Graph) {
			ops.Conv2D(f32(g, "a", 1, 5, 5, 3), f32(g, "b", 3, 3, 1, 4), ops.ConvOptions{Groups: 2})
		}},
		{"Conv2D: kernel (3, 3) with dilation (1, 1) does not fit into the padded image (2, 5)", func(g *graph.Graph) {
			ops.Conv2D(f32(g, "a", 1, 2, 5, 3), f32(g, "b", 3, 3, 3, 4), ops.ConvOptions{Padding: "valid"})
		}},
		{`Conv2D: unknown padding "full" (known: valid, same, causal)`, func(g *graph.Graph) {
			ops.Conv2D(f32(g, "a", 1, 5, 5, 3), f32(g, "b", 3, 3, 3, 4), ops.ConvOptions{Padding: "full"})
		}},
		{`Conv2DTranspose: unknown padding "causal" (known: valid, same)`, func(g *graph.Graph) {
			ops.Conv2DTranspose(f32(g, "a", 1, 5, 5, 3), f32(g, "b", 3, 3, 4, 3), ops.TransposeOptions{Padding: "causal"})
		}},
		{"MaxPool2D: a window of (3, 3) does not fit into the images (1, 2, 5, 1)", func(g *graph.Graph) {
			ops.MaxPool2D(f32(g, "a", 1, 2, 5, 1), ops.PoolOptions{Size: [2]int{3, 3}})
		}},
		{`AvgPool2D: unknown padding "full" (known: valid, same)`, func(g *graph.Graph) {
			ops.AvgPool2D(f32(g, "a", 1, 5, 5, 1), ops.PoolOptions{Size: [2]int{3, 3}, Padding: "full"})
		}},
		{"MaxPool2D: size [0 0], strides [0 0], padding [0 0] and [0 0]: out of range", func(g *graph.Graph) {
			ops.MaxPool2D(f32(g, "a", 1, 5, 5, 1), ops.PoolOptions{})
		}},
		{"ResizeBilinear: cannot resize (1, 5, 5, 1), wanted as (N, H, W, C), to (0, 3)", func(g *graph.Graph) {
			ops.ResizeBilinear(f32(g, "a", 1, 5, 5, 1), 0, 3)
		}},
		{"RandomUniform: negative length in [-1 2]", func(g *graph.Graph) { ops.RandomUniform(g, []int{-1, 2}, ops.Stream{}) }},
		{"RandomNormal: 9 dimensions, at most 8 are supported", func(g *graph.Graph) { ops.RandomNormal(g, make([]int, 9), ops.Stream{}) }},
	} {
		g := graph.New()
		c.f(g)
		switch {
		case g.Err() == nil:
			t.Errorf("no error, want %q", c.want)
		case g.Err().Error() != c.want:
			t.Errorf("error %q\nwant  %q", g.Err(), c.want)
		case !errors.Is(g.Err(), graph.ErrShape):
			t.Errorf("%q does not wrap graph.ErrShape", g.Err())
		}
	}
}

// TestNothingPanicsAfterAnError applies every recorded call in a graph that has
// met an error, to dummy values.
func TestNothingPanicsAfterAnError(t *testing.T) {
	first := errors.New("the first error")
	for _, c := range goldens() {
		g := graph.New()
		vs, _ := feed(g, c.inputs(false))
		g.Errorf("%w", first)
		dummies := make([]graph.Value, len(vs))
		for i, v := range vs {
			dummies[i] = ops.Sum(v, nil, false)
		}
		for _, in := range [][]graph.Value{vs, dummies} {
			out := calls[c.Op](in, c.Attrs)
			graph.Gradients(ops.Sum(out[0], nil, false), in)
		}
		if !errors.Is(g.Err(), first) {
			t.Errorf("%s: error is %v", c.Op, g.Err())
		}
	}
}

// TestIdsOutside wants a *tensor.ShapeError from ops that meet an id outside the
// rows only when they run.
func TestIdsOutside(t *testing.T) {
	for name, f := range map[string]func(x, ids graph.Value) graph.Value{
		"Gather: id 3 is outside the 3 rows":    ops.Gather,
		"TakeAlong: id 3 is outside the 3 rows": func(x, ids graph.Value) graph.Value { return ops.TakeAlong(x, ids, 0) },
	} {
		g := graph.New()
		vs, feeds := feed(g, []*tensor.Tensor{filled(3), tensor.From([]int32{0, 3})})
		y := f(vs[0], vs[1])
		func() {
			defer func() {
				err, ok := recover().(*tensor.ShapeError)
				if want := "tensor: " + name; !ok || err.Error() != want {
					t.Errorf("panic %v, want %s", err, want)
				}
			}()
			run(t, g, []graph.Value{y}, feeds)
		}()
	}
}
