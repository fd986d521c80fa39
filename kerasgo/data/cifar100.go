package data

import (
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/datasets"
	"github.com/kerasgo/kerasgo/spec"
)

// CIFAR100 is photographs (n, 32, 32, 3) of 100 classes, or of their 20 groups, from the
// files that Keras keeps in its cache.
type CIFAR100 struct {
	LabelMode       string  `keras:"label_mode,default=fine,enum=fine|coarse"` // classes or groups
	Path            string  `keras:"path,pos"`                                 // folder or archive with the files; empty means Keras's cache
	Scale           *bool   `keras:"scale,default=true"`                       // float32 from 0 to 1 instead of bytes
	OneHot          bool    `keras:"one_hot"`                                  // labels as rows with a one at the class instead of numbers
	ValidationSplit float64 `keras:"validation_split,min=0,max=1"`             // share of the pictures to train on that becomes the split validation
}

func init() { spec.Register[CIFAR100](module) }

// Load reads the pictures.
func (d CIFAR100) Load(base string) (*Splits, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, err
	}
	train, test, err := datasets.CIFAR100{LabelMode: d.LabelMode, Path: locateFolder(base, d.Path)}.LoadData()
	if err != nil {
		return nil, err
	}
	for _, p := range []*datasets.Arrays{&train, &test} {
		if *p, err = pictureArrays(*p, d.classes(), *d.Scale, d.OneHot); err != nil {
			return nil, err
		}
	}
	return fromArrays(train, test, d.ValidationSplit)
}

func (d CIFAR100) classes() int {
	if d.LabelMode == "coarse" {
		return 20
	}
	return 100
}

// Check reports a share that leaves nothing.
func (d CIFAR100) Check() error { return checkShare(d.ValidationSplit) }

// Outline tells the shapes.
func (d CIFAR100) Outline() Outline {
	return pictureOutline(tensor.Shape{32, 32, 3}, d.classes(), d.OneHot, Some, Some, d.ValidationSplit)
}

var (
	_ Source   = CIFAR100{}
	_ Outliner = CIFAR100{}
	_ Checker  = CIFAR100{}
)
