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
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
)

// Evaluate holds the arguments of Model.Evaluate. Zero means Keras's default.
type Evaluate struct {
	BatchSize    int             `keras:"batch_size,min=0"` // samples of a step; zero means 32
	Verbose      int             `keras:"verbose,zero=-1"`  // as in Fit
	SampleWeight any             // a weight for every sample
	Steps        int             `keras:"steps,min=0"`             // batches to run; zero means all
	Callbacks    []any           `keras:"callbacks,kind=callback"` // told of every batch
	Context      context.Context // cancels between batches
	Out          io.Writer       // where progress goes; nil means standard output
}

// Predict holds the arguments of Model.Predict. Zero means Keras's default.
type Predict struct {
	BatchSize int             `keras:"batch_size,min=0"`        // samples of a step; zero means 32
	Verbose   int             `keras:"verbose,zero=-1"`         // as in Fit
	Steps     int             `keras:"steps,min=0"`             // batches to run; zero means all
	Callbacks []any           `keras:"callbacks,kind=callback"` // told of every batch
	Context   context.Context // cancels between batches
	Out       io.Writer       // where progress goes; nil means standard output
}

// Evaluate returns the loss and the metrics on a data set: the total loss; with
// several outputs the loss of each; then the metrics in the order of Compile (with
// several outputs in the order of their names).
func (m *Model) Evaluate(x, y any, e Evaluate) ([]float64, error) {
	_, r, err := m.evaluate(x, y, e)
	if err != nil {
		return nil, fmt.Errorf("keras: Evaluate: %w", withoutPrefix(err))
	}
	return r.values(), nil
}

// EvaluateDict is Evaluate with return_dict=True: values by name.
func (m *Model) EvaluateDict(x, y any, e Evaluate) (map[string]float64, error) {
	logs, _, err := m.evaluate(x, y, e)
	if err != nil {
		return nil, fmt.Errorf("keras: Evaluate: %w", withoutPrefix(err))
	}
	return logs, nil
}

// MetricNames returns the names of what Evaluate returns, in its order, once the
// model has seen data.
func (m *Model) MetricNames() []string {
	if m.compiled == nil {
		return nil
	}
	names := m.lossNames()
	var rest []namedValue
	for _, b := range m.compiled.metrics {
		rest = append(rest, namedValue{name: b.name})
	}
	if len(m.outputs) > 1 {
		sortNamed(rest)
	}
	for _, v := range rest {
		names = append(names, v.name)
	}
	return names
}

func (m *Model) evaluate(x, y any, e Evaluate) (logs callbacks.Logs, r *runner, err error) {
	defer recoverShape(&err)
	if err := m.ready(); err != nil {
		return nil, nil, err
	}
	if err := errors.Join(notNegative("batch_size", e.BatchSize), notNegative("steps", e.Steps), checkVerbose(e.Verbose)); err != nil {
		return nil, nil, err
	}
	if !m.fitting.TryLock() {
		return nil, nil, errors.New("the model is being trained or evaluated already")
	}
	defer m.fitting.Unlock()
	if err := m.buildFor(x); err != nil {
		return nil, nil, err
	}
	data, err := m.newArrays(x, y, e.SampleWeight)
	if err != nil {
		return nil, nil, err
	}
	batch := batchSize(e.BatchSize, e.Steps, data.n)
	steps := (data.n + batch - 1) / batch
	if e.Steps > 0 {
		steps = min(steps, e.Steps)
	}
	list, s, err := m.session(e.Callbacks, e.Out, e.Verbose, steps)
	if err != nil {
		return nil, nil, err
	}
	if r, err = m.newRunner(modeTest, data, batch); err != nil {
		return nil, nil, err
	}
	defer r.close()
	logs, err = r.evaluate(s, e.Context, e.Steps, list)
	return logs, r, err
}

// batchSize is Keras's default where none is given.
func batchSize(given, steps, n int) int {
	switch {
	case given > 0:
		return given
	case steps > 0:
		return (n + steps - 1) / steps
	}
	return 32
}

// session makes the callbacks of an evaluation or prediction.
func (m *Model) session(given []any, out io.Writer, verbose, steps int) (callbacks.List, *session, error) {
	list, err := callbacks.NewList(given...)
	if err != nil {
		return nil, nil, err
	}
	s := &session{model: m, out: writer(out), params: callbacks.Params{Steps: steps, Verbose: verbosity(verbose)}}
	if p := m.newProgress(s.out, verbose, 0, steps); p != nil {
		list = append(list, p)
	}
	list.SetModel(s)
	return list, s, nil
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

// ready reports why the model cannot be trained or evaluated.
func (m *Model) ready() error {
	if m.err != nil {
		return m.err
	}
	if m.compiled == nil {
		return errors.New("the model is not compiled; call Compile first")
	}
	return nil
}

// buildFor makes the weights, at the first data that the model sees.
func (m *Model) buildFor(x any) error {
	m.building.Lock()
	defer m.building.Unlock()
	if m.built {
		return nil
	}
	if m.sequential && len(m.Layers()) == 0 {
		return errors.New("the model has no layers; Add some first")
	}
	if len(m.inputs) == 0 {
		t, ok := x.(*tensor.Tensor)
		if !ok || t.Shape().Rank() == 0 {
			return errors.New("the first data that a Sequential sees must be one array of samples")
		}
		if err := m.setInput(t.Shape(), tensor.Float32); err != nil {
			return unscoped(err)
		}
	}
	return m.Build()
}
