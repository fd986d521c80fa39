package callbacks

// LambdaCallback calls functions; nil ones are left out. The name is Keras's.
type LambdaCallback struct {
	Base
	TrainBegin, TrainEnd           func(logs Logs) error
	EpochBegin, EpochEnd           func(epoch int, logs Logs) error
	TrainBatchBegin, TrainBatchEnd func(batch int, logs Logs) error

	TestBegin, TestEnd                 func(logs Logs) error
	TestBatchBegin, TestBatchEnd       func(batch int, logs Logs) error
	PredictBegin, PredictEnd           func(logs Logs) error
	PredictBatchBegin, PredictBatchEnd func(batch int, logs Logs) error
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

// OnTestBegin calls TestBegin.
func (l *LambdaCallback) OnTestBegin(logs Logs) error { return call(l.TestBegin, logs) }

// OnTestEnd calls TestEnd.
func (l *LambdaCallback) OnTestEnd(logs Logs) error { return call(l.TestEnd, logs) }

// OnTestBatchBegin calls TestBatchBegin.
func (l *LambdaCallback) OnTestBatchBegin(batch int, logs Logs) error {
	return callAt(l.TestBatchBegin, batch, logs)
}

// OnTestBatchEnd calls TestBatchEnd.
func (l *LambdaCallback) OnTestBatchEnd(batch int, logs Logs) error {
	return callAt(l.TestBatchEnd, batch, logs)
}

// OnPredictBegin calls PredictBegin.
func (l *LambdaCallback) OnPredictBegin(logs Logs) error { return call(l.PredictBegin, logs) }

// OnPredictEnd calls PredictEnd.
func (l *LambdaCallback) OnPredictEnd(logs Logs) error { return call(l.PredictEnd, logs) }

// OnPredictBatchBegin calls PredictBatchBegin.
func (l *LambdaCallback) OnPredictBatchBegin(batch int, logs Logs) error {
	return callAt(l.PredictBatchBegin, batch, logs)
}

// OnPredictBatchEnd calls PredictBatchEnd.
func (l *LambdaCallback) OnPredictBatchEnd(batch int, logs Logs) error {
	return callAt(l.PredictBatchEnd, batch, logs)
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
