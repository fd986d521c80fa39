package ops_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// checkGradient compares the gradient of a weighted sum of f's first output with
// differences in float64. Elements at a kink, where the differences to the left
// and to the right disagree, are left out. It returns how many elements it
// compared.
func checkGradient(t *testing.T, f func(x []graph.Value) graph.Value, in []*tensor.Tensor) int {
	t.Helper()
	g := graph.New()
	vs, feeds := feed(g, in)
	out := f(vs)
	if g.Err() != nil {
		t.Fatal(g.Err())
	}
	weights := tensor.New(out.DType(), out.Shape()...)
	for i := range weights.Size() {
		weights.SetFloat64At(i, 0.3+math.Sin(float64(i)*1.7))
	}
	loss := ops.Sum(ops.Mul(out, ops.Const(g, weights)), nil, false)
	grads := graph.Gradients(loss, vs)
	if g.Err() != nil {
		t.Fatal(g.Err())
	}
	eval := func() *tensor.Tensor { return run(t, g, []graph.Value{out}, feeds)[0] }
	// diff is the weighted sum of a-b; differences first, so that one huge element
	// does not drown the others.
	diff := func(a, b *tensor.Tensor) (sum float64) {
		for i := range a.Size() {
			sum += (a.Float64At(i) - b.Float64At(i)) * weights.Float64At(i)
		}
		return sum
	}
	base, compared := eval(), 0
	for i, x := range in {
		if !x.DType().Float() {
			continue
		}
		grad := tensor.New(x.DType(), x.Shape()...) // none means zero
		if grads[i].OK() {
			grad = run(t, g, grads[i:i+1], feeds)[0]
		}
		step := 1 + x.Size()/40 // a sample of a large input is enough
		for k := 0; k < x.Size(); k += step {
			at := x.Float64At(k)
			h := 1e-6 * max(1, math.Abs(at))
			x.SetFloat64At(k, at+h)
			up := eval()
			x.SetFloat64At(k, at-h)
			down := eval()
			x.SetFloat64At(k, at)
			tol := 2e-5 * max(1, math.Abs(grad.Float64At(k)))
			want := diff(up, down) / (2 * h)
			bend := math.Abs(diff(up, base)-diff(base, down)) / h
			jump := math.Abs(want)*h > 0.1 && math.Abs(at) < 10 // exp is as steep further out
			if jump || !(bend < tol*max(1, math.Abs(want))) {   // or not a number
				continue
			}
			compared++
			if math.Abs(grad.Float64At(k)-want) > tol {
				t.Errorf("input %d, element %d of %v: gradient %v, difference quotient %v", i, k, x.Shape(), grad.Float64At(k), want)
				break
			}
		}
	}
	return compared
}

func TestGradientsOfRecordedCases(t *testing.T) {
	compared, want := map[string]int{}, map[string]bool{}
	for _, c := range goldens() {
		if c.Dout == nil || c.Op == "StopGradient" || c.Op == "Cast" || c.Op == "BFloat16" || c.Op == "Float16" {
			continue // hidden from differentiation, or rounding
		}
		want[c.Op] = true
		t.Run(c.Op+"/"+c.name(), func(t *testing.T) {
			f := func(x []graph.Value) graph.Value { return calls[c.Op](x, c.Attrs)[0] }
			compared[c.Op] += checkGradient(t, f, c.inputs(true))
		})
	}
	for op := range want {
		if compared[op] < 2 {
			t.Errorf("%s: only %d elements compared", op, compared[op])
		}
	}
}

func filled(shape ...int) *tensor.Tensor {
	t := tensor.New(tensor.Float64, shape...)
	for i := range t.Size() {
		t.SetFloat64At(i, math.Cos(float64(i)*2.3+float64(len(shape)))+0.01*float64(i))
	}
	return t
}

// inputGradients makes a function of the gradients that f has with respect to
// its inputs, so that checkGradient sees second derivatives.
func inputGradients(i int, f func(x []graph.Value) graph.Value) func(x []graph.Value) graph.Value {
	return func(x []graph.Value) graph.Value {
		y := f(x)
		loss := ops.Sum(ops.Mul(y, y), nil, false)
		return graph.Gradients(loss, x)[i]
	}
}

// conv is a convolution with every attribute away from its default.
func conv(x []graph.Value) graph.Value {
	return ops.Conv2D(x[0], x[1], ops.ConvOptions{Strides: [2]int{2, 1}, Dilation: [2]int{1, 2}, Padding: "same", Groups: 2})
}

// attention has a mask that leaves one query nothing to see.
func attention(x []graph.Value) graph.Value {
	mask := ops.Const(x[0].Graph(), tensor.From([]float64{1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1}, 3, 5))
	return ops.DotProductAttention(x[0], x[1], x[2], mask, ops.AttentionOptions{Scale: 0.5, Causal: true, ZeroMasked: true})
}

func layerNorm(x []graph.Value) graph.Value { return ops.LayerNorm(x[0], x[1], x[2], 0.01) }
func rmsNorm(x []graph.Value) graph.Value   { return ops.RMSNorm(x[0], x[1], 0.01) }

func lstmGates(x []graph.Value) graph.Value {
	h, next := ops.LSTMGates(x[0], x[1], x[2])
	return ops.Add(h, ops.MulScalar(next, 0.7))
}

func gruGates(x []graph.Value) graph.Value { return ops.GRUGates(x[0], x[1], x[2], x[3], x[4]) }

var (
	lstmGatesInputs = []*tensor.Tensor{filled(3, 8), filled(8), filled(3, 2)}
	gruGatesInputs  = []*tensor.Tensor{filled(3, 6), filled(3, 6), filled(6), filled(6), filled(3, 2)}
)

// affine turns, shears and zooms two images.
func affine(x []graph.Value) graph.Value {
	t := tensor.From([]float64{0.9, 0.3, -0.4, -0.2, 1.1, 0.3, 0, 0, 1.3, 0, 0.7, 0.1, 0.8, -1.2, 0.02, -0.03}, 2, 8)
	return ops.AffineTransform(x[0], ops.Const(x[0].Graph(), t), ops.AffineOptions{FillMode: "reflect"})
}

// thinned is attention with dropout.
func thinned(x []graph.Value) graph.Value {
	o := ops.AttentionOptions{Scale: 0.5, Causal: true, Dropout: 0.3, Stream: ops.Stream{ID: 5, Seed: 3, Fixed: true}}
	return ops.DotProductAttention(x[0], x[1], x[2], graph.Value{}, o)
}

// seconds are ops that only appear in gradients, and second derivatives.
var seconds = []struct {
	name string
	f    func(x []graph.Value) graph.Value
	in   []*tensor.Tensor
}{
	{"DotProductAttention with dropout", thinned, []*tensor.Tensor{filled(2, 3, 4, 2), filled(2, 5, 2, 2), filled(2, 5, 2, 3)}},
	{"DotProductAttentionGrad with dropout", inputGradients(1, thinned), []*tensor.Tensor{filled(2, 3, 4, 2), filled(2, 5, 2, 2), filled(2, 5, 2, 3)}},
	{"DotProductAttentionGrad q", inputGradients(0, attention), []*tensor.Tensor{filled(2, 3, 4, 2), filled(2, 5, 2, 2), filled(2, 5, 2, 3)}},
	{"DotProductAttentionGrad v", inputGradients(2, attention), []*tensor.Tensor{filled(2, 3, 4, 2), filled(2, 5, 2, 2), filled(2, 5, 2, 3)}},
	{"Conv2DInputGrad", inputGradients(0, conv), []*tensor.Tensor{filled(2, 5, 4, 4), filled(2, 3, 2, 2)}},
	{"Conv2DFilterGrad", inputGradients(1, conv), []*tensor.Tensor{filled(2, 5, 4, 4), filled(2, 3, 2, 2)}},
	{"BatchNorm", func(x []graph.Value) graph.Value {
		y, mean, variance := ops.BatchNorm(x[0], x[1], x[2], 0.01)
		return ops.Add(y, ops.Add(mean, ops.Square(variance)))
	}, []*tensor.Tensor{filled(2, 3, 4), filled(4), filled(4)}},
	{"LayerNorm", layerNorm, []*tensor.Tensor{filled(2, 3, 4), filled(3, 4), filled(3, 4)}},
	{"LayerNormGrad x", inputGradients(0, layerNorm), []*tensor.Tensor{filled(2, 3, 4), filled(3, 4), filled(3, 4)}},
	{"LayerNormGrad gamma", inputGradients(1, layerNorm), []*tensor.Tensor{filled(2, 3, 4), filled(3, 4), filled(3, 4)}},
	{"RMSNorm", rmsNorm, []*tensor.Tensor{filled(5, 4), filled(4)}},
	{"RMSNorm x", inputGradients(0, rmsNorm), []*tensor.Tensor{filled(5, 4), filled(4)}},
	{"LSTMGates", lstmGates, lstmGatesInputs},
	{"LSTMGatesGrad z", inputGradients(0, lstmGates), lstmGatesInputs},
	{"LSTMGatesGrad c", inputGradients(2, lstmGates), lstmGatesInputs},
	{"GRUGates", gruGates, gruGatesInputs},
	{"GRUGatesGrad p", inputGradients(1, gruGates), gruGatesInputs},
	{"GRUGatesGrad h", inputGradients(4, gruGates), gruGatesInputs},
	{"AvgPool2DGrad", inputGradients(0, func(x []graph.Value) graph.Value {
		return ops.AvgPool2D(x[0], ops.PoolOptions{Size: [2]int{2, 3}, Strides: [2]int{2, 1}, Padding: "same"})
	}), []*tensor.Tensor{filled(1, 5, 4, 2)}},
	{"ResizeBilinearGrad", inputGradients(0, func(x []graph.Value) graph.Value { return ops.ResizeBilinear(x[0], 5, 3) }),
		[]*tensor.Tensor{filled(1, 2, 4, 2)}},
	{"Gather", inputGradients(0, func(x []graph.Value) graph.Value { return ops.Gather(x[0], x[1]) }),
		[]*tensor.Tensor{filled(4, 2), tensor.From([]int32{1, 3, 1}, 3)}},
	{"TakeAlong", inputGradients(0, func(x []graph.Value) graph.Value { return ops.TakeAlong(x[0], x[1], 0) }),
		[]*tensor.Tensor{filled(3, 2), tensor.From([]int32{1, 0, 2, 0}, 2, 2)}},
	{"Sort", inputGradients(0, func(x []graph.Value) graph.Value { return ops.Sort(ops.Square(x[0]), 0) }), []*tensor.Tensor{filled(5)}},
	{"Variance", inputGradients(0, func(x []graph.Value) graph.Value { return ops.Variance(x[0], []int{0}, false) }), []*tensor.Tensor{filled(4, 3)}},
	{"LogSumExp", inputGradients(0, func(x []graph.Value) graph.Value { return ops.LogSumExp(x[0], []int{1}, false) }), []*tensor.Tensor{filled(2, 3)}},
	{"Softmax", inputGradients(0, func(x []graph.Value) graph.Value { return ops.Softmax(x[0], 0) }), []*tensor.Tensor{filled(4, 2)}},
	{"LogSoftmax", inputGradients(0, func(x []graph.Value) graph.Value { return ops.LogSoftmax(x[0], -1) }), []*tensor.Tensor{filled(2, 3)}},
	{"MatMul", inputGradients(0, func(x []graph.Value) graph.Value { return ops.MatMul(x[0], x[1]) }), []*tensor.Tensor{filled(2, 3, 2), filled(2, 4)}},
	{"Max", inputGradients(0, func(x []graph.Value) graph.Value { return ops.Max(x[0], []int{1}, false) }), []*tensor.Tensor{filled(3, 4)}},
	{"SliceStep", inputGradients(0, func(x []graph.Value) graph.Value {
		return ops.SliceStep(x[0], []int{1, 0}, []int{2, 2}, []int{2, 3})
	}), []*tensor.Tensor{filled(5, 4)}},
	{"Flip", inputGradients(0, func(x []graph.Value) graph.Value { return ops.Flip(ops.CumSum(x[0], 0), 0) }), []*tensor.Tensor{filled(5)}},
	{"Tanh", inputGradients(0, func(x []graph.Value) graph.Value { return ops.Tanh(x[0]) }), []*tensor.Tensor{filled(5)}},
	{"Pow", inputGradients(1, func(x []graph.Value) graph.Value { return ops.Pow(ops.AddScalar(x[0], 3), x[1]) }), []*tensor.Tensor{filled(5), filled(5)}},
	{"SumTo", func(x []graph.Value) graph.Value { return ops.SumTo(x[0], 3, 1) }, []*tensor.Tensor{filled(2, 3, 4)}},
	{"Scan", inputGradients(1, lstm(ops.ScanOptions{Axis: 1})), lstmInputs(1)},
	{"Scan of gates", inputGradients(1, func(x []graph.Value) graph.Value {
		_, stacked := ops.Scan(x[1:3], x[:1], ops.ScanOptions{Axis: 1}, func(s *ops.ScanStep) (next, out []graph.Value) {
			z := ops.Add(ops.MatMul(s.Inputs[0], s.Outer(x[3])), ops.MatMul(s.States[0], s.Outer(x[4])))
			h, c := ops.LSTMGates(z, s.Outer(x[5]), s.States[1])
			return []graph.Value{h, c}, []graph.Value{h}
		})
		return stacked[0]
	}), lstmInputs(1)},
	{"Scan with sums", inputGradients(2, func(x []graph.Value) graph.Value {
		final, _ := ops.Scan(x[:1], x[1:2], ops.ScanOptions{Axis: 1}, func(s *ops.ScanStep) (next, out []graph.Value) {
			return []graph.Value{ops.Tanh(ops.Add(ops.Add(s.Inputs[0], ops.MatMul(s.States[0], s.Outer(x[2]))), s.Outer(x[3])))}, nil
		})
		return final[0]
	}), []*tensor.Tensor{filled(48, 2), filled(48, 3, 2), filled(2, 2), filled(2)}},
	{"AffineTransform", affine, []*tensor.Tensor{filled(2, 3, 4, 2)}},
	{"AffineTransformGrad", inputGradients(0, affine), []*tensor.Tensor{filled(2, 3, 4, 2)}},
	{"PerspectiveTransform", func(x []graph.Value) graph.Value {
		corners := []float64{0, 0, 3, 0, 0, 2, 3, 2}
		g := x[0].Graph()
		return ops.PerspectiveTransform(x[0], ops.Const(g, tensor.From(corners, 1, 4, 2)), ops.Const(g, tensor.From([]float64{.4, .3, 3.2, 0, .1, 1.7, 2.6, 2.1}, 1, 4, 2)), ops.AffineOptions{})
	}, []*tensor.Tensor{filled(1, 3, 4, 2)}},
	{"MapCoordinates", func(x []graph.Value) graph.Value {
		return ops.MapCoordinatesEach(x[0], ops.MulScalar(x[1], 3), ops.MapOptions{FillMode: "reflect"})
	}, []*tensor.Tensor{filled(2, 3, 4, 2), filled(2, 2, 5)}},
	{"CropGrad", inputGradients(0, func(x []graph.Value) graph.Value { return ops.Crop(x[0], x[1], 2, 2) }),
		[]*tensor.Tensor{filled(2, 3, 4, 2), tensor.From([]int32{1, 1})}},
	{"Resize", func(x []graph.Value) graph.Value {
		return ops.Resize(x[0], 2, 5, ops.ResizeOptions{Interpolation: "area"})
	}, []*tensor.Tensor{filled(1, 3, 4, 2)}},
	{"HSVToRGB", func(x []graph.Value) graph.Value { return ops.HSVToRGB(x[0]) }, []*tensor.Tensor{filled(4, 3)}},
	{"GaussianBlur", func(x []graph.Value) graph.Value { return ops.GaussianBlur(x[0], [2]int{3, 5}, ops.AddScalar(x[1], 2)) },
		[]*tensor.Tensor{filled(1, 3, 4, 2), filled(2)}},
	{"Atan2", inputGradients(1, func(x []graph.Value) graph.Value { return ops.Atan2(x[0], x[1]) }), []*tensor.Tensor{filled(5), filled(5, 1).Reshape(5)}},
	{"both operands", func(x []graph.Value) graph.Value { return ops.Mul(x[0], ops.Div(x[0], ops.Exp(x[0]))) }, []*tensor.Tensor{filled(4)}},
}

func TestSecondDerivatives(t *testing.T) {
	for _, c := range seconds {
		t.Run(c.name, func(t *testing.T) {
			if n := checkGradient(t, c.f, c.in); n < 4 {
				t.Errorf("only %d elements compared", n)
			}
		})
	}
}

func TestMissingSecondDerivatives(t *testing.T) {
	for name, f := range map[string]func(x graph.Value) graph.Value{
		"MaxPool2D": func(x graph.Value) graph.Value { return ops.MaxPool2D(x, ops.PoolOptions{Size: [2]int{2, 2}}) },
		"Prod":      func(x graph.Value) graph.Value { return ops.Prod(x, nil, false) },
		"BatchNorm": func(x graph.Value) graph.Value {
			one := ops.Fill(x.Graph(), graph.Spec{DType: x.DType(), Shape: graph.Shape{1}}, 1)
			y, _, _ := ops.BatchNorm(x, one, one, 0.1)
			return ops.Square(y)
		},
	} {
		g := graph.New()
		vs, _ := feed(g, []*tensor.Tensor{filled(1, 4, 4, 1)})
		loss := ops.Sum(f(vs[0]), nil, false)
		dx := graph.Gradients(loss, vs)[0]
		if g.Err() != nil {
			t.Fatal(g.Err())
		}
		graph.Gradients(ops.Sum(ops.Square(dx), nil, false), vs)
		want := fmt.Sprintf("the second derivative of %s is not implemented", name)
		if g.Err() == nil || g.Err().Error() != want {
			t.Errorf("%s: error %v, want %q", name, g.Err(), want)
		}
	}
}
