package kernel

// Greater sets dst[i] to 1 where a[i] > b[i], else to 0.
func Greater(dst, a, b []float32) { runBinary(opGreater, dst, a, b) }

// GreaterEqual sets dst[i] to 1 where a[i] >= b[i], else to 0.
func GreaterEqual(dst, a, b []float32) { runBinary(opGreaterEqual, dst, a, b) }

// Less sets dst[i] to 1 where a[i] < b[i], else to 0.
func Less(dst, a, b []float32) { runBinary(opLess, dst, a, b) }

// LessEqual sets dst[i] to 1 where a[i] <= b[i], else to 0.
func LessEqual(dst, a, b []float32) { runBinary(opLessEqual, dst, a, b) }

// Equal sets dst[i] to 1 where a[i] == b[i], else to 0.
func Equal(dst, a, b []float32) { runBinary(opEqual, dst, a, b) }

// NotEqual sets dst[i] to 1 where a[i] != b[i], else to 0; NaN equals nothing.
func NotEqual(dst, a, b []float32) { runBinary(opNotEqual, dst, a, b) }

// GreaterScalar sets dst[i] to 1 where a[i] > s, else to 0.
func GreaterScalar(dst, a []float32, s float32) { runScalar(opGreaterScalar, dst, a, s) }

// GreaterEqualScalar sets dst[i] to 1 where a[i] >= s, else to 0.
func GreaterEqualScalar(dst, a []float32, s float32) { runScalar(opGreaterEqualScalar, dst, a, s) }

// LessScalar sets dst[i] to 1 where a[i] < s, else to 0.
func LessScalar(dst, a []float32, s float32) { runScalar(opLessScalar, dst, a, s) }

// LessEqualScalar sets dst[i] to 1 where a[i] <= s, else to 0.
func LessEqualScalar(dst, a []float32, s float32) { runScalar(opLessEqualScalar, dst, a, s) }

// EqualScalar sets dst[i] to 1 where a[i] == s, else to 0.
func EqualScalar(dst, a []float32, s float32) { runScalar(opEqualScalar, dst, a, s) }

// NotEqualScalar sets dst[i] to 1 where a[i] != s, else to 0.
func NotEqualScalar(dst, a []float32, s float32) { runScalar(opNotEqualScalar, dst, a, s) }
