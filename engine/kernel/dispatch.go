package kernel

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Function types of the dispatch table. All slices of one call have been cut to fitting lengths by the exported function.
type (
	binaryFunc  func(dst, a, b []float32)
	scalarFunc  func(dst, a []float32, s float32)
	unaryFunc   func(dst, x []float32)
	ternaryFunc func(dst, a, b, c []float32)
	reduceFunc  func(x []float32) float32
	rowsFunc    func(dst, src, bias []float32, rows, cols int)
)

// table holds one implementation of every kernel.
type table struct {
	isa     string
	binary  [numBinary]binaryFunc
	scalar  [numScalar]scalarFunc
	unary   [numUnary]unaryFunc
	ternary [numTernary]ternaryFunc
	reduce  [numReduce]reduceFunc
	addRows [numAddRows]rowsFunc

	gemm       func(g Brgemm, transA bool, c, a, b []float32) // by value: a pointer would make every caller's Brgemm escape to the heap
	gemmPairs  func(g Brgemm, transA bool, c, a, b []float32) // A and B are pairs of bfloat16 numbers
	packPairs  func(dst, src []float32)                       // a row's pairs
	mixPairs   binaryFunc                                     // pairs of two rows
	mixPanel   func(dst, src []float32, lds, pairs int)       // of rows of panelN
	fastPairs  bool                                           // products of pairs are faster than those of float32s
	tiles      bool                                           // gemmPairs computes with AMX tiles and wants A as [M][K]
	transpose  func(dst []float32, ldd int, src []float32, lds, rows, cols int)
	packPanel  func(dst, src []float32, lds, rows int) // rows of panelN
	packPanelT func(dst, src []float32, lds, rows int) // the same from a matrix stored transposed
	scaleAdd   func(dst, x []float32, s float32)
	dot        func(x, y []float32) float32
	sumRows    func(dst, src []float32, rows, cols int)
	expSub     func(dst, x []float32, m float32) float32 // dst = exp(x-m), returns the sum
	expSubSum  func(x []float32, m float32) float32      // the sum alone

	attentionWeights func(s, stats []float32, scale float32, rows, cols int)
	attentionGrad    func(s, d, stats []float32, scale, outer float32, rows, cols int)

	adam        func(w, m, v, g []float32, oneMinusBeta1, oneMinusBeta2, alpha, epsilon float32)
	adamAMS     func(w, m, v, vhat, g []float32, oneMinusBeta1, oneMinusBeta2, alpha, epsilon float32)
	sgdMomentum func(w, m, g []float32, lr, momentum float32)
	sgdNesterov func(w, m, g []float32, lr, momentum float32)

	uniform func(dst []float32, key [2]uint32, counter [4]uint32) // counter[0] does not overflow within one call

	poolRow   func(dst []float32, code []uint8, src0, src1, bias []float32, wo, c int, relu bool)
	unpoolRow func(dy0, dy1, dp []float32, code []uint8, wo, c int)

	window *windowKernels // nil: portable
	norm   *normKernels

	layerNorm, rmsNorm layerNormKernels

	gates gateKernels

	sparseSum   func(acc, base []float32, t sparseTile, l sparseList)
	sparseBuild func(val []float32, off, spans []uint32, dp []float32, code []uint8, cells, c int)
	nonzeros    func(val []float32, off, spans []uint32, x []float32, depth, at, step int) int // depth is a multiple of 16
	sumLive     func(db, dp []float32, code []uint8, pixels, c int)
	quads       func(dst, row0, row1 []float32, n int) // n is a multiple of 4
	thinGrad    func(dw, quads, dp []float32, code []uint8, t thinTile)

	winograd winogradKernels

	fmaPeak func(iterations int) (flops float64)
}

// vectors names the set whose vector kernels the table has.
func (t *table) vectors() string {
	if t.fastPairs {
		return "avx512"
	}
	return t.isa
}

var (
	disabled []error // sets that the machine has and that compute wrong results

	tables  = []*table{&generic} // those this machine can run, best first; the CPU-specific ones are put in front at init
	active  = &generic
	initErr error
)

// choose sets the active table: the best one, or the one that KERASGO_ISA asks for.
func choose(want string) {
	active = tables[0]
	if want == "" {
		return
	}
	if _, err := Use(want); err != nil {
		initErr = fmt.Errorf("KERASGO_ISA: %w; using %s", err, active.isa)
	}
}

func init() {
	tables = append(native(), tables...)
	choose(os.Getenv("KERASGO_ISA"))
}

// ISA names the instruction set whose kernels are in use: "amx", "avx512bf16", "avx512", "avx2", "neon" or "generic". The first two are avx512 with products of
// bfloat16 numbers by the tile unit (AMX) or by AVX512_BF16.
func ISA() string { return active.isa }

// ISAs lists the instruction sets that this machine and build can run, best first; "generic" is always the last.
func ISAs() []string {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.isa
	}
	return names
}

// InitErr is the reason why the instruction set named by the environment variable KERASGO_ISA is not in use, or nil.
func InitErr() error { return initErr }

// Disabled tells which instruction sets this machine has that are not used because a check at start-up found wrong results, or is nil.
func Disabled() error { return errors.Join(disabled...) }

// Use switches all kernels to the named instruction set and returns a function that switches back. It is meant for tests and benchmarks and must not be
// called while kernels run.
func Use(isa string) (restore func(), err error) {
	for _, t := range tables {
		if t.isa == isa {
			before := active
			active = t
			return func() { active = before }, nil
		}
	}
	switch isa {
	case "generic", "avx2", "avx512", "avx512bf16", "amx", "neon":
		return nil, fmt.Errorf("instruction set %q is not available on this machine (available: %s)", isa, strings.Join(ISAs(), ", "))
	}
	return nil, fmt.Errorf("unknown instruction set %q (known: generic, avx2, avx512, avx512bf16, amx, neon)", isa)
}
