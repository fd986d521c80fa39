package data

import (
	"fmt"
	"io"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/mnist"
	"github.com/kerasgo/kerasgo/spec"
)

// MNIST is the handwritten digits, as TensorFlow's read_data_sets loaded them:
// float32 images (n, 784) in [0, 1]. The first training images are split off for
// validation; the test images are the split test.
//
// Files that are not in dir come from Keras's cache or from the program itself,
// which holds them.
type MNIST struct {
	Dir            string `keras:"dir,pos,default=mnist/"`                       // folder with the four files, packed or not
	OneHot         bool   `keras:"one_hot"`                                      // labels as rows with a one at the digit instead of numbers
	ValidationSize *int   `keras:"validation_size,default=5000,min=0,max=59999"` // how many training images become the split validation
	Reshape        []int  `keras:"reshape"`                                      // shape of the images, the first length -1: [-1, 28, 28, 1]
}

func init() { spec.Register[MNIST](module) }

// Load reads the digits.
func (d MNIST) Load(base string) (*Splits, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.shape(1); err != nil {
		return nil, err
	}
	sets, err := mnist.ReadDataSets(locate(base, d.Dir), mnist.Options{OneHot: d.OneHot, ValidationSize: d.ValidationSize, Out: io.Discard})
	if err != nil {
		return nil, err
	}
	split := func(s *mnist.DataSet) *Split {
		if s.NumExamples() == 0 {
			return nil
		}
		shape, _ := d.shape(s.NumExamples())
		return &Split{X: s.Images.Reshape(shape...), Y: s.Labels}
	}
	return &Splits{Train: split(sets.Train), Validation: split(sets.Validation), Test: split(sets.Test)}, nil
}

// shape returns the shape of n images.
func (d MNIST) shape(n int) (tensor.Shape, error) {
	const pixels = 28 * 28
	if len(d.Reshape) == 0 {
		return tensor.Shape{n, pixels}, nil
	}
	shape := tensor.Shape(d.Reshape).Clone()
	size := 1
	for _, k := range shape[1:] {
		size *= k
	}
	if shape[0] != -1 || size != pixels {
		return nil, fmt.Errorf("reshape: images of shape %v do not hold n times the 784 pixels; write [-1, 28, 28, 1] or [-1, 784]", shape)
	}
	shape[0] = n
	return shape, nil
}

// Outline tells the shapes, which follow from the arguments.
func (d MNIST) Outline() Outline {
	o := Outline{Y: tensor.Shape{tensor.Unknown}, Classes: 10}
	if d.OneHot {
		o.Y = append(o.Y, 10)
	}
	o.X, _ = d.shape(tensor.Unknown)
	validation := 5000
	if d.ValidationSize != nil {
		validation = *d.ValidationSize
	}
	o.Parts = Parts{Train: Count(60000 - validation), Validation: Count(validation), Test: 10000}
	return o
}

// Check reports arguments that contradict each other.
func (d MNIST) Check() error {
	_, err := d.shape(1)
	return err
}

var (
	_ Source   = MNIST{}
	_ Outliner = MNIST{}
	_ Checker  = MNIST{}
)
