package kernel

// normalizations checks the kernels that go along rows several times.
func (s *selfCheck) normalizations() {
	const rows, cols = 5, 75
	const size = rows * cols
	for name, kernels := range map[string]func(t *table) *layerNormKernels{
		"layerNorm": func(t *table) *layerNormKernels { return &t.layerNorm }, "rmsNorm": func(t *table) *layerNormKernels { return &t.rmsNorm },
	} {
		s.both(name, 2e-5, func(t *table, x [][]float32) {
			kernels(t).forward(x[0], x[1], x[2], x[3], x[4], 1e-3, 1./cols, rows, cols)
			kernels(t).backward(x[5], x[6], x[7], x[2], x[8], x[3], x[1], 1./cols, rows, cols)
		}, make([]float32, size), make([]float32, 2*rows), numbers(size, 1), numbers(cols, 2), numbers(cols, 3),
			make([]float32, size), numbers(cols, 4), numbers(cols, 5), numbers(size, 6))
	}
	s.both("attention", 2e-5, func(t *table, x [][]float32) {
		t.attentionWeights(x[0], x[1], 0.3, rows, cols)
		t.attentionGrad(x[2], x[3], x[1], 0.3, 0.7, rows, cols)
	}, numbers(size, 1), make([]float32, 2*rows), numbers(size, 1), numbers(size, 2))
	s.gates(rows, cols)
}

// gates checks the kernels of recurrent cells.
func (s *selfCheck) gates(rows, cols int) {
	size := rows * cols
	empty := func(parts int) []float32 { return make([]float32, parts*size) }
	s.both("lstm", 1e-5, func(t *table, x [][]float32) {
		t.gates.lstmForward(x[0], x[1], x[2], x[3], x[4], x[5], rows, cols)
		t.gates.lstmStep(x[6], x[7], x[3], x[4], x[5], rows, cols)
		t.gates.lstmBackward(x[8], x[9], x[2], x[5], x[10], x[11], rows, cols)
	}, empty(1), empty(1), empty(5), numbers(4*size, 1), numbers(4*cols, 2), numbers(size, 3), empty(1), empty(1), empty(4), empty(1), numbers(size, 4), numbers(size, 5))
	s.both("gru", 1e-5, func(t *table, x [][]float32) {
		t.gates.gruForward(x[0], x[1], x[2], x[3], x[4], x[5], x[6], rows, cols)
		t.gates.gruStep(x[7], x[2], x[3], x[4], x[5], x[6], rows, cols)
		t.gates.gruBackward(x[8], x[9], x[10], x[1], x[6], x[11], rows, cols)
	}, empty(1), empty(4), numbers(3*size, 1), numbers(3*size, 2), numbers(3*cols, 3), numbers(3*cols, 4), numbers(size, 5),
		empty(1), empty(3), empty(3), empty(1), numbers(size, 6))
}
