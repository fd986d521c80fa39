// Package data trains nothing: it reads data sets from files into the arrays that
// keras.Fit takes.
//
// A source is a registered class (module kerasgo.data), so it can stand in the
// data: section of a description as well as in Go code:
//
//	data:
//	  MNIST: {dir: mnist/, one_hot: true, validation_size: 5000}
//
//	splits, err := data.MNIST{OneHot: true, ValidationSize: new(5000)}.Load("")
//
// Relative paths are taken from the folder of the description. Labels given by
// name (folders of images, words in a CSV) become numbers in the order of the
// sorted names.
package data
