package schedules

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Schedule computes a learning rate.
type Schedule interface {
	// LearningRate returns the learning rate, a float32 scalar, after step steps. step
	// is a scalar of any numeric type. The method sees a completed struct.
	LearningRate(step graph.Value) graph.Value
}

// At returns the learning rate that a schedule gives after step steps. It is
// computed in float32, as during training. s is a Schedule, completed here when it
// is a registered class.
func At(s any, step int) (float64, error) {
	sch, err := Get(s)
	if err != nil {
		return 0, err
	}
	g := graph.New()
	lr := sch.LearningRate(ops.Const(g, tensor.Scalar(int32(step))))
	out, err := graph.Run(g, []graph.Value{lr}, graph.Feeds{}, false)
	if err != nil {
		return 0, err
	}
	return out[0].Float64At(0), nil
}

// Get returns v as a Schedule, completed when it is a registered class.
func Get(v any) (Schedule, error) {
	if _, ok := spec.ClassOf(v); ok {
		done, err := spec.CompleteAny(v)
		if err != nil {
			return nil, err
		}
		v = done
	}
	if s, ok := v.(Schedule); ok {
		if c, ok := v.(interface{ check() error }); ok {
			if err := c.check(); err != nil {
				return nil, err
			}
		}
		return s, nil
	}
	return nil, fmt.Errorf("schedules: %T is no learning-rate schedule", v)
}

// number converts a step count to float32.
func number(step graph.Value) graph.Value { return ops.Cast(step, tensor.Float32) }

// scalar returns a float32 constant.
func scalar(like graph.Value, v float64) graph.Value { return like.Graph().Scalar(tensor.Float32, v) }

// orElse returns what p points at, or d for nil.
func orElse(p *float64, d float64) float64 {
	if p == nil {
		return d
	}
	return *p
}
