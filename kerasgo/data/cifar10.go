package data

import (
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/datasets"
	"github.com/kerasgo/kerasgo/spec"
)

// CIFAR10 is photographs (n, 32, 32, 3) of ten classes, from the
// files that Keras keeps in its cache.
type CIFAR10 struct {
	Path            string  `keras:"path,pos"`                     // folder or archive with the files; empty means Keras's cache
	Scale           *bool   `keras:"scale,default=true"`           // float32 from 0 to 1 instead of bytes
	OneHot          bool    `keras:"one_hot"`                      // labels as rows with a one at the class instead of numbers
	ValidationSplit float64 `keras:"validation_split,min=0,max=1"` // share of the pictures to train on that becomes the split validation
}

func init() { spec.Register[CIFAR10](module) }

// Load reads the pictures.
func (d CIFAR10) Load(base string) (*Splits, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, err
	}
	train, test, err := datasets.CIFAR10{Path: locateFolder(base, d.Path)}.LoadData()
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
func (d CIFAR10) Check() error { return checkShare(d.ValidationSplit) }

// Outline tells the shapes.
func (d CIFAR10) Outline() Outline {
	return pictureOutline(tensor.Shape{32, 32, 3}, 10, d.OneHot, Some, Some, d.ValidationSplit)
}

var (
	_ Source   = CIFAR10{}
	_ Outliner = CIFAR10{}
	_ Checker  = CIFAR10{}
)
