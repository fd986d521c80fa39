package data

import (
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/datasets"
	"github.com/kerasgo/kerasgo/spec"
)

// BostonHousing is 506 suburbs of Boston, rows of 13 numbers with the median price of a house in
// thousands of dollars, from the file that Keras keeps in its cache.
type BostonHousing struct {
	Path            string   `keras:"path,pos"`                           // file; empty means boston_housing.npz in Keras's cache
	TestSplit       *float64 `keras:"test_split,default=0.2,min=0,max=1"` // share of the samples that becomes the split test
	Seed            *int     `keras:"seed,default=113,min=0"`             // of the order of the samples
	ValidationSplit float64  `keras:"validation_split,min=0,max=1"`       // share of the samples to train on that becomes the split validation
}

func init() { spec.Register[BostonHousing](module) }

// Load reads the houses.
func (d BostonHousing) Load(base string) (*Splits, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, err
	}
	train, test, err := datasets.BostonHousing{Path: locateCached(base, d.Path), TestSplit: d.TestSplit, Seed: d.Seed}.LoadData()
	if err != nil {
		return nil, err
	}
	return fromArrays(train, test, d.ValidationSplit)
}

// Check reports a share that leaves nothing.
func (d BostonHousing) Check() error { return checkShare(d.ValidationSplit) }

// Outline tells the shapes.
func (d BostonHousing) Outline() Outline {
	return Outline{X: tensor.Shape{tensor.Unknown, 13}, Y: tensor.Shape{tensor.Unknown}, Parts: Parts{Train: Some, Validation: part(d.ValidationSplit), Test: Some}}
}

var (
	_ Source   = BostonHousing{}
	_ Outliner = BostonHousing{}
	_ Checker  = BostonHousing{}
)
