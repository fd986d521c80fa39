package data

import (
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/datasets"
	"github.com/kerasgo/kerasgo/spec"
)

// FashionMNIST is pictures of clothes (n, 28, 28) of ten classes, from the
// files that Keras keeps in its cache.
type FashionMNIST struct {
	Scale           *bool   `keras:"scale,default=true"`           // float32 from 0 to 1 instead of bytes
	OneHot          bool    `keras:"one_hot"`                      // labels as rows with a one at the class instead of numbers
	ValidationSplit float64 `keras:"validation_split,min=0,max=1"` // share of the pictures to train on that becomes the split validation
}

func init() { spec.Register[FashionMNIST](module) }

// Load reads the pictures.
func (d FashionMNIST) Load(_ string) (*Splits, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, err
	}
	train, test, err := datasets.FashionMNIST{}.LoadData()
	if err != nil {
		return nil, err
	}
	for _, p := range []*datasets.Arrays{&train, &test} {
		if *p, err = pictureArrays(*p, 10, *d.Scale, d.OneHot); err != nil {
			return nil, err
		}
	}
	return fromArrays(train, test, d.ValidationSplit)
}

// Check reports a share that leaves nothing.
func (d FashionMNIST) Check() error { return checkShare(d.ValidationSplit) }

// Outline tells the shapes.
func (d FashionMNIST) Outline() Outline {
	return pictureOutline(tensor.Shape{28, 28}, 10, d.OneHot, Some, Some, d.ValidationSplit)
}

var (
	_ Source   = FashionMNIST{}
	_ Outliner = FashionMNIST{}
	_ Checker  = FashionMNIST{}
)
