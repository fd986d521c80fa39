package kernel

import (
	"math"
	"sync/atomic"
	"time"
)

// FMAPeak measures, for about 50 ms, how many 10^9 floating-point operations a second the calling thread does in multiply-adds of the instruction set in use,
// all operands in registers: the ceiling of every kernel. The best of several short runs counts. Call it from several goroutines to load several cores.
func FMAPeak() (gflops float64) {
	iterations := 1000
	for end := time.Now().Add(50 * time.Millisecond); time.Now().Before(end); {
		start := time.Now()
		flops := active.fmaPeak(iterations)
		d := time.Since(start)
		if d < time.Millisecond {
			iterations *= 2
			continue
		}
		gflops = max(gflops, flops/float64(d.Nanoseconds()))
	}
	return gflops
}

var peakSink atomic.Uint32 // keeps the compiler from dropping the loop

// fmaPeakGeneric runs eight independent chains of x = x·a + b and returns the number of operations.
func fmaPeakGeneric(iterations int) float64 {
	const a, b = 0.5, 1.0
	var x0, x1, x2, x3, x4, x5, x6, x7 float32
	for range iterations {
		x0, x1, x2, x3 = x0*a+b, x1*a+b, x2*a+b, x3*a+b
		x4, x5, x6, x7 = x4*a+b, x5*a+b, x6*a+b, x7*a+b
	}
	peakSink.Store(math.Float32bits(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7))
	return float64(iterations) * 16
}
