package schedules

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// CosineDecay is rate·((1-alpha)·(1+cos(π·step/decay_steps))/2 + alpha), optionally
// after a linear warm-up from the initial rate to warmup_target (Loshchilov & Hutter,
// 2016).
type CosineDecay struct {
	// rate at step 0
	InitialLearningRate float64 `keras:"initial_learning_rate,required"`
	// steps of the decay, after those of the warm-up
	DecaySteps int `keras:"decay_steps,required,min=1"`
	// smallest rate, as a part of the rate that the decay starts from
	Alpha float64 `keras:"alpha,default=0"`
	// name of the schedule
	Name string `keras:"name,default=CosineDecay"`
	// rate at the end of a linear warm-up; nil means none
	WarmupTarget *float64 `keras:"warmup_target"`
	// steps of the warm-up
	WarmupSteps int `keras:"warmup_steps,default=0,min=0"`
}

func init() { spec.Register[CosineDecay]("keras.optimizers.schedules") }

// LearningRate computes the rate after step steps.
func (s CosineDecay) LearningRate(step graph.Value) graph.Value {
	x := number(step)
	decay := func(x graph.Value, from float64) graph.Value {
		part := ops.MulScalar(ops.DivScalar(x, float64(s.DecaySteps)), math.Pi)
		cosine := ops.MulScalar(ops.AddScalar(ops.Cos(part), 1), 0.5)
		return ops.MulScalar(ops.AddScalar(ops.MulScalar(cosine, 1-s.Alpha), s.Alpha), from)
	}
	if s.WarmupTarget == nil {
		return decay(ops.MinimumScalar(x, float64(s.DecaySteps)), s.InitialLearningRate)
	}
	x = ops.MinimumScalar(x, float64(s.DecaySteps+s.WarmupSteps))
	decayed := decay(ops.SubScalar(x, float64(s.WarmupSteps)), *s.WarmupTarget)
	if s.WarmupSteps == 0 {
		return decayed
	}
	rise := float64(float32(*s.WarmupTarget) - float32(s.InitialLearningRate))
	warm := ops.AddScalar(ops.MulScalar(ops.DivScalar(x, float64(s.WarmupSteps)), rise), s.InitialLearningRate)
	return ops.Where(ops.Less(x, scalar(x, float64(s.WarmupSteps))), warm, decayed)
}

var _ Schedule = CosineDecay{}
