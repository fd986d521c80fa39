package keras

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
)

// Metric is a metric with its state, which a step of one's own updates; see Step.Update.
// Fit and Evaluate reset it at the start of every pass.
type Metric struct {
	boundMetric
	err error // why the description is no good
}

// NewMetric makes a metric from a description, such as metrics.Mean{Name: "kl_loss"}, or a
// name, for an exported field of a model of one's own; see NewSubclass. A mistake is
// returned by the model's Err.
func NewMetric(description any) *Metric {
	m := &Metric{}
	if m.Metric, m.err = metrics.Get(description); m.err == nil {
		names := logNames{auto: map[string]int{}, used: map[string]int{}}
		m.own = names.own(m.Metric)
		m.name = m.own
	}
	return m
}

// Name returns the metric's name.
func (m *Metric) Name() string { return m.name }

// prepare makes the state for targets and predictions of these shapes.
func (m *Metric) prepare(y, pred tensor.Shape) error {
	if m.err != nil {
		return m.err
	}
	defs := m.State(y, pred)
	if m.defs != nil {
		same := func(a, b metrics.State) bool { return a.Name == b.Name && slices.Equal(a.Shape, b.Shape) }
		if !slices.EqualFunc(m.defs, defs, same) {
			return fmt.Errorf("metric %s is updated with values of other shapes than before", m.name)
		}
		return nil
	}
	m.defs = defs
	for _, d := range defs {
		m.state = append(m.state, tensor.New(tensor.Float32, d.Shape...))
	}
	m.reset()
	return nil
}

// shapeOf returns a value's shape, nil for a zero Value.
func shapeOf(v graph.Value) tensor.Shape {
	if !v.OK() {
		return nil
	}
	return v.Shape()
}
