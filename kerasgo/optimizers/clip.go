package optimizers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// clip bounds the gradients of the variables. Options that are 0 or negative bound
// nothing, as in Keras.
func (s *Step) clip(opt Options, active []int) {
	on := func(p *float64) bool { return p != nil && *p > 0 }
	switch {
	case on(opt.ClipNorm):
		for _, i := range active {
			s.grads[i] = clipNorm(s.grads[i], *opt.ClipNorm)
		}
	case on(opt.GlobalClipNorm):
		s.clipGlobal(*opt.GlobalClipNorm, active)
	case on(opt.ClipValue):
		for _, i := range active {
			s.grads[i] = ops.Clip(s.grads[i], -*opt.ClipValue, *opt.ClipValue)
		}
	}
}

// clipNorm returns g·c/max(‖g‖, c).
func clipNorm(g graph.Value, c float64) graph.Value {
	norm := ops.Sqrt(ops.Sum(ops.Square(g), nil, false))
	return ops.Div(ops.MulScalar(g, c), ops.MaximumScalar(norm, c))
}

// clipGlobal multiplies all gradients by c·min(1/‖G‖, 1/c), where ‖G‖ is the norm
// of all of them together. A norm that is not finite makes them NaN, so that it is
// seen.
func (s *Step) clipGlobal(c float64, active []int) {
	var sum graph.Value
	for _, i := range active {
		part := ops.Cast(ops.Sum(ops.Square(s.grads[i]), nil, false), tensor.Float32)
		if sum.OK() {
			part = ops.Add(sum, part)
		}
		sum = part
	}
	norm := ops.Sqrt(sum)
	scale := ops.MulScalar(ops.Minimum(ops.Reciprocal(norm), s.scalar(1/c)), c)
	scale = ops.Add(scale, ops.Sub(norm, norm))
	for _, i := range active {
		s.grads[i] = ops.Mul(s.grads[i], ops.Cast(scale, s.grads[i].DType()))
	}
}
