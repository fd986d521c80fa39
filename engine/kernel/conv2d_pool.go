package kernel

// ForwardPoolScratch is the number of float32s that ForwardPool needs as scratch.
func (g *Conv2D) ForwardPoolScratch() int { return g.ScratchSize() + g.poolRows()*g.Wo*g.Cout }

// poolRows is the number of rows of y that ForwardPool has at once: an even one, few enough that they stay in the first-level cache.
func (g *Conv2D) poolRows() int {
	const budget = 4 << 10 // floats
	return max(2, min(g.Ho, budget/(g.Wo*g.Cout))/2*2)
}

// ForwardPool computes the convolution and BiasReluMaxPool2x2 of it, a few rows at a time, so that the convolution's output never leaves the
// first-level cache: dst and code are (Ho/2, Wo/2, Cout). The bits are those of Forward and BiasReluMaxPool2x2 one after the other.
func (g *Conv2D) ForwardPool(dst []float32, code []uint8, x, w, bias, scratch []float32, relu bool) {
	step := g.poolRows()
	strip, scratch := scratch[:step*g.Wo*g.Cout], scratch[step*g.Wo*g.Cout:]
	n := g.Wo / 2 * g.Cout
	for lo := 0; lo+2 <= g.Ho; lo += step {
		part := *g // the rows from lo on
		part.Ho = min(step, g.Ho-lo)
		part.PadT -= lo * g.StrideH
		part.ForwardRows(strip, x, w, scratch, 0, part.Ho)
		at := lo / 2 * n
		BiasReluMaxPool2x2(dst[at:], code[at:], strip, bias, part.Ho, g.Wo, g.Cout, relu)
	}
}
