package callbacks

import (
	"image"
	"image/color"
	"math"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// weightImages draws a float32 weight as Keras does, without its axes of length 1: a
// vector as a row, a matrix with its longer side across, three axes (h, w, n) as n
// images, four axes (n, h, w, c) of 1, 3 or 4 colours as they are; others not at all.
// Values from 0 to 1 are black to white.
func weightImages(w *tensor.Tensor) []image.Image {
	var s []int
	for _, n := range w.Shape() {
		if n != 1 {
			s = append(s, n)
		}
	}
	// Image k has value k·ks + y·ys + x·xs + c at (x, y).
	var n, height, width, ks, ys, xs int
	channels := 1
	switch len(s) {
	case 1:
		n, height, width, ys = 1, s[0], 1, 1
	case 2:
		n, height, width, ys, xs = 1, s[0], s[1], s[1], 1
		if s[0] > s[1] {
			height, width, ys, xs = s[1], s[0], 1, s[1]
		}
	case 3:
		n, height, width, ks, ys, xs = s[2], s[0], s[1], 1, s[1]*s[2], s[2]
	case 4:
		if s[3] != 3 && s[3] != 4 {
			return nil
		}
		n, height, width, channels = s[0], s[1], s[2], s[3]
		ks, ys, xs = height*width*channels, width*channels, channels
	default:
		return nil
	}
	data := w.Float32s()
	var list []image.Image
	for k := range n {
		gray, rgba := image.NewGray(image.Rect(0, 0, width, height)), image.NewNRGBA(image.Rect(0, 0, width, height))
		for y := range height {
			for x := range width {
				at := k*ks + y*ys + x*xs
				if channels == 1 {
					gray.SetGray(x, y, color.Gray{Y: brightness(data[at])})
					continue
				}
				c := color.NRGBA{brightness(data[at]), brightness(data[at+1]), brightness(data[at+2]), 255}
				if channels == 4 {
					c.A = brightness(data[at+3])
				}
				rgba.SetNRGBA(x, y, c)
			}
		}
		if channels == 1 {
			list = append(list, gray)
		} else {
			list = append(list, rgba)
		}
	}
	return list
}

// brightness turns 0…1 into 0…255 as TensorFlow's convert_image_dtype does.
func brightness(v float32) uint8 {
	v *= 255.5
	if !(v > 0) {
		return 0
	}
	return uint8(math.Min(float64(v), 255))
}
