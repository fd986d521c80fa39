package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// special are the values at which formulas break.
var special = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, 0.5, 1.5, 2.5, -2.5, float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 0x1p-127, math.MaxFloat32, -math.MaxFloat32, 0x1p23, 0x1p24 + 2, 8388607.5, -0.49999997,
}

// mixed fills x with random numbers of many sizes and, at random places, special values.
func mixed(r *rand.Rand, x []float32) {
	for i := range x {
		switch r.IntN(4) {
		case 0:
			x[i] = special[r.IntN(len(special))]
		case 1:
			x[i] = float32(r.IntN(5) - 2) // ties for comparisons
		default:
			x[i] = float32(r.NormFloat64() * math.Exp(4*r.NormFloat64()))
		}
	}
}

// same reports equal bits, all NaN being equal.
func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || (a != a && b != b)
}

// lengths are the sizes around vectors and unrolled blocks.
func lengths() []int {
	var n []int
	for i := range 70 {
		n = append(n, i)
	}
	return append(n, 127, 128, 129, 255, 256, 257, 1000, 4096, 4097, 10000)
}

// native tables, the ones to compare with the portable twin.
func nativeTables() []*table { return tables[:len(tables)-1] }

// checkLoop runs one elementwise kernel and its portable twin on the same data and compares all slices.
func checkLoop(t *testing.T, name string, sources int, kernel, twin func(x [][]float32)) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range lengths() {
		offset := r.IntN(5)
		got, want := make([][]float32, sources), make([][]float32, sources)
		checks := make([]func(), sources)
		for i := range got {
			got[i], checks[i] = guarded(t, r, n, offset)
			mixed(r, got[i])
			want[i] = append([]float32(nil), got[i]...)
		}
		kernel(got)
		twin(want)
		for i := range got {
			checks[i]()
			for j := range got[i] {
				if !same(got[i][j], want[i][j]) {
					t.Fatalf("%s, length %d, slice %d: element %d is %v, want %v", name, n, i, j, got[i][j], want[i][j])
				}
			}
		}
	}
}

// Kernels without polynomials give the bits of the portable code, for every length, alignment and special value.
func TestElementwiseBits(t *testing.T) {
	for _, native := range nativeTables() {
		t.Run(native.isa, func(t *testing.T) {
			for op := range numBinary {
				for _, alias := range []int{1, 2, 0} { // dst is a, dst is b, dst is neither
					run := func(tab *table) func(x [][]float32) {
						return func(x [][]float32) { tab.binary[op](x[0], x[(3-alias)%3], x[[3]int{2, 1, 0}[alias]]) }
					}
					checkLoop(t, fmt.Sprintf("binary %d alias %d", op, alias), 3, run(native), run(&generic))
				}
			}
			for op := range numScalar {
				for _, s := range special {
					run := func(tab *table) func(x [][]float32) {
						return func(x [][]float32) { tab.scalar[op](x[0], x[1], s) }
					}
					checkLoop(t, fmt.Sprintf("scalar %d with %v", op, s), 2, run(native), run(&generic))
				}
			}
			for op := range numTernary {
				run := func(tab *table) func(x [][]float32) {
					return func(x [][]float32) { tab.ternary[op](x[0], x[1], x[2], x[3]) }
				}
				checkLoop(t, fmt.Sprintf("ternary %d", op), 4, run(native), run(&generic))
			}
			for op := range numUnary {
				if ulps[op] != 0 {
					continue
				}
				run := func(tab *table) func(x [][]float32) {
					return func(x [][]float32) { tab.unary[op](x[0], x[1]) }
				}
				checkLoop(t, fmt.Sprintf("unary %d", op), 2, run(native), run(&generic))
			}
			for name, run := range map[string]func(tab *table, x [][]float32){
				"scaleAdd":    func(tab *table, x [][]float32) { tab.scaleAdd(x[0], x[1], 0.3) },
				"adam":        func(tab *table, x [][]float32) { tab.adam(x[0], x[1], x[2], x[3], 0.1, 0.001, 0.003, 1e-7) },
				"adamAMS":     func(tab *table, x [][]float32) { tab.adamAMS(x[0], x[1], x[2], x[4], x[3], 0.1, 0.001, 0.003, 1e-7) },
				"sgdMomentum": func(tab *table, x [][]float32) { tab.sgdMomentum(x[0], x[1], x[2], 0.01, 0.9) },
				"sgdNesterov": func(tab *table, x [][]float32) { tab.sgdNesterov(x[0], x[1], x[2], 0.01, 0.9) },
			} {
				checkLoop(t, name, 5, func(x [][]float32) { run(native, x) }, func(x [][]float32) { run(&generic, x) })
			}
		})
	}
}

// The exported functions pass their arguments on in the right order; values by hand.
func TestElementwiseValues(t *testing.T) {
	onEach(t, func(t *testing.T) {
		a, b, c := []float32{1, -2, 3}, []float32{4, 5, -6}, []float32{7, 0, 9}
		for _, row := range []struct {
			name string
			run  func(dst []float32)
			want [3]float32
		}{
			{"Add", func(d []float32) { Add(d, a, b) }, [3]float32{5, 3, -3}},
			{"Sub", func(d []float32) { Sub(d, a, b) }, [3]float32{-3, -7, 9}},
			{"Mul", func(d []float32) { Mul(d, a, b) }, [3]float32{4, -10, -18}},
			{"Div", func(d []float32) { Div(d, a, b) }, [3]float32{0.25, -0.4, -0.5}},
			{"Max", func(d []float32) { Max(d, a, b) }, [3]float32{4, 5, 3}},
			{"Min", func(d []float32) { Min(d, a, b) }, [3]float32{1, -2, -6}},
			{"Greater", func(d []float32) { Greater(d, a, b) }, [3]float32{0, 0, 1}},
			{"GreaterEqual", func(d []float32) { GreaterEqual(d, a, a) }, [3]float32{1, 1, 1}},
			{"Less", func(d []float32) { Less(d, a, b) }, [3]float32{1, 1, 0}},
			{"LessEqual", func(d []float32) { LessEqual(d, b, a) }, [3]float32{0, 0, 1}},
			{"Equal", func(d []float32) { Equal(d, a, []float32{1, 2, 3}) }, [3]float32{1, 0, 1}},
			{"NotEqual", func(d []float32) { NotEqual(d, a, []float32{1, 2, 3}) }, [3]float32{0, 1, 0}},
			{"AddScalar", func(d []float32) { AddScalar(d, a, 2) }, [3]float32{3, 0, 5}},
			{"SubScalar", func(d []float32) { SubScalar(d, a, 2) }, [3]float32{-1, -4, 1}},
			{"MulScalar", func(d []float32) { MulScalar(d, a, 2) }, [3]float32{2, -4, 6}},
			{"DivScalar", func(d []float32) { DivScalar(d, a, 2) }, [3]float32{0.5, -1, 1.5}},
			{"MaxScalar", func(d []float32) { MaxScalar(d, a, 2) }, [3]float32{2, 2, 3}},
			{"MinScalar", func(d []float32) { MinScalar(d, a, 2) }, [3]float32{1, -2, 2}},
			{"GreaterScalar", func(d []float32) { GreaterScalar(d, a, 1) }, [3]float32{0, 0, 1}},
			{"GreaterEqualScalar", func(d []float32) { GreaterEqualScalar(d, a, 1) }, [3]float32{1, 0, 1}},
			{"LessScalar", func(d []float32) { LessScalar(d, a, 1) }, [3]float32{0, 1, 0}},
			{"LessEqualScalar", func(d []float32) { LessEqualScalar(d, a, 1) }, [3]float32{1, 1, 0}},
			{"EqualScalar", func(d []float32) { EqualScalar(d, a, 1) }, [3]float32{1, 0, 0}},
			{"NotEqualScalar", func(d []float32) { NotEqualScalar(d, a, 1) }, [3]float32{0, 1, 1}},
			{"ScalarSub", func(d []float32) { ScalarSub(d, 2, a) }, [3]float32{1, 4, -1}},
			{"ScalarDiv", func(d []float32) { ScalarDiv(d, 6, a) }, [3]float32{6, -3, 2}},
			{"Where", func(d []float32) { Where(d, c, a, b) }, [3]float32{1, 5, 3}},
			{"MulAdd", func(d []float32) { MulAdd(d, a, b, c) }, [3]float32{11, -10, -9}},
			{"ReluGrad", func(d []float32) { ReluGrad(d, b, a) }, [3]float32{4, 0, -6}},
			{"ScaleAdd", func(d []float32) { Fill(d, 1); ScaleAdd(d, a, 2) }, [3]float32{3, -3, 7}},
			{"SGD", func(d []float32) { Fill(d, 1); SGD(d, a, 0.5) }, [3]float32{0.5, 2, -0.5}},
			{"Copy", func(d []float32) { Copy(d, a) }, [3]float32{1, -2, 3}},
			{"Neg", func(d []float32) { Neg(d, a) }, [3]float32{-1, 2, -3}},
			{"Abs", func(d []float32) { Abs(d, a) }, [3]float32{1, 2, 3}},
			{"Square", func(d []float32) { Square(d, a) }, [3]float32{1, 4, 9}},
			{"Sqrt", func(d []float32) { Sqrt(d, []float32{4, 9, 16}) }, [3]float32{2, 3, 4}},
			{"Rsqrt", func(d []float32) { Rsqrt(d, []float32{4, 1, 16}) }, [3]float32{0.5, 1, 0.25}},
			{"Reciprocal", func(d []float32) { Reciprocal(d, []float32{4, -2, 8}) }, [3]float32{0.25, -0.5, 0.125}},
			{"Relu", func(d []float32) { Relu(d, a) }, [3]float32{1, 0, 3}},
			{"Sign", func(d []float32) { Sign(d, []float32{4, -2, 0}) }, [3]float32{1, -1, 0}},
			{"Floor", func(d []float32) { Floor(d, []float32{1.5, -1.5, 2}) }, [3]float32{1, -2, 2}},
			{"Ceil", func(d []float32) { Ceil(d, []float32{1.5, -1.5, 2}) }, [3]float32{2, -1, 2}},
			{"Round", func(d []float32) { Round(d, []float32{1.5, 2.5, -0.4}) }, [3]float32{2, 2, float32(math.Copysign(0, -1))}},
		} {
			got := make([]float32, 3)
			row.run(got)
			for i, want := range row.want {
				if !same(got[i], want) {
					t.Errorf("%s: element %d is %v, want %v", row.name, i, got[i], want)
				}
			}
		}
	})
}

func TestFill(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range lengths() {
		x, check := guarded(t, r, n, 3)
		Fill(x, 2.5)
		check()
		for i, v := range x {
			if v != 2.5 {
				t.Fatalf("length %d: element %d is %v", n, i, v)
			}
		}
	}
}

func TestShortSourcePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Add(make([]float32, 3), make([]float32, 2, 8), make([]float32, 3))
}

func TestNoAllocations(t *testing.T) {
	onEach(t, func(t *testing.T) {
		x, y, z := make([]float32, 128*1024), make([]float32, 1024*128), make([]float32, 128*128)
		g := Brgemm{M: 16, N: 40, K: 1024, NB: 1, LdA: 1024, LdB: 128, LdC: 128}
		if n := testing.AllocsPerRun(10, func() {
			g.NN(z, x, y)
			Add(z, z, z)
			Exp(z, z)
			Softmax(z, z, 128, 128)
			Sum(x)
			Uniform(z, [2]uint32{1, 2}, [4]uint32{3})
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}
