package schedules

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// CosineDecayRestarts is CosineDecay that starts over after first_decay_steps steps,
// with periods that grow by t_mul and heights that change by m_mul (SGDR,
// Loshchilov & Hutter, 2016).
type CosineDecayRestarts struct {
	// rate at step 0
	InitialLearningRate float64 `keras:"initial_learning_rate,required"`
	// steps of the first period
	FirstDecaySteps int `keras:"first_decay_steps,required,min=1"`
	// each period is this much longer than the one before
	TMul *float64 `keras:"t_mul,default=2"`
	// each period starts at this part of the rate before
	MMul *float64 `keras:"m_mul,default=1"`
	// smallest rate, as a part of the initial rate
	Alpha float64 `keras:"alpha,default=0"`
	// name of the schedule
	Name string `keras:"name,default=SGDRDecay"`
}

func init() { spec.Register[CosineDecayRestarts]("keras.optimizers.schedules") }

// LearningRate computes the rate after step steps.
func (s CosineDecayRestarts) LearningRate(step graph.Value) graph.Value {
	x := ops.DivScalar(number(step), float64(s.FirstDecaySteps))
	tMul := orElse(s.TMul, 2)
	var period graph.Value
	if float32(tMul) == 1 {
		period = ops.Floor(x)
		x = ops.Sub(x, period)
	} else {
		// Period i starts at (1 - t^i)/(1 - t) and is t^i long.
		t := scalar(x, tMul)
		over := ops.SubScalarFrom(1, t)
		period = ops.Floor(ops.Div(ops.Log(ops.SubScalarFrom(1, ops.Mul(x, over))), ops.Log(t)))
		length := ops.Pow(t, period)
		x = ops.Div(ops.Sub(x, ops.Div(ops.SubScalarFrom(1, length), over)), length)
	}
	height := ops.MulScalar(ops.Pow(scalar(x, orElse(s.MMul, 1)), period), 0.5)
	cosine := ops.Mul(height, ops.AddScalar(ops.Cos(ops.MulScalar(x, math.Pi)), 1))
	keep := float64(1 - float32(s.Alpha))
	return ops.MulScalar(ops.AddScalar(ops.MulScalar(cosine, keep), s.Alpha), s.InitialLearningRate)
}

var _ Schedule = CosineDecayRestarts{}
