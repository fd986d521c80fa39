// Package mnist holds the MNIST handwritten digits and loads them the ways Python users know; it downloads nothing.
//
// [ReadDataSets] is TensorFlow's old input_data.read_data_sets, [LoadData] is keras.datasets.mnist.load_data. Both
// take the files from the first place that has them: the folder given (ReadDataSets only), Keras's cache
// ($KERAS_HOME/datasets/mnist.npz or ~/.keras/datasets/mnist.npz), the copies embedded in the program. What is found
// is checked by its SHA-256 and must be MNIST, whatever its compression; nothing is ever written.
//
// [Normalize] makes any picture of a digit look like one of the data set.
//
// The data: 60,000 training and 10,000 test images of 28×28 bytes, 0 for paper and 255 for ink, and their labels 0 to
// 9. They are under a licence of their own, see [Attribution].
package mnist

// Attribution is the notice that has to go with the data, so also with a program that embeds it.
const Attribution = "MNIST: Yann LeCun and Corinna Cortes hold the copyright of the MNIST data set, which is a derivative work " +
	"from the original NIST data sets. It is made available under the terms of the Creative Commons " +
	"Attribution-ShareAlike 3.0 licence, https://creativecommons.org/licenses/by-sa/3.0/"
