package operations

import (
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Pad]("numpy")
}

// Pad adds elements before and after those of each axis.
type Pad struct {
	ofPadded
	Name     string `keras:"name"`
	PadWidth any    `keras:"pad_width,required"`                                    // [before, after] for each axis, or one pair, or one number, for all
	Mode     string `keras:"mode,default=constant,enum=constant|reflect|symmetric"` // what is added: a constant, or the elements mirrored without (reflect) or with (symmetric) the last one
}

func (o Pad) Call(c *Call) []Value { return o.pad(c) }

type ofPadded struct{}

func (ofPadded) Arguments() []string { return []string{"x", "constant_values"} }
func (ofPadded) Keywords() []string  { return []string{"constant_values"} }

func (o Pad) pad(c *Call) []Value {
	x := c.X(0)
	widths, ok := padWidths(o.PadWidth, len(x.Shape()))
	if !ok {
		return c.failed("pad_width %v does not fit a tensor of rank %d", o.PadWidth, len(x.Shape()))
	}
	if o.Mode == "constant" {
		return one(ops.Pad(x.Value, widths, c.Number(1, 0)), x.DType)
	}
	v := x.Value
	for a, w := range widths {
		n := v.Shape()[a]
		if !c.within("length of an axis", n+w[0]+w[1], maxPlaces) {
			return []Value{x}
		}
		first := 1 // reflect leaves the outermost element out
		if o.Mode == "symmetric" {
			first = 0
		}
		if w[0] > n-first || w[1] > n-first {
			return c.failed("axis %d of length %d cannot be mirrored by %v", a, n, w)
		}
		var places []int32
		for i := w[0]; i > 0; i-- {
			places = append(places, int32(i-1+first))
		}
		for i := range n {
			places = append(places, int32(i))
		}
		for i := range w[1] {
			places = append(places, int32(n-1-first-i))
		}
		v = take(v, places, a)
	}
	return one(v, x.DType)
}

// padWidths reads Keras's forms of pad_width.
func padWidths(v any, rank int) ([][2]int, bool) {
	list := flatInts(v)
	out := make([][2]int, rank)
	switch {
	case list == nil:
		return nil, false
	case len(list) == 1:
		for i := range out {
			out[i] = [2]int{list[0], list[0]}
		}
	case len(list) == 2:
		for i := range out {
			out[i] = [2]int{list[0], list[1]}
		}
	case len(list) == 2*rank:
		for i := range out {
			out[i] = [2]int{list[2*i], list[2*i+1]}
		}
	default:
		return nil, false
	}
	return out, true
}
