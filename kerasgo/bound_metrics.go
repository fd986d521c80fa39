package keras

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
	"github.com/kerasgo/kerasgo/spec"
)

// wantedMetric is a metric as Compile was given it.
type wantedMetric struct {
	value    any // metrics.Metric or a name that depends on shapes
	given    string
	output   int
	weighted bool
}

// boundMetric is a metric with its state.
type boundMetric struct {
	metrics.Metric
	name     string
	output   int
	weighted bool
	defs     []metrics.State
	state    []*tensor.Tensor
}

func (b *boundMetric) reset() {
	for i, s := range b.state {
		d := s.Float32s()
		for k := range d {
			d[k] = float32(b.defs[i].Init)
		}
	}
}

func (m *Model) resolveMetrics(cp *compiled, arg any, what string, weighted bool) error {
	names := m.outputNames()
	var per []any
	var err error
	switch v := arg.(type) {
	case nil:
		return nil
	case []any:
		nested := len(names) > 1 && len(v) > 0
		for _, x := range v {
			if _, ok := x.([]any); !ok && x != nil {
				nested = nested && len(v) == len(names)
			}
		}
		switch {
		case len(names) == 1:
			per = []any{flatten(v)}
		case nested:
			per, err = m.perOutput(v, what, false)
		default:
			return fmt.Errorf("%s: give a list for each of the %d outputs, or a map", what, len(names))
		}
	case map[string]any:
		per, err = m.perOutput(v, what, false)
	default:
		per, err = m.perOutput([]any{[]any{v}}, what, false)
	}
	if err != nil {
		return err
	}
	for i, v := range per {
		list, ok := v.([]any)
		if !ok && v != nil {
			list = []any{v}
		}
		for _, x := range list {
			if err := cp.want(x, i, weighted); err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
		}
	}
	return nil
}

// flatten unwraps a list that holds one list, as a model with one output may be
// given.
func flatten(v []any) []any {
	if len(v) == 1 {
		if l, ok := v[0].([]any); ok {
			return l
		}
	}
	return v
}

func (cp *compiled) want(v any, output int, weighted bool) error {
	if v == nil {
		return errors.New("an entry is nil")
	}
	w := wantedMetric{value: v, output: output, weighted: weighted}
	if s, ok := v.(string); ok {
		w.given = s
		switch strings.ToLower(s) {
		case "accuracy", "acc", "crossentropy", "ce":
			cp.wanted = append(cp.wanted, w)
			return nil
		}
	}
	metric, err := metrics.Get(v)
	if err != nil {
		return err
	}
	w.value = metric
	cp.wanted = append(cp.wanted, w)
	return nil
}

// bindMetrics chooses the metrics whose names depend on shapes, names all, and
// makes their state, once the shapes of targets and predictions are known. A
// batch axis is included in the shapes; y[i] is nil for an output without target.
func (m *Model) bindMetrics(y, pred []tensor.Shape) error {
	cp := m.compiled
	if cp.resolved {
		return nil
	}
	outputs := m.outputNames()
	used := map[string]int{}
	for _, w := range cp.wanted {
		if y[w.output] == nil {
			return fmt.Errorf("keras: a metric is wanted of output %q, which has no target", outputs[w.output])
		}
		b := &boundMetric{output: w.output, weighted: w.weighted}
		switch strings.ToLower(w.given) {
		case "accuracy", "acc":
			b.Metric = metrics.ResolveAccuracy(y[w.output], pred[w.output])
		case "crossentropy", "ce":
			b.Metric = metrics.ResolveCrossentropy(y[w.output], pred[w.output])
		default:
			b.Metric = w.value.(metrics.Metric)
		}
		b.name = w.given
		if b.name == "" {
			b.name = metricName(b.Metric)
		}
		if len(outputs) > 1 {
			b.name = outputs[w.output] + "_" + b.name
		}
		base := b.name
		if used[base] > 0 {
			if w.weighted {
				b.name = "weighted_" + base
			}
			for k := used[base]; used[b.name] > 0; k++ {
				b.name = fmt.Sprintf("%s_%d", base, k)
			}
			used[base]++
		}
		used[b.name]++
		b.defs = b.State(y[w.output], pred[w.output])
		for _, d := range b.defs {
			if slices.ContainsFunc(d.Shape, func(n int) bool { return n < 0 }) {
				return fmt.Errorf("metric %s needs an output whose shape is known but for the batch axis, not %v", b.name, pred[w.output])
			}
			b.state = append(b.state, tensor.New(tensor.Float32, d.Shape...))
		}
		b.reset()
		cp.metrics = append(cp.metrics, b)
	}
	cp.resolved = true
	return nil
}

// metricName returns the name argument of a metric or its class in snake case.
func metricName(v any) string {
	if n := nameField(v); n != "" {
		return n
	}
	return spec.SnakeCase(className(v))
}
