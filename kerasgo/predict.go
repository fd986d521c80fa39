package keras

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Predict holds the arguments of Model.Predict. Zero means Keras's default.
type Predict struct {
	BatchSize int             `keras:"batch_size,min=0"`        // samples of a step; zero means 32
	Verbose   int             `keras:"verbose,zero=-1"`         // as in Fit
	Steps     int             `keras:"steps,min=0"`             // batches to run; zero means all
	Callbacks []any           `keras:"callbacks,kind=callback"` // told of every batch
	Context   context.Context // cancels between batches
	Out       io.Writer       // where progress goes; nil means standard output
}

// Predict returns the model's output for every sample of x. It is safe to call
// from any number of goroutines. A model with several outputs is asked by
// PredictAll.
func (m *Model) Predict(x any, p Predict) (*tensor.Tensor, error) {
	out, err := m.PredictAll(x, p)
	if err != nil {
		return nil, err
	}
	if len(out) != 1 {
		return nil, fmt.Errorf("keras: Predict: the model has %d outputs; use PredictAll", len(out))
	}
	return out[0], nil
}

// PredictAll returns all outputs of the model for every sample of x.
func (m *Model) PredictAll(x any, p Predict) ([]*tensor.Tensor, error) {
	out, err := m.predict(x, p)
	if err != nil {
		return nil, fmt.Errorf("keras: Predict: %w", withoutPrefix(err))
	}
	return out, nil
}

func (m *Model) predict(x any, o Predict) (out []*tensor.Tensor, err error) {
	defer recoverShape(&err)
	if m.err != nil {
		return nil, m.err
	}
	if err := errors.Join(notNegative("batch_size", o.BatchSize), notNegative("steps", o.Steps), checkVerbose(o.Verbose)); err != nil {
		return nil, err
	}
	if err := m.buildFor(x); err != nil {
		return nil, err
	}
	data, err := m.newArrays(x, nil, nil)
	if err != nil {
		return nil, err
	}
	batch := min(batchSize(o.BatchSize, o.Steps, data.n), data.n)
	steps := (data.n + batch - 1) / batch
	if o.Steps > 0 {
		steps = min(steps, o.Steps)
	}
	list, _, err := m.session(o.Callbacks, o.Out, o.Verbose, steps)
	if err != nil {
		return nil, err
	}
	if err := list.OnPredictBegin(nil); err != nil {
		return nil, err
	}
	samples := min(data.n, steps*batch)
	for step := range steps {
		if o.Context != nil && o.Context.Err() != nil {
			return nil, o.Context.Err()
		}
		if err := list.OnPredictBatchBegin(step, nil); err != nil {
			return nil, err
		}
		from := step * batch
		part := data.slice(from, min(from+batch, samples))
		err := m.predictBatch(part, func(i int, t *tensor.Tensor) {
			if step == 0 {
				s := t.Shape().Clone()
				s[0] = samples
				out = append(out, tensor.New(t.DType(), s...))
			}
			out[i].Slice(from, from+part.n).CopyFrom(t)
		})
		if err != nil {
			return nil, err
		}
		if err := list.OnPredictBatchEnd(step, nil); err != nil {
			return nil, err
		}
	}
	return out, list.OnPredictEnd(nil)
}

// predictBatch runs one batch and hands over its outputs, which are valid only
// during the call.
func (m *Model) predictBatch(part *arrays, take func(i int, t *tensor.Tensor)) error {
	p, err := m.program(modePredict, specs{x: part.specs(part.n).x})
	if err != nil {
		return err
	}
	f, err := p.frame()
	if err != nil {
		return err
	}
	defer p.release(f)
	for i, t := range part.x {
		if k := p.InputIndex(inputName("x", i)); k >= 0 {
			if err := f.SetInput(k, t.Cast(fedType(t))); err != nil {
				return err
			}
		}
	}
	if k := p.InputIndex(ops.RNGInput); k >= 0 {
		if err := f.SetInput(k, tensor.From([]int64{int64(m.seed), 0}, 2)); err != nil {
			return err
		}
	}
	m.mu.RLock()
	err = run.Default().Run(f)
	m.mu.RUnlock()
	if err != nil {
		return err
	}
	for i := range m.outputs {
		t := f.Output(i)
		if t.Len() != part.n {
			return fmt.Errorf("output %d has %d rows for %d samples", i, t.Len(), part.n)
		}
		take(i, t)
	}
	return nil
}

// PredictOnBatch returns the model's output for one batch.
func (m *Model) PredictOnBatch(x any) (*tensor.Tensor, error) {
	return m.Predict(x, Predict{BatchSize: math.MaxInt, Verbose: Silent})
}
