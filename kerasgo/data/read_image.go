package data

import (
	"fmt"
	"image"
	_ "image/gif"  // formats that image.Decode reads
	_ "image/jpeg" // …
	_ "image/png"  // …
	"os"

	_ "golang.org/x/image/bmp" // …
)

// maxPixels bounds the memory that a picture's header can make the decoder take.
const maxPixels = 1 << 27

// ReadImage reads a picture: PNG, JPEG, GIF or BMP. Colours that a JPEG file has at half
// the resolution are interpolated, as TensorFlow and Pillow do.
func ReadImage(file string) (image.Image, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxPixels/c.Height {
		return nil, fmt.Errorf("%s: a picture of %d×%d pixels is too large", file, c.Width, c.Height)
	}
	if _, err := f.Seek(0, 0); err != nil {
		return nil, err
	}
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if jpeg, ok := img.(*image.YCbCr); ok {
		img = smoothChroma(jpeg)
	}
	return img, nil
}
