package data

import (
	"fmt"
	"image"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ArrayOptions holds the arguments of ImgToArray. Zero means Keras's default.
type ArrayOptions struct {
	DataFormat string // channels_last, which empty means, or channels_first
	DType      string // of the result; empty means float32
}

// ImgToArray returns the pixels of a picture, (height, width, channels), or (channels,
// height, width) with channels_first, as keras.utils.img_to_array does: whole values from
// 0 to 255. Grey pictures have one channel, with values to 65535 for *image.Gray16; *RGB
// and *image.YCbCr have three, and all others four, with colours that are not multiplied
// by the opacity.
func ImgToArray(img image.Image, o ArrayOptions) (*tensor.Tensor, error) {
	first, err := channelsFirst("ImgToArray", o.DataFormat)
	if err != nil {
		return nil, err
	}
	dtype, err := tensor.ParseDType(o.DType)
	if err != nil || dtype == tensor.String {
		return nil, fmt.Errorf("data: ImgToArray: dtype is %q; wanted is a type of numbers", o.DType)
	}
	if img == nil {
		return nil, fmt.Errorf("data: ImgToArray: there is no picture (nil)")
	}
	mode := "rgba"
	switch img.(type) {
	case *image.Gray, *image.Gray16:
		mode = "grayscale"
	case *RGB, *image.YCbCr:
		mode = "rgb"
	}
	p := convertImg(img, mode)
	x := tensor.New(tensor.Int32, p.h, p.w, p.channels)
	for i, v := range p.pix {
		x.Int32s()[i] = int32(v)
	}
	if dtype == tensor.Uint8 && p.deep {
		for i, v := range x.Int32s() {
			x.Int32s()[i] = v & 255 // as numpy's conversion does
		}
	}
	if first {
		x = moveAxis(x, p.channels, p.h, p.w, func(c, y, w int) int { return (y*p.w+w)*p.channels + c })
	}
	return x.Cast(dtype), nil
}

// ArrayToImgOptions holds the arguments of ArrayToImg. Zero means Keras's default.
type ArrayToImgOptions struct {
	DataFormat string // channels_last, which empty means, or channels_first
	Scale      *bool  // map the smallest value to 0 and the largest to 255; nil means true
}

// ArrayToImg makes a picture of an array (height, width, channels), or (channels, height,
// width) with channels_first, as keras.utils.array_to_img does in float32: an *image.Gray
// of one channel, an *RGB of three, an *image.NRGBA of four. Values lose their fraction.
//
// Without scaling values must lie from 0 to 255; in one channel they may be larger, up to
// 65535, and then make an *image.Gray16. Others are errors here, where Keras lets them
// wrap around.
func ArrayToImg(x *tensor.Tensor, o ArrayToImgOptions) (image.Image, error) {
	first, err := channelsFirst("ArrayToImg", o.DataFormat)
	if err != nil {
		return nil, err
	}
	if x == nil || len(x.Shape()) != 3 || x.DType() == tensor.String || x.Size() == 0 {
		if x == nil {
			return nil, fmt.Errorf("data: ArrayToImg: there is no array (nil)")
		}
		return nil, fmt.Errorf("data: ArrayToImg: the array is %v %v; wanted are numbers of one picture, with three axes", x.DType(), x.Shape())
	}
	x = x.Cast(tensor.Float32)
	if first {
		s, from := x.Shape(), x
		x = moveAxis(from, s[1], s[2], s[0], func(y, w, c int) int { return (c*s[1]+y)*s[2] + w })
	}
	s := x.Shape()
	if s[2] != 1 && s[2] != 3 && s[2] != 4 {
		return nil, fmt.Errorf("data: ArrayToImg: %d channels in an array %v (data format %q); wanted are 1, 3 or 4", s[2], s, o.DataFormat)
	}
	values := x.Clone().Float32s()
	for i, v := range values {
		if v-v != 0 {
			return nil, fmt.Errorf("data: ArrayToImg: element %d is %v; a picture has finite values", i, v)
		}
	}
	if o.Scale == nil || *o.Scale {
		rescale(values)
	}
	p := newBitmap(s[0], s[1], s[2], false)
	bound := float32(256)
	for _, v := range values {
		if s[2] == 1 && v > 255 {
			p.deep, bound = true, 1<<16
		}
	}
	for i, v := range values {
		if v <= -1 || v >= bound {
			return nil, fmt.Errorf("data: ArrayToImg: element %d is %v; a picture of %d channels has values from 0 to %v; scale the array", i, v, s[2], bound-1)
		}
		p.pix[i] = uint16(max(v, 0))
	}
	return p.image(), nil
}

// rescale maps values to 0 … 255; equal ones become 0.
func rescale(values []float32) {
	low := values[0]
	for _, v := range values {
		low = min(low, v)
	}
	var high float32
	for i := range values {
		values[i] -= low
		high = max(high, values[i])
	}
	for i := range values {
		if high != 0 {
			values[i] /= high
		}
		values[i] *= 255
	}
}

func channelsFirst(function, format string) (bool, error) {
	switch format {
	case "", "channels_last":
		return false, nil
	case "channels_first":
		return true, nil
	}
	return false, fmt.Errorf("data: %s: data format is %q; it is channels_last or channels_first", function, format)
}

// moveAxis returns an array (a, b, c) whose elements are those of x that from names.
func moveAxis(x *tensor.Tensor, a, b, c int, from func(i, j, k int) int) *tensor.Tensor {
	out := tensor.New(x.DType(), a, b, c)
	n := 0
	for i := range a {
		for j := range b {
			for k := range c {
				out.SetFloat64At(n, x.Float64At(from(i, j, k)))
				n++
			}
		}
	}
	return out
}
