package kernel

// winogradFunc combines vectors of n floats, srcRow apart, into others dstRow apart, element by element, for several blocks: one of the transforms of Winograd's
// algorithm along one axis.
type winogradFunc func(dst, src []float32, n, blocks, dstRow, srcRow, dstBlock, srcBlock int)

// winogradKernels are the transforms; pairs are for 3×3 weights with tiles of four outputs and for 5×5 weights with tiles of two. The gradient of 3×3 weights has the
// transposed ones.
type winogradKernels struct {
	input       winogradFunc    // Bᵀ: six inputs to six coefficients
	weights     [2]winogradFunc // G: three or five weights to six coefficients
	output      [2]winogradFunc // Aᵀ: six products to four or two outputs
	weightsGrad winogradFunc    // Gᵀ: six products to gradients of three weights
	grad        winogradFunc    // A: gradients of four outputs to six coefficients
}

// run checks the bounds of a transform from inputs to outputs vectors.
func (f winogradFunc) run(dst, src []float32, n, blocks, outputs, inputs, dstRow, srcRow, dstBlock, srcBlock int) {
	_ = dst[(outputs-1)*dstRow+(blocks-1)*dstBlock+n-1]
	_ = src[(inputs-1)*srcRow+(blocks-1)*srcBlock+n-1]
	f(dst, src, n, blocks, dstRow, srcRow, dstBlock, srcBlock)
}

// The interpolation points ±winogradA and ±winogradB, next to 0 and ∞. Of the pairs of short binary fractions these gave the smallest rounding errors on random data,
// less than half of those of the usual ±1 and ±2.
const (
	winogradA = 11. / 16
	winogradB = 3. / 2
)
