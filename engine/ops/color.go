package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// RGBToGrayscale returns the brightness, 0.2989·R + 0.587·G + 0.114·B, of colours
// (…, 3) as (…, 1). Images that have one channel stay as they are.
func RGBToGrayscale(x graph.Value) graph.Value {
	if broken(x) || x.Shape().Last() == 1 {
		return x
	}
	if x.Shape().Last() != 3 {
		return reject(x, "RGBToGrayscale", "wants 3 channels (RGB) or 1 (grey) as last axis, got %v", x.Shape())
	}
	weights := tensor.From([]float64{0.2989, 0.5870, 0.1140}, 3, 1).Cast(x.DType())
	return MatMulAlong(x, Const(x.Graph(), weights), -1)
}

// RGBToHSV turns colours (…, 3) from red, green and blue into hue, saturation and
// value: value is the largest of the three, saturation the difference to the
// smallest, divided by it, and hue, in [0, 1), the place between the largest and
// the one in the middle on the circle red, green, blue.
func RGBToHSV(x graph.Value) graph.Value {
	c, ok := threeChannels("RGBToHSV", x)
	if !ok {
		return x
	}
	r, g, b := c[0], c[1], c[2]
	value := Maximum(Maximum(r, g), b)
	span := Sub(value, Minimum(Minimum(r, g), b))
	zero, one := Scalar(x, 0), Scalar(x, 1)
	some := Greater(span, zero)
	saturation := Where(Greater(value, zero), Div(span, Where(Greater(value, zero), value, one)), zero)
	norm := Div(Scalar(x, 1.0/6), Where(some, span, one))
	hue := Where(Equal(r, value), Mul(norm, Sub(g, b)),
		Where(Equal(g, value), AddScalar(Mul(norm, Sub(b, r)), 2.0/6), AddScalar(Mul(norm, Sub(r, g)), 4.0/6)))
	hue = Where(some, hue, zero)
	hue = Where(Less(hue, zero), AddScalar(hue, 1), hue)
	return Concat(-1, hue, saturation, value)
}

// HSVToRGB turns colours (…, 3) back from hue, saturation and value into red, green
// and blue.
func HSVToRGB(x graph.Value) graph.Value {
	c, ok := threeChannels("HSVToRGB", x)
	if !ok {
		return x
	}
	hue, saturation, value := MulScalar(c[0], 6), c[1], c[2]
	mix := func(pure graph.Value) graph.Value {
		return Mul(Add(SubScalarFrom(1, saturation), Mul(saturation, Clip(pure, 0, 1))), value)
	}
	return Concat(-1,
		mix(SubScalar(Abs(SubScalar(hue, 3)), 1)),
		mix(SubScalarFrom(2, Abs(SubScalar(hue, 2)))),
		mix(SubScalarFrom(2, Abs(SubScalar(hue, 4)))))
}

// threeChannels splits x, (…, 3), into three values (…, 1).
func threeChannels(op string, x value) (c [3]value, ok bool) {
	if broken(x) {
		return c, false
	}
	s := x.Shape()
	if len(s) == 0 || s.Last() != 3 {
		reject(x, op, "wants 3 channels as last axis, got %v", s)
		return c, false
	}
	for i := range c {
		starts, sizes := make([]int, len(s)), s.Clone()
		starts[len(s)-1], sizes[len(s)-1] = i, 1
		c[i] = Slice(x, starts, sizes)
	}
	return c, true
}
