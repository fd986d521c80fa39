package data

import (
	"path/filepath"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// The sources of Keras's data sets yield splits of the shapes that they outline.
func TestKerasDatasets(t *testing.T) {
	base, err := filepath.Abs("../datasets")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		source                  Source
		x                       tensor.Shape // of a sample
		train, validation, test int
	}{
		{IMDB{Path: "testdata/small_imdb.npz", Pad: 6, NumWords: 50, ValidationSplit: 0.25}, tensor.Shape{6}, 30, 10, 23},
		{IMDB{Path: "testdata/small_imdb.npz", StartChar: new(-1)}, tensor.Shape{11}, 40, 0, 23},
		{Reuters{Path: "testdata/small_reuters.npz", Pad: 8, TestSplit: new(0.0)}, tensor.Shape{8}, 51, 0, 0},
		{BostonHousing{Path: "testdata/small_boston.npz"}, tensor.Shape{13}, 24, 0, 7},
		{CaliforniaHousing{Path: "testdata/small_california.npz", Version: "small"}, tensor.Shape{2}, 480, 0, 120},
		{CIFAR10{Path: "testdata", OneHot: true, ValidationSplit: 0.1}, tensor.Shape{32, 32, 3}, 9, 1, 3},
		{CIFAR100{Path: "testdata/cifar-100-python", LabelMode: "coarse", Scale: new(false)}, tensor.Shape{32, 32, 3}, 4, 0, 2},
	} {
		s, err := c.source.Load(base)
		if err != nil {
			t.Errorf("%T: %v", c.source, err)
			continue
		}
		if s.Train.Len() != c.train || s.Validation.Len() != c.validation || s.Test.Len() != c.test {
			t.Errorf("%T: %d, %d and %d samples, want %d, %d and %d", c.source, s.Train.Len(), s.Validation.Len(), s.Test.Len(), c.train, c.validation, c.test)
		}
		x, o := s.Train.X.(*tensor.Tensor), c.source.(Outliner).Outline()
		if !x.Shape()[1:].Equal(c.x) || o.X != nil && o.X.Rank() != x.Shape().Rank() || o.Y.Rank() != s.Train.Y.(*tensor.Tensor).Shape().Rank() {
			t.Errorf("%T: samples of shape %v, want %v; outline %+v", c.source, x.Shape()[1:], c.x, o)
		}
	}
	s, err := CIFAR10{Path: "testdata"}.Load(base)
	if err != nil {
		t.Fatal(err)
	}
	if x := s.Train.X.(*tensor.Tensor); x.DType() != tensor.Float32 || x.Float64At(0) > 1 {
		t.Errorf("pixels of type %v: %v", x.DType(), x.Float64At(0))
	}
}
