// Package kerasfile reads and writes the files in which Keras keeps models and weights. It knows no model: it moves configuration text and
// named arrays, and leaves their meaning to the caller.
//
// Four kinds of files hold weights:
//
//   - a .keras archive: a zip of metadata.json, config.json and model.weights.h5 ([OpenArchive], [WriteArchive]);
//   - a .weights.h5 file, the same HDF5 layout on its own ([OpenWeights], [WriteWeights]);
//   - a .weights.json map of shards, each a .weights.h5 file ([OpenShards]);
//   - a legacy .h5 file of a whole model or of weights only ([OpenLegacy], [WriteLegacy], [WriteLegacyWeights]).
//
// [Detect] tells them apart by content, because suffixes lie.
//
// The layout of .weights.h5 is a list of groups of variables. The path of a group names the object that owns the variables:
//
//	w := &kerasfile.Weights{}
//	w.Add("layers/dense", "dense",
//		kerasfile.Float32s("0", []int{4, 3}, kernel),
//		kerasfile.Float32s("1", []int{3}, bias))
//	w.Add("layers/dropout", "dropout") // a layer without variables has a group too
//	w.Add("optimizer", "adam", iteration, learningRate)
//	w.Add("", "sequential") // the model's own
//	err := kerasfile.WriteArchive("model.keras", &kerasfile.Model{KerasVersion: "3.15.1", Config: config, Weights: w})
//
//	a, err := kerasfile.OpenArchive("model.keras")
//	if err != nil {
//		return err
//	}
//	defer a.Close()
//	w, err := a.Weights()
//	dense := w.Group("layers/dense") // nil if there is none
//	kernel, err := dense.Vars[0].Float32s()
//
// Files are written under a temporary name in the same folder and renamed when complete, so a failure never leaves half a file or destroys the
// old one. Nothing that is read can make this package open another file, except the shards beside a shard map; every size is bounded before
// memory is allocated.
package kerasfile
