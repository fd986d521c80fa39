package callbacks

import (
	"errors"

	"github.com/kerasgo/kerasgo/spec"
)

// SwapEMAWeights puts the moving averages that an optimizer with use_ema keeps in the
// place of the weights while the model is evaluated or predicts, and the weights back
// afterwards.
type SwapEMAWeights struct {
	Base `keras:"-"`
	// leave the averages in the model from the end of an epoch to the beginning of the
	// next, so that other callbacks such as ModelCheckpoint see them
	SwapOnEpoch bool `keras:"swap_on_epoch"`

	swapped bool
}

func init() { spec.Register[SwapEMAWeights]("keras.callbacks") }

// Averager is a Model whose optimizer keeps moving averages of the weights.
type Averager interface {
	// SwapAverages exchanges weights and averages; an error if there are none.
	SwapAverages() error
	// KeepWeights makes the averages equal to the weights.
	KeepWeights() error
}

// swap exchanges the weights, unless they are as wanted.
func (s *SwapEMAWeights) swap(averages bool) error {
	if s.swapped == averages {
		return nil
	}
	m, ok := s.Model().(Averager)
	if !ok {
		return errors.New("SwapEMAWeights: this model has no averages")
	}
	s.swapped = averages
	return m.SwapAverages()
}

// OnEpochBegin puts the weights back.
func (s *SwapEMAWeights) OnEpochBegin(int, Logs) error {
	if !s.SwapOnEpoch {
		return nil
	}
	return s.swap(false)
}

// OnEpochEnd puts the averages in; after the last epoch they stay.
func (s *SwapEMAWeights) OnEpochEnd(epoch int, _ Logs) error {
	if !s.SwapOnEpoch || s.swapped {
		return nil
	}
	if err := s.swap(true); err != nil || epoch != s.Model().Params().Epochs-1 {
		return err
	}
	return s.Model().(Averager).KeepWeights()
}

// OnTestBegin puts the averages in.
func (s *SwapEMAWeights) OnTestBegin(Logs) error { return s.swap(true) }

// OnTestEnd puts the weights back.
func (s *SwapEMAWeights) OnTestEnd(Logs) error { return s.swap(false) }

// OnPredictBegin puts the averages in.
func (s *SwapEMAWeights) OnPredictBegin(Logs) error { return s.swap(true) }

// OnPredictEnd puts the weights back.
func (s *SwapEMAWeights) OnPredictEnd(Logs) error { return s.swap(false) }

var _ Callback = (*SwapEMAWeights)(nil)
