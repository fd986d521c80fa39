package keras

import (
	"errors"
	"fmt"
)

// OnBatch holds the optional arguments of TrainOnBatch and TestOnBatch.
type OnBatch struct {
	SampleWeight any             // as in Fit
	ClassWeight  map[int]float64 // as in Fit; TrainOnBatch only
}

// TrainOnBatch does one step on the given samples and returns the loss and the
// metrics of this batch before the step, in the order of Evaluate. More than one
// OnBatch is an error.
func (m *Model) TrainOnBatch(x, y any, o ...OnBatch) ([]float64, error) {
	return m.onBatch(modeTrain, "TrainOnBatch", x, y, o)
}

// TestOnBatch returns the loss and the metrics on the given samples, without
// training; see TrainOnBatch.
func (m *Model) TestOnBatch(x, y any, o ...OnBatch) ([]float64, error) {
	return m.onBatch(modeTest, "TestOnBatch", x, y, o)
}

// ResetMetrics forgets what the loss and the metrics have seen.
func (m *Model) ResetMetrics() {
	if m.compiled != nil {
		m.resetMetrics()
	}
}

func (m *Model) onBatch(md mode, what string, x, y any, options []OnBatch) (out []float64, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("keras: %s: %w", what, withoutPrefix(err))
		}
	}()
	defer recoverShape(&err)
	if err := m.ready(); err != nil {
		return nil, err
	}
	if !m.fitting.TryLock() {
		return nil, errors.New("the model is being trained or evaluated already")
	}
	defer m.fitting.Unlock()
	if err := m.buildFor(x); err != nil {
		return nil, err
	}
	var o OnBatch
	switch {
	case len(options) > 1:
		return nil, errors.New("more than one OnBatch given")
	case len(options) == 1:
		o = options[0]
	}
	data, err := m.newArrays(x, y, o.SampleWeight)
	if err != nil {
		return nil, err
	}
	if o.ClassWeight != nil {
		if md != modeTrain {
			return nil, errors.New("class weights are for training only")
		}
		if err := data.weighClasses(o.ClassWeight); err != nil {
			return nil, err
		}
	}
	r, err := m.newRunner(md, data, data.n)
	if err != nil {
		return nil, err
	}
	defer r.close()
	m.resetMetrics()
	if err := r.step(r.order.next()); err != nil {
		return nil, err
	}
	return r.values(), nil
}
