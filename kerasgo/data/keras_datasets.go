package data

import (
	"fmt"
	"path/filepath"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/datasets"
)

// What the sources of Keras's data sets share.

// fromArrays makes splits of two parts: the end of the first is for validation.
func fromArrays(train, test datasets.Arrays, validation float64) (*Splits, error) {
	s, err := divide(train.X, train.Y, validation, 0)
	if err != nil {
		return nil, err
	}
	if test.X.Len() > 0 {
		s.Test = &Split{X: test.X, Y: test.Y}
	}
	return s, nil
}

// pictureArrays turns uint8 images into float32 from 0 to 1, if scaled, and class numbers
// into rows with a one, if oneHot.
func pictureArrays(a datasets.Arrays, classes int, scaled, oneHotRows bool) (datasets.Arrays, error) {
	if scaled {
		x := a.X.Cast(tensor.Float32)
		for i, v := range x.Float32s() {
			x.Float32s()[i] = v / 255
		}
		a.X = x
	}
	a.Y = a.Y.Reshape(a.Y.Len())
	if !oneHotRows {
		return a, nil
	}
	var err error
	a.Y, err = oneHot(a.Y, classes)
	return a, err
}

// texts turns lists of words into rows of one length: zeros come before short texts,
// and long ones lose their beginning, as Keras's pad_sequences does it.
func texts(s datasets.Sequences, length int) datasets.Arrays {
	x := tensor.New(tensor.Int32, len(s.X), length)
	for i, words := range s.X {
		words = words[max(0, len(words)-length):]
		row := x.Int32s()[i*length : (i+1)*length]
		for k, w := range words {
			row[length-len(words)+k] = int32(w)
		}
	}
	return datasets.Arrays{X: x, Y: s.Y}
}

// longest returns the length of the rows of two parts: the given one, or that of the
// longest text.
func longest(pad int, parts ...datasets.Sequences) int {
	if pad > 0 {
		return pad
	}
	for _, p := range parts {
		for _, words := range p.X {
			pad = max(pad, len(words))
		}
	}
	return pad
}

// orNone turns an argument in which -1 means Python's None.
func orNone(p *int) *int {
	if p != nil && *p == -1 {
		return new(datasets.None)
	}
	return p
}

// pictureOutline is what is known of a set of pictures.
func pictureOutline(shape tensor.Shape, classes int, oneHotRows bool, train, test Count, validation float64) Outline {
	o := Outline{X: append(tensor.Shape{tensor.Unknown}, shape...), Y: tensor.Shape{tensor.Unknown}, Classes: classes}
	if oneHotRows {
		o.Y = append(o.Y, classes)
	}
	o.Parts = Parts{Train: train, Validation: part(validation), Test: test}
	if validation > 0 {
		o.Parts.Train = Some
	}
	return o
}

func checkShare(validation float64) error {
	if validation >= 1 {
		return fmt.Errorf("validation_split: %v leaves no samples for training", validation)
	}
	return nil
}

// locateCached is locate for a file that is looked for in Keras's cache unless its path
// has a folder.
func locateCached(base, path string) string {
	if path == "" || filepath.Base(path) == path {
		return path
	}
	return locate(base, path)
}

// locateFolder is locate, but an empty path means Keras's cache.
func locateFolder(base, path string) string {
	if path == "" {
		return ""
	}
	return locate(base, path)
}
