package datasets

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// CIFAR10 is 50000 photographs to train and 10000 to test on, of ten classes: x
// (n, 32, 32, 3) uint8, y (n, 1) uint8 (Krizhevsky, 2009).
type CIFAR10 struct {
	// Path is a folder with the unpacked files data_batch_1 to data_batch_5 and
	// test_batch, or an archive of it; empty means what Keras has in its cache.
	Path string
}

var cifar10 = cifar{
	"cifar-10-batches-py-target", "cifar-10-batches-py", "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
	"cifar-10-python.tar.gz of the University of Toronto",
}

// LoadData returns the photographs to train and to test on, in the order of the files.
func (d CIFAR10) LoadData() (train, test Arrays, err error) {
	open, err := cifar10.open(d.Path)
	if err != nil {
		return train, test, err
	}
	for _, part := range []struct {
		to    *Arrays
		files []string
	}{
		{&train, []string{"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"}},
		{&test, []string{"test_batch"}},
	} {
		pixels, labels, err := cifar10.load(open, "labels", part.files...)
		if err != nil {
			return Arrays{}, Arrays{}, err
		}
		y := tensor.New(tensor.Uint8, len(labels), 1)
		for i, v := range labels {
			if v < 0 || v > 255 {
				return Arrays{}, Arrays{}, fmt.Errorf("datasets: label %d of image %d", v, i)
			}
			tensor.Data[uint8](y)[i] = uint8(v)
		}
		*part.to = Arrays{images(pixels), y}
	}
	return train, test, nil
}
