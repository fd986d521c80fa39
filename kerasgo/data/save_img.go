package data

import (
	"crypto/rand"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// SaveOptions holds the arguments of SaveImg. Zero means Keras's default.
type SaveOptions struct {
	DataFormat string // channels_last, which empty means, or channels_first
	FileFormat string // png, jpeg or jpg; empty means what the name ends with
	Scale      *bool  // map the smallest value to 0 and the largest to 255; nil means true
	Quality    int    // of JPEG, from 1 to 100; 0 means 75, as in Pillow
}

// SaveImg writes an array as a picture, as keras.utils.save_img does; ArrayToImg tells
// what arrays and scaling are. JPEG drops the opacity of four channels. The file appears
// whole or not at all.
func SaveImg(path string, x *tensor.Tensor, o SaveOptions) (err error) {
	format := strings.ToLower(o.FileFormat)
	if format == "" {
		format = strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	}
	if format != "png" && format != "jpeg" && format != "jpg" {
		return fmt.Errorf("data: SaveImg: %s: format is %q; wanted is png, jpeg or jpg", path, format)
	}
	if o.Quality < 0 || o.Quality > 100 {
		return fmt.Errorf("data: SaveImg: quality is %d; it is from 1 to 100", o.Quality)
	}
	if o.Quality == 0 {
		o.Quality = 75
	}
	img, err := ArrayToImg(x, ArrayToImgOptions{DataFormat: o.DataFormat, Scale: o.Scale})
	if err != nil {
		return err
	}
	if _, deep := img.(*image.Gray16); deep && format != "png" {
		return fmt.Errorf("data: SaveImg: %s: values over 255 do not fit into JPEG; scale the array or write PNG", path)
	}
	tmp := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+rand.Text()[:8]+".tmp")
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close() // again after a successful Close does no harm
			os.Remove(tmp)
		}
	}()
	if format == "png" {
		err = png.Encode(f, img)
	} else {
		if c, ok := img.(*image.NRGBA); ok {
			img = convertImg(c, "rgb").image()
		}
		err = jpeg.Encode(f, img, &jpeg.Options{Quality: o.Quality})
	}
	if err != nil {
		return fmt.Errorf("data: SaveImg: %s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
