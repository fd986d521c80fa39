package callbacks

import (
	"fmt"

	"github.com/kerasgo/kerasgo/kerasgo/optimizers/schedules"
	"github.com/kerasgo/kerasgo/spec"
)

// LearningRateScheduler sets the learning rate at the start of every epoch. It adds
// learning_rate to the logs.
type LearningRateScheduler struct {
	Base `keras:"-"`
	// a func(epoch int, rate float64) float64, or, where a function can't be written, a
	// schedules value, which is asked with the number of the epoch as its step
	Schedule any `keras:"schedule,pos,required,kind=schedule"`
	// 1 prints the rate of every epoch
	Verbose int `keras:"verbose,default=0"`
}

func init() { spec.Register[LearningRateScheduler]("keras.callbacks") }

func (s *LearningRateScheduler) check() error {
	if _, ok := s.Schedule.(func(int, float64) float64); ok {
		return nil
	}
	if _, err := schedules.Get(s.Schedule); err != nil {
		return fmt.Errorf("schedule wants a schedule such as ExponentialDecay, or in Go a func(epoch int, rate float64) float64; got %v", s.Schedule)
	}
	return nil
}

// OnEpochBegin sets the rate.
func (s *LearningRateScheduler) OnEpochBegin(epoch int, _ Logs) error {
	rate, err := s.Model().LearningRate()
	if err != nil {
		return err
	}
	if f, ok := s.Schedule.(func(int, float64) float64); ok {
		rate = f(epoch, rate)
	} else if rate, err = schedules.At(s.Schedule, epoch); err != nil {
		return fmt.Errorf("LearningRateScheduler: %w", err)
	}
	if err := s.Model().SetLearningRate(rate); err != nil {
		return err
	}
	if s.Verbose > 0 {
		s.printf("\nEpoch %d: LearningRateScheduler setting learning rate to %s.", epoch+1, pyFloat(rate))
	}
	return nil
}

// OnEpochEnd adds the rate to the logs.
func (s *LearningRateScheduler) OnEpochEnd(_ int, logs Logs) error {
	rate, err := s.Model().LearningRate()
	if err == nil && logs != nil {
		logs["learning_rate"] = rate
	}
	return err
}

var _ Callback = (*LearningRateScheduler)(nil)
