package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

func init() {
	register[Resize]("image")
	register[PadImages]("image")
	register[CropImages]("image")
	register[ExtractPatches]("image")
	register[RGBToGrayscale]("image")
	register[RGBToHSV]("image")
	register[HSVToRGB]("image")
}

// Resize makes images (N, H, W, C) or an image (H, W, C) of another size; [ops.Resize]
// gives the formulas. Integers are rounded.
type Resize struct {
	ofImages
	Name              string  `keras:"name"`
	Size              [2]int  `keras:"size,required"`                                                                       // rows and columns of the result
	Interpolation     string  `keras:"interpolation,default=bilinear,enum=nearest|bilinear|bicubic|lanczos3|lanczos5|area"` // how pixels are made of pixels
	Antialias         bool    `keras:"antialias,default=false"`                                                             // mix all the pixels that a pixel covers when the image shrinks
	CropToAspectRatio bool    `keras:"crop_to_aspect_ratio,default=false"`                                                  // first cut the largest part from the middle that has the proportions
	PadToAspectRatio  bool    `keras:"pad_to_aspect_ratio,default=false"`                                                   // first add borders, so that the image has the proportions
	FillMode          string  `keras:"fill_mode,default=constant,enum=constant"`                                            // what borders are made of
	FillValue         float64 `keras:"fill_value,default=0"`                                                                // value of the borders
	DataFormat        string  `keras:"data_format,enum=channels_last|channels_first"`                                       // where the channels are; None is channels_last
}

func (o Resize) Call(c *Call) []Value {
	if o.CropToAspectRatio && o.PadToAspectRatio {
		return c.failed("crop_to_aspect_ratio and pad_to_aspect_ratio are both true; only one of them can be")
	}
	return c.pictures(o.DataFormat, func(x graph.Value) graph.Value {
		if o.Size[0] < 1 || o.Size[1] < 1 || !c.sized(o.Size[:]...) || !c.sized(x.Shape()[1], o.Size[0]) || !c.sized(x.Shape()[2], o.Size[1]) {
			c.fail("size %v", o.Size)
			return x
		}
		return layers.Resizing{Height: o.Size[0], Width: o.Size[1], Interpolation: o.Interpolation, CropToAspectRatio: o.CropToAspectRatio,
			PadToAspectRatio: o.PadToAspectRatio, FillValue: o.FillValue, Antialias: o.Antialias}.Call(nil, x)
	})
}

// PadImages adds zeros around images (N, H, W, C) or an image (H, W, C). Of each direction
// two of the three numbers are given, or the two paddings.
type PadImages struct {
	ofImages
	Name          string `keras:"name"`
	TopPadding    *int   `keras:"top_padding"`                                   // rows above
	LeftPadding   *int   `keras:"left_padding"`                                  // columns on the left
	BottomPadding *int   `keras:"bottom_padding"`                                // rows below
	RightPadding  *int   `keras:"right_padding"`                                 // columns on the right
	TargetHeight  *int   `keras:"target_height"`                                 // rows of the result
	TargetWidth   *int   `keras:"target_width"`                                  // columns of the result
	DataFormat    string `keras:"data_format,enum=channels_last|channels_first"` // where the channels are; None is channels_last
}

func (o PadImages) Call(c *Call) []Value {
	return c.pictures(o.DataFormat, func(x graph.Value) graph.Value {
		s := x.Shape()
		rows, ok := around(o.TopPadding, o.BottomPadding, o.TargetHeight, s[1], 1)
		cols, ok2 := around(o.LeftPadding, o.RightPadding, o.TargetWidth, s[2], 1)
		if !ok || !ok2 || !c.within("rows and columns", max(s[1]+rows[0]+rows[1], s[2]+cols[0]+cols[1]), maxPlaces) {
			c.fail("images of %d by %d pixels: of top, bottom and height, and of left, right and width, two must be given, and paddings must not be negative", s[1], s[2])
			return x
		}
		return ops.Pad(x, [][2]int{{}, rows, cols, {}}, 0)
	})
}

// CropImages cuts borders off images (N, H, W, C) or an image (H, W, C). Of each direction
// two of the three numbers are given, or the two croppings.
type CropImages struct {
	ofImages
	Name           string `keras:"name"`
	TopCropping    *int   `keras:"top_cropping"`                                  // rows cut off above
	LeftCropping   *int   `keras:"left_cropping"`                                 // columns cut off on the left
	BottomCropping *int   `keras:"bottom_cropping"`                               // rows cut off below
	RightCropping  *int   `keras:"right_cropping"`                                // columns cut off on the right
	TargetHeight   *int   `keras:"target_height"`                                 // rows of the result
	TargetWidth    *int   `keras:"target_width"`                                  // columns of the result
	DataFormat     string `keras:"data_format,enum=channels_last|channels_first"` // where the channels are; None is channels_last
}

func (o CropImages) Call(c *Call) []Value {
	return c.pictures(o.DataFormat, func(x graph.Value) graph.Value {
		s := x.Shape()
		rows, ok := around(o.TopCropping, o.BottomCropping, o.TargetHeight, s[1], -1)
		cols, ok2 := around(o.LeftCropping, o.RightCropping, o.TargetWidth, s[2], -1)
		h, w := s[1]-rows[0]-rows[1], s[2]-cols[0]-cols[1]
		if !ok || !ok2 || h < 1 || w < 1 {
			c.fail("images of %d by %d pixels: of top, bottom and height, and of left, right and width, two must be given, and croppings must not be negative nor cut all", s[1], s[2])
			return x
		}
		return ops.Slice(x, []int{0, rows[0], cols[0], 0}, []int{s[0], h, w, s[3]})
	})
}

// around returns what is added (sign 1) or cut off (sign -1) before and after n places.
func around(before, after, target *int, n, sign int) (out [2]int, ok bool) {
	switch {
	case before != nil && after != nil:
		out = [2]int{*before, *after}
		ok = target == nil || n+sign*(out[0]+out[1]) == *target
	case target == nil:
		return out, false
	case before != nil:
		out, ok = [2]int{*before, sign*(*target-n) - *before}, true
	case after != nil:
		out, ok = [2]int{sign*(*target-n) - *after, *after}, true
	}
	return out, ok && out[0] >= 0 && out[1] >= 0
}

// ExtractPatches cuts patches out of images (N, H, W, C) or an image (H, W, C): the result
// has the pixels of a patch, row by row, each with its channels, as channels.
type ExtractPatches struct {
	ofImages
	Name         string    `keras:"name,noconfig"`
	Size         spec.Ints `keras:"size,required"`                                 // rows and columns of a patch
	Strides      spec.Ints `keras:"strides"`                                       // distance of the patches; None is their size
	DilationRate spec.Ints `keras:"dilation_rate,default=1"`                       // distance of the pixels in a patch
	Padding      string    `keras:"padding,default=valid,enum=valid|same"`         // same adds zeros so that there is a patch for every stride
	DataFormat   string    `keras:"data_format,enum=channels_last|channels_first"` // where the channels are; None is channels_last
}

func (o ExtractPatches) Call(c *Call) []Value {
	size, strides := o.Size, o.Strides
	if strides == nil {
		strides = size
	}
	if len(size) == 3 {
		return c.failed("patches of volumes are not supported")
	}
	return c.pictures(o.DataFormat, func(x graph.Value) graph.Value {
		k, s, d := c.perAxis(size, 2), c.perAxis(strides, 2), c.perAxis(o.DilationRate, 2)
		if !c.ok() || min(k[0], k[1], s[0], s[1], d[0], d[1]) < 1 || !c.within("pixels of a patch", k[0]*k[1], maxParts) {
			c.fail("patches of %v every %v pixels with dilation %v", k, s, d)
			return x
		}
		if o.Padding == "same" {
			var pads [4][2]int
			for i := range 2 {
				n := x.Shape()[1+i]
				all := max(((n+s[i]-1)/s[i]-1)*s[i]+(k[i]-1)*d[i]+1-n, 0)
				pads[1+i] = [2]int{all / 2, all - all/2}
			}
			x = ops.Pad(x, pads[:], 0)
		}
		return ops.ExtractPatches(x, k, s, d)
	})
}

// RGBToGrayscale returns the brightness of colours, 0.2989·R + 0.587·G + 0.114·B, of images
// (N, H, W, 3) or an image (H, W, 3), with one channel. Grey images stay as they are.
type RGBToGrayscale struct {
	ofImages
	Name       string `keras:"name"`
	DataFormat string `keras:"data_format,enum=channels_last|channels_first"` // where the channels are; None is channels_last
}

func (o RGBToGrayscale) Call(c *Call) []Value { return c.pictures(o.DataFormat, ops.RGBToGrayscale) }

// RGBToHSV turns red, green and blue into hue, saturation and value, all between 0 and 1,
// of images (N, H, W, 3) or an image (H, W, 3).
type RGBToHSV struct {
	ofImages
	Name       string `keras:"name"`
	DataFormat string `keras:"data_format,enum=channels_last|channels_first"` // where the channels are; None is channels_last
}

func (o RGBToHSV) Call(c *Call) []Value { return c.pictures(o.DataFormat, ops.RGBToHSV) }

// HSVToRGB turns hue, saturation and value back into red, green and blue.
type HSVToRGB struct {
	ofImages
	Name       string `keras:"name"`
	DataFormat string `keras:"data_format,enum=channels_last|channels_first"` // where the channels are; None is channels_last
}

func (o HSVToRGB) Call(c *Call) []Value { return c.pictures(o.DataFormat, ops.HSVToRGB) }

type ofImages struct{}

func (ofImages) Arguments() []string { return []string{"images"} }

// pictures applies a function of images (N, H, W, C) to the first argument.
func (c *Call) pictures(format string, f func(graph.Value) graph.Value) []Value {
	x := c.X(0)
	return one(c.inLast(x.Value, format, f), x.DType)
}

// inLast applies a function of images (N, H, W, C) to images or an image of a data format.
func (c *Call) inLast(x graph.Value, format string, f func(graph.Value) graph.Value) graph.Value {
	rank := len(x.Shape())
	if !c.ok() || rank != 3 && rank != 4 {
		c.fail("images (N, H, W, C) or an image (H, W, C) are wanted, not shape %v", x.Shape())
		return x
	}
	if rank == 3 {
		x = ops.ExpandDims(x, 0)
	}
	if format == "channels_first" {
		x = ops.Transpose(x, 0, 2, 3, 1)
	}
	y := f(x)
	if !c.ok() {
		return y
	}
	if format == "channels_first" {
		order := c.axes(nil, len(y.Shape()))
		y = ops.Transpose(y, slices.Insert(slices.Delete(order, 3, 4), 1, 3)...)
	}
	if rank == 3 {
		y = ops.Squeeze(y, 0)
	}
	return y
}
