package kernel

import (
	"errors"
	"fmt"
	"math"
)

// SelfCheck runs every kernel of the instruction set in use on a few thousand numbers, compares it with its portable twin and reports all that differ by more
// than rounding. It takes some milliseconds.
func SelfCheck() error {
	if active == &generic {
		return nil
	}
	s := selfCheck{native: active}
	s.elementwise()
	s.reductions()
	s.matrices()
	s.pairs()
	s.steps()
	s.pooling()
	s.sparse()
	s.winograd()
	s.normalizations()
	return errors.Join(s.errs...)
}

type selfCheck struct {
	native *table
	errs   []error
}

// numbers makes n reproducible numbers in [-4, 4).
func numbers(n int, seed uint32) []float32 {
	x := make([]float32, n)
	uniformGeneric(x, [2]uint32{seed, 1}, [4]uint32{})
	for i := range x {
		x[i] = x[i]*8 - 4
	}
	return x
}

// compare reports the first element of got that is further from want than tolerance, relative to want's size or 1.
func (s *selfCheck) compare(name string, got, want []float32, tolerance float64) {
	for i := range want {
		a, b := float64(got[i]), float64(want[i])
		if a == b || (a != a && b != b) {
			continue
		}
		if d := math.Abs(a - b); !(d <= tolerance*max(1, math.Abs(b))) {
			s.errs = append(s.errs, fmt.Errorf("%s kernel %s: element %d of %d is %v, portable code gives %v", s.native.isa, name, i, len(want), a, b))
			return
		}
	}
}

// both runs f with the native and the portable table on copies of the same slices and compares all of them.
func (s *selfCheck) both(name string, tolerance float64, f func(t *table, x [][]float32), x ...[]float32) {
	y := make([][]float32, len(x))
	for i := range x {
		y[i] = append([]float32(nil), x[i]...)
	}
	f(s.native, x)
	f(&generic, y)
	for i := range x {
		s.compare(name, x[i], y[i], tolerance)
	}
}

var selfCheckNames = struct {
	binary  [numBinary]string
	unary   [numUnary]string
	ternary [numTernary]string
	reduce  [numReduce]string
}{
	[numBinary]string{"add", "sub", "mul", "div", "max", "min", "greater", "greaterEqual", "less", "lessEqual", "equal", "notEqual", "reluGrad"},
	[numUnary]string{"neg", "abs", "sqrt", "rsqrt", "square", "reciprocal", "exp", "expm1", "log", "log1p", "tanh", "sigmoid", "softplus", "erf", "sinPi", "cosPi", "relu", "sign", "floor", "ceil", "round"},
	[numTernary]string{"where", "mulAdd"},
	[numReduce]string{"sum", "sumSquares", "maxOf", "minOf"},
}

func (s *selfCheck) elementwise() {
	const n = 203 // blocks of vectors, single vectors and a rest
	data := func() [][]float32 {
		return [][]float32{make([]float32, n), numbers(n, 1), numbers(n, 2), numbers(n, 3)}
	}
	for op, name := range selfCheckNames.binary {
		s.both(name, 0, func(t *table, x [][]float32) { t.binary[op](x[0], x[1], x[2]) }, data()...)
	}
	for op := range numScalar {
		s.both(fmt.Sprintf("scalar %d", op), 0, func(t *table, x [][]float32) { t.scalar[op](x[0], x[1], 1.25) }, data()...)
	}
	for op, name := range selfCheckNames.unary {
		s.both(name, 4e-7, func(t *table, x [][]float32) { t.unary[op](x[0], x[1]) }, data()...)
	}
	for op, name := range selfCheckNames.ternary {
		s.both(name, 0, func(t *table, x [][]float32) { t.ternary[op](x[0], x[1], x[2], x[3]) }, data()...)
	}
	s.both("scaleAdd", 0, func(t *table, x [][]float32) { t.scaleAdd(x[0], x[1], 0.7) }, data()...)
	s.both("uniform", 0, func(t *table, x [][]float32) { t.uniform(x[0], [2]uint32{1, 2}, [4]uint32{3, 4, 5, 6}) }, data()...)
}

func (s *selfCheck) reductions() {
	const n = 203
	for op, name := range selfCheckNames.reduce {
		s.both(name, 2e-5, func(t *table, x [][]float32) { x[0][0] = t.reduce[op](x[1]) }, make([]float32, 1), numbers(n, 1))
	}
	s.both("dot", 1e-4, func(t *table, x [][]float32) { x[0][0] = t.dot(x[1], x[2]) }, make([]float32, 1), numbers(n, 1), numbers(n, 2))
	s.both("expSub", 2e-6, func(t *table, x [][]float32) { x[0][0] = t.expSub(x[2], x[1], 4) }, make([]float32, 1), numbers(n, 1), make([]float32, n))
	s.both("expSubSum", 2e-6, func(t *table, x [][]float32) { x[0][0] = t.expSubSum(x[1], 4) }, make([]float32, 1), numbers(n, 1))
}

func (s *selfCheck) matrices() {
	const rows, cols = 29, 75
	for op := range numAddRows {
		s.both("add bias", 0, func(t *table, x [][]float32) { t.addRows[op](x[0], x[1], x[2], rows, cols) }, make([]float32, rows*cols), numbers(rows*cols, 1), numbers(cols, 2))
	}
	s.both("sumRows", 0, func(t *table, x [][]float32) { t.sumRows(x[0], x[1], rows, cols) }, make([]float32, cols), numbers(rows*cols, 1))
	s.both("transpose", 0, func(t *table, x [][]float32) { t.transpose(x[0], rows, x[1], cols, rows, cols) }, make([]float32, rows*cols), numbers(rows*cols, 1))
	for m := 1; m <= 26; m++ {
		for _, n := range []int{5, 16, 27, 32, 64, 75} {
			for _, transA := range []bool{false, true} {
				const k = 11
				g := Brgemm{M: m, N: n, K: k, NB: 2, LdA: k, LdB: n, LdC: n, StrideA: m * k, StrideB: k * n, Accumulate: n%2 == 0}
				if transA {
					g.LdA = m
				}
				s.both(fmt.Sprintf("gemm %+v transposed=%v", g, transA), 1e-4, func(t *table, x [][]float32) { t.gemm(g, transA, x[0], x[1], x[2]) },
					numbers(m*n, 1), numbers(2*m*k, 2), numbers(2*k*n, 3))
			}
		}
	}
}

func (s *selfCheck) steps() {
	const n = 203
	data := func() [][]float32 {
		v, vhat := numbers(n, 3), numbers(n, 5)
		genericUnary[opAbs](v, v)
		genericUnary[opAbs](vhat, vhat)
		return [][]float32{numbers(n, 1), numbers(n, 2), v, numbers(n, 4), vhat}
	}
	s.both("adam", 0, func(t *table, x [][]float32) { t.adam(x[0], x[1], x[2], x[3], 0.1, 0.001, 0.01, 1e-7) }, data()...)
	s.both("adamAMS", 0, func(t *table, x [][]float32) { t.adamAMS(x[0], x[1], x[2], x[4], x[3], 0.1, 0.001, 0.01, 1e-7) }, data()...)
	s.both("sgdMomentum", 0, func(t *table, x [][]float32) { t.sgdMomentum(x[0], x[1], x[3], 0.01, 0.9) }, data()...)
	s.both("sgdNesterov", 0, func(t *table, x [][]float32) { t.sgdNesterov(x[0], x[1], x[3], 0.01, 0.9) }, data()...)
}

func (s *selfCheck) pooling() {
	const wo, c = 5, 43
	code := [2][]uint8{make([]uint8, wo*c), make([]uint8, wo*c)}
	side := func(t *table) []uint8 {
		if t == &generic {
			return code[1]
		}
		return code[0]
	}
	for _, relu := range []bool{false, true} {
		s.both("pool", 0, func(t *table, x [][]float32) { t.poolRow(x[0], side(t), x[1], x[2], x[3], wo, c, relu) },
			make([]float32, wo*c), numbers(2*wo*c, 1), numbers(2*wo*c, 2), numbers(c, 3))
		if string(code[0]) != string(code[1]) {
			s.errs = append(s.errs, fmt.Errorf("%s kernel pool: winners differ from the portable code", s.native.isa))
		}
		s.both("unpool", 0, func(t *table, x [][]float32) { t.unpoolRow(x[0], x[1], x[2], side(t), wo, c) },
			make([]float32, 2*wo*c), make([]float32, 2*wo*c), numbers(wo*c, 1))
	}
}
