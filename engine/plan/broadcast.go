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

// steady reports whether whole blocks all read the same, as with a row for each row: it need not be loaded for each of them.
func (b broadcast) steady() bool {
	return b.single() || len(b.axes) == 2 && b.axes[0].stride == 0 && blockSize%b.axes[1].n == 0
}

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
	axes := b.axes
	last, repeats := axes[len(axes)-1], 1
	axes = axes[:len(axes)-1]
	if k := len(axes) - 1; k >= 0 && axes[k].stride == 0 && last.stride == 1 {
		repeats, axes = axes[k].n, axes[:k] // of a whole run, one after the other
	}
	n := last.n * repeats
	at := o % n // within the runs
	from := 0   // where in src they begin
	var index [graph.MaxRank]int
	for k, i := len(axes)-1, o/n; k >= 0; k-- {
		index[k] = i % axes[k].n
		from += index[k] * axes[k].stride
		i /= axes[k].n
	}
	for {
		part := dst[:min(n-at, len(dst))]
		if last.stride == 1 {
			repeat(part, src[from:from+last.n], at%last.n)
		} else {
			fill(part, src[from])
		}
		if dst = dst[len(part):]; len(dst) == 0 {
			return
		}
		at = 0
		for k := len(axes) - 1; k >= 0; k-- { // the next runs
			index[k]++
			from += axes[k].stride
			if index[k] < axes[k].n {
				break
			}
			index[k] = 0
			from -= axes[k].stride * axes[k].n
		}
	}
}

// fill sets all of dst to v.
func fill(dst []float32, v float32) {
	if len(dst) >= 16 {
		kernel.Fill(dst, v)
		return
	}
	for i := range dst { // before a call is done
		dst[i] = v
	}
}

// repeat sets dst to src, turned by skip, over and over.
func repeat(dst, src []float32, skip int) {
	if len(dst) > len(src) {
		tile(dst, src, skip)
		return
	}
	k := copy(dst, src[skip:])
	copy(dst[k:], src)
}

// tile repeats src, turned by skip, all over dst, which is longer.
func tile(dst, src []float32, skip int) {
	copy(dst[copy(dst, src[skip:]):], src[:skip])
	for n := len(src); n < len(dst); n *= 2 { // what is there is a whole number of repeats
		copy(dst[n:], dst[:n])
	}
}
