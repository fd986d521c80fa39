// Package npy reads and writes NumPy's array files, .npy and .npz, and knows nothing of what is in them.
//
// All three versions of the format are read, in either byte order, in C and in Fortran order; version 1 is written,
// in NumPy's own bytes. Arrays of Python objects are pickles, which are
// programs, and are refused; so are structured, complex and time types.
//
// Types become tensors so, without loss:
//
//	f2 f4        Float32
//	f8           Float64
//	u1           Uint8
//	i1 i2 i4 u2  Int32
//	i8 u4 u8     Int64
//	b1           Bool
//	U S          String
//
// that is, integers that have no tensor type of their own become the next wider one. An unsigned 64-bit value beyond
// int64 is an error. Trailing zeros of strings are dropped, as NumPy does.
//
// Nothing is allocated on a header's word beyond 64 MiB: larger arrays grow with the data that arrives.
package npy
