package layers

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// augmenter is a layer that changes images at random in training. Draw takes the
// random numbers for images of the shape of x, which are of a float type, and
// returns what they do to such images. Numbers are drawn in Keras's order.
type augmenter interface {
	draw(c *Context, x graph.Value) transformation
}

// transformation is a change of images with its random numbers drawn.
type transformation func(x graph.Value) graph.Value

// augment is the Call of an augmenter: outside training it changes nothing.
func (c *Context) augment(d augmenter, in []graph.Value) graph.Value {
	x := floats(in[0])
	if !c.Training() || x.Graph().Err() != nil {
		return x
	}
	return d.draw(c, x)(x)
}

// between draws numbers from [lo, hi).
func (c *Context) between(seed *int, lo, hi float64, shape ...int) graph.Value {
	return ops.AddScalar(ops.MulScalar(c.Uniform(seed, shape...), hi-lo), lo)
}

// perImage draws a number from a range for each image of x: (N, 1, 1, 1).
func (c *Context) perImage(seed *int, x graph.Value, r span) graph.Value {
	return ops.Cast(c.between(seed, r.lo, r.hi, x.Shape()[0], 1, 1, 1), x.DType())
}

// chosen draws which images of x a layer changes, as 0 or 1, (N, 1, 1, 1): each
// image with a probability that is itself drawn from a range.
func (c *Context) chosen(seed *int, x graph.Value, probability span) graph.Value {
	p := c.perImage(seed, x, probability)
	return ops.Less(c.perImage(seed, x, span{0, 1}), p)
}

// shuffled draws an order of n things: int32 (n).
func (c *Context) shuffled(seed *int, n int) graph.Value {
	_, places := ops.TopK(c.Uniform(seed, n), n)
	return places
}

// logGamma draws logarithms of gamma numbers; see ops.RandomLogGamma.
func (c *Context) logGamma(seed *int, alpha graph.Value, shape ...int) graph.Value {
	return ops.Cast(ops.RandomLogGamma(alpha, shape, c.stream(seed)), c.env.DType)
}

// beta draws numbers of the beta distribution with both parameters alpha.
func (c *Context) beta(seed *int, alpha graph.Value, shape ...int) graph.Value {
	a := c.logGamma(seed, alpha, shape...)
	return ops.Sigmoid(ops.Sub(a, c.logGamma(seed, alpha, shape...)))
}

// span is a range that numbers are drawn from.
type span struct{ lo, hi float64 }

// list is the form in which Keras's configurations have a range.
func (s span) list() []float64 { return []float64{s.lo, s.hi} }

// factor reads an argument that is a number or a list of two numbers, as most of
// Keras's image layers do: a number f stands for the range from the larger of -|f|
// and lo to |f|. The numbers must lie in [lo, hi].
func factor(name string, v any, lo, hi float64) (span, error) {
	t, err := numbers(v)
	if err != nil || t.Size() > 2 || t.Shape().Rank() == 1 && t.Size() != 2 {
		return span{}, fmt.Errorf("%s wants a number or a list of two numbers, got %v", name, v)
	}
	list := t.Cast(tensor.Float64).Float64s()
	for _, f := range list {
		if !(f >= lo && f <= hi) {
			return span{}, fmt.Errorf("%s %v is outside [%v, %v]", name, v, lo, hi)
		}
	}
	if len(list) == 1 {
		f := max(list[0], -list[0])
		return span{max(-f, lo), f}, nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return span{list[0], list[1]}, nil
}

// mustFactor is factor for an argument that Completed has checked.
func mustFactor(v any, lo, hi float64) span {
	s, _ := factor("", v, lo, hi)
	return s
}

// complete replaces an argument by the list that Keras's configuration has.
func completeFactor(name string, v *any, lo, hi float64) error {
	s, err := factor(name, *v, lo, hi)
	if err == nil {
		*v = s.list()
	}
	return err
}

// sorted returns value_range in ascending order.
func sorted(r [2]float64) [2]float64 { return [2]float64{min(r[0], r[1]), max(r[0], r[1])} }

// rescale brings values from one range to another.
func rescale(x graph.Value, from, to [2]float64) graph.Value {
	if from == to {
		return x
	}
	x = ops.DivScalar(ops.SubScalar(x, from[0]), from[1]-from[0])
	return ops.AddScalar(ops.MulScalar(x, to[1]-to[0]), to[0])
}

// clip clips to a value range.
func clip(x graph.Value, r [2]float64) graph.Value { return ops.Clip(x, r[0], r[1]) }

// byteRange is the range that most image layers compute in.
var byteRange = [2]float64{0, 255}

// inLast applies f to images with their channels last.
func inLast(x graph.Value, format string, f func(x graph.Value) graph.Value) graph.Value {
	return channelsAs(f(channelsLast(x, format)), format)
}

// area returns the height and width of images.
func area(x graph.Value, format string) (h, w int) {
	s := x.Shape()
	if format == "channels_first" {
		return s[2], s[3]
	}
	return s[1], s[2]
}

// transforms makes the transforms (N, 8) of ops.AffineTransform of columns (N, 1, 1, 1)
// and constants.
func transforms(x graph.Value, columns ...any) graph.Value {
	n := x.Shape()[0]
	list := make([]graph.Value, 8)
	for i := range list {
		v := any(0.0)
		if i < len(columns) {
			v = columns[i]
		}
		if number, ok := v.(float64); ok {
			list[i] = ops.Fill(x.Graph(), graph.Spec{DType: x.DType(), Shape: tensor.Shape{n, 1}}, number)
		} else {
			list[i] = ops.Reshape(v.(graph.Value), n, 1)
		}
	}
	return ops.Concat(1, list...)
}

// colors is pixels for layers that know colours and grey.
func (b *Builder) colors(in []tensor.Shape, dtype, format string) {
	if s, ok := b.pixels(in, dtype, format); ok && s[3] != 3 && s[3] != 1 {
		b.misfit("its input %v has %d channels; wanted 3 (RGB) or 1 (grey)", shown(in[0]), s[3])
	}
}

// rgb is pixels for layers that know colours.
func (b *Builder) rgb(in []tensor.Shape, dtype, format string) {
	if s, ok := b.pixels(in, dtype, format); ok && s[3] != 3 {
		b.misfit("its input %v has %d channels; wanted 3 (RGB)", shown(in[0]), s[3])
	}
}
