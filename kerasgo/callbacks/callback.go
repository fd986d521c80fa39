package callbacks

import (
	"fmt"
	"io"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Logs are the losses and metrics that a hook is told: those of the batches of the
// epoch so far, or of the whole epoch with val_ for validation. A callback may add
// to the logs of OnEpochEnd; later callbacks and the history see it.
type Logs map[string]float64

// Params describe the run.
type Params struct {
	Epochs  int // the last epoch's number
	Steps   int // batches of an epoch; 0 if unknown
	Verbose int
}

// Model is what a callback may touch of the model that is trained.
type Model interface {
	// StopTraining ends the run after the current epoch or batch.
	StopTraining()
	// Stopped reports whether StopTraining was called in this run.
	Stopped() bool
	// LearningRate returns the optimizer's learning rate as it is now.
	LearningRate() (float64, error)
	// SetLearningRate changes it; an error if a schedule governs it.
	SetLearningRate(rate float64) error
	// Save writes the whole model, SaveWeights only its weights.
	Save(path string) error
	SaveWeights(path string) error
	// Weights returns copies of all weights; SetWeights puts them back.
	Weights() []*tensor.Tensor
	SetWeights(weights []*tensor.Tensor) error
	// MetricDirection reports whether larger values of the metric with this name in
	// the logs (without val_) are better, if that is known.
	MetricDirection(name string) (maximize, known bool)
	Params() Params
	// Out is where messages are written.
	Out() io.Writer
}

// Warner is a Model that takes warnings apart from messages. Other models get them
// on Out, after "warning: ".
type Warner interface{ Warn(msg string) }

// Callback is told what happens in fit, evaluate and predict. An error from a hook
// ends the run. Epochs and batches count from 0.
type Callback interface {
	SetModel(m Model)
	OnTrainBegin(logs Logs) error
	OnTrainEnd(logs Logs) error
	OnEpochBegin(epoch int, logs Logs) error
	OnEpochEnd(epoch int, logs Logs) error
	OnTrainBatchBegin(batch int, logs Logs) error
	OnTrainBatchEnd(batch int, logs Logs) error
	OnTestBegin(logs Logs) error
	OnTestEnd(logs Logs) error
	OnTestBatchBegin(batch int, logs Logs) error
	OnTestBatchEnd(batch int, logs Logs) error
	OnPredictBegin(logs Logs) error
	OnPredictEnd(logs Logs) error
	OnPredictBatchBegin(batch int, logs Logs) error
	OnPredictBatchEnd(batch int, logs Logs) error
}

// Base holds the model and has every hook doing nothing. Embed it in a callback.
type Base struct{ model Model }

// SetModel is called before the first hook of a run.
func (b *Base) SetModel(m Model) { b.model = m }

// Model returns the model being run.
func (b *Base) Model() Model { return b.model }

// printf writes a message.
func (b *Base) printf(format string, args ...any) { fmt.Fprintf(b.model.Out(), format+"\n", args...) }

// warn writes a warning.
func (b *Base) warn(format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if w, ok := b.model.(Warner); ok {
		w.Warn(msg)
		return
	}
	b.printf("warning: %s", msg)
}

// OnTrainBegin is called when Fit starts.
func (*Base) OnTrainBegin(Logs) error { return nil }

// OnTrainEnd is called when Fit ends, with the logs of the last epoch.
func (*Base) OnTrainEnd(Logs) error { return nil }

// OnEpochBegin is called before an epoch.
func (*Base) OnEpochBegin(int, Logs) error { return nil }

// OnEpochEnd is called after an epoch and its validation.
func (*Base) OnEpochEnd(int, Logs) error { return nil }

// OnTrainBatchBegin is called before a batch of training.
func (*Base) OnTrainBatchBegin(int, Logs) error { return nil }

// OnTrainBatchEnd is called after a batch of training.
func (*Base) OnTrainBatchEnd(int, Logs) error { return nil }

// OnTestBegin is called when Evaluate or the validation of an epoch starts.
func (*Base) OnTestBegin(Logs) error { return nil }

// OnTestEnd is called when Evaluate or the validation of an epoch ends.
func (*Base) OnTestEnd(Logs) error { return nil }

// OnTestBatchBegin is called before a batch of evaluation.
func (*Base) OnTestBatchBegin(int, Logs) error { return nil }

// OnTestBatchEnd is called after a batch of evaluation.
func (*Base) OnTestBatchEnd(int, Logs) error { return nil }

// OnPredictBegin is called when Predict starts.
func (*Base) OnPredictBegin(Logs) error { return nil }

// OnPredictEnd is called when Predict ends.
func (*Base) OnPredictEnd(Logs) error { return nil }

// OnPredictBatchBegin is called before a batch of prediction.
func (*Base) OnPredictBatchBegin(int, Logs) error { return nil }

// OnPredictBatchEnd is called after a batch of prediction.
func (*Base) OnPredictBatchEnd(int, Logs) error { return nil }

var _ Callback = (*Base)(nil)
