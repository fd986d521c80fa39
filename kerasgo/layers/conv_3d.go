package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// volume is the convolution over depth, height and width. The slices under a window
// are laid side by side as channels of one image for each output slice: what is left
// is a convolution over height and width, with all its speed.
type volume struct {
	size, strides, dilation [3]int
	padding, format         string
	groups                  int
}

// plane is the convolution over height and width.
func (v volume) plane(groups int) conv {
	return conv{2, [2]int(v.size[1:]), [2]int(v.strides[1:]), [2]int(v.dilation[1:]), v.padding, "channels_last", groups}
}

// build checks the input and returns its number of channels.
func (v volume) build(b *Builder, in []tensor.Shape, dtype string) (channels int, ok bool) {
	s, ok := b.planes(in, dtype, v.format, 3)
	if !ok {
		return 0, false
	}
	if s.Last()%v.groups != 0 {
		b.misfit("groups %d does not divide the %d channels of its input %v", v.groups, s.Last(), shown(in[0]))
		return 0, false
	}
	return s.Last(), true
}

// checkWindow refuses windows that do not fit, and what Keras refuses for all
// convolutions.
func (v volume) checkWindow(b *Builder, in tensor.Shape) bool {
	s := in
	if v.format == "channels_first" {
		s = toLast(in)
	}
	for i := range 3 {
		if v.padding == "valid" && s[1+i] < v.extent(i) {
			b.misfit("kernel_size %v does not fit its input %v with padding %q and dilation_rate %v", tensor.Shape(v.size[:]), shown(in), v.padding, tensor.Shape(v.dilation[:]))
			return false
		}
	}
	return v.checkSteps(b)
}

func (v volume) checkSteps(b *Builder) bool {
	ok := max(v.strides[0], v.strides[1], v.strides[2]) == 1 || max(v.dilation[0], v.dilation[1], v.dilation[2]) == 1
	if !ok {
		b.Errorf("strides %v and dilation_rate %v can't both be above 1", tensor.Shape(v.strides[:]), tensor.Shape(v.dilation[:]))
	}
	return ok
}

// extent is the length of the dilated window along axis i.
func (v volume) extent(i int) int { return (v.size[i]-1)*v.dilation[i] + 1 }

// kernel returns the shape of a kernel for in inputs and out outputs.
func (v volume) kernel(in, out int) tensor.Shape {
	return append(append(tensor.Shape{}, v.size[:]...), in, out)
}

// apply convolves x: (N, D, H, W, Cin) k: (kd, kh, kw, Cin/groups, Cout). The result
// has its channels last.
func (v volume) apply(x, k graph.Value) graph.Value {
	x = channelsLast(x, v.format)
	s := x.Shape()
	depth := (s[1]-v.extent(0))/v.strides[0] + 1
	if v.padding == "same" {
		depth = (s[1] + v.strides[0] - 1) / v.strides[0]
		if total := (depth-1)*v.strides[0] + v.extent(0) - s[1]; total > 0 {
			x = ops.Pad(x, [][2]int{{}, {total / 2, total - total/2}, {}, {}, {}}, 0)
		}
	}
	var slices []graph.Value
	for a := range v.size[0] {
		slices = append(slices, ops.SliceStep(x, []int{0, a * v.dilation[0], 0, 0, 0}, []int{s[0], depth, s[2], s[3], s[4]}, []int{1, v.strides[0], 1, 1, 1}))
	}
	kd, cin := v.size[0], s[4]
	y := ops.Concat(-1, slices...)
	if v.groups > 1 && kd > 1 { // each group's channels side by side
		y = ops.Reshape(y, s[0], depth, s[2], s[3], kd, v.groups, cin/v.groups)
		y = ops.Transpose(y, 0, 1, 2, 3, 5, 4, 6)
	}
	y = ops.Reshape(y, s[0]*depth, s[2], s[3], kd*cin)
	ks := k.Shape()
	k = ops.Reshape(ops.Transpose(k, 1, 2, 0, 3, 4), ks[1], ks[2], kd*ks[3], ks[4])
	y = v.plane(v.groups).apply(y, k)
	t := y.Shape()
	return ops.Reshape(y, s[0], depth, t[1], t[2], t[3])
}

// finish adds the bias, if there is one, and applies the activation in the layer's
// data format.
func (v volume) finish(c *Context, y graph.Value, activation any) graph.Value {
	return conv{format: v.format}.finish(c, y, activation)
}

// spread is the transposed convolution: x (N, D, H, W, Cin), k (kd, kh, kw, Cout,
// Cin). Every slice is spread over height and width for each of the kernel's slices,
// which are then added up at their places along depth.
func (v volume) spread(x, k graph.Value, outputPadding []int) graph.Value {
	x = channelsLast(x, v.format)
	s, ks := x.Shape(), k.Shape()
	plane := transpose{conv: v.plane(1)}
	line := transpose{conv: conv{1, [2]int{1, v.size[0]}, [2]int{1, v.strides[0]}, [2]int{1, v.dilation[0]}, v.padding, "channels_last", 1}}
	if outputPadding != nil {
		plane.outputPadding, line.outputPadding = outputPadding[1:], outputPadding[:1]
	}
	kd, cout, step := ks[0], ks[3], v.strides[0]
	x = ops.Reshape(x, s[0]*s[1], s[2], s[3], s[4])
	parts := make([]graph.Value, kd)
	for a := range kd {
		slice := ops.Slice(k, []int{a, 0, 0, 0, 0}, append([]int{1}, ks[1:]...))
		parts[a] = plane.apply(x, ops.Reshape(slice, ks[1:]...))
	}
	h, w := parts[0].Shape()[1], parts[0].Shape()[2]
	depth, before, _ := line.length(1, s[1])
	span := (s[1]-1)*step + 1 // of one kernel slice's contributions
	whole := max(span+v.extent(0)-1, before+depth)
	var sum graph.Value
	for a, part := range parts {
		part = ops.Reshape(part, s[0], s[1], 1, h*w*cout)
		if step > 1 { // zeros between the slices
			part = ops.Pad(part, [][2]int{{}, {}, {0, step - 1}, {}}, 0)
		}
		part = ops.Slice(ops.Reshape(part, s[0], s[1]*step, h*w*cout), []int{0, 0, 0}, []int{s[0], span, h * w * cout})
		part = ops.Pad(part, [][2]int{{}, {a * v.dilation[0], whole - span - a*v.dilation[0]}, {}}, 0)
		if sum.OK() {
			part = ops.Add(sum, part)
		}
		sum = part
	}
	sum = ops.Slice(sum, []int{0, before, 0}, []int{s[0], depth, h * w * cout})
	return ops.Reshape(sum, s[0], depth, h, w, cout)
}
