package kernel

import (
	"math"
	"testing"
)

// ulps is the largest error of the kernels with polynomials, in units of the last place; the other unary kernels are exact to the bit.
var ulps = map[unaryOp]float64{opExp: 1, opExpm1: 1.5, opLog: 0.8, opLog1p: 0.8, opTanh: 1.3, opSigmoid: 2.1, opSoftplus: 2, opErf: 1, opSinPi: 1, opCosPi: 1}

// ulpError is the distance of got from want in units of the last place of want as float32.
func ulpError(got float32, want float64) float64 {
	w := float32(want)
	if same(got, w) {
		return 0
	}
	if math.IsInf(float64(w), 0) || math.IsInf(float64(got), 0) || w != w || got != got || w == 0 && got == 0 { // infinite, NaN or a zero of the wrong sign
		return math.Inf(1)
	}
	_, e := math.Frexp(math.Abs(want))
	return math.Abs(float64(got)-want) / math.Ldexp(1, max(e-24, -149))
}

// Every 1021st float32 there is, all special values among them, against float64.
func TestTranscendental(t *testing.T) {
	names := map[unaryOp]string{opExp: "exp", opExpm1: "expm1", opLog: "log", opLog1p: "log1p", opTanh: "tanh", opSigmoid: "sigmoid", opSoftplus: "softplus", opErf: "erf", opSinPi: "sinPi", opCosPi: "cosPi"}
	reference := map[unaryOp]func(float64) float64{opExp: math.Exp, opExpm1: math.Expm1, opLog: math.Log, opLog1p: math.Log1p, opTanh: math.Tanh, opErf: math.Erf,
		opSinPi: func(x float64) float64 { return circle(x, 0) }, opCosPi: func(x float64) float64 { return circle(x, 1) },
		opSoftplus: func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) },
		opSigmoid:  func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }}
	onEach(t, func(t *testing.T) {
		step := uint64(1021)
		if testing.Short() {
			step = 100003
		}
		const block = 1000
		x, y := make([]float32, 0, block), make([]float32, block)
		for op, f := range reference {
			worst, at := 0.0, float32(0)
			flush := func() {
				active.unary[op](y[:len(x)], x)
				for i, v := range x {
					if e := ulpError(y[i], f(float64(v))); e > worst {
						worst, at = e, v
					}
				}
				x = x[:0]
			}
			x = append(x, special...)
			for b := uint64(0); b < 1<<32; b += step {
				if x = append(x, math.Float32frombits(uint32(b))); len(x) == block {
					flush()
				}
			}
			flush()
			active.unary[op](y[:1], []float32{at})
			t.Logf("%s: %.3f ulp at %v", names[op], worst, at)
			if worst > ulps[op] {
				t.Errorf("%s(%v) = %v, want %v: %.3g ulp", names[op], at, y[0], f(float64(at)), worst)
			}
		}
	})
}

// Lengths, tails and guards of the same kernels: each element must be what the kernel gives for it alone.
func TestTranscendentalTails(t *testing.T) {
	for _, native := range nativeTables() {
		t.Run(native.isa, func(t *testing.T) {
			for op := range ulps {
				run := func(x [][]float32) { native.unary[op](x[0], x[1]) }
				single := func(x [][]float32) {
					for i := range x[0] {
						native.unary[op](x[0][i:i+1], x[1][i:i+1])
					}
				}
				checkLoop(t, "transcendental", 2, run, single)
			}
		})
	}
}
