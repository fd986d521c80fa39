package data

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// fitted resizes pixels (h, w, channels) to (height, width, channels), written into
// dst, as Keras's image_dataset_from_directory does.
func (d ImageFolder) fitted(pixels []float32, h, w, channels int, dst []float32) error {
	height, width := d.ImageSize[0], d.ImageSize[1]
	g := graph.New()
	x := ops.Const(g, tensor.From(pixels, 1, h, w, channels))
	resize := func(x graph.Value, height, width int) graph.Value {
		return ops.Resize(x, height, width, ops.ResizeOptions{Interpolation: d.Interpolation})
	}
	switch {
	case d.CropToAspectRatio: // the largest part in the middle
		ch := max(min(h, w*height/width), 1)
		cw := max(min(w, h*width/height), 1)
		x = ops.Slice(x, []int{0, (h - ch) / 2, (w - cw) / 2, 0}, []int{1, ch, cw, channels})
		x = resize(x, height, width)
	case d.PadToAspectRatio: // black borders
		ratio := max(float32(w)/float32(width), float32(h)/float32(height))
		fit := func(n, to int) (size, before int) {
			size = min(max(int(math.Floor(float64(float32(n)/ratio))), 1), to)
			return size, max(int(math.Floor(float64((float32(to)-float32(n)/ratio)/2))), 0)
		}
		rows, top := fit(h, height)
		cols, left := fit(w, width)
		x = ops.Pad(resize(x, rows, cols), [][2]int{{}, {top, height - rows - top}, {left, width - cols - left}, {}}, 0)
	default:
		x = resize(x, height, width)
	}
	out, err := graph.Run(g, []graph.Value{x}, graph.Feeds{}, false)
	if err == nil {
		copy(dst, out[0].Float32s())
	}
	return err
}
