package keras

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
)

// setOrder chooses the order of the samples, or of the batches of a Dataset.
func (r *runner) setOrder(batchSize int, how shuffling, seed uint64) {
	if r.data.feed != nil {
		batchSize = 1
	}
	r.order = newOrder(max(r.data.items(), 0), batchSize, how, seed)
	r.order.endless = r.data.items() < 0
}

// next returns the samples of the next batch; none at the end of a pass. A Dataset's
// batch takes the place of the data.
func (r *runner) next() ([]int, error) {
	f := r.data.feed
	if f == nil {
		return r.order.next(), nil
	}
	if r.pipe == nil {
		r.pipe = f.start(r.mode, r.order.rest())
	}
	if len(r.order.next()) == 0 {
		return nil, nil
	}
	data, err := r.pipe.next()
	if err != nil {
		return nil, err
	}
	r.data, data.feed = data, f
	return f.all(data.n), nil
}

// pause ends the making of batches ahead; ended tells the Dataset so.
func (r *runner) pause(ended bool) {
	if r.pipe != nil {
		r.pipe.close()
		r.pipe = nil
	}
	if f := r.data.feed; f != nil && ended {
		f.ended()
	}
}

// prepare resolves what depends on the data's shapes.
func (m *Model) prepare(md mode, data *arrays) error {
	own := m.ownStep(md) != nil
	if !own {
		if err := m.checkTargets(data); err != nil {
			return err
		}
	} else if len(data.y) != len(m.outputs) {
		return nil // the step makes of them what it wants
	}
	y, pred := make([]tensor.Shape, len(m.outputs)), make([]tensor.Shape, len(m.outputs))
	for i, s := range m.outputs {
		pred[i] = s.shape.Clone()
		if t := data.y[i]; t != nil {
			y[i] = t.Shape().Clone()
			y[i][0] = tensor.Unknown
		}
	}
	if err := m.bindMetrics(y, pred); err != nil {
		return err
	}
	if md == modeTrain && !own {
		m.buildOptimizer()
	}
	return nil
}

// checkTargets reports losses without targets and class numbers that the output
// does not have.
func (m *Model) checkTargets(data *arrays) error {
	for i, l := range m.compiled.losses {
		if l == nil {
			continue
		}
		y, name := data.y[i], m.outputNames()[i]
		if y == nil {
			return fmt.Errorf("output %q has a loss, but there are no targets for it", name)
		}
		sparse, ok := l.(losses.SparseCategoricalCrossentropy)
		if !ok || sparse.Axis != nil && *sparse.Axis != -1 {
			continue
		}
		classes := m.outputs[i].shape.Last()
		for k := range y.Size() {
			c := y.Float64At(k)
			if c >= 0 && c < float64(classes) || classes < 0 || sparse.IgnoreClass != nil && c == float64(*sparse.IgnoreClass) {
				continue
			}
			return fmt.Errorf("target %d is %v, but output %q has %d classes, numbered from 0", k, c, name, classes)
		}
	}
	return nil
}
