// Package metrics holds Keras's metrics as descriptions: plain structs that say
// which state they keep between batches, how a batch changes it and what the
// result is, all in graph ops. They hold no numbers themselves; the model keeps
// their state.
//
// Most are means of a value per sample: they embed Averaged and call
// Context.Average. A user's own metric can do the same.
package metrics
