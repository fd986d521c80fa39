package data

import (
	"image"
	"math"
)

// filter is a kernel of Pillow's resampling, zero from support on. Nearest has none.
type filter struct {
	support float64
	at      func(x float64) float64
}

var resampling = map[string]filter{
	"nearest": {},
	"box": {0.5, func(x float64) float64 {
		if x > -0.5 && x <= 0.5 {
			return 1
		}
		return 0
	}},
	"bilinear": {1, func(x float64) float64 { return max(1-math.Abs(x), 0) }},
	"hamming": {1, func(x float64) float64 {
		if math.Abs(x) >= 1 {
			return 0
		}
		return sinc(x) * (0.54 + 0.46*math.Cos(math.Pi*x))
	}},
	"bicubic": {2, func(x float64) float64 {
		const a = -0.5
		switch x = math.Abs(x); {
		case x < 1:
			return ((a+2)*x-(a+3))*x*x + 1
		case x < 2:
			return (((x-5)*x+8)*x - 4) * a
		}
		return 0
	}},
	"lanczos": {3, func(x float64) float64 {
		if x < -3 || x >= 3 {
			return 0
		}
		return sinc(x) * sinc(x/3)
	}},
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// resize scales a part of the picture to (height, width). When it shrinks, the kernel
// widens, so that every source pixel counts (antialiasing). Colours are weighed by their
// opacity. Each of the two passes rounds, so their order tells: Pillow 13 begins with the
// rows where the height shrinks much more than the width; older ones never do.
func (p bitmap) resize(height, width int, part image.Rectangle, f filter) bitmap {
	if f.at == nil {
		return p.nearest(height, width, part)
	}
	if p.channels == 4 {
		p = p.premultiplied()
	}
	columns := func() {
		if width != p.w || part.Dx() != p.w {
			p = p.pass(newBitmap(p.h, width, p.channels, p.deep), spans(p.w, part.Min.X, part.Max.X, width, f), false)
		}
	}
	rows := func() {
		if height != p.h || part.Dy() != p.h {
			p = p.pass(newBitmap(height, p.w, p.channels, p.deep), spans(p.h, part.Min.Y, part.Max.Y, height, f), true)
		}
	}
	if height < p.h && p.h-height > 2*(p.w-width) {
		rows()
		columns()
	} else {
		columns()
		rows()
	}
	if p.channels == 4 {
		p.unmultiply()
	}
	return p
}

// nearest takes the pixel at each centre. Positions are summed as Pillow sums them,
// but not for 16 bits, since their rounding decides at the borders between two pixels.
func (p bitmap) nearest(height, width int, part image.Rectangle) bitmap {
	positions := func(from, size, n, end int) []int {
		list := make([]int, n)
		step := float64(size) / float64(n)
		at := float64(from) + step*0.5
		for i := range list {
			if p.deep {
				at = float64(from) + step*(float64(i)+0.5)
			}
			list[i] = min(int(at), end-1)
			at += step
		}
		return list
	}
	rows, columns := positions(part.Min.Y, part.Dy(), height, p.h), positions(part.Min.X, part.Dx(), width, p.w)
	out := newBitmap(height, width, p.channels, p.deep)
	for y, r := range rows {
		for x, q := range columns {
			copy(out.pix[(y*width+x)*p.channels:][:p.channels], p.pix[(r*p.w+q)*p.channels:])
		}
	}
	return out
}

// span is the source positions that a target position is made of: first and those
// after it, with their weights.
type span struct {
	first   int
	weights []float64
}

// spans returns how n target positions are made of the source positions from … to of
// size; positions outside of that part count where the kernel reaches them.
func spans(size, from, to, n int, f filter) []span {
	list := make([]span, n)
	scale := float64(to-from) / float64(n)
	wide := max(scale, 1)
	support := f.support * wide
	for i := range list {
		center := float64(from) + (float64(i)+0.5)*scale
		first := max(int(center-support+0.5), 0)
		end := min(int(center+support+0.5), size)
		weights := make([]float64, max(end-first, 0))
		var sum float64
		for k := range weights {
			weights[k] = f.at((float64(k+first) - center + 0.5) * (1 / wide))
			sum += weights[k]
		}
		for k := range weights {
			if sum != 0 {
				weights[k] /= sum
			}
		}
		list[i] = span{first, weights}
	}
	return list
}

// pass fills out along one axis: down the rows of the source, or along its columns.
func (p bitmap) pass(out bitmap, list []span, down bool) bitmap {
	mix := mixBytes
	if p.deep {
		mix = mixDeep
	}
	for y := range out.h {
		for x := range out.w {
			row, column, step := y, x, p.channels
			var s span
			if down {
				s, step = list[y], p.w*p.channels
				row = s.first
			} else {
				s = list[x]
				column = s.first
			}
			for c := range p.channels {
				out.pix[(y*out.w+x)*p.channels+c] = mix(s.weights, p.pix[(row*p.w+column)*p.channels+c:], step)
			}
		}
	}
	return out
}

// mixBytes sums values with weights in fixed point, 22 bits after it.
func mixBytes(weights []float64, values []uint16, step int) uint16 {
	sum := 1 << 21
	for k, w := range weights {
		sum += int(values[k*step]) * int(math.Round(w*(1<<22)))
	}
	return uint16(min(max(sum>>22, 0), 255))
}

// mixDeep sums values of 16 bits.
func mixDeep(weights []float64, values []uint16, step int) uint16 {
	var sum float64
	for k, w := range weights {
		sum += float64(values[k*step]) * w
	}
	return uint16(min(max(math.Round(sum), 0), math.MaxUint16))
}

// premultiplied returns the picture with colours times opacity.
func (p bitmap) premultiplied() bitmap {
	out := newBitmap(p.h, p.w, p.channels, p.deep)
	for i := 0; i < len(p.pix); i += 4 {
		a := uint32(p.pix[i+3])
		for c := range 3 {
			t := uint32(p.pix[i+c])*a + 128
			out.pix[i+c] = uint16((t>>8 + t) >> 8)
		}
		out.pix[i+3] = p.pix[i+3]
	}
	return out
}

// unmultiply divides colours by opacity, in place.
func (p bitmap) unmultiply() {
	for i := 0; i < len(p.pix); i += 4 {
		if a := uint32(p.pix[i+3]); a != 0 && a != 255 {
			for c := range 3 {
				p.pix[i+c] = uint16(min(255*uint32(p.pix[i+c])/a, 255))
			}
		}
	}
}
