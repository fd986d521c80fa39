package data

import (
	"fmt"
	"image"
	"image/color"
	"maps"
	"slices"
	"strings"
)

// ImgOptions holds the arguments of LoadImg. Zero means Keras's default.
type ImgOptions struct {
	ColorMode       string  // grayscale, rgb, which empty means, or rgba
	TargetSize      *[2]int // height and width; nil keeps those of the file
	Interpolation   string  // nearest, which empty means, bilinear, bicubic, lanczos, box or hamming
	KeepAspectRatio bool    // resize only the largest part in the middle that has the proportions of TargetSize
}

// LoadImg reads a picture (PNG, JPEG, GIF or BMP) as keras.utils.load_img does: its
// pixels are converted to the colour mode, then resized to the target size, with the
// whole-number arithmetic of Pillow, which Keras uses. The result is an *image.Gray, an
// *RGB or an *image.NRGBA; grey values of 16 bits stay so in mode grayscale
// (*image.Gray16), and are cut at 255 in the others.
//
// PNG and BMP give Pillow's pixels (version 13; resized grey values of 16 bits can differ
// by 1). Those of JPEG differ by 3 at most in what was compared, since decoders round
// differently.
func LoadImg(path string, o ImgOptions) (image.Image, error) {
	if o.ColorMode == "" {
		o.ColorMode = "rgb"
	}
	if o.Interpolation == "" {
		o.Interpolation = "nearest"
	}
	if _, ok := channels[o.ColorMode]; !ok {
		return nil, fmt.Errorf("data: LoadImg: color mode is %q; it is grayscale, rgb or rgba", o.ColorMode)
	}
	kernel, ok := resampling[o.Interpolation]
	if !ok {
		return nil, fmt.Errorf("data: LoadImg: interpolation is %q; it is one of %s",
			o.Interpolation, strings.Join(slices.Sorted(maps.Keys(resampling)), ", "))
	}
	if s := o.TargetSize; s != nil && (s[0] < 1 || s[1] < 1 || s[1] > maxPixels/s[0]) {
		return nil, fmt.Errorf("data: LoadImg: target size is %d×%d; wanted are a height and a width of at least 1, with at most %d pixels", s[0], s[1], maxPixels)
	}
	img, err := ReadImage(path)
	if err != nil {
		return nil, err
	}
	p := convertImg(img, o.ColorMode)
	if o.TargetSize == nil || *o.TargetSize == [2]int{p.h, p.w} {
		return p.image(), nil
	}
	height, width := o.TargetSize[0], o.TargetSize[1]
	if width > maxPixels/p.h || height > maxPixels/p.w { // what one pass makes for the other
		return nil, fmt.Errorf("data: LoadImg: %s: resizing %d×%d pixels to %d×%d takes too much memory", path, p.h, p.w, height, width)
	}
	part := image.Rect(0, 0, p.w, p.h)
	if o.KeepAspectRatio {
		// In whole numbers, as in Keras: a part of no pixels is a place that all come from.
		h, w := min(p.h, p.w*height/width), min(p.w, p.h*width/height)
		top, left := (p.h-h)/2, (p.w-w)/2
		part = image.Rect(left, top, left+w, top+h)
	}
	return p.resize(height, width, part, kernel).image(), nil
}

// bitmap is a picture as (h, w, channels) values: from 0 to 255, or to 65535 if deep.
type bitmap struct {
	h, w, channels int
	deep           bool
	pix            []uint16
}

func newBitmap(h, w, channels int, deep bool) bitmap {
	return bitmap{h, w, channels, deep, make([]uint16, h*w*channels)}
}

// convertImg is Pillow's conversion to the mode L (I;16 for deep grey), RGB or RGBA.
func convertImg(img image.Image, mode string) bitmap {
	b := img.Bounds()
	deep, _ := img.(*image.Gray16)
	p := newBitmap(b.Dy(), b.Dx(), channels[mode], deep != nil && mode == "grayscale")
	for y := range p.h {
		for x := range p.w {
			to := p.pix[(y*p.w+x)*p.channels:][:p.channels]
			if p.deep {
				to[0] = deep.Gray16At(b.Min.X+x, b.Min.Y+y).Y
				continue
			}
			var c color.NRGBA
			switch v := img.At(b.Min.X+x, b.Min.Y+y).(type) {
			case color.Gray16:
				grey := uint8(min(v.Y, 255))
				c = color.NRGBA{grey, grey, grey, 255}
			case color.NRGBA64: // the model would multiply by the opacity and divide again
				c = color.NRGBA{uint8(v.R >> 8), uint8(v.G >> 8), uint8(v.B >> 8), uint8(v.A >> 8)}
			default:
				c = color.NRGBAModel.Convert(v).(color.NRGBA)
			}
			switch mode {
			case "grayscale": // ITU-R 601-2 luma, rounded
				to[0] = uint16((19595*uint32(c.R) + 38470*uint32(c.G) + 7471*uint32(c.B) + 1<<15) >> 16)
			case "rgb":
				to[0], to[1], to[2] = uint16(c.R), uint16(c.G), uint16(c.B)
			case "rgba":
				to[0], to[1], to[2], to[3] = uint16(c.R), uint16(c.G), uint16(c.B), uint16(c.A)
			}
		}
	}
	return p
}

// image returns the bitmap as the kind of image its channels ask for.
func (p bitmap) image() image.Image {
	r := image.Rect(0, 0, p.w, p.h)
	if p.deep {
		img := image.NewGray16(r)
		for i, v := range p.pix {
			img.Pix[2*i], img.Pix[2*i+1] = uint8(v>>8), uint8(v)
		}
		return img
	}
	pix := make([]uint8, len(p.pix))
	for i, v := range p.pix {
		pix[i] = uint8(v)
	}
	switch p.channels {
	case 1:
		return &image.Gray{Pix: pix, Stride: p.w, Rect: r}
	case 3:
		return &RGB{Pix: pix, Stride: 3 * p.w, Rect: r}
	}
	return &image.NRGBA{Pix: pix, Stride: 4 * p.w, Rect: r}
}

// RGB is a picture of three channels without opacity, which package image has not.
type RGB struct {
	Pix    []uint8 // red, green and blue of the pixels, row by row
	Stride int     // values from one row to the next
	Rect   image.Rectangle
}

// ColorModel returns color.RGBAModel.
func (p *RGB) ColorModel() color.Model { return color.RGBAModel }

// Bounds returns where pixels are.
func (p *RGB) Bounds() image.Rectangle { return p.Rect }

// Opaque reports that all pixels are, so encoders write three channels.
func (p *RGB) Opaque() bool { return true }

// At returns the colour of a pixel, black without opacity outside of the picture.
func (p *RGB) At(x, y int) color.Color {
	if !(image.Point{X: x, Y: y}).In(p.Rect) {
		return color.RGBA{}
	}
	v := p.Pix[(y-p.Rect.Min.Y)*p.Stride+(x-p.Rect.Min.X)*3:]
	return color.RGBA{v[0], v[1], v[2], 255}
}
