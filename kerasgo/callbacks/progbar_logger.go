package callbacks

import "github.com/kerasgo/kerasgo/spec"

// ProgbarLogger stands for the progress that Fit, Evaluate and Predict show: in a list
// of callbacks it tells when in the order of the hooks that is written. Without one it
// is written last. Verbose says how, as always.
type ProgbarLogger struct {
	Base `keras:"-"`
}

func init() { spec.Register[ProgbarLogger]("keras.callbacks") }

var _ Callback = (*ProgbarLogger)(nil)
