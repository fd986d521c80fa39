package oracle_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
)

type metricCase struct {
	Metric  json.RawMessage
	Names   []string // of the state variables
	Updates []struct {
		YTrue        *recording `json:"y_true"`
		YPred        *recording `json:"y_pred"`
		Weight, Mask *recording
		State        []*recording
		Result       *recording
	}
}

// TestMetrics holds the state and the result of metrics against Keras's, after each
// of several updates.
func TestMetrics(t *testing.T) {
	all := newTally()
	for i, c := range loadCases[metricCase](t, "metrics") {
		m := decodeObject(t, "metric", c.Metric).(metrics.Metric)
		all.count[className(m)]++
		for engine := range engines {
			t.Run(caseName(i, m)+"/"+engine, func(t *testing.T) {
				runMetric(t, all, m, c, engine)
				if t.Failed() {
					t.Logf("%s", c.Metric)
				}
			})
		}
	}
	all.everyClass(t, "metric")
	all.report(t)
}

func runMetric(t *testing.T, all *tally, m metrics.Metric, c metricCase, engine string) {
	first := c.Updates[0]
	list := m.State(tensor.Shape(first.YTrue.Shape), tensor.Shape(first.YPred.Shape))
	state, names := make([]*tensor.Tensor, len(list)), make([]string, len(list))
	number := map[string]int{}
	for k, s := range list {
		names[k], number[s.Name] = s.Name, k
		state[k] = tensor.New(tensor.Float32, s.Shape...)
		for j := range state[k].Size() {
			state[k].SetFloat64At(j, s.Init)
		}
	}
	if d := cmp.Diff(c.Names, names); d != "" {
		t.Fatalf("state variables (-Keras +kerasgo):\n%s", d)
	}
	for u, up := range c.Updates {
		g, in := graph.New(), graph.Feeds{Inputs: map[string]*tensor.Tensor{}, Variables: state}
		variable := func(name string) graph.Value {
			k := number[name]
			return g.Variable(k, graph.Spec{Shape: list[k].Shape})
		}
		ctx := metrics.NewContext(g, variable, func(name string, v graph.Value) { g.Assign(variable(name), v) })
		ctx.Mask = up.Mask.value(g, in, "mask")
		m.Update(ctx, up.YTrue.value(g, in, "y_true"), up.YPred.value(g, in, "y_pred"), up.Weight.value(g, in, "weight"))
		out, err := engines[engine](g, []graph.Value{m.Result(ctx)}, in)()
		if err != nil {
			t.Fatalf("%s: %v", c.Metric, err)
		}
		all.compare(t, fmt.Sprintf("result after update %d %s", u, engine), out[0], up.Result, 2e-6)
		for k, s := range state {
			all.compare(t, fmt.Sprintf("state %s after update %d %s", names[k], u, engine), s, up.State[k], 2e-6)
		}
	}
}
