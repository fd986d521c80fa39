package mnist

import (
	"fmt"
	"io"
	"os"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Options are the arguments of ReadDataSets.
type Options struct {
	OneHot         bool      // labels as rows with a one at the digit
	ValidationSize *int      // how many of the first training images become Validation; nil means 5,000
	Seed           uint64    // of the order in NextBatch; the same seed gives the same batches
	Out            io.Writer // where the "Extracting …" lines go; nil means os.Stdout
}

// DataSets are the three parts of MNIST.
type DataSets struct {
	Train      *DataSet // 55,000 examples
	Validation *DataSet // 5,000
	Test       *DataSet // 10,000
}

// ReadDataSets is input_data.read_data_sets of TensorFlow's old MNIST tutorials. It prints the four lines that the
// original prints, and splits the training images: the first 5,000 are Validation, the other 55,000 Train.
//
// Images are float32 (n, 784) in [0, 1], kept in a byte a pixel until Float32s is called (see tensor.Coded). Labels are
// uint8 (n), or with OneHot float32 (n, 10); the original's were float64, but every model computes in float32.
//
// Files that dir lacks come from Keras's cache or from the program itself. A file in dir or in the cache that isn't
// what its name says is an error, a *[DamagedError]. A dir with the four files of Fashion-MNIST, which have the same
// names, is read too.
func ReadDataSets(dir string, o Options) (*DataSets, error) {
	if o.Out == nil {
		o.Out = os.Stdout
	}
	validation := 5000
	if o.ValidationSize != nil {
		validation = *o.ValidationSize
	}
	if n := digits.files[0].shape[0]; validation < 0 || validation > n {
		return nil, fmt.Errorf("mnist: validation size %d is outside [0, %d]", validation, n)
	}

	parts := load(dir, true)
	for i, p := range parts {
		if _, err := fmt.Fprintln(o.Out, "Extracting", join(dir, digits.files[i].name+".gz")); err != nil {
			return nil, err
		}
		if p.err != nil {
			return nil, p.err
		}
	}
	labels := func(t *tensor.Tensor) *tensor.Tensor {
		if o.OneHot {
			return oneHot(t)
		}
		return t
	}
	trainX, trainY := scale(parts[0].array), labels(parts[1].array)
	testX, testY := scale(parts[2].array), labels(parts[3].array)
	n := trainX.Len()
	return &DataSets{
		Train:      newDataSet(trainX.Slice(validation, n), trainY.Slice(validation, n), o.Seed),
		Validation: newDataSet(trainX.Slice(0, validation), trainY.Slice(0, validation), o.Seed+1),
		Test:       newDataSet(testX, testY, o.Seed+2),
	}, nil
}

// LoadData is keras.datasets.mnist.load_data: images uint8 (60000, 28, 28) and (10000, 28, 28), labels uint8 (60000)
// and (10000).
func LoadData() (xTrain, yTrain, xTest, yTest *tensor.Tensor, err error) {
	parts := load("", false)
	for _, p := range parts {
		if p.err != nil {
			return nil, nil, nil, nil, p.err
		}
	}
	return parts[0].array, parts[1].array, parts[2].array, parts[3].array, nil
}

// scale turns bytes (n, 28, 28) into float32 (n, 784) in [0, 1], multiplying by 1/255 as the original does.
func scale(images *tensor.Tensor) *tensor.Tensor {
	factor := float32(1.0 / 255.0)
	var table [256]float32
	for i := range table {
		table[i] = float32(i) * factor
	}
	src := tensor.Data[uint8](images)
	n := images.Len()
	return tensor.Coded(src, &table, n, len(src)/n)
}

func oneHot(labels *tensor.Tensor) *tensor.Tensor {
	out := tensor.New(tensor.Float32, labels.Len(), 10)
	for i, digit := range tensor.Data[uint8](labels) {
		out.Float32s()[10*i+int(digit)] = 1
	}
	return out
}
