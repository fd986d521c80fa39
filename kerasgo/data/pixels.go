package data

import (
	"image"
	"image/color"
	"math"
)

// Pixels writes a picture as (height, width, channels) values from 0 to 255 into
// dst: scaled by bilinear interpolation with half-pixel centres, as tf.image.resize
// does without antialiasing. Grey is what TensorFlow's decoders make: for JPEG the
// luminance in the file, otherwise 0.299 R + 0.587 G + 0.114 B in libpng's fixed-point
// arithmetic. Colours are not multiplied by the opacity.
func Pixels(img image.Image, height, width, channels int, dst []float32) {
	src, h, w := values(img, channels)
	rows, columns := taps(h, height), taps(w, width)
	for y, r := range rows {
		for x, q := range columns {
			for c := range channels {
				at := func(row, column int) float32 { return src[(row*w+column)*channels+c] }
				top := at(r.low, q.low) + (at(r.low, q.high)-at(r.low, q.low))*q.part
				bottom := at(r.high, q.low) + (at(r.high, q.high)-at(r.high, q.low))*q.part
				dst[(y*width+x)*channels+c] = top + (bottom-top)*r.part
			}
		}
	}
}

// values returns the pixels of a picture as (h, w, channels) values from 0 to 255.
func values(img image.Image, channels int) (src []float32, h, w int) {
	b := img.Bounds()
	h, w = b.Dy(), b.Dx()
	src = make([]float32, h*w*channels)
	jpeg, _ := img.(*image.YCbCr)
	for y := range h {
		for x := range w {
			p := src[(y*w+x)*channels:]
			if channels == 1 && jpeg != nil {
				p[0] = float32(jpeg.YCbCrAt(b.Min.X+x, b.Min.Y+y).Y)
				continue
			}
			c := color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
			if channels == 1 {
				p[0] = float32(grey(c))
				continue
			}
			p[0], p[1], p[2] = float32(c.R), float32(c.G), float32(c.B)
			if channels == 4 {
				p[3] = float32(c.A)
			}
		}
	}
	return src, h, w
}

// grey is libpng's conversion.
func grey(c color.NRGBA) int {
	if c.R == c.G && c.G == c.B {
		return int(c.R)
	}
	const red, green = 9797, 19234
	return (red*int(c.R) + green*int(c.G) + (1<<15-red-green)*int(c.B)) >> 15
}

// tap says between which source positions a target position lies.
type tap struct {
	low, high int
	part      float32
}

func taps(from, to int) []tap {
	list := make([]tap, to)
	scale := float32(from) / float32(to)
	for i := range list {
		at := (float32(i)+0.5)*scale - 0.5
		floor := float32(math.Floor(float64(at)))
		list[i] = tap{max(int(floor), 0), min(int(floor)+1, from-1), at - floor}
		list[i].low = min(list[i].low, from-1)
	}
	return list
}
