package mnist_test

import (
	"fmt"
	"log"

	"github.com/kerasgo/kerasgo/mnist"
)

func ExampleReadDataSets() {
	data, err := mnist.ReadDataSets("mnist/", mnist.Options{OneHot: true})
	if err != nil {
		log.Fatal(err)
	}
	trainX := data.Train.Images.Reshape(-1, 28, 28, 1)
	fmt.Println(trainX.Shape(), data.Train.Labels.Shape())
	// Output:
	// Extracting mnist/train-images-idx3-ubyte.gz
	// Extracting mnist/train-labels-idx1-ubyte.gz
	// Extracting mnist/t10k-images-idx3-ubyte.gz
	// Extracting mnist/t10k-labels-idx1-ubyte.gz
	// (55000, 28, 28, 1) (55000, 10)
}
