package datasets

import "fmt"

// CaliforniaHousing is 20640 districts of California (1990): x (n, 8) float32, y (n)
// float32, the median price of a house in dollars.
type CaliforniaHousing struct {
	Version   string   // "large", or "small" for the first 600; empty means large
	Path      string   // file; empty means california_housing.npz in Keras's cache
	TestSplit *float64 // share of the samples to test on, below 1; nil means 0.2
	Seed      *int     // of the order of the samples; nil means 113
}

var californiaFile = file{
	"california_housing.npz", "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
	"california_housing.npz of TensorFlow's tf-keras-datasets",
}

// LoadData returns the samples to train and to test on, shuffled.
func (d CaliforniaHousing) LoadData() (train, test Arrays, err error) {
	first := 0
	switch d.Version {
	case "", "large":
	case "small":
		first = 600
	default:
		return train, test, fmt.Errorf("datasets: version must be \"large\" or \"small\", got %q", d.Version)
	}
	return housing(californiaFile, d.Path, first, d.TestSplit, d.Seed)
}
