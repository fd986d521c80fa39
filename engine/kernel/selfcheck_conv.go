package kernel

import "fmt"

func (s *selfCheck) sparse() {
	const cells, c = 6, 48
	dp, code := numbers(cells*c, 1), make([]uint8, cells*c)
	for i, v := range numbers(cells*c, 2) {
		code[i] = uint8(v*0.625 + 2.5) // 0 … 4
	}
	s.both("sumLive", 0, func(t *table, x [][]float32) { t.sumLive(x[0], x[1], code[:cells*43], cells, 43) }, make([]float32, 43), dp)
	val := make([]float32, cells*c+sparseSlack)
	off, spans := [2][]uint32{make([]uint32, len(val)), make([]uint32, len(val))}, [2][]uint32{make([]uint32, 8*cells), make([]uint32, 8*cells)}
	s.both("sparseBuild", 0, func(t *table, x [][]float32) {
		i := 0
		if t == &generic {
			i = 1
		}
		t.sparseBuild(x[0], off[i], spans[i], x[1], code, cells, c)
		clear(x[0][spans[i][8*cells-1]:]) // what lies behind the lists may be anything
	}, val, dp)
	live := spans[1][8*cells-1]
	if fmt.Sprint(off[0][:live], spans[0]) != fmt.Sprint(off[1][:live], spans[1]) {
		s.errs = append(s.errs, fmt.Errorf("%s kernel sparseBuild: lists differ from the portable code", s.native.isa))
	}
	s.both("nonzeros", 0, func(t *table, x [][]float32) {
		spans := integers(x[2])
		x[3][0] = float32(t.nonzeros(x[0], integers(x[1]), spans, x[4], 16, 0, 2))
		for b := range 3 { // what lies behind the lists may be anything
			end := min(32*b+32, len(x[0]))
			clear(x[0][spans[2*b+1]:end])
			clear(x[1][spans[2*b+1]:end])
		}
	}, make([]float32, 43+3*sparseSlack), make([]float32, 43+3*sparseSlack), make([]float32, 6), make([]float32, 1), withZeros(numbers(43, 3)))
	at := make([]uint32, 4*cells)
	for rows, widest := range sparseWidth {
		for width := 1; width <= widest; width++ {
			n := width * 16
			for i := range at {
				at[i] = uint32(i * rows * n * 4)
			}
			tile := sparseTile{rows: rows, width: width, accRow: n, baseRow: 7 * 16, scale: 64}
			list := sparseList{val: val, off: off[1], spans: spans[1], at: at}
			s.both(fmt.Sprintf("sparseSum %+v", tile), 1e-4, func(t *table, x [][]float32) { t.sparseSum(x[0], x[1], tile, list) },
				numbers(len(at)*rows*n, 3), numbers(c*16+rows*tile.baseRow+n, 4))
		}
	}
	for _, kw := range []int{3, 5, 7} {
		for kh := 1; kh <= 5; kh++ {
			const ho, wo = 2, 3
			quads := 2*wo + kw + 1
			tile := thinTile{kh: kh, kw: kw, ho: ho, wo: wo, c: c, rowDW: kw * c, tapDW: c, rowQ: 4 * quads}
			s.both(fmt.Sprintf("thinGrad %+v", tile), 1e-4, func(t *table, x [][]float32) { t.thinGrad(x[0], x[1], x[2], code, tile) },
				numbers(kh*kw*c, 5), numbers((2*ho+kh)*4*quads, 6), dp)
		}
	}
	s.both("quads", 0, func(t *table, x [][]float32) { t.quads(x[0], x[1], x[2], 8) }, make([]float32, 32), numbers(9, 7), numbers(9, 8))
}

// withZeros sets every other element to zero.
func withZeros(x []float32) []float32 {
	for i := 0; i < len(x); i += 2 {
		x[i] = 0
	}
	return x
}

func (s *selfCheck) winograd() {
	const n, blocks = 43, 2
	check := func(what string, inputs, outputs int, pick func(k *winogradKernels) winogradFunc) {
		s.both("winograd "+what, 1e-5, func(t *table, x [][]float32) {
			pick(&t.winograd)(x[0], x[1], n, blocks, n+1, n+2, outputs*(n+1), inputs*(n+2))
		}, make([]float32, blocks*outputs*(n+1)), numbers(blocks*inputs*(n+2), 1))
	}
	check("input", 6, 6, func(k *winogradKernels) winogradFunc { return k.input })
	for i := range 2 {
		weights, outputs := 3+2*i, 4-2*i
		check("weights", weights, 6, func(k *winogradKernels) winogradFunc { return k.weights[i] })
		check("output", 6, outputs, func(k *winogradKernels) winogradFunc { return k.output[i] })
	}
	check("weightsGrad", 6, 3, func(k *winogradKernels) winogradFunc { return k.weightsGrad })
	check("grad", 4, 6, func(k *winogradKernels) winogradFunc { return k.grad })
}
