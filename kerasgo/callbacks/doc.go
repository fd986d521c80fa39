// Package callbacks holds Keras's callbacks: what can watch and steer a training run
// from outside. It knows no model, only the Model interface that package keras
// implements.
//
// A callback is a struct whose exported fields are its arguments and whose methods
// are hooks. Given by value it is a description, and each Fit starts a fresh one;
// given as a pointer it keeps what it found (EarlyStopping's StoppedEpoch) for the
// caller to read. A user's own callback embeds Base and writes the hooks it needs:
//
//	type stopAt struct {
//		callbacks.Base
//		loss float64
//	}
//
//	func (s *stopAt) OnEpochEnd(epoch int, logs callbacks.Logs) error {
//		if logs["loss"] < s.loss {
//			s.Model().StopTraining()
//		}
//		return nil
//	}
package callbacks
