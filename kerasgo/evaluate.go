package keras

import (
	"context"
	"errors"
	"fmt"
	"io"

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

// Evaluate returns the loss and the metrics on a data set (arrays x and y, or a Dataset
// as x), in Keras's order, which
// MetricNames tells: the total loss; with several outputs the loss of each; then the
// metrics in the order of Compile (with several outputs in that of their names).
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
	var losses []namedValue
	for _, n := range m.lossNames() {
		losses = append(losses, namedValue{name: n})
	}
	var names []string
	for _, v := range m.compiled.inOrder(losses, m.compiled.results()) {
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
	feed, first, err := m.openDataset(x, y, e.SampleWeight)
	if err != nil {
		return nil, nil, err
	}
	if err := m.buildFor(first.X); err != nil {
		return nil, nil, err
	}
	data, err := m.newArrays(first.X, first.Y, first.SampleWeight)
	if err != nil {
		return nil, nil, err
	}
	data.feed = feed
	batch, steps, err := stepsOf(data, e.BatchSize, e.Steps)
	if err != nil {
		return nil, nil, err
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

// stepsOf returns the batch size and the number of batches of an evaluation or a
// prediction.
func stepsOf(data *arrays, batch, steps int) (size, n int, err error) {
	if f := data.feed; f != nil {
		switch {
		case batch > 0:
			return 0, 0, errors.New("batch_size must not be given with a Dataset, which makes its own batches")
		case f.n < 0 && steps == 0:
			return 0, 0, errors.New("steps must be given with a Dataset without end")
		case steps > 0 && (f.n < 0 || steps < f.n):
			return 0, steps, nil
		}
		return 0, f.n, nil
	}
	batch = min(batchSize(batch, steps, data.n), data.n) // PredictOnBatch asks for any number
	n = (data.n + batch - 1) / batch
	if steps > 0 {
		n = min(n, steps)
	}
	return batch, n, nil
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
	list = withProgress(list, m.newProgress(s.out, verbose, 0, steps))
	list.SetModel(s)
	return list, s, nil
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
	if err := m.linkFor(x); err != nil {
		return err
	}
	return m.Build()
}

// linkFor puts an input for the first data before a Sequential without one.
func (m *Model) linkFor(x any) error {
	if m.sequential && len(m.Layers()) == 0 {
		return errors.New("the model has no layers; Add some first")
	}
	if len(m.inputs) > 0 {
		return nil
	}
	if m.impl != nil {
		return m.linkData(x)
	}
	t, ok := x.(*tensor.Tensor)
	if !ok || t.Shape().Rank() == 0 {
		return errors.New("the first data that a Sequential sees must be one array of samples")
	}
	dtype := tensor.Float32
	if t.DType() == tensor.String {
		dtype = tensor.String
	}
	return m.setInput(t.Shape(), dtype)
}
