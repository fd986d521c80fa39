package callbacks

import (
	"fmt"
	"math"

	"github.com/kerasgo/kerasgo/spec"
)

// TerminateOnNaN ends training when the loss is NaN or infinite.
type TerminateOnNaN struct {
	Base `keras:"-"`
	// end with an error
	RaiseError bool `keras:"raise_error"`
}

func init() { spec.Register[TerminateOnNaN]("keras.callbacks") }

// OnTrainBatchEnd looks at the loss.
func (n *TerminateOnNaN) OnTrainBatchEnd(batch int, logs Logs) error {
	loss, ok := logs["loss"]
	if !ok || !math.IsNaN(loss) && !math.IsInf(loss, 0) {
		return nil
	}
	if n.RaiseError {
		return fmt.Errorf("TerminateOnNaN: the loss is %s after batch %d", pyFloat(loss), batch)
	}
	n.printf("Batch %d: Invalid loss, terminating training", batch)
	n.Model().StopTraining()
	return nil
}

var _ Callback = (*TerminateOnNaN)(nil)
