// Package experiment computes nothing itself: it is a spec file as a value. Parse
// reads the YAML text that says where the data comes from, what the model is and how
// it is trained, Validate finds what does not fit together without reading any data,
// and Run does it all: data, model, compile, fit, evaluate, save.
//
//	e, errs := experiment.Parse("mnist_cnn.yaml", src, nil)
//	if errs == nil {
//		errs = e.Validate() // warnings among them; errs.Err() leaves them out
//	}
//	…
//	result, err := e.Run(ctx, experiment.Options{})
//
// A description and the Go program that says the same give the same numbers, bit
// for bit, for the same seed.
package experiment
