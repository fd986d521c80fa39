package data

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/idx"
	"github.com/kerasgo/kerasgo/spec"
)

// IDX reads files in the format of MNIST's, packed with gzip or not: images
// (n, …) and class numbers (n). The images become float32, divided by scale.
type IDX struct {
	Images         string  `keras:"images,required"`                 // file of the training images
	Labels         string  `keras:"labels,required"`                 // file of their labels
	TestImages     string  `keras:"test_images"`                     // file of the images of the split test
	TestLabels     string  `keras:"test_labels"`                     // file of their labels
	ValidationSize int     `keras:"validation_size,default=0,min=0"` // how many of the first training images become the split validation
	Classes        int     `keras:"classes,default=0,min=0"`         // number of classes; 0 means one more than the highest label
	OneHot         bool    `keras:"one_hot"`                         // labels as rows with a one at the class instead of numbers
	Reshape        []int   `keras:"reshape"`                         // shape of the images, the first length -1
	Scale          float64 `keras:"scale,default=255,min=1e-30"`     // what the images are divided by
}

func init() { spec.Register[IDX](module) }

// Load reads the files.
func (d IDX) Load(base string) (*Splits, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, err
	}
	if err := d.Check(); err != nil {
		return nil, err
	}
	all, err := d.read(base, d.Images, d.Labels)
	if err != nil {
		return nil, err
	}
	x, y := all.X.(*tensor.Tensor), all.Y.(*tensor.Tensor)
	if d.ValidationSize >= x.Len() {
		return nil, fmt.Errorf("validation_size %d leaves none of the %d images for training", d.ValidationSize, x.Len())
	}
	s := &Splits{Train: &Split{X: x.Slice(d.ValidationSize, x.Len()), Y: y.Slice(d.ValidationSize, y.Len())}}
	if d.ValidationSize > 0 {
		s.Validation = &Split{X: x.Slice(0, d.ValidationSize), Y: y.Slice(0, d.ValidationSize)}
	}
	if d.TestImages != "" {
		if d.OneHot && d.Classes == 0 {
			d.Classes = y.Shape().Last()
		}
		if s.Test, err = d.read(base, d.TestImages, d.TestLabels); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (d IDX) read(base, images, labels string) (*Split, error) {
	x, err := idx.ReadFile(locate(base, images))
	if err != nil {
		return nil, err
	}
	y, err := idx.ReadFile(locate(base, labels))
	if err != nil {
		return nil, err
	}
	if x.Shape().Rank() < 2 || y.Shape().Rank() != 1 || x.Len() != y.Len() {
		return nil, fmt.Errorf("images %v and labels %v do not belong together; wanted (n, …) and (n,)", x.Shape(), y.Shape())
	}
	x = x.Cast(tensor.Float32).Clone()
	pixels, factor := x.Float32s(), float32(1/d.Scale)
	for i := range pixels {
		pixels[i] *= factor
	}
	if d.Reshape != nil {
		shape := tensor.Shape(d.Reshape).Clone()
		if shape[0] == -1 {
			shape[0] = x.Len()
		}
		if shape.Size() != x.Size() || shape[0] != x.Len() {
			return nil, fmt.Errorf("reshape: images of shape %v do not become %v", x.Shape(), tensor.Shape(d.Reshape))
		}
		x = x.Reshape(shape...)
	}
	if d.OneHot {
		classes := d.Classes
		for i := range y.Len() {
			if d.Classes == 0 {
				classes = max(classes, int(y.Float64At(i))+1)
			}
		}
		if y, err = oneHot(y, classes); err != nil {
			return nil, fmt.Errorf("%s: %w", labels, err)
		}
	}
	return &Split{X: x, Y: y}, nil
}

// Check reports arguments that contradict each other.
func (d IDX) Check() error {
	if (d.TestImages == "") != (d.TestLabels == "") {
		return fmt.Errorf("test_images and test_labels belong together; one is missing")
	}
	return nil
}

// Outline tells what follows from the arguments.
func (d IDX) Outline() Outline {
	o := Outline{Classes: d.Classes, Parts: Parts{Train: Some, Validation: Count(d.ValidationSize)}}
	if len(d.Reshape) > 0 {
		o.X = tensor.Shape(d.Reshape).Clone()
		o.X[0] = tensor.Unknown
	}
	if d.Classes > 0 || !d.OneHot {
		o.Y = tensor.Shape{tensor.Unknown}
		if d.OneHot {
			o.Y = append(o.Y, d.Classes)
		}
	}
	if d.TestImages != "" {
		o.Parts.Test = Some
	}
	return o
}

var (
	_ Source   = IDX{}
	_ Outliner = IDX{}
	_ Checker  = IDX{}
)
