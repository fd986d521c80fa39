package data

import (
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/datasets"
	"github.com/kerasgo/kerasgo/spec"
)

// CaliforniaHousing is 20640 districts of California, rows of 8 numbers with the median price of a
// house in dollars, from the file that Keras keeps in its cache.
type CaliforniaHousing struct {
	Version         string   `keras:"version,default=large,enum=large|small"` // small is the first 600
	Path            string   `keras:"path,pos"`                               // file; empty means california_housing.npz in Keras's cache
	TestSplit       *float64 `keras:"test_split,default=0.2,min=0,max=1"`     // share of the samples that becomes the split test
	Seed            *int     `keras:"seed,default=113,min=0"`                 // of the order of the samples
	ValidationSplit float64  `keras:"validation_split,min=0,max=1"`           // share of the samples to train on that becomes the split validation
}

func init() { spec.Register[CaliforniaHousing](module) }

// Load reads the houses.
func (d CaliforniaHousing) Load(base string) (*Splits, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, err
	}
	train, test, err := datasets.CaliforniaHousing{Version: d.Version, Path: locateCached(base, d.Path), TestSplit: d.TestSplit, Seed: d.Seed}.LoadData()
	if err != nil {
		return nil, err
	}
	return fromArrays(train, test, d.ValidationSplit)
}

// Check reports a share that leaves nothing.
func (d CaliforniaHousing) Check() error { return checkShare(d.ValidationSplit) }

// Outline tells the shapes.
func (d CaliforniaHousing) Outline() Outline {
	return Outline{X: tensor.Shape{tensor.Unknown, 8}, Y: tensor.Shape{tensor.Unknown}, Parts: Parts{Train: Some, Validation: part(d.ValidationSplit), Test: Some}}
}

var (
	_ Source   = CaliforniaHousing{}
	_ Outliner = CaliforniaHousing{}
	_ Checker  = CaliforniaHousing{}
)
