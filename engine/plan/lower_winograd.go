package plan

import (
	"fmt"
	"os"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// convEnv names the environment variable with which convolutions are computed by
// matrix products only, without Winograd's algorithm and without leaving out zero
// gradients: "direct". It is read when a graph is compiled.
const convEnv = "KERASGO_CONV"

// convMode reports whether only direct convolutions are wanted.
func convMode() (direct bool, err error) {
	switch v := os.Getenv(convEnv); v {
	case "", "auto":
		return false, nil
	case "direct":
		return true, nil
	default:
		return false, fmt.Errorf("plan: %s=%q: want auto or direct", convEnv, v)
	}
}

// winograd returns Winograd's algorithm for a convolution of a batch, or nil where
// the direct one is likely faster. It follows from the geometry, the batch, and
// whether the weights stay the same, so that they are transformed once.
func (c *compiler) winograd(k *kernel.Conv2D, batch int, weights graph.Value) *kernel.Winograd {
	if c.directConv || c.exactConv {
		return nil
	}
	if w := kernel.NewWinograd(*k); w != nil && w.Pays(batch, c.fixedValue(weights)) {
		return w
	}
	return nil
}

// winogradWeights returns Winograd's algorithm for the gradient of a convolution's weights, or nil where another one is likely faster; pairs is that of bfloat16
// numbers, if it applies.
func (c *compiler) winogradWeights(k *kernel.Conv2D, pairs *kernel.PairConv) *kernel.Winograd {
	if c.directConv || c.exactConv || pairs != nil && kernel.HasTiles() {
		return nil
	}
	if w := kernel.NewWinograd(*k); w != nil && w.PaysBackwardWeight() {
		return w
	}
	return nil
}

// packWinograd adds the step that transforms weights and returns their buffer.
func (c *compiler) packWinograd(n *graph.Node, w *kernel.Winograd, weights, size int) int {
	packed := c.temp(tensor.Float32, w.PackedWeightsSize())
	parts := max(1, min(maxLanes, size/2048))
	s := run.Step{Name: "PackWinograd", Scope: n.Scope, Chunks: parts, Scratch: w.ScratchSize(), FLOPs: 512 * int64(size)}
	s.Run = func(f *run.Frame, part int, scratch []float32) {
		w.PackWeights(f.F32[packed], f.F32[weights], scratch, part, parts)
	}
	c.emit(s, []int{packed}, []int{weights})
	return packed
}

// preparedConv is a convolution with weights in an order of its own: kernel.Winograd or kernel.PairConv.
type preparedConv interface {
	ScratchSize() int
	Forward(y, x, weights, scratch []float32)
	ForwardPool(dst []float32, code []uint8, x, weights, bias, scratch []float32, relu bool)
}

// preparedConv returns a convolution that is faster than the plain one, its name and the
// buffer of its weights, or nil.
func (c *compiler) preparedConv(n *graph.Node, k *kernel.Conv2D, weights int) (conv preparedConv, name string, packed int) {
	pairs := c.pairForward(k, n.In[0], n.In[1])
	if pairs == nil || !kernel.HasTiles() {
		if w := c.winograd(k, n.In[0].Shape()[0], n.In[1]); w != nil {
			return w, " (Winograd)", c.packWinograd(n, w, weights, k.KH*k.KW*k.Cin*k.Cout)
		}
	}
	if pairs == nil {
		return nil, "", -1
	}
	return pairs, " (BFloat16)", c.packPairWeights(n, pairs, weights)
}

// preparedBlock lowers a fused convolution to such a one.
func (c *compiler) preparedBlock(n *graph.Node, op ConvBlockOp, k *kernel.Conv2D, w preparedConv, name string, packed int) {
	in, out := c.bufs(n)
	batch := n.In[0].Shape()[0]
	samples, chunks := perChunk(batch, 32)
	xn, pn := k.H*k.W*k.Cin, n.Out[0].Shape[1:].Size()
	s := step(n)
	s.Name += name
	s.Chunks, s.Samples, s.Scratch, s.FLOPs = chunks, samples, w.ScratchSize(), convFLOPs(batch, k)
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		x, u, b, p := f.F32[in[0]], f.F32[packed], f.F32[in[2]], f.F32[out[0]]
		for i := chunk * samples; i < min((chunk+1)*samples, batch); i++ {
			y := image(p, i, pn)
			switch {
			case op.Pool:
				w.ForwardPool(y, f.U8[out[1]][i*pn:(i+1)*pn], image(x, i, xn), u, b, scratch, op.Relu)
			case op.Relu:
				w.Forward(y, image(x, i, xn), u, scratch)
				kernel.AddBiasRelu(y, y, b, k.Ho*k.Wo, k.Cout)
			default:
				w.Forward(y, image(x, i, xn), u, scratch)
				kernel.AddBias(y, y, b, k.Ho*k.Wo, k.Cout)
			}
			if op.BFloat16 {
				kernel.BFloat16(y, y)
			}
		}
	}
	c.emitSampled(s, out, []int{in[0], packed, in[2]}, append(slices.Clone(out), in[0]))
}

// preparedAlone lowers a convolution alone.
func (c *compiler) preparedAlone(n *graph.Node, k *kernel.Conv2D, w preparedConv, name string, packed int) {
	in, out := c.bufs(n)
	batch := n.In[0].Shape()[0]
	samples, chunks := perChunk(batch, 32)
	xn, yn := k.H*k.W*k.Cin, k.Ho*k.Wo*k.Cout
	s := step(n)
	s.Name += name
	s.Chunks, s.Samples, s.Scratch, s.FLOPs = chunks, samples, w.ScratchSize(), convFLOPs(batch, k)
	s.Run = func(f *run.Frame, chunk int, scratch []float32) {
		for i := chunk * samples; i < min((chunk+1)*samples, batch); i++ {
			w.Forward(image(f.F32[out[0]], i, yn), image(f.F32[in[0]], i, xn), f.F32[packed], scratch)
		}
	}
	c.emitSampled(s, out, []int{in[0], packed}, []int{in[0], out[0]})
}
