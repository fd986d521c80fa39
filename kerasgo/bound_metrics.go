package keras

import (
	"errors"
	"fmt"
	"maps"
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
	own      string // its name among the metrics
	name     string // that of its value in logs
	values   int    // how many the last batch yielded
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
		if len(names) == 1 {
			per = []any{flatten(v)}
			break
		}
		nested := len(v) > 0
		for _, x := range v {
			if _, ok := x.([]any); !ok && x != nil {
				nested = nested && len(v) == len(names)
			}
		}
		if per, err = m.perOutput(v, what, false); !nested {
			return fmt.Errorf("%s: give a list for each of the %d outputs, or a map", what, len(names))
		}
	case map[string]any:
		if len(names) == 1 {
			per = []any{flatten(v)}
			break
		}
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

// flatten returns all that is in lists and maps: a model with one output may be given
// its metrics in any of them, and under any name, as in Keras.
func flatten(v any) (all []any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			all = append(all, flatten(x)...)
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			all = append(all, flatten(v[k])...)
		}
	default:
		all = []any{v}
	}
	return all
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
	outputs, prefixes := m.outputNames(), m.prefixes()
	names := logNames{auto: map[string]int{}, used: map[string]int{}}
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
		b.own, b.name = names.metric(w, prefixes)
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

// logNames gives metrics their names as Keras does.
type logNames struct {
	auto map[string]int // metrics without a name, by class
	used map[string]int // values of a name
}

// metric returns the name that a metric has itself, and that in logs.
func (n *logNames) metric(w wantedMetric, prefixes []string) (own, name string) {
	own = w.given
	if own == "" {
		own = n.own(w.value)
	}
	return own, n.of(prefixes[w.output], own, w.weighted)
}

// prefixes returns what stands before the names of an output's metrics.
func (m *Model) prefixes() []string {
	names := m.outputNames()
	out := make([]string, len(names))
	for i, n := range names {
		if len(names) > 1 && !m.namelessOutputs() {
			out[i] = n + "_"
		}
	}
	return out
}

// LogNames returns the names that the logs of a compiled model have, without those of
// validation. A metric with several values, such as an F1Score of each class, logs
// them under its name with _0, _1 and so on after it.
func (m *Model) LogNames() []string {
	if m.compiled == nil {
		return nil
	}
	list, names := m.lossNames(), logNames{auto: map[string]int{}, used: map[string]int{}}
	for _, w := range m.compiled.wanted {
		_, name := names.metric(w, m.prefixes())
		list = append(list, name)
	}
	return list
}

// own returns the name argument of a metric, or its class in snake case, numbered
// from the second on.
func (n *logNames) own(v any) string {
	if name := nameField(v); name != "" {
		return name
	}
	name := spec.SnakeCase(className(v))
	k := n.auto[name]
	n.auto[name]++
	if k > 0 {
		name = fmt.Sprintf("%s_%d", name, k)
	}
	return name
}

// of returns the name in logs of a metric of that name.
func (n *logNames) of(prefix, own string, weighted bool) string {
	name := prefix + own
	if n.used[name] > 0 && weighted {
		name = prefix + "weighted_" + own
	}
	k := n.used[name]
	n.used[name]++
	if k > 0 {
		name = fmt.Sprintf("%s_%d", name, k)
	}
	return name
}

// namedValue is a number of the logs. A metric may have several.
type namedValue struct {
	name   string
	value  float64
	metric *boundMetric // whose it is; nil for losses
}

// results names the values that the metrics have yielded.
func (cp *compiled) results() (list []namedValue) {
	for _, b := range cp.metrics {
		for i := range b.values {
			v := namedValue{name: b.name, metric: b}
			if b.values > 1 { // one value a class or threshold
				v.name = fmt.Sprintf("%s_%d", b.name, i)
			}
			list = append(list, v)
		}
	}
	return list
}

// inOrder lists the loss, the outputs' losses and the metrics as Keras's evaluate
// does: what logs call by a metric's own name comes in the order of the metrics
// (twice, if it is the name of two), then the outputs' losses, then the rest by name.
func (cp *compiled) inOrder(losses, results []namedValue) []namedValue {
	list := slices.Clone(losses[:1])
	own := map[string]bool{}
	for _, b := range cp.metrics {
		own[b.own] = true
		for _, v := range results {
			if v.metric.name == b.own {
				list = append(list, v)
			}
		}
	}
	list = append(list, losses[1:]...)
	rest := slices.DeleteFunc(slices.Clone(results), func(v namedValue) bool { return own[v.metric.name] })
	slices.SortStableFunc(rest, func(a, b namedValue) int { return strings.Compare(a.metric.name, b.metric.name) })
	return append(list, rest...)
}
