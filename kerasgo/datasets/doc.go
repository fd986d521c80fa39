// Package datasets reads Keras's data sets from the files that Keras keeps in its cache,
// the folder datasets in $KERAS_HOME or ~/.keras, and gives what keras.datasets.….load_data
// returns, sample for sample:
//
//	train, test, err := datasets.IMDB{NumWords: 10000}.LoadData()
//
// Nothing is fetched: a missing file is an error that says which file, and where Keras
// gets it. A file with the name that Keras gives it must have the checksum that Keras
// wants; a file named in Path is taken as it is. Files with Python objects are read by
// package pickle, which runs nothing.
package datasets
