// Package operations holds the operations of keras.ops as nodes of functional
// models: what Keras makes of x + y, x[:, 0] or keras.ops.mean(x) when x is a
// symbolic tensor. keras.Op applies them to symbols:
//
//	m := keras.Op(operations.Mean{Axis: spec.Ints{1}}, x)
//	y := keras.Op(operations.Concatenate{Axis: new(-1)}, []*keras.Symbol{m, z})
//
// An operation is no layer: it has no weights and no dtype policy, and it takes
// numbers and arrays beside symbols. Each is a small struct with the arguments of
// Keras's class of that name and a Call, composed of engine/ops; types of results
// follow from Keras's rules for its TensorFlow backend (see promote).
package operations
