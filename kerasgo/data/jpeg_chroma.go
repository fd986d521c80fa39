package data

import "image"

// smoothChroma returns a JPEG picture with colours at each pixel. Where the file has them
// at half the width, or half of both sides, they are interpolated between the two nearest
// ones, with weights 3/4 and 1/4, as libjpeg does by default; package image repeats them.
func smoothChroma(img *image.YCbCr) *image.YCbCr {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	both := img.SubsampleRatio == image.YCbCrSubsampleRatio420
	half := (w + 1) / 2
	if !both && img.SubsampleRatio != image.YCbCrSubsampleRatio422 || half <= 2 || b.Min != (image.Point{}) {
		return img
	}
	out := image.NewYCbCr(b, image.YCbCrSubsampleRatio444)
	for y := range h {
		copy(out.Y[y*out.YStride:][:w], img.Y[y*img.YStride:])
	}
	last := h - 1
	if both {
		last = (h+1)/2 - 1
	}
	line := make([]int, half) // of one row, times 4 if both sides are halved
	for _, c := range [][2][]uint8{{img.Cb, out.Cb}, {img.Cr, out.Cr}} {
		for y := range h {
			near, far := y, y
			if both {
				near = y / 2
				far = min(max(near-1+y%2*2, 0), last)
			}
			for x := range line {
				line[x] = int(c[0][near*img.CStride+x])
				if both {
					line[x] = 3*line[x] + int(c[0][far*img.CStride+x])
				}
			}
			// The halves are rounded down and up in turns.
			shift, even, odd := 2, 1, 2
			if both {
				shift, even, odd = 4, 8, 7
			}
			to := c[1][y*out.CStride:][:w]
			for x := range to {
				beside, round := x/2-1, even
				if x%2 == 1 {
					beside, round = x/2+1, odd
				}
				beside = min(max(beside, 0), half-1)
				to[x] = uint8((3*line[x/2] + line[beside] + round) >> shift)
			}
		}
	}
	return out
}
