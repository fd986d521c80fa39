package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
	"math"
	"slices"
)

func init() {
	register[Conv]("nn")
	register[DepthwiseConv]("nn")
	register[SeparableConv]("nn")
	register[MaxPool]("nn")
	register[AveragePool]("nn")
	register[BinaryCrossentropy]("nn")
	register[CategoricalCrossentropy]("nn")
	register[SparseCategoricalCrossentropy]("nn")
	register[Moments]("nn")
	register[BatchNorm]("nn")
	register[Normalize]("nn")
	register[LayerNorm]("nn")
	register[RMSNorm]("nn")
	register[DepthToSpace]("nn")
	register[SpaceToDepth]("nn")
	register[DotProductAttention]("nn")
}

// Conv correlates signals (N, T, C) or images (N, H, W, C) with kernels (…, C/groups, Cout).
type Conv struct {
	ofKernel
	Name         string    `keras:"name"`
	Strides      spec.Ints `keras:"strides,default=1"`                     // step of the kernel along each axis
	Padding      string    `keras:"padding,default=valid,enum=valid|same"` // same pads so that strides alone shrink the image
	DataFormat   string    `keras:"data_format"`                           // None or channels_last
	DilationRate spec.Ints `keras:"dilation_rate,default=1"`               // distance of the kernel's elements
}

func (o Conv) Call(c *Call) []Value { return o.conv(c) }

// DepthwiseConv correlates every channel with kernels of its own, (…, C, multiplier).
type DepthwiseConv struct {
	ofKernel
	Name         string    `keras:"name"`
	Strides      spec.Ints `keras:"strides,default=1"`                     // step of the kernel along each axis
	Padding      string    `keras:"padding,default=valid,enum=valid|same"` // same pads so that strides alone shrink the image
	DataFormat   string    `keras:"data_format"`                           // None or channels_last
	DilationRate spec.Ints `keras:"dilation_rate,default=1"`               // distance of the kernel's elements
}

func (o DepthwiseConv) Call(c *Call) []Value { return o.conv(c) }

// SeparableConv is DepthwiseConv followed by a mixture of the channels.
type SeparableConv struct {
	ofTwoKernels
	Name         string    `keras:"name"`
	Strides      spec.Ints `keras:"strides,default=1"`                     // step of the kernel along each axis
	Padding      string    `keras:"padding,default=valid,enum=valid|same"` // same pads so that strides alone shrink the image
	DataFormat   string    `keras:"data_format"`                           // None or channels_last
	DilationRate spec.Ints `keras:"dilation_rate,default=1"`               // distance of the kernel's elements
}

func (o SeparableConv) Call(c *Call) []Value { return o.conv(c) }

// MaxPool takes the largest element of every window of signals (N, T, C) or images (N, H, W, C).
type MaxPool struct {
	ofInputs
	Name       string    `keras:"name"`
	PoolSize   spec.Ints `keras:"pool_size,required"`                    // window along each axis
	Strides    spec.Ints `keras:"strides"`                               // step of the window; None is its size
	Padding    string    `keras:"padding,default=valid,enum=valid|same"` // same pads so that strides alone shrink the image
	DataFormat string    `keras:"data_format"`                           // None or channels_last
}

func (o MaxPool) Call(c *Call) []Value {
	return c.pool(o.PoolSize, o.Strides, o.Padding, o.DataFormat, ops.MaxPool2D)
}

// AveragePool computes the mean of every window of signals (N, T, C) or images (N, H, W, C); padding does not count.
type AveragePool struct {
	ofInputs
	Name       string    `keras:"name"`
	PoolSize   spec.Ints `keras:"pool_size,required"`                    // window along each axis
	Strides    spec.Ints `keras:"strides"`                               // step of the window; None is its size
	Padding    string    `keras:"padding,default=valid,enum=valid|same"` // same pads so that strides alone shrink the image
	DataFormat string    `keras:"data_format"`                           // None or channels_last
}

func (o AveragePool) Call(c *Call) []Value {
	return c.pool(o.PoolSize, o.Strides, o.Padding, o.DataFormat, ops.AvgPool2D)
}

// BinaryCrossentropy computes -target·log(output) - (1-target)·log(1-output) for every element.
type BinaryCrossentropy struct {
	ofTarget
	Name       string `keras:"name"`
	FromLogits bool   `keras:"from_logits,default=false"` // output is before the sigmoid
}

func (o BinaryCrossentropy) Call(c *Call) []Value { return o.loss(c) }

// CategoricalCrossentropy computes -Σ target·log(output) along an axis.
type CategoricalCrossentropy struct {
	ofTarget
	Name       string `keras:"name"`
	FromLogits bool   `keras:"from_logits,default=false"` // output is before the softmax
	Axis       *int   `keras:"axis,default=-1"`           // axis, negative ones counted from the end
}

func (o CategoricalCrossentropy) Call(c *Call) []Value { return o.loss(c) }

// SparseCategoricalCrossentropy computes -log of the output at the place that target names.
type SparseCategoricalCrossentropy struct {
	ofTarget
	Name       string `keras:"name"`
	FromLogits bool   `keras:"from_logits,default=false"` // output is before the softmax
	Axis       *int   `keras:"axis,default=-1"`           // axis, negative ones counted from the end
}

func (o SparseCategoricalCrossentropy) Call(c *Call) []Value { return o.loss(c) }

// Moments computes the mean and the variance along axes.
type Moments struct {
	ofX
	Name         string `keras:"name"`
	Axes         []int  `keras:"axes,required"`              // axes that are taken together
	Keepdims     bool   `keras:"keepdims,default=false"`     // axes that are taken together stay, with length 1
	Synchronized bool   `keras:"synchronized,default=false"` // over several devices: must be false
}

func (o Moments) Call(c *Call) []Value { return o.moments(c) }

// BatchNorm computes (x-mean)/√(variance+Epsilon)·scale + offset, with one number for each place of an axis.
type BatchNorm struct {
	ofBatch
	Name    string   `keras:"name"`
	Axis    *int     `keras:"axis,required"`         // axis of the statistics
	Epsilon *float64 `keras:"epsilon,default=0.001"` // added to the variance
}

func (o BatchNorm) Call(c *Call) []Value { return o.norm(c) }

// Normalize divides by the norm along axes, at least √Epsilon.
type Normalize struct {
	ofX
	Name    string    `keras:"name"`
	Axis    spec.Ints `keras:"axis,default=-1"` // axes of the norm
	Order   any       `keras:"order,default=2"` // of the norm: a number
	Epsilon *float64  `keras:"epsilon"`         // lower bound of the sum of squares; None is 1e-7
}

func (o Normalize) Call(c *Call) []Value { return o.norm(c) }

// LayerNorm brings axes to mean 0 and variance 1, then multiplies by gamma and adds beta.
type LayerNorm struct {
	ofLayerNorm
	Name       string    `keras:"name"`
	Axis       spec.Ints `keras:"axis,default=-1"`           // axes of the statistics
	Epsilon    *float64  `keras:"epsilon"`                   // added to the variance
	RMSScaling bool      `keras:"rms_scaling,default=false"` // only divides by the standard deviation
}

func (o LayerNorm) Call(c *Call) []Value { return o.norm(c) }

// RMSNorm divides by the root of the mean of squares along axes, then multiplies by scale.
type RMSNorm struct {
	ofRMS
	Name    string    `keras:"name"`
	Axis    spec.Ints `keras:"axis,default=-1"` // axes of the mean
	Epsilon *float64  `keras:"epsilon"`         // added to the variance
}

func (o RMSNorm) Call(c *Call) []Value { return o.norm(c) }

// DepthToSpace turns channels (N, H, W, C·b²) into blocks of pixels (N, H·b, W·b, C).
type DepthToSpace struct {
	ofX
	Name       string `keras:"name"`
	BlockSize  int    `keras:"block_size,required,min=2"`                            // side b of the blocks
	DataFormat string `keras:"data_format,default=channels_last,enum=channels_last"` // order of the axes
}

func (o DepthToSpace) Call(c *Call) []Value { return o.unfold(c) }

// SpaceToDepth turns blocks of pixels (N, H·b, W·b, C) into channels (N, H, W, C·b²).
type SpaceToDepth struct {
	ofX
	Name       string `keras:"name"`
	BlockSize  int    `keras:"block_size,required,min=2"`                            // side b of the blocks
	DataFormat string `keras:"data_format,default=channels_last,enum=channels_last"` // order of the axes
}

func (o SpaceToDepth) Call(c *Call) []Value { return o.fold(c) }

// DotProductAttention computes softmax(scale·query·keyᵀ + bias)·value for every head: query (N, T, heads, h), key and value (N, S, heads, h); a mask of truth values and a bias broadcast to (N, heads, T, S).
type DotProductAttention struct {
	ofAttention
	Name              string   `keras:"name"`
	IsCausal          bool     `keras:"is_causal,default=false"` // place t attends to places up to t only
	FlashAttention    *bool    `keras:"flash_attention"`         // a choice of GPUs; must not be true
	AttnLogitsSoftCap *float64 `keras:"attn_logits_soft_cap"`    // must be None
}

func (o DotProductAttention) Call(c *Call) []Value { return o.attend(c) }

type (
	ofKernel     struct{}
	ofTwoKernels struct{}
	ofTarget     struct{}
	ofBatch      struct{}
	ofLayerNorm  struct{}
	ofRMS        struct{}
	ofAttention  struct{}
)

func (ofKernel) Arguments() []string { return []string{"inputs", "kernel"} }
func (ofTwoKernels) Arguments() []string {
	return []string{"inputs", "depthwise_kernel", "pointwise_kernel"}
}
func (ofTarget) Arguments() []string    { return []string{"target", "output"} }
func (ofBatch) Arguments() []string     { return []string{"x", "mean", "variance", "offset", "scale"} }
func (ofLayerNorm) Arguments() []string { return []string{"x", "gamma", "beta"} }
func (ofRMS) Arguments() []string       { return []string{"x", "scale"} }
func (ofRMS) Keywords() []string        { return []string{"scale"} }
func (ofAttention) Arguments() []string {
	return []string{"query", "key", "value", "bias", "mask", "scale"}
}
func (ofAttention) Keywords() []string { return []string{"bias", "mask", "scale"} }

// planar brings signals into the form of images with one column; back undoes it.
func (c *Call) planar(x graph.Value, format string) (y graph.Value, back func(graph.Value) graph.Value, rank int) {
	rank = len(x.Shape()) - 2
	if format == "channels_first" {
		c.fail("data_format channels_first is not supported")
	}
	switch rank {
	case 1:
		return ops.ExpandDims(x, 2), func(y graph.Value) graph.Value { return ops.Squeeze(y, 2) }, 1
	case 2:
		return x, func(y graph.Value) graph.Value { return y }, 2
	}
	c.fail("signals (N, T, C) or images (N, H, W, C) are wanted, not shape %v", x.Shape())
	return x, func(y graph.Value) graph.Value { return y }, 2
}

// perAxis spreads one number over the axes; of signals the second axis has 1.
func (c *Call) perAxis(list []int, rank int) [2]int {
	switch {
	case rank == 1 && len(list) == 1:
		return [2]int{list[0], 1}
	case len(list) == 1:
		return [2]int{list[0], list[0]}
	case len(list) == rank:
		return [2]int{list[0], list[1]}
	}
	c.fail("%v does not fit %d axes", list, rank)
	return [2]int{1, 1}
}

func (o Conv) conv(c *Call) []Value {
	x, k, dtype := c.realPair()
	if !c.ok() {
		return []Value{c.X(0)}
	}
	image, back, rank := c.planar(x, o.DataFormat)
	if !c.ok() || len(k.Shape()) != rank+2 {
		return c.failed("a kernel of rank %d is wanted, not shape %v", rank+2, k.Shape())
	}
	if rank == 1 {
		k = ops.ExpandDims(k, 1)
	}
	channels, in := image.Shape()[3], k.Shape()[2]
	if in == 0 || channels%in != 0 {
		return c.failed("a kernel %v for %d channels", k.Shape(), channels)
	}
	options := ops.ConvOptions{Strides: c.perAxis(o.Strides, rank), Dilation: c.perAxis(o.DilationRate, rank), Padding: o.Padding, Groups: channels / in}
	return one(back(ops.Conv2D(image, k, options)), dtype)
}

// depthwise is a convolution with as many groups as channels: kernel (…, C, m) is
// used as (…, 1, C·m).
func (c *Call) depthwise(x, k graph.Value, strides, dilation spec.Ints, padding, format string) (graph.Value, func(graph.Value) graph.Value) {
	image, back, rank := c.planar(x, format)
	if !c.ok() || len(k.Shape()) != rank+2 {
		c.fail("a kernel of rank %d is wanted, not shape %v", rank+2, k.Shape())
		return x, back
	}
	if rank == 1 {
		k = ops.ExpandDims(k, 1)
	}
	s := k.Shape()
	if image.Shape()[3] != s[2] {
		c.fail("a kernel %v for %d channels", s, image.Shape()[3])
		return x, back
	}
	k = ops.Reshape(k, s[0], s[1], 1, s[2]*s[3])
	options := ops.ConvOptions{Strides: c.perAxis(strides, rank), Dilation: c.perAxis(dilation, rank), Padding: padding, Groups: s[2]}
	return ops.Conv2D(image, k, options), back
}

func (o DepthwiseConv) conv(c *Call) []Value {
	x, k, dtype := c.realPair()
	y, back := c.depthwise(x, k, o.Strides, o.DilationRate, o.Padding, o.DataFormat)
	if !c.ok() {
		return []Value{c.X(0)}
	}
	return one(back(y), dtype)
}

func (o SeparableConv) conv(c *Call) []Value {
	x, k, dtype := c.realPair()
	y, back := c.depthwise(x, k, o.Strides, o.DilationRate, o.Padding, o.DataFormat)
	if !c.ok() {
		return []Value{c.X(0)}
	}
	point := c.X(2).to(dtype).Value
	s := point.Shape()
	point = ops.Reshape(point, 1, 1, s[len(s)-2], s[len(s)-1])
	y = ops.Conv2D(y, point, ops.ConvOptions{Strides: [2]int{1, 1}, Dilation: [2]int{1, 1}, Padding: "valid", Groups: 1})
	return one(back(y), dtype)
}

func (c *Call) pool(size, strides spec.Ints, padding, format string, f func(graph.Value, ops.PoolOptions) graph.Value) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	image, back, rank := c.planar(x.to(dtype).Value, format)
	if strides == nil {
		strides = size
	}
	options := ops.PoolOptions{Size: c.perAxis(size, rank), Strides: c.perAxis(strides, rank), Padding: padding}
	if !c.ok() {
		return []Value{x}
	}
	return one(back(f(image, options)), dtype)
}

// epsilon is keras.config.epsilon.
const epsilon = 1e-7

func (o BinaryCrossentropy) loss(c *Call) []Value {
	t, y, dtype := c.realPair()
	if o.FromLogits { // max(y,0) - y·t + log(1+exp(-|y|))
		return one(ops.Sub(ops.Softplus(y), ops.Mul(y, t)), dtype)
	}
	y = ops.Clip(y, epsilon, 1-epsilon)
	rest := ops.Mul(ops.SubScalarFrom(1, t), ops.Log(ops.SubScalarFrom(1, y)))
	return one(ops.Neg(ops.Add(ops.Mul(t, ops.Log(y)), rest)), dtype)
}

// logProbabilities returns the logarithm of the probabilities along an axis.
func logProbabilities(y graph.Value, axis int, logits bool) graph.Value {
	if logits {
		return ops.LogSoftmax(y, axis)
	}
	y = ops.Div(y, ops.Sum(y, []int{axis}, true))
	return ops.Log(ops.Clip(y, epsilon, 1-epsilon))
}

func (o CategoricalCrossentropy) loss(c *Call) []Value {
	t, y, dtype := c.realPair()
	a := c.axis(*o.Axis, len(y.Shape()))
	if !c.ok() {
		return []Value{c.X(1)}
	}
	return one(ops.Neg(ops.Sum(ops.Mul(t, logProbabilities(y, a, o.FromLogits)), []int{a}, false)), dtype)
}

func (o SparseCategoricalCrossentropy) loss(c *Call) []Value {
	t, y := c.X(0), c.X(1)
	dtype, rank := realType(y.DType), len(y.Shape())
	a := c.axis(*o.Axis, rank)
	if !c.ok() {
		return []Value{y}
	}
	if len(t.Shape()) == rank && t.Shape()[rank-1] == 1 {
		t.Value = ops.Squeeze(t.Value, rank-1)
	}
	v := y.Value
	if !o.FromLogits { // TensorFlow does not bring the probabilities to the sum 1 here
		v = ops.Log(ops.Clip(v, epsilon, 1-epsilon))
	}
	log := ops.LogSoftmax(v, a)
	hot := c.oneHot(t, y.Shape()[a], a, dtype)
	return one(ops.Neg(ops.Sum(ops.Mul(hot, log), []int{a}, false)), dtype)
}

func (o Moments) moments(c *Call) []Value {
	x := c.X(0)
	axes := c.axes(o.Axes, len(x.Shape()))
	if o.Synchronized || !c.ok() {
		return c.failed("synchronized is not supported")
	}
	return []Value{make1(ops.Mean(x.Value, axes, o.Keepdims), x.DType), make1(ops.Variance(x.Value, axes, o.Keepdims), x.DType)}
}

func (o BatchNorm) norm(c *Call) []Value {
	x := c.X(0)
	rank := len(x.Shape())
	a := c.axis(*o.Axis, rank)
	if !c.ok() {
		return []Value{x}
	}
	shape := slices.Repeat([]int{1}, rank)
	shape[a] = x.Shape()[a]
	along := func(i int) graph.Value { return ops.Reshape(c.X(i).to(x.DType).Value, shape...) }
	inverse := ops.Rsqrt(ops.AddScalar(along(2), *o.Epsilon))
	if c.Has(4) {
		inverse = ops.Mul(inverse, along(4))
	}
	y := ops.Mul(ops.Sub(x.Value, along(1)), inverse)
	if c.Has(3) {
		y = ops.Add(y, along(3))
	}
	return one(y, x.DType)
}

func (o Normalize) norm(c *Call) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	v, axes := x.to(dtype).Value, c.axes(o.Axis, len(x.Shape()))
	eps := epsilon
	if o.Epsilon != nil {
		eps = *o.Epsilon
	}
	order, ok := 2.0, true
	switch p := o.Order.(type) {
	case nil:
	case int:
		order = float64(p)
	case float64:
		order = p
	default:
		ok = false
	}
	if !ok || !c.ok() {
		return c.failed("order %v is not supported", o.Order)
	}
	if order == 2 {
		sum := ops.Sum(ops.Square(v), axes, true)
		return one(ops.Mul(v, ops.Rsqrt(ops.MaximumScalar(sum, eps))), dtype)
	}
	norm := ops.Sum(ops.PowScalar(ops.Abs(v), order), axes, true)
	norm = ops.MaximumScalar(ops.PowScalar(norm, 1/order), eps)
	return one(ops.Div(v, norm), dtype)
}

// scales returns an argument in the shape of the axes that it belongs to.
func (c *Call) scales(i int, x graph.Value, axes []int) graph.Value {
	v := c.X(i).to("float32").Value
	if len(v.Shape()) == len(x.Shape()) {
		return v
	}
	shape := slices.Repeat([]int{1}, len(x.Shape()))
	for _, a := range axes {
		shape[a] = x.Shape()[a]
	}
	return ops.Reshape(v, shape...)
}

func (o LayerNorm) norm(c *Call) []Value {
	x := c.X(0)
	v, axes := x.to("float32").Value, c.axes(o.Axis, len(x.Shape()))
	eps := epsilon
	if o.Epsilon != nil {
		eps = *o.Epsilon
	}
	if !c.ok() {
		return []Value{x}
	}
	slices.Sort(axes)
	y := ops.Rsqrt(ops.AddScalar(ops.Variance(v, axes, true), eps))
	if o.RMSScaling {
		y = ops.Mul(v, y)
	} else {
		y = ops.Mul(ops.Sub(v, ops.Mean(v, axes, true)), y)
	}
	if c.Has(1) {
		y = ops.Mul(y, c.scales(1, v, axes))
	}
	if c.Has(2) && !o.RMSScaling {
		y = ops.Add(y, c.scales(2, v, axes))
	}
	return one(y, x.DType)
}

func (o RMSNorm) norm(c *Call) []Value {
	x := c.X(0)
	v, axes := x.to("float32").Value, c.axes(o.Axis, len(x.Shape()))
	eps := epsilon
	if o.Epsilon != nil {
		eps = *o.Epsilon
	}
	if !c.ok() {
		return []Value{x}
	}
	y := ops.Mul(v, ops.Rsqrt(ops.AddScalar(ops.Mean(ops.Square(v), axes, true), eps)))
	if c.Has(1) {
		y = ops.Mul(y, c.X(1).to("float32").Value)
	}
	return one(y, x.DType)
}

func (o DepthToSpace) unfold(c *Call) []Value {
	x, b := c.X(0), o.BlockSize
	s := x.Shape()
	if len(s) != 4 || s[3]%(b*b) != 0 {
		return c.failed("shape %v has no blocks of %d by %d", s, b, b)
	}
	v := ops.Reshape(x.Value, s[0], s[1], s[2], b, b, s[3]/(b*b))
	v = ops.Transpose(v, 0, 1, 3, 2, 4, 5)
	return one(ops.Reshape(v, s[0], s[1]*b, s[2]*b, s[3]/(b*b)), x.DType)
}

func (o SpaceToDepth) fold(c *Call) []Value {
	x, b := c.X(0), o.BlockSize
	s := x.Shape()
	if len(s) != 4 || s[1]%b != 0 || s[2]%b != 0 {
		return c.failed("shape %v has no blocks of %d by %d", s, b, b)
	}
	v := ops.Reshape(x.Value, s[0], s[1]/b, b, s[2]/b, b, s[3])
	v = ops.Transpose(v, 0, 1, 3, 2, 4, 5)
	return one(ops.Reshape(v, s[0], s[1]/b, s[2]/b, s[3]*b*b), x.DType)
}

func (o DotProductAttention) attend(c *Call) []Value {
	p, dtype := c.promoted(c.X(0), c.X(1), c.X(2))
	q, k, v := p[0].Value, p[1].Value, p[2].Value
	switch {
	case !c.ok() || len(q.Shape()) != 4 || len(k.Shape()) != 4 || len(v.Shape()) != 4:
		return c.failed("tensors of rank 4 are wanted, not shapes %v, %v, %v", q.Shape(), k.Shape(), v.Shape())
	case o.FlashAttention != nil && *o.FlashAttention:
		return c.failed("flash_attention is not supported")
	case o.AttnLogitsSoftCap != nil:
		return c.failed("attn_logits_soft_cap is not supported")
	case k.Shape()[2] != q.Shape()[2]:
		return c.failed("%d heads of queries, %d of keys", q.Shape()[2], k.Shape()[2])
	}
	scale := c.Number(5, 1/math.Sqrt(float64(q.Shape()[3])))
	heads := func(x graph.Value) graph.Value { return ops.Transpose(x, 0, 2, 1, 3) } // (N, heads, T, h)
	scores := ops.MulScalar(ops.MatMulT(heads(q), heads(k), false, true), scale)
	if c.Has(3) {
		scores = ops.Add(scores, c.X(3).to(dtype).Value)
	}
	low := ops.Scalar(scores, -0.7*math.MaxFloat32)
	if c.Has(4) {
		scores = ops.Where(c.X(4).to("bool").Value, scores, low)
	}
	if o.IsCausal {
		keep := ops.Const(c.graph, triangle(q.Shape()[1], k.Shape()[1], 0, true))
		scores = ops.Where(keep, scores, low)
	}
	return one(heads(ops.MatMul(ops.Softmax(scores, -1), heads(v))), dtype)
}
