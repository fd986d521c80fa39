package kernel

// binaryOp numbers the kernels dst = f(a, b).
type binaryOp int

const (
	opAdd binaryOp = iota
	opSub
	opMul
	opDiv
	opMax
	opMin
	opGreater
	opGreaterEqual
	opLess
	opLessEqual
	opEqual
	opNotEqual
	opReluGrad
	numBinary
)

// scalarOp numbers the kernels dst = f(a, s).
type scalarOp int

const (
	opAddScalar scalarOp = iota
	opSubScalar
	opMulScalar
	opDivScalar
	opMaxScalar
	opMinScalar
	opScalarSub
	opScalarDiv
	opGreaterScalar
	opGreaterEqualScalar
	opLessScalar
	opLessEqualScalar
	opEqualScalar
	opNotEqualScalar
	numScalar
)

// ternaryOp numbers the kernels dst = f(a, b, c).
type ternaryOp int

const (
	opWhere ternaryOp = iota
	opMulAdd
	numTernary
)

// need panics with a bounds error unless x has at least n elements. It reads none of them: others may write them at the same time.
func need(x []float32, n int) []float32 { return x[:n:len(x)] }

// chunk is the number of elements that one call of an elementwise kernel gets: assembly cannot be preempted, and a garbage collection that stops the world must
// not wait longer than some tens of microseconds.
const chunk = 1 << 16

func runBinary(op binaryOp, dst, a, b []float32) {
	a, b = need(a, len(dst)), need(b, len(dst))
	f := active.binary[op]
	for ; len(dst) > chunk; dst, a, b = dst[chunk:], a[chunk:], b[chunk:] {
		f(dst[:chunk], a[:chunk], b[:chunk])
	}
	f(dst, a, b)
}

func runScalar(op scalarOp, dst, a []float32, s float32) {
	a = need(a, len(dst))
	f := active.scalar[op]
	for ; len(dst) > chunk; dst, a = dst[chunk:], a[chunk:] {
		f(dst[:chunk], a[:chunk], s)
	}
	f(dst, a, s)
}

func runTernary(op ternaryOp, dst, a, b, c []float32) {
	n := len(dst)
	a, b, c = need(a, n), need(b, n), need(c, n)
	f := active.ternary[op]
	for ; len(dst) > chunk; dst, a, b, c = dst[chunk:], a[chunk:], b[chunk:], c[chunk:] {
		f(dst[:chunk], a[:chunk], b[:chunk], c[:chunk])
	}
	f(dst, a, b, c)
}

// Add sets dst[i] to a[i] + b[i].
func Add(dst, a, b []float32) { runBinary(opAdd, dst, a, b) }

// Sub sets dst[i] to a[i] - b[i].
func Sub(dst, a, b []float32) { runBinary(opSub, dst, a, b) }

// Mul sets dst[i] to a[i] * b[i].
func Mul(dst, a, b []float32) { runBinary(opMul, dst, a, b) }

// Div sets dst[i] to a[i] / b[i].
func Div(dst, a, b []float32) { runBinary(opDiv, dst, a, b) }

// Max sets dst[i] to the larger of a[i] and b[i], NaN if either is NaN.
func Max(dst, a, b []float32) { runBinary(opMax, dst, a, b) }

// Min sets dst[i] to the smaller of a[i] and b[i], NaN if either is NaN.
func Min(dst, a, b []float32) { runBinary(opMin, dst, a, b) }

// AddScalar sets dst[i] to a[i] + s.
func AddScalar(dst, a []float32, s float32) { runScalar(opAddScalar, dst, a, s) }

// SubScalar sets dst[i] to a[i] - s.
func SubScalar(dst, a []float32, s float32) { runScalar(opSubScalar, dst, a, s) }

// MulScalar sets dst[i] to a[i] * s.
func MulScalar(dst, a []float32, s float32) { runScalar(opMulScalar, dst, a, s) }

// DivScalar sets dst[i] to a[i] / s.
func DivScalar(dst, a []float32, s float32) { runScalar(opDivScalar, dst, a, s) }

// MaxScalar sets dst[i] to the larger of a[i] and s, NaN if either is NaN.
func MaxScalar(dst, a []float32, s float32) { runScalar(opMaxScalar, dst, a, s) }

// MinScalar sets dst[i] to the smaller of a[i] and s, NaN if either is NaN.
func MinScalar(dst, a []float32, s float32) { runScalar(opMinScalar, dst, a, s) }

// ScalarSub sets dst[i] to s - a[i].
func ScalarSub(dst []float32, s float32, a []float32) { runScalar(opScalarSub, dst, a, s) }

// ScalarDiv sets dst[i] to s / a[i].
func ScalarDiv(dst []float32, s float32, a []float32) { runScalar(opScalarDiv, dst, a, s) }

// Where sets dst[i] to a[i] where cond[i] is not zero (NaN is not zero), else to b[i].
func Where(dst, cond, a, b []float32) { runTernary(opWhere, dst, cond, a, b) }

// MulAdd sets dst[i] to a[i]*b[i] + c[i], rounded twice: the same bits as Mul and then Add.
func MulAdd(dst, a, b, c []float32) { runTernary(opMulAdd, dst, a, b, c) }

// ReluGrad sets dx[i] to dy[i] where y[i] > 0, else to 0; y is relu's input or output, which give the same answer.
func ReluGrad(dx, dy, y []float32) { runBinary(opReluGrad, dx, dy, y) }

// ScaleAdd adds s*x[i] to dst[i] (axpy), rounded twice: the same bits as MulScalar and then Add.
func ScaleAdd(dst, x []float32, s float32) {
	x = need(x, len(dst))
	for ; len(dst) > chunk; dst, x = dst[chunk:], x[chunk:] {
		active.scaleAdd(dst[:chunk], x[:chunk], s)
	}
	active.scaleAdd(dst, x, s)
}

// Fill sets every element of dst to v.
func Fill(dst []float32, v float32) {
	var line [16]float32 // copied whole, by vectors
	for i := range line {
		line[i] = v
	}
	for ; len(dst) >= len(line); dst = dst[len(line):] {
		*(*[16]float32)(dst) = line
	}
	for i := range dst {
		dst[i] = v
	}
}

// Copy copies len(dst) elements of src, which may overlap dst in any way.
func Copy(dst, src []float32) { copy(dst, need(src, len(dst))) }
