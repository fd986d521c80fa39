package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/kernel"
)

// broadcast says how an operand is read along the flat output: the output is seen
// as axes, along each of which the operand moves by a stride that may be 0.
// Neighbouring axes are joined where the operand runs through them evenly.
type broadcast struct{ axes []axis }

// axis is a length of the output and what the operand moves by along it.
type axis struct{ n, stride int }

// broadcastOf returns how an operand of shape from is read for an output of shape
// to, which from broadcasts to.
func broadcastOf(from, to graph.Shape) broadcast {
	var inner []axis // innermost first
	stride := 1
	for k := len(to) - 1; k >= 0; k-- {
		if to[k] == 1 {
			continue
		}
		a := axis{n: to[k]}
		if j := k - (len(to) - len(from)); j >= 0 && from[j] != 1 {
			a.stride = stride
			stride *= from[j]
		}
		if i := len(inner) - 1; i >= 0 && a.stride == inner[i].stride*inner[i].n {
			inner[i].n *= a.n // also when both strides are 0
			continue
		}
		inner = append(inner, a)
	}
	b := broadcast{}
	for i := len(inner) - 1; i >= 0; i-- {
		b.axes = append(b.axes, inner[i])
	}
	if len(b.axes) == 0 {
		b.axes = []axis{{1, 0}}
	}
	return b
}

// single reports whether the operand is one number.
func (b broadcast) single() bool { return len(b.axes) == 1 && b.axes[0].stride == 0 }

// at returns which element of the operand is read at output position i.
func (b broadcast) at(i int) int {
	from := 0
	for k := len(b.axes) - 1; k >= 0; k-- {
		from += i % b.axes[k].n * b.axes[k].stride
		i /= b.axes[k].n
	}
	return from
}

// fill sets dst to the operand's elements for flat output positions from o on.
func (b broadcast) fill(dst, src []float32, o int) {
	if b.single() {
		kernel.Fill(dst, src[0])
		return
	}
	last, repeats := b.axes[len(b.axes)-1], 1
	if k := len(b.axes) - 2; k >= 0 && b.axes[k].stride == 0 && last.stride == 1 {
		repeats = b.axes[k].n // of a whole run, one after the other
	}
	for i := 0; i < len(dst); {
		n := last.n * repeats
		at := (o + i) % n
		part := dst[i:min(i+n-at, len(dst))]
		from := b.at(o + i)
		switch {
		case repeats > 1 && last.n < len(part):
			tile(part, src[from-at%last.n:][:last.n], at%last.n)
		case repeats > 1:
			run := min(last.n-at%last.n, len(part))
			part = part[:run]
			copy(part, src[from:])
		case last.stride == 1:
			copy(part, src[from:])
		case len(part) < 16: // a call would take longer
			v := src[from]
			for k := range part {
				part[k] = v
			}
		default:
			kernel.Fill(part, src[from])
		}
		i += len(part)
	}
}

// tile repeats src, turned by skip, all over dst, which is longer.
func tile(dst, src []float32, skip int) {
	copy(dst[copy(dst, src[skip:]):], src[:skip])
	for n := len(src); n < len(dst); n *= 2 { // what is there is a whole number of repeats
		copy(dst[n:], dst[:n])
	}
}
