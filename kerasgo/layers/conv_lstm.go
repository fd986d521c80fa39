package layers

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
)

// window is a convolution over one, two or three axes, as ConvLSTM1D, 2D and 3D share it.
type window struct {
	size, strides, dilation []int
	padding, format         string
}

func newWindow(padding, format string, size, strides, dilation []int) window {
	return window{slices.Clone(size), slices.Clone(strides), slices.Clone(dilation), padding, format}
}

// plane is the window over one or two axes, volume that over three.
func (w window) plane() conv {
	two := func(s []int) [2]int { return [2]int{append([]int{1}, s...)[len(s)-1], s[len(s)-1]} }
	return conv{len(w.size), two(w.size), two(w.strides), two(w.dilation), w.padding, w.format, 1}
}

func (w window) volume() volume {
	return volume{[3]int(w.size), [3]int(w.strides), [3]int(w.dilation), w.padding, w.format, 1}
}

// apply convolves x with k; the result is in the layer's data format.
func (w window) apply(x, k graph.Value) graph.Value {
	if len(w.size) == 3 {
		return channelsAs(w.volume().apply(x, k), w.format)
	}
	return channelsAs(w.plane().apply(x, k), w.format)
}

// build checks the input of one step and returns its channels.
func (w window) build(b *Builder, in []tensor.Shape, dtype string) (channels int, ok bool) {
	if len(w.size) == 3 {
		v := w.volume()
		channels, ok = v.build(b, in, dtype)
		return channels, ok && v.checkWindow(b, in[0])
	}
	v := w.plane()
	channels, ok = v.build(b, in, dtype)
	return channels, ok && v.checkSteps(b)
}

// kept is the window over the state, which keeps its shape.
func (w window) kept() window {
	ones := slices.Repeat([]int{1}, len(w.size))
	return window{w.size, ones, ones, "same", w.format}
}

// out is the shape of what the window makes of a step of the shape in.
func (w window) out(in tensor.Shape, filters int) tensor.Shape {
	s := in.Clone()
	first := 1
	if w.format == "channels_first" {
		s[1], first = filters, 2
	} else {
		s[len(s)-1] = filters
	}
	for i, n := range w.size {
		extent := 1
		if w.padding == "valid" {
			extent = (n-1)*w.dilation[i] + 1
		}
		s[first+i] = (s[first+i]-extent)/w.strides[i] + 1
	}
	return s
}

// convLSTMCell is one step of ConvLSTM1D, 2D and 3D. Keras's files know no such cell.
type convLSTMCell struct {
	filters                                                  int
	window                                                   window
	activation, recurrentActivation                          any
	useBias, unitForgetBias                                  bool
	kernelInitializer, recurrentInitializer, biasInitializer any
	kernel, recurrentKernel, bias                            WeightOptions
	dropout, recurrentDropout                                float64
	seed                                                     *int
	dtype                                                    string
}

// StateSize says that there are two arrays of state; their shapes follow from the input.
func (d convLSTMCell) StateSize() []int { return []int{d.filters, d.filters} }

// StateShapes returns the shapes of h and c.
func (d convLSTMCell) StateShapes(in tensor.Shape) []tensor.Shape {
	s := d.window.out(in, d.filters)
	return []tensor.Shape{s, s}
}

// Build declares kernel, recurrent kernel and bias.
func (d convLSTMCell) Build(b *Builder, in ...tensor.Shape) {
	channels, ok := d.window.build(b, in[:1], d.dtype)
	if !ok {
		return
	}
	kernel := func(channels int) tensor.Shape { return append(slices.Clone(d.window.size), channels, 4*d.filters) }
	b.Weight("kernel", kernel(channels), d.kernelInitializer, d.kernel)
	b.Weight("recurrent_kernel", kernel(d.filters), d.recurrentInitializer, d.recurrentKernel)
	if d.useBias {
		init := d.biasInitializer
		if d.unitForgetBias {
			init = forgetBias{init, d.filters}
		}
		b.Weight("bias", tensor.Shape{4 * d.filters}, init, d.bias)
	}
}

// Call returns h.
func (d convLSTMCell) Call(c *Context, in ...graph.Value) graph.Value {
	return d.CallMulti(c, in...)[0]
}

// CallMulti returns h and the new state. All gates share one convolution of the input
// and one of the state, unless dropout gives each its own.
func (d convLSTMCell) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	h, carry := in[1], in[2]
	x := d.gates(c, d.window, in[0], "kernel", d.dropout)
	r := d.gates(c, d.window.kept(), h, "recurrent_kernel", d.recurrentDropout)
	act := func(f any, k int) graph.Value {
		z := x[k]
		if c.Has("bias") {
			bias := ops.Slice(c.Weight("bias"), []int{k * d.filters}, []int{d.filters})
			z = ops.Add(z, d.channels(bias, z))
		}
		return activations.Apply(f, ops.Add(z, r[k]))
	}
	i, f, o := act(d.recurrentActivation, 0), act(d.recurrentActivation, 1), act(d.recurrentActivation, 3)
	carry = ops.Add(ops.Mul(f, carry), ops.Mul(i, act(d.activation, 2)))
	h = ops.Mul(o, activations.Apply(d.activation, carry))
	return []graph.Value{h, h, carry}
}

// channelAxis is where the channels of v are.
func (d convLSTMCell) channelAxis(v graph.Value) int {
	if d.window.format == "channels_first" {
		return 1
	}
	return len(v.Shape()) - 1
}

// channels shapes a bias so that it broadcasts against v.
func (d convLSTMCell) channels(bias, v graph.Value) graph.Value {
	return spread(bias, v, d.channelAxis(v))
}

// gates convolves v with the kernels of the four gates, which lie side by side, after
// a dropout of each gate's own.
func (d convLSTMCell) gates(c *Context, w window, v graph.Value, weight string, rate float64) []graph.Value {
	part := func(y graph.Value, axis, k int) graph.Value {
		starts, sizes := make([]int, len(y.Shape())), y.Shape().Clone()
		starts[axis], sizes[axis] = k*d.filters, d.filters
		return ops.Slice(y, starts, sizes)
	}
	kernel := c.Weight(weight)
	out := make([]graph.Value, 4)
	if !c.Training() || rate == 0 || rate == 1 {
		y := w.apply(v, kernel)
		for k := range out {
			out[k] = part(y, d.channelAxis(y), k)
		}
		return out
	}
	for k := range out {
		out[k] = w.apply(c.dropped(v, rate, d.seed), part(kernel, len(kernel.Shape())-1, k))
	}
	return out
}

var _ Cell = convLSTMCell{}
