package datasets

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// CIFAR100 is 50000 photographs to train and 10000 to test on, of 100 classes in 20
// groups: x (n, 32, 32, 3) uint8, y (n, 1) int64 (Krizhevsky, 2009).
type CIFAR100 struct {
	// LabelMode is "fine" for the classes, "coarse" for the groups; empty means fine.
	LabelMode string
	// Path is a folder with the unpacked files train and test, or an archive of it;
	// empty means what Keras has in its cache.
	Path string
}

var cifar100 = cifar{
	"cifar-100-python-target", "cifar-100-python", "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
	"cifar-100-python.tar.gz of the University of Toronto",
}

// LoadData returns the photographs to train and to test on, in the order of the files.
func (d CIFAR100) LoadData() (train, test Arrays, err error) {
	mode := d.LabelMode
	switch mode {
	case "":
		mode = "fine"
	case "fine", "coarse":
	default:
		return train, test, fmt.Errorf("datasets: label_mode must be \"fine\" or \"coarse\", got %q", mode)
	}
	open, err := cifar100.open(d.Path)
	if err != nil {
		return train, test, err
	}
	for name, to := range map[string]*Arrays{"train": &train, "test": &test} {
		pixels, labels, err := cifar100.load(open, mode+"_labels", name)
		if err != nil {
			return Arrays{}, Arrays{}, err
		}
		*to = Arrays{images(pixels), tensor.From(labels, len(labels), 1)}
	}
	return train, test, nil
}
