package callbacks

import (
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// EarlyStopping ends training when a value of the logs has not improved for some
// epochs.
type EarlyStopping struct {
	Base `keras:"-"`
	// name in the logs
	Monitor string `keras:"monitor,pos,default=val_loss"`
	// smallest change that counts as an improvement
	MinDelta float64 `keras:"min_delta,default=0"`
	// epochs without improvement after which training ends
	Patience int `keras:"patience,default=0"`
	// 1 prints when training ends early
	Verbose int `keras:"verbose,default=0"`
	// whether the value should fall or rise; auto asks the metric
	Mode string `keras:"mode,default=auto,enum=auto|min|max"`
	// an improvement must also be better than this to be worth waiting for more; nil means any
	Baseline *float64 `keras:"baseline"`
	// put the weights of the best epoch back at the end
	RestoreBestWeights bool `keras:"restore_best_weights"`
	// epochs before this one are not looked at
	StartFromEpoch int `keras:"start_from_epoch,default=0"`

	StoppedEpoch int      `keras:"-"` // epoch that ended the run early; 0 means none
	Wait         int      `keras:"-"` // epochs since the last improvement
	Best         *float64 `keras:"-"` // best value so far
	BestEpoch    int      `keras:"-"` // epoch of the best value

	monitor monitor
	weights []*tensor.Tensor
}

func init() { spec.Register[EarlyStopping]("keras.callbacks") }

// OnTrainBegin forgets an earlier run.
func (e *EarlyStopping) OnTrainBegin(Logs) error {
	e.Wait, e.StoppedEpoch, e.Best, e.BestEpoch, e.weights = 0, 0, nil, 0, nil
	return nil
}

// OnEpochEnd looks at the value.
func (e *EarlyStopping) OnEpochEnd(epoch int, logs Logs) error {
	if err := e.monitor.start("EarlyStopping", e.Monitor, e.Mode, e.MinDelta, e.Model()); err != nil {
		return err
	}
	current, ok := logs[e.Monitor]
	if !ok {
		e.warn("EarlyStopping looks at %q, which is not in the logs (there are: %s)", e.Monitor, names(logs))
		return nil
	}
	if epoch < e.StartFromEpoch {
		return nil
	}
	if e.RestoreBestWeights && e.weights == nil { // there may never be an improvement: keep the first
		e.weights, e.BestEpoch = e.Model().Weights(), epoch
	}
	e.Wait++
	if e.monitor.improved(current, e.Best) {
		e.Best, e.BestEpoch = &current, epoch
		if e.RestoreBestWeights {
			e.weights = e.Model().Weights()
		}
		if e.Baseline == nil || e.monitor.improved(current, e.Baseline) {
			e.Wait = 0
		}
		return nil
	}
	if e.Wait >= e.Patience && epoch > 0 {
		e.StoppedEpoch = epoch
		e.Model().StopTraining()
	}
	return nil
}

// OnTrainEnd reports, and restores the best weights.
func (e *EarlyStopping) OnTrainEnd(Logs) error {
	if e.StoppedEpoch > 0 && e.Verbose > 0 {
		e.printf("Epoch %d: early stopping", e.StoppedEpoch+1)
	}
	if !e.RestoreBestWeights || e.weights == nil {
		return nil
	}
	if e.Verbose > 0 {
		e.printf("Restoring model weights from the end of the best epoch: %d.", e.BestEpoch+1)
	}
	return e.Model().SetWeights(e.weights)
}

var _ Callback = (*EarlyStopping)(nil)
