package keras

import (
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
)

// mean is a float32 mean as Keras's metric of that name keeps it.
type mean struct{ total, count float32 }

func (m *mean) add(v float32, n int) {
	m.total += v * float32(n)
	m.count += float32(n)
}

func (m mean) value() float64 {
	if m.count == 0 {
		return 0
	}
	return float64(m.total / m.count)
}

// lossNames returns "loss" and, when several outputs have a loss, the names of
// theirs.
func (m *Model) lossNames() []string {
	names := []string{"loss"}
	for i, l := range m.compiled.losses {
		if l != nil {
			names = append(names, m.lossName(i, l)+"_loss")
		}
	}
	if len(names) == 2 {
		return names[:1]
	}
	return names
}

// lossName names the loss of an output: after the output, or, where that has no name,
// after the loss.
func (m *Model) lossName(i int, l any) string {
	if !m.namelessOutputs() {
		return m.outputNames()[i]
	}
	given, _ := m.compiled.args.Loss.(string)
	if list, ok := m.compiled.args.Loss.([]any); ok {
		given, _ = list[i].(string)
	}
	if given == "" {
		given = nameOf(l)
	}
	return given
}

// values returns what Evaluate does.
func (r *runner) values() []float64 {
	if r.own {
		return r.m.inOwnOrder(r.last)
	}
	var losses []namedValue
	for _, v := range r.means {
		losses = append(losses, namedValue{value: v.value()})
	}
	var out []float64
	for _, v := range r.m.compiled.inOrder(losses, r.last) {
		out = append(out, v.value)
	}
	return out
}

// collect reads the step's outputs: total loss, losses by output, metrics.
func (r *runner) collect(f *run.Frame, n int) error {
	r.means[0].add(f.Output(0).Float32s()[0], n)
	k := 1
	for _, l := range r.m.compiled.losses {
		if l == nil {
			continue
		}
		if len(r.means) > 1 {
			r.means[k].add(f.Output(k).Float32s()[0], n)
		}
		k++
	}
	if r.last == nil {
		for i, b := range r.m.compiled.metrics {
			b.values = f.Output(k + i).Size()
		}
		r.last = r.m.compiled.results()
	}
	at := 0
	for i, b := range r.m.compiled.metrics {
		for j := range b.values {
			r.last[at].value = f.Output(k + i).Float64At(j)
			at++
		}
	}
	return nil
}

// resetMetrics forgets what the loss and the metrics have seen.
func (m *Model) resetMetrics() {
	clear(m.compiled.means)
	for _, b := range m.compiled.metrics {
		b.reset()
	}
	for _, b := range m.ownMetrics() {
		b.reset()
	}
}

// logs returns the means and metrics so far.
func (r *runner) logs() callbacks.Logs {
	l := callbacks.Logs{}
	for i, n := range r.names {
		if !r.own {
			l[n] = r.means[i].value()
		}
	}
	for _, v := range r.last {
		l[v.name] = v.value
	}
	return l
}
