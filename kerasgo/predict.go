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

// Predict returns the model's output for every sample of x, which may be a Dataset. It is safe to call
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
	feed, first, err := m.openDataset(x, nil, nil)
	if err != nil {
		return nil, err
	}
	if err := m.buildFor(first.X); err != nil {
		return nil, err
	}
	data, err := m.newArrays(first.X, nil, nil)
	if err != nil {
		return nil, err
	}
	data.feed = feed
	batch, steps, err := stepsOf(data, o.BatchSize, o.Steps)
	if err != nil {
		return nil, err
	}
	list, _, err := m.session(o.Callbacks, o.Out, o.Verbose, steps)
	if err != nil {
		return nil, err
	}
	if err := list.OnPredictBegin(nil); err != nil {
		return nil, err
	}
	parts := m.parts(data, batch, steps)
	defer parts.close()
	for step := range steps {
		if o.Context != nil && o.Context.Err() != nil {
			return nil, o.Context.Err()
		}
		if err := list.OnPredictBatchBegin(step, nil); err != nil {
			return nil, err
		}
		part, err := parts.next(step)
		if err != nil {
			return nil, err
		}
		if err := m.predictBatch(part, parts.take); err != nil {
			return nil, err
		}
		if err := list.OnPredictBatchEnd(step, nil); err != nil {
			return nil, err
		}
	}
	if out, err = parts.outputs(); err != nil {
		return nil, err
	}
	return out, list.OnPredictEnd(nil)
}

// predictParts hands out the batches of a prediction and collects their outputs.
type predictParts struct {
	data           *arrays
	batch, samples int // of arrays in memory
	pipe           *pipeline
	out            []*tensor.Tensor   // for all samples
	pieces         [][]*tensor.Tensor // of a Dataset: by output and batch
	at             int                // samples done
}

func (m *Model) parts(data *arrays, batch, steps int) *predictParts {
	p := &predictParts{data: data, batch: min(batch, data.n), samples: min(data.n, steps*batch)}
	if data.feed != nil {
		i := -1
		p.pipe = data.feed.start(modePredict, func() (int, bool) { i++; return i, i < steps })
	}
	return p
}

func (p *predictParts) next(step int) (*arrays, error) {
	if p.pipe != nil {
		return p.pipe.next()
	}
	from := step * p.batch
	return p.data.slice(from, min(from+p.batch, p.samples)), nil
}

// take keeps output i of a batch.
func (p *predictParts) take(i int, t *tensor.Tensor) {
	if p.pipe != nil {
		if i == len(p.pieces) {
			p.pieces = append(p.pieces, nil)
		}
		p.pieces[i] = append(p.pieces[i], t.Clone())
		return
	}
	if i == len(p.out) {
		s := t.Shape().Clone()
		s[0] = p.samples
		p.out = append(p.out, tensor.New(t.DType(), s...))
	}
	if i == 0 {
		p.at += t.Len()
	}
	p.out[i].Slice(p.at-t.Len(), p.at).CopyFrom(t)
}

// outputs returns the outputs for all samples.
func (p *predictParts) outputs() ([]*tensor.Tensor, error) {
	for i, list := range p.pieces {
		n, row := 0, list[0].Shape()[1:]
		for _, t := range list {
			if !t.Shape()[1:].Equal(row) {
				return nil, fmt.Errorf("the batches of the Dataset have outputs of shapes %v and %v; predict them one by one", list[0].Shape(), t.Shape())
			}
			n += t.Len()
		}
		all := tensor.New(list[0].DType(), append([]int{n}, row...)...)
		at := 0
		for _, t := range list {
			all.Slice(at, at+t.Len()).CopyFrom(t)
			at += t.Len()
		}
		p.out = append(p.out, all)
		p.pieces[i] = nil
	}
	return p.out, nil
}

func (p *predictParts) close() {
	if p.pipe != nil {
		p.pipe.close()
		p.data.feed.ended()
	}
}

// predictBatch runs one batch and hands over its outputs, which are valid only
// during the call.
func (m *Model) predictBatch(part *arrays, take func(i int, t *tensor.Tensor)) error {
	s := part.specs(part.n)
	if m.onHost() {
		var err error
		if part, s, err = m.hosted(part); err != nil {
			return err
		}
	}
	p, err := m.program(modePredict, specs{x: s.x, host: s.host})
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
			if err := f.SetInput(k, t.Cast(s.x[i].DType)); err != nil {
				return err
			}
		}
	}
	if k := p.InputIndex(ops.RNGInput); k >= 0 {
		if err := f.SetInput(k, tensor.From([]int64{int64(m.seed), 0}, 2)); err != nil {
			return err
		}
	}
	if len(m.memory()) > 0 { // the run changes it
		m.mu.Lock()
		err = run.Default().Run(f)
		m.mu.Unlock()
	} else {
		m.mu.RLock()
		err = run.Default().Run(f)
		m.mu.RUnlock()
	}
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
