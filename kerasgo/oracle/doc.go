// Package oracle holds no code of the library: its tests compare the registered
// classes with answers recorded from real Keras. The recordings are in testdata,
// each with Keras's version inside; the Python that made them is in gen. A class
// without a recorded case fails the tests.
package oracle
