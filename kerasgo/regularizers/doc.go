// Package regularizers holds penalties on weights and outputs, which are added to
// the loss. They know no layer: each is a struct whose Penalty composes ops.
package regularizers
