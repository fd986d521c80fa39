package callbacks

// LambdaCallback calls functions; nil ones are left out. The name is Keras's.
type LambdaCallback struct {
	Base
	TrainBegin, TrainEnd           func(logs Logs) error
	EpochBegin, EpochEnd           func(epoch int, logs Logs) error
	TrainBatchBegin, TrainBatchEnd func(batch int, logs Logs) error
}

// OnTrainBegin calls TrainBegin.
func (l *LambdaCallback) OnTrainBegin(logs Logs) error { return call(l.TrainBegin, logs) }

// OnTrainEnd calls TrainEnd.
func (l *LambdaCallback) OnTrainEnd(logs Logs) error { return call(l.TrainEnd, logs) }

// OnEpochBegin calls EpochBegin.
func (l *LambdaCallback) OnEpochBegin(epoch int, logs Logs) error {
	return callAt(l.EpochBegin, epoch, logs)
}

// OnEpochEnd calls EpochEnd.
func (l *LambdaCallback) OnEpochEnd(epoch int, logs Logs) error {
	return callAt(l.EpochEnd, epoch, logs)
}

// OnTrainBatchBegin calls TrainBatchBegin.
func (l *LambdaCallback) OnTrainBatchBegin(batch int, logs Logs) error {
	return callAt(l.TrainBatchBegin, batch, logs)
}

// OnTrainBatchEnd calls TrainBatchEnd.
func (l *LambdaCallback) OnTrainBatchEnd(batch int, logs Logs) error {
	return callAt(l.TrainBatchEnd, batch, logs)
}

func call(f func(Logs) error, logs Logs) error {
	if f == nil {
		return nil
	}
	return f(logs)
}

func callAt(f func(int, Logs) error, i int, logs Logs) error {
	if f == nil {
		return nil
	}
	return f(i, logs)
}

var _ Callback = (*LambdaCallback)(nil)
