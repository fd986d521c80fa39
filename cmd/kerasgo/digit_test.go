package main

import (
	"image"
	"image/color"
	"image/png"
	"os"
)

// writeDigit writes a picture of a black stroke on white paper.
func writeDigit(file string) error {
	img := image.NewGray(image.Rect(0, 0, 60, 60))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y := 10; y < 50; y++ {
		for x := 27; x < 33; x++ {
			img.SetGray(x, y, color.Gray{})
		}
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		return err
	}
	return f.Close()
}
