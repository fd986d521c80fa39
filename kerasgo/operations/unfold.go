package operations

import (
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Unfold]("nn")
	register[Fold]("nn")
}

// Unfold lays the windows of images (N, C, H, W) side by side: (N, C·kh·kw, windows).
type Unfold struct {
	ofX
	Name       string    `keras:"name"`
	KernelSize spec.Ints `keras:"kernel_size,required"` // rows and columns of a window
	Dilation   spec.Ints `keras:"dilation,default=1"`   // distance of the pixels in a window
	Padding    spec.Ints `keras:"padding,default=0"`    // zeros around the images
	Stride     spec.Ints `keras:"stride,default=1"`     // distance of the windows
}

func (o Unfold) Call(c *Call) []Value {
	x := c.X(0)
	s := x.Shape()
	if !c.ok() || len(s) != 4 {
		return c.failed("images (N, C, H, W) are wanted, not shape %v", s)
	}
	w := c.windows(s[2], s[3], o.KernelSize, o.Dilation, o.Padding, o.Stride)
	if !c.ok() {
		return []Value{x}
	}
	v := ops.Pad(x.Value, [][2]int{{}, {}, {w.pad[0], w.pad[0]}, {w.pad[1], w.pad[1]}}, 0)
	v = ops.Reshape(v, s[0], s[1], w.size[0]*w.size[1])
	v = take(v, w.places, 2)
	return one(ops.Reshape(v, s[0], s[1]*w.cells, w.count), x.DType)
}

// Fold adds windows (N, C·kh·kw, windows) up to images (N, C, H, W): what Unfold's
// gradient does.
type Fold struct {
	ofX
	Name       string    `keras:"name"`
	OutputSize spec.Ints `keras:"output_size,required"` // rows and columns of the images
	KernelSize spec.Ints `keras:"kernel_size,required"` // rows and columns of a window
	Dilation   spec.Ints `keras:"dilation,default=1"`   // distance of the pixels in a window
	Padding    spec.Ints `keras:"padding,default=0"`    // zeros around the images, cut off again
	Stride     spec.Ints `keras:"stride,default=1"`     // distance of the windows
}

func (o Fold) Call(c *Call) []Value {
	x, size := c.X(0), c.perAxis(o.OutputSize, 2)
	w := c.windows(size[0], size[1], o.KernelSize, o.Dilation, o.Padding, o.Stride)
	s := x.Shape()
	if !c.ok() || len(s) != 3 || s[1]%w.cells != 0 || s[2] != w.count {
		return c.failed("windows (N, C·%d, %d) are wanted, not shape %v", w.cells, w.count, s)
	}
	channels := s[1] / w.cells
	v := ops.Transpose(ops.Reshape(x.Value, s[0]*channels, w.cells*w.count), 1, 0)
	v = ops.ScatterAdd(v, ops.Const(c.graph, tensor.From(w.places)), w.size[0]*w.size[1])
	v = ops.Reshape(ops.Transpose(v, 1, 0), s[0], channels, w.size[0], w.size[1])
	return one(ops.Slice(v, []int{0, 0, w.pad[0], w.pad[1]}, []int{s[0], channels, size[0], size[1]}), x.DType)
}

// windowPlaces says where in an image with its padding the pixels of windows lie.
type windowPlaces struct {
	size, pad    [2]int
	cells, count int
	places       []int32 // cell by cell, for each the windows row by row
}

func (c *Call) windows(h, w int, kernel, dilation, padding, stride spec.Ints) (p windowPlaces) {
	k, d, s := c.perAxis(kernel, 2), c.perAxis(dilation, 2), c.perAxis(stride, 2)
	p.pad = c.perAxis(padding, 2)
	for i := range 2 {
		if !c.within("padding", p.pad[i], maxPlaces) || !c.within("dilation", d[i], maxPlaces) || !c.within("kernel_size", k[i], maxParts) {
			return p
		}
	}
	if !c.sized(h, w) || !c.sized(h+2*p.pad[0], w+2*p.pad[1]) {
		return p
	}
	p.size = [2]int{h + 2*p.pad[0], w + 2*p.pad[1]}
	p.cells = 1
	var n [2]int
	for i := range 2 {
		if k[i] < 1 || d[i] < 1 || s[i] < 1 || p.pad[i] < 0 || p.size[i] < d[i]*(k[i]-1)+1 {
			c.fail("windows %v with dilation %v, padding %v and stride %v do not fit images of %d by %d", k, d, p.pad, s, h, w)
			return p
		}
		n[i] = (p.size[i]-d[i]*(k[i]-1)-1)/s[i] + 1
		p.cells *= k[i]
	}
	p.count = n[0] * n[1]
	if !c.within("pixels of all windows", p.cells*p.count, maxPlaces) {
		return p
	}
	for cell := range p.cells {
		for at := range p.count {
			row := at/n[1]*s[0] + cell/k[1]*d[0]
			col := at%n[1]*s[1] + cell%k[1]*d[1]
			p.places = append(p.places, int32(row*p.size[1]+col))
		}
	}
	return p
}
