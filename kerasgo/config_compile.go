package keras

import (
	"fmt"

	"github.com/kerasgo/kerasgo/spec"
)

// addCompile adds how the model was compiled, if it is wanted.
func (m *Model) addCompile(o *spec.Object, wanted bool) error {
	if !wanted || m.compiled == nil {
		return nil
	}
	c, err := m.compileConfig()
	if err == nil {
		o.Set("compile_config", c)
	}
	return err
}

// compileConfig returns what Compile was given, as Keras saves it.
func (m *Model) compileConfig() (*spec.Object, error) {
	a := m.compiled.args
	opt, err := spec.Serialize(m.compiled.given)
	if err != nil {
		return nil, fmt.Errorf("keras: optimizer: %w", err)
	}
	o := spec.NewObject("optimizer", opt)
	for _, f := range []struct {
		name string
		v    any
	}{{"loss", a.Loss}, {"loss_weights", a.LossWeights}, {"metrics", a.Metrics}, {"weighted_metrics", a.WeightedMetrics}} {
		v, err := plain(f.v)
		if err != nil {
			return nil, fmt.Errorf("keras: %s: %w", f.name, err)
		}
		o.Set(f.name, v)
	}
	o.Set("run_eagerly", false)
	o.Set("steps_per_execution", max(a.StepsPerExecution, 1))
	o.Set("jit_compile", false)
	return o, nil
}

// plain turns an argument of Compile into what JSON holds.
func plain(v any) (any, error) {
	list := func(n int, at func(int) any) (any, error) {
		out := make([]any, n)
		for i := range out {
			x, err := plain(at(i))
			if err != nil {
				return nil, err
			}
			out[i] = x
		}
		return out, nil
	}
	switch v := v.(type) {
	case nil, string, bool, int, float64:
		return v, nil
	case []any:
		return list(len(v), func(i int) any { return v[i] })
	case [][]any:
		return list(len(v), func(i int) any { return v[i] })
	case []string:
		return list(len(v), func(i int) any { return v[i] })
	case []float64:
		return list(len(v), func(i int) any { return v[i] })
	case map[string]any:
		return plainMap(v)
	case map[string][]any:
		return plainMap(v)
	case map[string]float64:
		return plainMap(v)
	}
	full, err := spec.CompleteAny(v)
	if err != nil {
		return nil, err
	}
	return spec.Serialize(full)
}

func plainMap[T any](m map[string]T) (any, error) {
	o := spec.NewObject()
	for _, k := range sortedKeys(m) {
		v, err := plain(any(m[k]))
		if err != nil {
			return nil, err
		}
		o.Set(k, v)
	}
	return o, nil
}
