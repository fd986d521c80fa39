package initializers

import (
	"fmt"
	"math"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// VarianceScaling draws numbers with mean 0 and variance Scale/n, where n is the
// number of inputs of a unit (fan_in), of its outputs (fan_out) or their mean
// (fan_avg).
//
// For a matrix the fans are its two lengths; for a convolution kernel the lengths
// of the last two axes, each times the size of the window; for a vector both are
// its length. InputAxes and OutputAxes, given together, name the axes whose
// lengths are multiplied instead.
type VarianceScaling struct {
	Seed         *int      `keras:"seed"`                                                                                          // makes the numbers independent of the model's seed
	Scale        *float64  `keras:"scale,pos,default=1"`                                                                           // positive
	Mode         string    `keras:"mode,default=fan_in,enum=fan_in|fan_out|fan_avg"`                                               // which n
	Distribution string    `keras:"distribution,default=truncated_normal,enum=truncated_normal|untruncated_normal|uniform|normal"` // normal means truncated_normal
	InputAxes    spec.Ints `keras:"input_axes,since=3.15"`                                                                         // axes of the inputs
	OutputAxes   spec.Ints `keras:"output_axes,since=3.15"`                                                                        // axes of the outputs
}

func init() { spec.Register[VarianceScaling](module) }

// truncatedSD is the standard deviation of a standard normal variable that is
// truncated at ±2; dividing by it restores the wanted variance.
const truncatedSD = 0.87962566103423978

// Initialize implements Initializer.
func (v VarianceScaling) Initialize(shape tensor.Shape, r *rng.Stream) (*tensor.Tensor, error) {
	in, out, err := fans(shape, v.InputAxes, v.OutputAxes)
	if err != nil {
		return nil, err
	}
	var n float64
	switch v.Mode {
	case "", "fan_in":
		n = in
	case "fan_out":
		n = out
	case "fan_avg":
		n = (in + out) / 2
	default:
		return nil, fmt.Errorf("initializers: mode %q is not one of fan_in, fan_out, fan_avg", v.Mode)
	}
	scale := or(v.Scale, 1)
	if !(scale > 0) {
		return nil, fmt.Errorf("initializers: scale %v is not positive", scale)
	}
	scale /= max(1, n)
	r = stream(v.Seed, r)
	switch v.Distribution {
	case "", "truncated_normal", "normal":
		return normals(shape, 0, math.Sqrt(scale)/truncatedSD, true, r), nil
	case "untruncated_normal":
		return normals(shape, 0, math.Sqrt(scale), false, r), nil
	case "uniform":
		limit := math.Sqrt(3 * scale)
		return uniform(shape, -limit, limit, r), nil
	}
	return nil, fmt.Errorf("initializers: distribution %q is not one of truncated_normal, untruncated_normal, uniform", v.Distribution)
}

// fans returns the numbers of inputs and outputs of a unit.
func fans(s tensor.Shape, inAxes, outAxes []int) (in, out float64, err error) {
	if inAxes != nil && outAxes != nil {
		if in, err = product(s, inAxes); err == nil {
			out, err = product(s, outAxes)
		}
		return in, out, err
	}
	switch n := len(s); n {
	case 0:
		return 1, 1, nil
	case 1:
		return float64(s[0]), float64(s[0]), nil
	default:
		window := float64(s[:n-2].Size())
		return window * float64(s[n-2]), window * float64(s[n-1]), nil
	}
}

func product(s tensor.Shape, axes []int) (float64, error) {
	p := 1.0
	for _, axis := range axes {
		a, ok := s.Axis(axis)
		if !ok {
			return 0, fmt.Errorf("initializers: a weight of shape %v has no axis %d", s, axis)
		}
		p *= float64(s[a])
	}
	return p, nil
}

var _ Initializer = VarianceScaling{}
