package datasets

import (
	"bytes"
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/idx"
)

// FashionMNIST is 60000 pictures of clothes to train and 10000 to test on, of ten
// classes: x (n, 28, 28) uint8, y (n) uint8 (Xiao, Rasul and Vollgraf, 2017). Keras
// keeps four files in fashion-mnist, in its cache.
type FashionMNIST struct{}

// LoadData returns the pictures to train and to test on.
func (FashionMNIST) LoadData() (train, test Arrays, err error) {
	for _, part := range []struct {
		to   *Arrays
		name string
	}{{&train, "train"}, {&test, "t10k"}} {
		if part.to.Y, err = fashion(part.name+"-labels-idx1-ubyte.gz", 1); err == nil {
			part.to.X, err = fashion(part.name+"-images-idx3-ubyte.gz", 3)
		}
		if err == nil && part.to.X.Len() != part.to.Y.Len() {
			err = fmt.Errorf("datasets: fashion-mnist: %d pictures and %d labels in %s", part.to.X.Len(), part.to.Y.Len(), part.name)
		}
		if err != nil {
			return Arrays{}, Arrays{}, err
		}
	}
	return train, test, nil
}

func fashion(name string, rank int) (*tensor.Tensor, error) {
	content, found, err := file{name: "fashion-mnist/" + name, origin: name + " of TensorFlow's tf-keras-datasets"}.read("")
	if err != nil {
		return nil, err
	}
	t, err := idx.Read(bytes.NewReader(content))
	if err == nil && (t.Shape().Rank() != rank || t.DType() != tensor.Uint8) {
		err = fmt.Errorf("it holds %v of shape %v", t.DType(), t.Shape())
	}
	return t, in(found, err)
}
