package data

import (
	"image"
	"image/color"
	"math"
)

// Pixels writes a picture as (height, width, channels) values from 0 to 255 into
// dst: scaled by bilinear interpolation with half-pixel centres, as tf.image.resize
// does without antialiasing; grey as 0.2989 R + 0.587 G + 0.114 B, as TensorFlow
// does.
func Pixels(img image.Image, height, width, channels int, dst []float32) {
	b := img.Bounds()
	h, w := b.Dy(), b.Dx()
	src := make([]float32, h*w*channels)
	for y := range h {
		for x := range w {
			c := color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
			p := src[(y*w+x)*channels:]
			if channels == 1 {
				p[0] = float32(math.Round(0.2989*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)))
				continue
			}
			p[0], p[1], p[2] = float32(c.R), float32(c.G), float32(c.B)
			if channels == 4 {
				p[3] = float32(c.A)
			}
		}
	}
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
