// Package losses holds Keras's losses as descriptions: plain structs whose Call
// computes one value per sample from targets and predictions. They keep no state
// and do not train anything: Compute turns the per-sample values into the scalar
// that package keras differentiates.
//
// Targets may have any numeric type; they are converted to the type of the
// predictions. Where targets and predictions differ by one trailing axis of
// length 1, that axis is added or removed, as in Keras.
//
// Probabilities that come straight from a softmax or sigmoid op are replaced by
// that op's input in the crossentropies, so that a saturated output keeps its
// gradient; probabilities from elsewhere are clipped to [1e-7, 1-1e-7].
package losses
