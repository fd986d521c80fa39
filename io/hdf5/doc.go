// Package hdf5 reads and writes the part of the HDF5 file format that Keras, h5py and their users produce.
//
// It is no general HDF5 library: it knows groups, datasets of numbers, booleans and strings, and attributes of these. It executes nothing,
// opens no second file, and refuses, by name, whatever would lead outside the given file: soft and external links, external storage, virtual
// datasets. A group with a second hard link is refused too, because it can make a tree endless. Every size a
// file declares is checked against the file's own size before memory is allocated, so that a hostile file ends in an [*Error], not in a panic,
// a hang or an exhausted memory.
//
// Reading covers superblocks 0 to 3 (with user block), old groups (symbol tables) and new ones (link messages and dense storage), compact,
// contiguous and chunked datasets with every chunk index, the deflate, shuffle, fletcher32 and LZF filters, fixed and variable strings,
// integers, floats, bool enumerations and 2-byte opaque bfloat16. Writing produces what h5py writes by default (superblock 0, symbol tables,
// contiguous datasets), which every libhdf5 since 1.6.3 reads, as one stream without seeking.
//
// Reading:
//
//	f, err := hdf5.Open("model.weights.h5")
//	if err != nil {
//		return err
//	}
//	defer f.Close()
//	kernel, err := f.Root().Dataset("layers/dense/vars/0")
//	if err != nil {
//		return err
//	}
//	values, err := kernel.Float32s() // kernel.Shape() is the shape
//
// Writing:
//
//	root := hdf5.NewGroupPlan()
//	vars := root.Group("layers/dense/vars")
//	vars.SetAttr("name", hdf5.Text("dense"))
//	vars.Add("0", &hdf5.DatasetPlan{Type: hdf5.Float32, Shape: []int{2, 2}, Data: data})
//	err := hdf5.Write(w, root)
//
// A [File] and what is opened from it must not be used by several goroutines at once.
//
// Source: HDF5 File Format Specification Version 3.0 and the files that h5py writes.
package hdf5
