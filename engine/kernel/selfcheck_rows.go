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
}
