package keras

import (
	"context"
	"fmt"

	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
)

// runner runs batches of a data set through the model and keeps the running means
// that logs show.
type runner struct {
	m     *Model
	mode  mode
	data  *arrays
	order *order
	steps map[int]*stepper // by batch length: the last batch may be short
	host  bool             // something runs before the step
	means []mean           // the model's: total loss, then, with several losses, each output's
	names []string         // of the means
	last  []namedValue     // metrics after the last batch
	own   bool             // the user's step yields the logs: last is all

	pipe   *pipeline           // of a Dataset
	shapes map[string]*stepper // of a Dataset, whose batches may have any shapes
}

// newRunner prepares the model for a data set: metrics and, for training, the
// optimizer are set up for its shapes.
func (m *Model) newRunner(md mode, data *arrays, batchSize int) (*runner, error) {
	r := &runner{m: m, mode: md, data: data, steps: map[int]*stepper{}, shapes: map[string]*stepper{}, host: m.onHost()}
	r.setOrder(batchSize, inOrder, 0)
	if err := m.prepare(md, data); err != nil {
		return nil, err
	}
	r.own, r.names = m.ownStep(md) != nil, m.lossNames()
	if m.compiled.means == nil {
		m.compiled.means = make([]mean, len(r.names))
	}
	r.means = m.compiled.means
	return r, nil
}

// close gives the frames back.
func (r *runner) close() {
	r.pause(false)
	for _, s := range r.shapes {
		s.p.release(s.f)
	}
	for _, s := range r.steps {
		s.p.release(s.f)
	}
}

// step runs one batch and takes its loss and metrics into the logs.
func (r *runner) step(rows []int) error {
	s, err := r.filled(rows)
	if err != nil {
		return err
	}
	if r.host {
		defer s.p.release(s.f)
	}
	if s.state != nil && r.m.compiled.iteration != nil && r.m.steps.Train == nil {
		state := tensor.Data[int64](s.state)
		state[0], state[1] = int64(r.m.seed), int64(r.m.compiled.iteration.Int32s()[0])
	} else if s.state != nil {
		tensor.Data[int64](s.state)[1] = int64(r.m.ownSteps)
	}
	if r.mode == modeTrain {
		r.m.ownSteps++
	}
	r.m.mu.Lock()
	err = run.Default().Run(s.f)
	r.m.mu.Unlock()
	if err != nil {
		return err
	}
	if s.p.logs != nil {
		return r.collectLogs(s)
	}
	return r.collect(s.f, len(rows))
}

// epoch runs the batches of one epoch and returns how many there were. With
// continued the data goes on from the last epoch.
func (r *runner) epoch(s *session, ctx context.Context, steps int, continued bool, list callbacks.List) (int, error) {
	if s.at.batch == 0 && (!continued || r.order.at == 0 || r.order.at >= len(r.order.rows)) {
		r.order.restart()
	}
	defer func() { r.pause(true) }()
	for step := s.at.batch; step < steps; step++ {
		if ctx != nil && ctx.Err() != nil {
			return step, ctx.Err()
		}
		rows, err := r.next()
		if err != nil {
			return step, err
		}
		if len(rows) == 0 {
			s.Warn(fmt.Sprintf("the data ran out after %d of %d steps of the epoch; give more data or fewer steps_per_epoch", step, steps))
			return step, nil
		}
		if err := list.OnTrainBatchBegin(step, nil); err != nil {
			return step, err
		}
		if err := r.step(rows); err != nil {
			return step, err
		}
		s.at.batch++
		if err := list.OnTrainBatchEnd(step, r.logs()); err != nil {
			return step, err
		}
		if s.Stopped() {
			return step + 1, nil
		}
	}
	return steps, nil
}

// evaluate runs the data set, or the first steps batches of it, and returns the
// logs.
func (r *runner) evaluate(s *session, ctx context.Context, steps int, list callbacks.List) (callbacks.Logs, error) {
	r.m.resetMetrics()
	r.order.restart()
	if err := list.OnTestBegin(nil); err != nil {
		return nil, err
	}
	defer func() { r.pause(true) }()
	for step := 0; steps == 0 || step < steps; step++ {
		if ctx != nil && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		rows, err := r.next()
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			break
		}
		if err := list.OnTestBatchBegin(step, nil); err != nil {
			return nil, err
		}
		if err := r.step(rows); err != nil {
			return nil, err
		}
		if err := list.OnTestBatchEnd(step, r.logs()); err != nil {
			return nil, err
		}
	}
	logs := r.logs()
	return logs, list.OnTestEnd(logs)
}
