package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
)

// conv is the convolution that the layers share. A convolution over one spatial
// axis is one over an image of height 1: entry 0 of each pair is then 1.
type conv struct {
	rank                    int // spatial axes: 1 or 2
	size, strides, dilation [2]int
	padding                 string // valid, same, or (rank 1) causal
	format                  string // channels_last or channels_first, of the layer's input and output
	groups                  int
}

// build checks the input and returns its number of channels.
func (v conv) build(b *Builder, in []tensor.Shape, dtype string) (channels int, ok bool) {
	s, ok := b.planes(in, dtype, v.format, v.rank)
	if !ok {
		return 0, false
	}
	if s.Last()%v.groups != 0 {
		b.misfit("groups %d does not divide the %d channels of its input %v", v.groups, s.Last(), shown(in[0]))
		return 0, false
	}
	if v.padding == "valid" {
		for i, n := range s[1 : 1+v.rank] {
			j := 2 - v.rank + i
			if n < (v.size[j]-1)*v.dilation[j]+1 {
				dilated := ""
				if v.dilation != [2]int{1, 1} {
					dilated = " and dilation_rate " + v.pair(v.dilation).String()
				}
				b.misfit("kernel_size %v does not fit its input %v with padding %q%s", v.pair(v.size), shown(in[0]), v.padding, dilated)
				return 0, false
			}
		}
	}
	return s.Last(), true
}

// checkSteps refuses what Keras refuses for Conv1D and Conv2D.
func (v conv) checkSteps(b *Builder) bool {
	ok := max(v.strides[0], v.strides[1]) == 1 || max(v.dilation[0], v.dilation[1]) == 1
	if !ok {
		b.Errorf("strides %v and dilation_rate %v can't both be above 1", v.pair(v.strides), v.pair(v.dilation))
	}
	return ok
}

// pair returns the entries of a pair that the layer has, for messages.
func (v conv) pair(p [2]int) tensor.Shape { return p[2-v.rank:] }

// kernel returns the shape of a kernel for in inputs and out outputs.
func (v conv) kernel(in, out int) tensor.Shape {
	return append(append(tensor.Shape{}, v.pair(v.size)...), in, out)
}

// apply convolves x: (N, H, W, Cin) k: (kh, kw, Cin/groups, Cout) → (N, Ho, Wo, Cout),
// or without H and kh. The result has its channels last.
func (v conv) apply(x, k graph.Value) graph.Value {
	x = channelsLast(x, v.format)
	if v.rank == 1 {
		x, k = ops.ExpandDims(x, 1), ops.ExpandDims(k, 0)
	}
	padding := v.padding
	if padding == "causal" { // no output sees a later input
		x = ops.Pad(x, [][2]int{{}, {}, {(v.size[1] - 1) * v.dilation[1], 0}, {}}, 0)
		padding = "valid"
	}
	y := ops.Conv2D(x, k, ops.ConvOptions{Strides: v.strides, Dilation: v.dilation, Padding: padding, Groups: v.groups})
	if v.rank == 1 {
		y = ops.Squeeze(y, 1)
	}
	return y
}

// depthwise convolves each channel on its own. k: (kh, kw, Cin, mult) → (…, Cin·mult).
func (v conv) depthwise(x, k graph.Value) graph.Value {
	s := k.Shape()
	n := len(s)
	v.groups = s[n-2]
	return v.apply(x, ops.Reshape(k, append(s[:n-2].Clone(), 1, s[n-2]*s[n-1])...))
}

// finish adds the bias, if there is one, to y, whose channels are last, and
// applies the activation in the layer's data format.
func (v conv) finish(c *Context, y graph.Value, activation any) graph.Value {
	if c.Has("bias") {
		y = ops.Add(y, c.Weight("bias"))
	}
	return activations.Apply(activation, channelsAs(y, v.format))
}
