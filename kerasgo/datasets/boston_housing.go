package datasets

// BostonHousing is 506 suburbs of Boston (1978): x (n, 13) float64, y (n) float64, the
// median price of a house in thousands of dollars.
type BostonHousing struct {
	Path      string   // file; empty means boston_housing.npz in Keras's cache
	TestSplit *float64 // share of the samples to test on, below 1; nil means 0.2
	Seed      *int     // of the order of the samples; nil means 113
}

var bostonFile = file{
	"boston_housing.npz", "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
	"boston_housing.npz of TensorFlow's tf-keras-datasets",
}

// LoadData returns the samples to train and to test on, shuffled.
func (d BostonHousing) LoadData() (train, test Arrays, err error) {
	return housing(bostonFile, d.Path, 0, d.TestSplit, d.Seed)
}
