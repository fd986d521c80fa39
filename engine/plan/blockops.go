package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

type (
	vec    = []float32
	unary  = func(dst, x []float32)
	binary = func(dst, a, b []float32)
	scalar = func(dst, a []float32, s float32)
)

var unaryKernels = map[ops.UnaryKind]unary{
	ops.UnaryNeg: kernel.Neg, ops.UnaryAbs: kernel.Abs, ops.UnarySign: kernel.Sign, ops.UnaryExp: kernel.Exp,
	ops.UnaryExpm1: kernel.Expm1, ops.UnaryLog: kernel.Log, ops.UnaryLog1p: kernel.Log1p, ops.UnarySqrt: kernel.Sqrt,
	ops.UnaryRsqrt: kernel.Rsqrt, ops.UnarySquare: kernel.Square, ops.UnaryReciprocal: kernel.Reciprocal,
	ops.UnaryTanh: kernel.Tanh, ops.UnarySigmoid: kernel.Sigmoid, ops.UnaryErf: kernel.Erf, ops.UnaryRelu: kernel.Relu,
	ops.UnaryFloor: kernel.Floor, ops.UnaryCeil: kernel.Ceil, ops.UnaryRound: kernel.Round,
	ops.UnarySoftplus: kernel.Softplus, ops.UnaryLogSigmoid: logSigmoid,
	ops.UnarySin: mapped(ops.UnarySin), ops.UnaryCos: mapped(ops.UnaryCos), ops.UnaryAtan: mapped(ops.UnaryAtan),
	ops.UnaryBFloat16: kernel.BFloat16, ops.UnaryFloat16: kernel.Float16,
	ops.UnaryNot: func(dst, x []float32) { kernel.EqualScalar(dst, x, 0) },
}

// mapped applies a function that has no kernel.
func mapped(k ops.UnaryKind) unary {
	f := k.Func()
	return func(dst, x []float32) {
		for i, v := range x[:len(dst)] {
			dst[i] = float32(f(float64(v)))
		}
	}
}

// logSigmoid computes -softplus(-x).
func logSigmoid(dst, x []float32) {
	kernel.Neg(dst, x)
	kernel.Softplus(dst, dst)
	kernel.Neg(dst, dst)
}

// binaryKernel holds the forms of an op for two vectors, for a vector and a
// number, and for a number and a vector.
type binaryKernel struct {
	vv     binary
	vs, sv scalar
}

var binaryKernels = map[ops.BinaryKind]binaryKernel{
	ops.BinaryAdd:          {kernel.Add, kernel.AddScalar, kernel.AddScalar},
	ops.BinarySub:          {kernel.Sub, kernel.SubScalar, func(d, a vec, s float32) { kernel.ScalarSub(d, s, a) }},
	ops.BinaryMul:          {kernel.Mul, kernel.MulScalar, kernel.MulScalar},
	ops.BinaryDiv:          {kernel.Div, kernel.DivScalar, func(d, a vec, s float32) { kernel.ScalarDiv(d, s, a) }},
	ops.BinaryMaximum:      {kernel.Max, kernel.MaxScalar, kernel.MaxScalar},
	ops.BinaryMinimum:      {kernel.Min, kernel.MinScalar, kernel.MinScalar},
	ops.BinaryGreater:      {kernel.Greater, kernel.GreaterScalar, kernel.LessScalar},
	ops.BinaryGreaterEqual: {kernel.GreaterEqual, kernel.GreaterEqualScalar, kernel.LessEqualScalar},
	ops.BinaryLess:         {kernel.Less, kernel.LessScalar, kernel.GreaterScalar},
	ops.BinaryLessEqual:    {kernel.LessEqual, kernel.LessEqualScalar, kernel.GreaterEqualScalar},
	ops.BinaryEqual:        {kernel.Equal, kernel.EqualScalar, kernel.EqualScalar},
	ops.BinaryNotEqual:     {kernel.NotEqual, kernel.NotEqualScalar, kernel.NotEqualScalar},
	ops.BinaryAnd:          {vv: and, vs: andScalar, sv: andScalar},
	ops.BinaryOr:           {vv: or, vs: orScalar, sv: orScalar},
	ops.BinaryPow:          {vv: pow, vs: powScalar, sv: scalarPow},
}

func truth(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

func and(dst, a, b []float32) {
	for i := range dst {
		dst[i] = truth(a[i] != 0 && b[i] != 0)
	}
}

func or(dst, a, b []float32) {
	for i := range dst {
		dst[i] = truth(a[i] != 0 || b[i] != 0)
	}
}

func andScalar(dst, a []float32, s float32) {
	for i := range dst {
		dst[i] = truth(a[i] != 0 && s != 0)
	}
}

func orScalar(dst, a []float32, s float32) {
	for i := range dst {
		dst[i] = truth(a[i] != 0 || s != 0)
	}
}

var power = ops.BinaryPow.Func()

func pow(dst, a, b []float32) {
	for i := range dst {
		dst[i] = float32(power(float64(a[i]), float64(b[i])))
	}
}

func powScalar(dst, a []float32, s float32) {
	for i := range dst {
		dst[i] = float32(power(float64(a[i]), float64(s)))
	}
}

func scalarPow(dst, a []float32, s float32) {
	for i := range dst {
		dst[i] = float32(power(float64(s), float64(a[i])))
	}
}

// hasBlockOp reports whether blockOp knows the node's op.
func hasBlockOp(n *graph.Node) bool {
	switch op := n.Op.(type) {
	case ops.UnaryOp:
		return unaryKernels[op.Kind] != nil
	case ops.BinaryOp:
		return binaryKernels[op.Kind].vv != nil
	case ops.WhereOp, ops.ClipOp, ops.BroadcastToOp, ops.StopGradientOp, reluGradOp:
		return true
	case ops.CastOp:
		return op.DType == tensor.Float32 // from float32: nothing to do
	}
	return false
}

// blockOp returns the function that an instruction applies, chosen by which
// operands are single numbers.
func blockOp(n *graph.Node, in []operand) func(dst []float32, x [3][]float32, val [3]float32) {
	isVal := func(i int) bool { return in[i].kind == operandVal }
	switch op := n.Op.(type) {
	case ops.UnaryOp:
		k := unaryKernels[op.Kind]
		if isVal(0) {
			return func(dst []float32, x [3][]float32, val [3]float32) {
				kernel.Fill(dst, val[0])
				k(dst, dst)
			}
		}
		return func(dst []float32, x [3][]float32, _ [3]float32) { k(dst, x[0]) }
	case ops.BinaryOp:
		k := binaryKernels[op.Kind]
		switch {
		case isVal(0) && isVal(1):
			return func(dst []float32, _ [3][]float32, val [3]float32) {
				kernel.Fill(dst, val[0])
				k.vs(dst, dst, val[1])
			}
		case isVal(0):
			return func(dst []float32, x [3][]float32, val [3]float32) { k.sv(dst, x[1], val[0]) }
		case isVal(1):
			return func(dst []float32, x [3][]float32, val [3]float32) { k.vs(dst, x[0], val[1]) }
		}
		return func(dst []float32, x [3][]float32, _ [3]float32) { k.vv(dst, x[0], x[1]) }
	case ops.WhereOp: // its choices are never single numbers
		if !isVal(0) {
			return func(dst []float32, x [3][]float32, _ [3]float32) { kernel.Where(dst, x[0], x[1], x[2]) }
		}
		return func(dst []float32, x [3][]float32, val [3]float32) { // one choice for all
			if val[0] != 0 {
				copy(dst, x[1])
			} else {
				copy(dst, x[2])
			}
		}
	case reluGradOp: // of two arrays
		return func(dst []float32, x [3][]float32, _ [3]float32) { kernel.ReluGrad(dst, x[0], x[1]) }
	case ops.ClipOp:
		lo, hi := float32(op.Lo), float32(op.Hi)
		return func(dst []float32, x [3][]float32, val [3]float32) {
			if x[0] == nil {
				kernel.Fill(dst, val[0])
				x[0] = dst
			}
			kernel.MaxScalar(dst, x[0], lo)
			kernel.MinScalar(dst, dst, hi)
		}
	}
	// BroadcastTo, StopGradient, Cast to the same type: the operand as it is.
	return func(dst []float32, x [3][]float32, val [3]float32) {
		if x[0] == nil {
			kernel.Fill(dst, val[0])
			return
		}
		copy(dst, x[0])
	}
}

// opLabel names an op in a profile.
func opLabel(op graph.Op) string {
	switch op := op.(type) {
	case ops.UnaryOp:
		return op.Kind.String()
	case ops.BinaryOp:
		return op.Kind.String()
	}
	return graph.OpName(op)
}
