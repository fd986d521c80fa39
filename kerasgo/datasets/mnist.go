package datasets

import (
	"github.com/kerasgo/kerasgo/mnist"
)

// MNIST is 60000 handwritten digits to train and 10000 to test on: x (n, 28, 28) uint8,
// y (n) uint8. The program itself holds them.
type MNIST struct {
	Path string // file mnist.npz to read instead; empty means Keras's cache, or without that the program
}

var mnistFile = file{"mnist.npz", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1", "mnist.npz of TensorFlow's tf-keras-datasets"}

// LoadData returns the digits to train and to test on.
func (d MNIST) LoadData() (train, test Arrays, err error) {
	if d.Path == "" || d.Path == mnistFile.name {
		train.X, train.Y, test.X, test.Y, err = mnist.LoadData()
		return train, test, err
	}
	content, found, err := mnistFile.read(d.Path)
	if err != nil {
		return train, test, err
	}
	for part, to := range map[string]*Arrays{"train": &train, "test": &test} {
		if to.X, err = array(content, "x_"+part, -1); err != nil {
			return Arrays{}, Arrays{}, in(found, err)
		}
		if to.Y, err = array(content, "y_"+part, to.X.Len()); err != nil {
			return Arrays{}, Arrays{}, in(found, err)
		}
	}
	return train, test, nil
}
