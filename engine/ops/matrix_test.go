package ops_test

import (
	"math"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// square returns well-conditioned matrices (2, 3, 3).
func square() *tensor.Tensor {
	return tensor.From([]float64{4, 1, -2, 0.5, 3, 1, -1, 2, 5, 2, -1, 0.3, 1, 4, -0.5, 0.2, 1.5, -3}, 2, 3, 3)
}

// symmetric returns x·xᵀ + 1.
func symmetric(x graph.Value) graph.Value { return ops.AddScalar(ops.MatMulT(x, x, false, true), 0.5) }

// weighed makes of outputs one array with other weights for every element.
func weighed(list ...graph.Value) graph.Value {
	var sum graph.Value
	for k, v := range list {
		w := tensor.New(v.DType(), v.Shape()...)
		for i := range w.Size() {
			w.SetFloat64At(i, math.Sin(float64(3*i+k+1)))
		}
		part := ops.Sum(ops.Mul(v, ops.Const(v.Graph(), w)), nil, false)
		if sum.OK() {
			part = ops.Add(sum, part)
		}
		sum = part
	}
	return ops.Reshape(sum, 1)
}

// matrixCases are the ops on matrices, their gradients held against finite differences.
var matrixCases = []struct {
	name string
	f    func(x []graph.Value) graph.Value
	in   []*tensor.Tensor
}{
	{"Cholesky", func(x []graph.Value) graph.Value { return weighed(ops.Cholesky(symmetric(x[0]))) }, []*tensor.Tensor{square()}},
	{"Solve", func(x []graph.Value) graph.Value { return weighed(ops.Solve(x[0], x[1])) }, []*tensor.Tensor{square(), filled(2, 3, 2)}},
	{"SolveTriangular", func(x []graph.Value) graph.Value {
		return weighed(ops.SolveTriangular(x[0], x[1], true), ops.SolveTriangular(x[0], x[1], false))
	}, []*tensor.Tensor{square(), filled(2, 3, 2)}},
	{"Inv", func(x []graph.Value) graph.Value { return weighed(ops.Inv(x[0])) }, []*tensor.Tensor{square()}},
	{"Det", func(x []graph.Value) graph.Value { return weighed(ops.Det(x[0])) }, []*tensor.Tensor{square()}},
	{"QR", func(x []graph.Value) graph.Value { q, r := ops.QR(x[0], false); return weighed(q, r) }, []*tensor.Tensor{square()}},
	{"QR tall", func(x []graph.Value) graph.Value { q, r := ops.QR(x[0], false); return weighed(q, r) },
		[]*tensor.Tensor{tensor.From([]float64{4, 1, 1, 3, -1, 2, 0.5, -2}, 4, 2)}},
	{"Eigh", func(x []graph.Value) graph.Value {
		w, v := ops.Eigh(symmetric(x[0]))
		return weighed(w, ops.Square(v)) // the signs of v mean nothing
	}, []*tensor.Tensor{square()}},
	{"SVD", func(x []graph.Value) graph.Value {
		_, thin, _ := ops.SVD(x[0], false)
		_, full, _ := ops.SVD(ops.MulScalar(x[0], 2), true)
		return weighed(thin, full)
	}, []*tensor.Tensor{tensor.From([]float64{4, 1, 1, 3, -1, 2, 0.5, -2}, 2, 4)}},
	{"Pinv", func(x []graph.Value) graph.Value { return weighed(ops.Pinv(x[0], 1e-12)) },
		[]*tensor.Tensor{tensor.From([]float64{4, 1, 1, 3, -1, 2, 0.5, -2}, 4, 2)}},
	{"Fourier", func(x []graph.Value) graph.Value {
		re, im := ops.Fourier(x[0], x[1], false)
		back, _ := ops.Fourier(ops.Square(re), im, true)
		return weighed(re, im, back)
	}, []*tensor.Tensor{filled(2, 5), filled(2, 5)}},
	{"ScatterReduce", func(x []graph.Value) graph.Value {
		return weighed(ops.ScatterReduce(x[0], x[1], 3, ops.ScatterProd), ops.ScatterReduce(x[0], x[1], 2, ops.ScatterMax), ops.ScatterReduce(x[0], x[1], 2, ops.ScatterMin))
	}, []*tensor.Tensor{filled(4, 2), tensor.From([]int32{1, 0, 1, 0}, 4)}},
	{"Special", func(x []graph.Value) graph.Value {
		return weighed(ops.Erfinv(ops.MulScalar(x[0], 0.3)), inputGradients(0, func(x []graph.Value) graph.Value { return ops.BesselI0(x[0]) })(x))
	}, []*tensor.Tensor{filled(5)}},
	{"ScaleAndTranslate", func(x []graph.Value) graph.Value {
		return ops.ScaleAndTranslate(x[0], 1, 5, 1.4, 0.3, ops.ResizeOptions{Interpolation: "bicubic"})
	}, []*tensor.Tensor{filled(2, 4)}},
	{"ExtractPatches", func(x []graph.Value) graph.Value {
		return weighed(ops.ExtractPatches(x[0], [2]int{2, 2}, [2]int{1, 2}, [2]int{2, 1}))
	}, []*tensor.Tensor{filled(1, 4, 5, 2)}},
}

func TestMatrixGradients(t *testing.T) {
	for _, c := range matrixCases {
		t.Run(c.name, func(t *testing.T) {
			if n := checkGradient(t, c.f, c.in); n < 4 {
				t.Errorf("only %d elements compared", n)
			}
		})
	}
}

// evaluated runs a function of constants.
func evaluated(t *testing.T, f func(g *graph.Graph) []graph.Value) []*tensor.Tensor {
	t.Helper()
	g := graph.New()
	out := f(g)
	if g.Err() != nil {
		t.Fatal(g.Err())
	}
	return run(t, g, out, graph.Feeds{})
}

func closeTo(t *testing.T, what string, got, want *tensor.Tensor) {
	t.Helper()
	if !got.Shape().Equal(want.Shape()) {
		t.Fatalf("%s: shape %v, want %v", what, got.Shape(), want.Shape())
	}
	for i := range want.Size() {
		if a, b := got.Float64At(i), want.Float64At(i); !(math.Abs(a-b) < 1e-9) {
			t.Errorf("%s: element %d is %v, want %v", what, i, a, b)
		}
	}
}

// The factors give the matrices again.
func TestDecompositions(t *testing.T) {
	wide := tensor.From([]float64{4, 1, 1, 3, -1, 2, 0.5, -2}, 2, 4)
	tall := tensor.From([]float64{4, 1, 1, 3, -1, 2, 0.5, -2}, 4, 2)
	for _, x := range []*tensor.Tensor{square(), wide, tall} {
		for _, full := range []bool{false, true} {
			out := evaluated(t, func(g *graph.Graph) []graph.Value {
				a := ops.Const(g, x)
				q, r := ops.QR(a, full)
				return []graph.Value{ops.MatMul(q, r), ops.MatMulT(q, q, true, false)}
			})
			closeTo(t, "Q·R", out[0], x)
			for i := range out[1].Size() {
				n := out[1].Shape().Last()
				want := 0.0
				if i/n%n == i%n {
					want = 1
				}
				if math.Abs(out[1].Float64At(i)-want) > 1e-12 {
					t.Errorf("Qᵀ·Q: element %d is %v", i, out[1].Float64At(i))
				}
			}
		}
		out := evaluated(t, func(g *graph.Graph) []graph.Value {
			a := ops.Const(g, x)
			u, s, v := ops.SVD(a, false)
			shape := append(s.Shape()[:len(s.Shape())-1].Clone(), 1, s.Shape().Last())
			p := ops.Pinv(a, 1e-12)
			return []graph.Value{ops.MatMul(ops.Mul(u, ops.Reshape(s, shape...)), v), ops.MatMul(ops.MatMul(a, p), a)}
		})
		closeTo(t, "U·s·Vᵀ", out[0], x)
		closeTo(t, "A·P·A", out[1], x)
	}
	out := evaluated(t, func(g *graph.Graph) []graph.Value {
		a := ops.Const(g, square())
		s := symmetric(a)
		l := ops.Cholesky(s)
		w, v := ops.Eigh(s)
		return []graph.Value{s, ops.MatMulT(l, l, false, true), ops.MatMulT(ops.Mul(v, ops.Reshape(w, 2, 1, 3)), v, false, true)}
	})
	closeTo(t, "L·Lᵀ", out[1], out[0])
	closeTo(t, "V·w·Vᵀ", out[2], out[0])
}

func TestLU(t *testing.T) {
	out := evaluated(t, func(g *graph.Graph) []graph.Value {
		f, p := ops.LU(ops.Const(g, tensor.From([]float64{0, 2, 3, 4}, 2, 2)))
		sign, log := ops.Slogdet(ops.Const(g, tensor.From([]float64{0, 2, 3, 4, 1, 2, 2, 4}, 2, 2, 2)))
		return []graph.Value{f, p, sign, log}
	})
	closeTo(t, "factors", out[0], tensor.From([]float64{3, 4, 0, 2}, 2, 2))
	closeTo(t, "places", out[1], tensor.From([]float64{1, 0}, 2))
	closeTo(t, "signs", out[2], tensor.From([]float64{-1, 0}, 2))
	if a, b := out[3].Float64At(0), out[3].Float64At(1); math.Abs(a-math.Log(6)) > 1e-12 || !math.IsInf(b, -1) {
		t.Errorf("logarithms %v and %v, want log 6 and -Inf", a, b)
	}
}

func TestNotPositiveDefinite(t *testing.T) {
	out := evaluated(t, func(g *graph.Graph) []graph.Value {
		return []graph.Value{ops.Cholesky(ops.Const(g, tensor.From([]float64{1, 2, 2, 1}, 2, 2)))}
	})
	for i := range 4 {
		if !math.IsNaN(out[0].Float64At(i)) {
			t.Errorf("element %d is %v, want NaN", i, out[0].Float64At(i))
		}
	}
}

func TestWhole(t *testing.T) {
	a, b := []int32{12, -12, 7, 0}, []int32{10, 8, 2, 0}
	for kind, want := range map[ops.WholeKind][]float64{
		ops.WholeAnd: {8, 0, 2, 0}, ops.WholeOr: {14, -4, 7, 0}, ops.WholeXor: {6, -4, 5, 0},
		ops.WholeLeft: {12288, -3072, 28, 0}, ops.WholeRight: {0, -1, 1, 0}, ops.WholeGcd: {2, 4, 1, 0},
	} {
		for _, dtype := range []tensor.DType{tensor.Int32, tensor.Int64} {
			out := evaluated(t, func(g *graph.Graph) []graph.Value {
				return []graph.Value{ops.Whole(kind, ops.Const(g, tensor.From(a).Cast(dtype)), ops.Const(g, tensor.From(b).Cast(dtype)))}
			})
			closeTo(t, dtype.String(), out[0], tensor.From(want))
		}
	}
}

// Values of scipy.special.i0, at both sides of the place where the series change.
func TestBessel(t *testing.T) {
	for x, want := range map[float64]float64{0: 1, 1: 1.2660658777520082, 5: 27.239871823604442, 40: 1.4894774793419899e16} {
		out := evaluated(t, func(g *graph.Graph) []graph.Value {
			return []graph.Value{ops.BesselI0(ops.Const(g, tensor.From([]float64{x, -x})))}
		})
		for i := range 2 {
			if got := out[0].Float64At(i); math.Abs(got/want-1) > 1e-13 {
				t.Errorf("I0(%v) = %v, want %v", x, got, want)
			}
		}
	}
	near := evaluated(t, func(g *graph.Graph) []graph.Value {
		return []graph.Value{ops.BesselI0(ops.Const(g, tensor.From([]float64{30 - 1e-9, 30})))}
	})[0]
	if r := near.Float64At(1)/near.Float64At(0) - 1; r < 0 || r > 2e-9 {
		t.Errorf("at 30 the two series differ by %v", r)
	}
}

func TestMissingDerivatives(t *testing.T) {
	for name, f := range map[string]func(x graph.Value) graph.Value{
		"the vectors of SVD":               func(x graph.Value) graph.Value { u, _, _ := ops.SVD(x, false); return u },
		"LU":                               func(x graph.Value) graph.Value { l, _ := ops.LU(x); return l },
		"QR of matrices with more columns": func(x graph.Value) graph.Value { q, _ := ops.QR(x, false); return q },
	} {
		g := graph.New()
		vs, _ := feed(g, []*tensor.Tensor{filled(3, 4)})
		graph.Gradients(ops.Sum(f(vs[0]), nil, false), vs)
		if want := "the derivative of " + name; g.Err() == nil || !strings.Contains(g.Err().Error(), want) {
			t.Errorf("%s: error %v, want %q", name, g.Err(), want)
		}
	}
}
