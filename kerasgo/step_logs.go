package keras

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
)

// Update takes values of this batch into a metric and returns its result over all batches
// since the start of the epoch. Metrics that average values (Mean, Sum) take the values
// and, if wanted, their weights; all others targets, predictions and, if wanted, sample
// weights.
func (s *Step) Update(m *Metric, values ...graph.Value) graph.Value {
	zero := s.t.g.Scalar(tensor.Float32, 0)
	if m == nil {
		s.Errorf("Update: the metric is nil; make one with keras.NewMetric")
	}
	if s.t.g.Err() != nil {
		return zero
	}
	all := append([]graph.Value{}, values...)
	switch m.Metric.(type) {
	case metrics.Mean, metrics.Sum:
		all = append([]graph.Value{{}}, all...)
	}
	if len(all) < 2 || len(all) > 3 {
		s.Errorf("Update: %s takes values, or targets and predictions, and weights; it got %d values", m.name, len(values))
		return zero
	}
	all = padded(all, 3)
	for i, v := range all[:2] {
		if v.OK() {
			all[i] = s.t.float([]graph.Value{v})[0]
		}
	}
	if err := m.prepare(shapeOf(all[0]), shapeOf(all[1])); err != nil {
		s.Errorf("%w", err)
		return zero
	}
	return m.update(s.t, s.bind, all[0], all[1], all[2])
}

// Log makes a scalar part of the logs: what progress, History and callbacks show under
// the name. Of a value that is no metric's result an epoch shows the last batch's.
func (s *Step) Log(name string, v graph.Value) {
	switch {
	case s.t.g.Err() != nil:
		return
	case slices.Contains(s.logs, name):
		s.Errorf("Log: %q is logged twice", name)
		return
	case v.Shape().Size() != 1:
		s.Errorf("Log: %q is no scalar, but of shape %v", name, v.Shape())
		return
	}
	s.logs, s.values = append(s.logs, name), append(s.values, ops.Cast(v, tensor.Float32))
}

// ComputeMetrics logs what Keras's own step does: the mean of the loss over the batches,
// the losses of several outputs, and the metrics that Compile was given.
func (s *Step) ComputeMetrics(loss graph.Value, pred ...graph.Value) {
	if s.t.g.Err() != nil {
		return
	}
	cp := s.m.compiled
	mean := func(name string, v graph.Value) {
		b := s.m.lossMetric(name)
		n := ops.Scalar(v, float64(s.samples())) // as many samples, each with this loss
		s.Log(name, s.Update(b, ops.Reshape(v, 1), ops.Reshape(n, 1)))
	}
	mean("loss", loss)
	for _, p := range s.parts {
		mean(p.name, p.v)
	}
	if len(cp.metrics) == 0 {
		return
	}
	if len(pred) != len(s.m.outputs) || len(s.Y) < len(pred) {
		s.Errorf("ComputeMetrics: there are %d predictions and %d targets for the metrics of the model's %d outputs", len(pred), len(s.Y), len(s.m.outputs))
		return
	}
	results := s.m.metricsOf(s.t, s.Y, s.t.float(pred), padded(s.SampleWeight, len(pred)), s.bind)
	for i, b := range cp.metrics {
		if n := results[i].Shape().Size(); n > 1 {
			for k := range n {
				s.Log(fmt.Sprintf("%s_%d", b.name, k), ops.Reshape(ops.Slice(ops.Reshape(results[i], n), []int{k}, []int{1})))
			}
			continue
		}
		s.Log(b.name, results[i])
	}
}

// samples returns the length of the batch.
func (s *Step) samples() int { return s.X[0].Shape()[0] }

// lossMetric is the mean of a loss that ComputeMetrics keeps.
func (m *Model) lossMetric(name string) *Metric {
	for _, b := range m.compiled.lossMeans {
		if b.name == name {
			return b
		}
	}
	b := NewMetric(metrics.Mean{Name: name})
	m.compiled.lossMeans = append(m.compiled.lossMeans, b)
	return b
}

// ownMetrics lists the metrics of steps of the user's own: the losses' means, then those
// of the fields, here and in the models inside.
func (m *Model) ownMetrics() []*Metric {
	var list []*Metric
	if m.compiled != nil {
		list = slices.Clone(m.compiled.lossMeans)
	}
	if m.impl != nil {
		for _, a := range m.impl.attrs {
			if a.metric != nil {
				list = append(list, a.metric)
			}
		}
	}
	return list
}

// collectLogs reads what a step of the user's own logs.
func (r *runner) collectLogs(s *stepper) error {
	r.last = r.last[:0]
	for i, name := range s.p.logs {
		r.last = append(r.last, namedValue{name: name, value: float64(s.f.Output(i).Float32s()[0])})
	}
	return nil
}

// inOwnOrder returns logs as Keras's evaluate does: those that have the name of a metric
// in the metrics' order, then the others by name.
func (m *Model) inOwnOrder(logs []namedValue) []float64 {
	var names []string
	for _, b := range m.compiled.lossMeans {
		names = append(names, b.name)
	}
	for _, b := range m.compiled.metrics {
		names = append(names, b.own)
	}
	for _, b := range m.ownMetrics()[len(m.compiled.lossMeans):] {
		names = append(names, b.name)
	}
	var out []float64
	for _, n := range names {
		for _, v := range logs {
			if v.name == n {
				out = append(out, v.value)
			}
		}
	}
	rest := callbacks.Logs{}
	for _, v := range logs {
		if !slices.Contains(names, v.name) {
			rest[v.name] = v.value
		}
	}
	for _, n := range sortedKeys(rest) {
		out = append(out, rest[n])
	}
	return out
}
