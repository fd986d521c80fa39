package data

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// SmartResizeOptions holds the arguments of SmartResize. Zero means Keras's default.
type SmartResizeOptions struct {
	Size          [2]int // height and width
	Interpolation string // bilinear, which empty means, nearest, bicubic, lanczos3, lanczos5 or area
	DataFormat    string // channels_last, which empty means, or channels_first
}

// SmartResize resizes an image (height, width, channels), or several (n, height, width,
// channels), without distorting them: the largest part in the middle that has the
// proportions of Size is cut out and resized. The result is float32. Keras's
// keras.preprocessing.image.smart_resize.
func SmartResize(x *tensor.Tensor, o SmartResizeOptions) (*tensor.Tensor, error) {
	fail := func(format string, args ...any) (*tensor.Tensor, error) {
		return nil, fmt.Errorf("data: SmartResize: "+format, args...)
	}
	if x == nil || x.DType() == tensor.String || x.Shape().Rank() < 3 || x.Shape().Rank() > 4 {
		return fail("wanted are numbers of shape (height, width, channels) or (n, height, width, channels)")
	}
	first := o.DataFormat == "channels_first"
	if !first && o.DataFormat != "" && o.DataFormat != "channels_last" {
		return fail("data_format is %q; it is channels_last or channels_first", o.DataFormat)
	}
	height, width := o.Size[0], o.Size[1]
	if height < 1 || width < 1 {
		return fail("size is %v; both must be at least 1", o.Size)
	}
	g := graph.New()
	v := ops.Const(g, x.Cast(tensor.Float32))
	single := x.Shape().Rank() == 3
	if single {
		v = ops.Reshape(v, append([]int{1}, x.Shape()...)...)
	}
	if first {
		v = ops.Transpose(v, 0, 2, 3, 1)
	}
	s := v.Shape()
	h, w, channels := s[1], s[2], s[3]
	if x.Size() == 0 {
		return fail("an image of shape %v has no pixels", x.Shape())
	}
	ch, cw := max(min(h, w*height/width), 1), max(min(w, h*width/height), 1)
	v = ops.Slice(v, []int{0, (h - ch) / 2, (w - cw) / 2, 0}, []int{s[0], ch, cw, channels})
	v = ops.Resize(v, height, width, ops.ResizeOptions{Interpolation: o.Interpolation})
	shape := []int{s[0], height, width, channels}
	if first {
		v = ops.Transpose(v, 0, 3, 1, 2)
		shape = []int{s[0], channels, height, width}
	}
	if single {
		v = ops.Reshape(v, shape[1:]...)
	}
	out, err := graph.Run(g, []graph.Value{v}, graph.Feeds{}, false)
	if err != nil {
		return fail("%w", err)
	}
	return out[0], nil
}
