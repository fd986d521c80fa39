// Package spec knows no layer and computes nothing: it holds classes as data. Layers, optimizers, losses and all other described things are
// Go structs that register here with struct tags; from the tags follow their YAML and JSON forms, defaults, checks, messages with file:line:col
// and did-you-mean, Keras configurations, JSON Schema and help.
//
// A tag reads `keras:"json_name,option,…"`:
//
//	pos           the value in the short form "Class: value" (one field at most)
//	required      has no default
//	min= max=     inclusive bounds of the number, or of every number in a list
//	below=        exclusive upper bound of the same
//	enum=a|b      allowed strings
//	default=      parsed by the field's type; items of lists separated by |, one item fills a fixed-size array; default=@other copies another argument
//	kind=a|b      an any (or []any) field that holds registered objects of these kinds, given as a string or an object
//	many          an any field with kind= that also takes a list or a map of such objects, as compile's loss and metrics do
//	ordered       as many, but maps keep their order: they are *Object
//	shape         a list of dimensions in which null means -1
//	none=         what an explicit null is stored as, where null differs from the default (merge_mode)
//	zero=         what an explicit 0 is stored as, where Go's zero means the default (verbose)
//	since=        Keras version that introduced the argument; files leave it out at its default so that older versions load them
//	omitdefault   left out of files at its default
//	noconfig      accepted, never written to files (input_shape)
//
// The Go zero value of a field means Keras's default; a field whose zero is a legal other value is a pointer. Field types: bool, int, float64,
// string, named strings, pointers to them, arrays and slices of them, Ints, any, maps with string or int keys, and structs with tags of their own. An
// array takes a single value for all its items, as Keras takes kernel_size=5 for (5, 5).
package spec
