package experiment

import (
	"fmt"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/spec"
)

// keras returns the arguments of Model.Compile.
func (c *Compile) keras() (keras.Compile, error) {
	weights, err := lossWeights(c.LossWeights)
	return keras.Compile{
		Optimizer:         c.Optimizer,
		Loss:              c.Loss,
		LossWeights:       weights,
		Metrics:           c.Metrics,
		WeightedMetrics:   c.WeightedMetrics,
		RunEagerly:        c.RunEagerly,
		StepsPerExecution: c.StepsPerExecution,
		JitCompile:        c.JitCompile,
		AutoScaleLoss:     c.AutoScaleLoss,
	}, err
}

// lossWeights turns a plain YAML value into numbers by output.
func lossWeights(v any) (any, error) {
	number := func(x any) (float64, error) {
		switch x := x.(type) {
		case float64:
			return x, nil
		case int:
			return float64(x), nil
		}
		return 0, fmt.Errorf("loss_weights: %v is no number", x)
	}
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []any:
		list := make([]float64, len(v))
		for i, x := range v {
			var err error
			if list[i], err = number(x); err != nil {
				return nil, err
			}
		}
		return list, nil
	case *spec.Object:
		m := map[string]float64{}
		for _, k := range v.Keys() {
			x, _ := v.Get(k)
			var err error
			if m[k], err = number(x); err != nil {
				return nil, err
			}
		}
		return m, nil
	}
	x, err := number(v)
	return []float64{x}, err
}
