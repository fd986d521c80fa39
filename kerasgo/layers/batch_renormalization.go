package layers

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
)

// Completed checks the bounds of renormalization.
func (d BatchNormalization) Completed() (any, error) {
	if !d.Renorm {
		return d, nil
	}
	for _, key := range slices.Sorted(maps.Keys(d.RenormClipping)) {
		if !slices.Contains([]string{"rmin", "rmax", "dmax"}, key) {
			return nil, fmt.Errorf("renorm_clipping: there is no bound %q; wanted rmin, rmax or dmax", key)
		}
	}
	rmin, low := d.RenormClipping["rmin"]
	rmax, high := d.RenormClipping["rmax"]
	switch {
	case low && high && rmax < rmin:
		return nil, fmt.Errorf("renorm_clipping: rmax %v is below rmin %v", rmax, rmin)
	case d.RenormClipping["dmax"] < 0:
		return nil, fmt.Errorf("renorm_clipping: dmax %v is below 0", d.RenormClipping["dmax"])
	}
	if d.RenormClipping == nil {
		d.RenormClipping = map[string]float64{}
	}
	return d, nil
}

// renormalized is the training step of batch renormalization.
func (d BatchNormalization) renormalized(c *Context, x graph.Value, axis int) graph.Value {
	mean, variance := d.moments(c, x, axis)
	stddev := ops.Sqrt(ops.AddScalar(variance, *d.Epsilon))
	oldMean, oldStddev := c.Weight("renorm_mean"), c.Weight("renorm_stddev")
	floor := ops.MaximumScalar(oldStddev, math.Sqrt(*d.Epsilon))
	r, shift := ops.Div(stddev, floor), ops.Div(ops.Sub(mean, oldMean), floor)
	if v, ok := d.RenormClipping["rmin"]; ok {
		r = ops.MaximumScalar(r, v)
	}
	if v, ok := d.RenormClipping["rmax"]; ok {
		r = ops.MinimumScalar(r, v)
	}
	if v, ok := d.RenormClipping["dmax"]; ok {
		shift = ops.Clip(shift, -v, v)
	}
	gamma, beta := ops.StopGradient(r), ops.StopGradient(shift)
	if c.Has("gamma") {
		gamma, beta = ops.Mul(gamma, c.Weight("gamma")), ops.Mul(beta, c.Weight("gamma"))
	}
	if c.Has("beta") {
		beta = ops.Add(beta, c.Weight("beta"))
	}
	toward := func(old, batch graph.Value, momentum float64) graph.Value {
		return ops.Add(ops.MulScalar(old, momentum), ops.MulScalar(batch, 1-momentum))
	}
	c.Assign("renorm_mean", toward(oldMean, mean, *d.RenormMomentum))
	c.Assign("renorm_stddev", toward(oldStddev, stddev, *d.RenormMomentum))
	c.Assign("moving_mean", d.follow(c.Weight("moving_mean"), mean))
	moving := d.follow(c.Weight("moving_stddev"), stddev)
	c.Assign("moving_stddev", moving)
	c.Assign("moving_variance", ops.Relu(ops.SubScalar(ops.Square(moving), *d.Epsilon)))
	return d.normalized(x, mean, variance, gamma, beta, axis)
}

// rootOf starts a standard deviation at the root of a variance's starting value.
type rootOf struct{ inner any }

// Initialize takes the roots.
func (r rootOf) Initialize(shape tensor.Shape, s *rng.Stream) (*tensor.Tensor, error) {
	init, ok := r.inner.(initializers.Initializer)
	if !ok {
		return nil, fmt.Errorf("%T is no initializer", r.inner)
	}
	t, err := init.Initialize(shape, s)
	if err != nil {
		return nil, err
	}
	t = t.Clone()
	for i := range t.Size() {
		t.SetFloat64At(i, math.Sqrt(t.Float64At(i)))
	}
	return t, nil
}
