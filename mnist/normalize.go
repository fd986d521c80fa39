package mnist

import (
	"image"
	"image/color"
	"math"
	"slices"

	"golang.org/x/image/draw"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Ink says which side of a picture is the writing.
type Ink int

const (
	AutoInk  Ink = iota // found out: whatever differs from the border
	DarkInk             // dark writing on light paper
	LightInk            // light writing on a dark ground, as in MNIST itself
)

const (
	side = 28 // of a picture of the data set
	box  = 20 // side of the square into which its digit fits
	// centre is the pixel on which the centre of mass of every MNIST digit lies (within half a pixel).
	centre = 14
	// threshold is the share of the strongest ink below which a pixel counts as paper when the digit is cut out.
	threshold = 0.25
	// faint is the contrast below which a picture is taken to be empty.
	faint = 0.05
	// even is the largest difference of paper that counts as the same everywhere.
	even = 0.04
)

// Normalize is Normalizer{}.Normalize: it finds out by itself which side is ink.
func Normalize(img image.Image) *tensor.Tensor { return Normalizer{}.Normalize(img) }

// Normalizer prepares pictures of digits for a model trained on MNIST.
type Normalizer struct {
	Ink Ink
}

// Normalize turns a picture of one digit, of any size, into float32 (28, 28) in [0, 1] with high values for ink, the
// way the digits of MNIST were made: the digit is cut out, scaled to fit a square of 20×20 pixels without changing its
// proportions, and placed so that its centre of mass is in the middle. Paper in uneven light, as in photographs, is
// evened out. A picture without visible writing becomes zeros; one that is already in MNIST's form keeps its pixels.
//
// See http://yann.lecun.com/exdb/mnist for how the data set was made.
func (n Normalizer) Normalize(img image.Image) *tensor.Tensor {
	out := tensor.New(tensor.Float32, side, side)
	ink, paper := n.inkOf(img)
	if ink.centred() {
		for i, v := range ink.pix {
			out.Float32s()[i] = float32(v)
		}
		return out
	}
	ink.stretch(ink.light(paper))
	area, ok := ink.bounds()
	if !ok {
		return out
	}

	w, h := area.Dx(), area.Dy()
	scale := box / float64(max(w, h))
	digit := ink.resize(area, max(1, int(math.Round(float64(w)*scale))), max(1, int(math.Round(float64(h)*scale))))
	digit.stretch(0) // thin lines get faint when they shrink
	cx, cy := digit.mass()
	left := place(cx, digit.w)
	top := place(cy, digit.h)
	for y := range digit.h {
		for x := range digit.w {
			out.Float32s()[(top+y)*side+left+x] = float32(digit.pix[y*digit.w+x])
		}
	}
	return out
}

// place returns the offset that brings mass to the centre, as far as length pixels stay inside.
func place(mass float64, length int) int {
	return min(max(int(math.Round(centre-mass)), 0), side-length)
}

// gray is a picture with values in [0, 1].
type gray struct {
	w, h int
	pix  []float64
}

// inkOf reads the luminance of img, on paper where it is transparent, and turns it so that ink is high. It also
// returns the level of the paper.
func (n Normalizer) inkOf(img image.Image) (gray, float64) {
	b := img.Bounds()
	g := gray{b.Dx(), b.Dy(), make([]float64, b.Dx()*b.Dy())}
	alpha := make([]float64, len(g.pix))
	at := func(x, y int) color.RGBA64 { return color.RGBA64Model.Convert(img.At(x, y)).(color.RGBA64) }
	if direct, ok := img.(image.RGBA64Image); ok { // spares an allocation per pixel
		at = direct.RGBA64At
	}
	opaque, light := 0.0, 0.0
	for y := range g.h {
		for x := range g.w {
			c := at(b.Min.X+x, b.Min.Y+y)
			i := y*g.w + x
			alpha[i] = float64(c.A) / 0xffff
			// The weights of image/color's Gray16Model. Colours are multiplied by alpha, as on black paper.
			g.pix[i] = float64(19595*uint64(c.R)+38470*uint64(c.G)+7471*uint64(c.B)) / (1 << 16) / 0xffff
			opaque += alpha[i]
			light += g.pix[i]
		}
	}
	if opaque < float64(len(alpha)) && light <= opaque/2 { // dark writing on nothing: white paper
		for i := range g.pix {
			g.pix[i] += 1 - alpha[i]
		}
	}

	paper := g.border()
	if n.Ink == DarkInk || n.Ink == AutoInk && paper > 0.5 {
		for i := range g.pix {
			g.pix[i] = 1 - g.pix[i]
		}
		paper = 1 - paper
	}
	return g, paper
}

// border is the median of the outermost pixels.
func (g gray) border() float64 {
	var edge []float64
	for y := range g.h {
		for x := range g.w {
			if x == 0 || y == 0 || x == g.w-1 || y == g.h-1 {
				edge = append(edge, g.pix[y*g.w+x])
			}
		}
	}
	if len(edge) == 0 {
		return 0
	}
	slices.Sort(edge)
	return edge[len(edge)/2]
}

// light takes the light off a photograph: a plane through the paper along the border, and the noise around it. It
// returns the level of the paper, which is the same everywhere afterwards.
func (g gray) light(paper float64) float64 {
	var xs, ys, vs []float64
	for i, v := range g.pix {
		x, y := i%g.w, i/g.w
		if edge := x == 0 || y == 0 || x == g.w-1 || y == g.h-1; edge && math.Abs(v-paper) < 0.25 { // what differs more is ink
			xs, ys, vs = append(xs, float64(x)/float64(g.w)-0.5), append(ys, float64(y)/float64(g.h)-0.5), append(vs, v)
		}
	}
	if sorted := slices.Sorted(slices.Values(vs)); len(vs) == 0 || sorted[len(vs)*19/20]-sorted[len(vs)/20] < even {
		return paper
	}
	dot := func(a, b []float64) (sum float64) {
		for i := range a {
			sum += a[i] * b[i]
		}
		return sum
	}
	mean := func(a []float64) float64 { return dot(a, slices.Repeat([]float64{1}, len(a))) / float64(len(a)) }
	mx, my, mv := mean(xs), mean(ys), mean(vs)
	for i := range vs {
		xs[i], ys[i], vs[i] = xs[i]-mx, ys[i]-my, vs[i]-mv
	}
	// The slopes of least squares, by Cramer's rule.
	xx, xy, yy, xv, yv := dot(xs, xs), dot(xs, ys), dot(ys, ys), dot(xs, vs), dot(ys, vs)
	det := xx*yy - xy*xy
	if det < 1e-9*xx*yy || det == 0 {
		return paper
	}
	a, b := (xv*yy-yv*xy)/det, (yv*xx-xv*xy)/det
	for i := range vs {
		vs[i] -= a*xs[i] + b*ys[i]
	}
	noise := 3 * math.Sqrt(dot(vs, vs)/float64(len(vs)))
	for i := range g.pix {
		x, y := float64(i%g.w)/float64(g.w)-0.5-mx, float64(i/g.w)/float64(g.h)-0.5-my
		g.pix[i] -= mv + a*x + b*y + noise
	}
	return 0
}

// stretch maps paper to 0 and the strongest ink to 1. A picture with next to no contrast becomes zeros.
func (g gray) stretch(paper float64) {
	top := paper
	for _, v := range g.pix {
		top = max(top, v)
	}
	for i, v := range g.pix {
		if top-paper < faint {
			g.pix[i] = 0
		} else {
			g.pix[i] = min(max((v-paper)/(top-paper), 0), 1)
		}
	}
}

// bounds is the smallest rectangle around the ink; false means there is none.
func (g gray) bounds() (image.Rectangle, bool) {
	r := image.Rectangle{}
	for y := range g.h {
		for x := range g.w {
			if g.pix[y*g.w+x] > threshold {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r, !r.Empty()
}

// mass is the centre of mass in pixels.
func (g gray) mass() (x, y float64) {
	sum, sx, sy := 0.0, 0.0, 0.0
	for i, v := range g.pix {
		sum += v
		sx += v * float64(i%g.w)
		sy += v * float64(i/g.w)
	}
	return sx / sum, sy / sum
}

// centred tells whether a picture already is as MNIST's are: 28×28, on perfectly black ground, all else fitting the
// box exactly, with its mass in the middle.
func (g gray) centred() bool {
	if g.w != side || g.h != side {
		return false
	}
	r := image.Rectangle{}
	for i, v := range g.pix {
		if v > 0 {
			r = r.Union(image.Rect(i%g.w, i/g.w, i%g.w+1, i/g.w+1))
		}
	}
	x, y := g.mass()
	return max(r.Dx(), r.Dy()) == box && math.Abs(x-centre) <= 0.51 && math.Abs(y-centre) <= 0.51
}

// resize cuts out area and scales it with a filter that is wide enough to average over the pixels that fall together.
func (g gray) resize(area image.Rectangle, w, h int) gray {
	src := image.NewGray16(image.Rect(0, 0, g.w, g.h))
	for i, v := range g.pix {
		src.SetGray16(i%g.w, i/g.w, color.Gray16{Y: uint16(math.Round(v * 0xffff))})
	}
	dst := image.NewGray16(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(dst, dst.Bounds(), src, area, draw.Src, nil)
	out := gray{w, h, make([]float64, w*h)}
	for i := range out.pix {
		out.pix[i] = float64(dst.Gray16At(i%w, i/w).Y) / 0xffff
	}
	return out
}
