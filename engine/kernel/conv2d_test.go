package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// convReference is the definition of the convolution and its gradients in float64, one loop over all products.
type convReference struct{ y, dx, dw, sizeY, sizeX, sizeW []float64 }

func newConvReference(g Conv2D, x, w, dy []float32) convReference {
	groups := max(g.Groups, 1)
	ci, co := g.Cin/groups, g.Cout/groups
	r := convReference{
		make([]float64, len(dy)), make([]float64, len(x)), make([]float64, len(w)),
		make([]float64, len(dy)), make([]float64, len(x)), make([]float64, len(w)),
	}
	add := func(to, size []float64, i int, v float64) {
		to[i] += v
		size[i] += math.Abs(v)
	}
	for oh := range g.Ho {
		for ow := range g.Wo {
			for kh := range g.KH {
				for kw := range g.KW {
					h, iw := oh*g.StrideH+kh*g.DilH-g.PadT, ow*g.StrideW+kw*g.DilW-g.PadL
					if h < 0 || h >= g.H || iw < 0 || iw >= g.W {
						continue
					}
					for o := range g.Cout {
						for c := range ci {
							iy, ix := (oh*g.Wo+ow)*g.Cout+o, (h*g.W+iw)*g.Cin+o/co*ci+c
							k := ((kh*g.KW+kw)*ci+c)*g.Cout + o
							add(r.y, r.sizeY, iy, float64(x[ix])*float64(w[k]))
							add(r.dx, r.sizeX, ix, float64(dy[iy])*float64(w[k]))
							add(r.dw, r.sizeW, k, float64(x[ix])*float64(dy[iy]))
						}
					}
				}
			}
		}
	}
	return r
}

// near fails unless every element of got is within rounding of want, size being the sum of the absolute products.
func near(t *testing.T, what string, got []float32, want, size []float64) {
	t.Helper()
	for i, v := range got {
		if d := math.Abs(float64(v) - want[i]); d > 1e-6+size[i]*3e-6 || math.IsNaN(d) {
			t.Fatalf("%s[%d] = %v, want %v", what, i, v, want[i])
		}
	}
}

// checkConv compares all methods with the reference on random numbers between guard words; scratch starts as NaN and has just its size.
func checkConv(t *testing.T, r *rand.Rand, g Conv2D) {
	t.Helper()
	groups := max(g.Groups, 1)
	x, checkX := guarded(t, r, g.H*g.W*g.Cin, r.IntN(3))
	w, checkW := guarded(t, r, g.KH*g.KW*g.Cin/groups*g.Cout, r.IntN(3))
	dy, checkDY := guarded(t, r, g.Ho*g.Wo*g.Cout, r.IntN(3))
	y, checkY := guarded(t, r, len(dy), r.IntN(3))
	dx, checkDX := guarded(t, r, len(x), r.IntN(3))
	dw, checkDW := guarded(t, r, len(w), r.IntN(3))
	packed, checkPacked := guarded(t, r, g.PackedWeightsSize(), r.IntN(3))
	scratch, checkScratch := guarded(t, r, g.ScratchSize(), r.IntN(3))
	spoil := func() {
		for i := range scratch {
			scratch[i] = float32(math.NaN())
		}
	}
	before := append([]float32(nil), dw...)
	spoil()
	g.Forward(y, x, w, scratch)
	rows, cut := make([]float32, len(y)), r.IntN(g.Ho+1)
	spoil()
	g.ForwardRows(rows, x, w, scratch, cut, g.Ho)
	spoil()
	g.ForwardRows(rows, x, w, scratch, 0, cut)
	if !slices.Equal(rows, y) {
		t.Fatalf("%+v: rows up to %d and from there differ from the whole", g, cut)
	}
	g.PackWeights(packed, w)
	spoil()
	g.BackwardInput(dx, dy, packed, scratch)
	spoil()
	g.BackwardWeight(dw, x, dy, scratch)
	for _, check := range []func(){checkX, checkW, checkDY, checkY, checkDX, checkDW, checkPacked, checkScratch} {
		check()
	}
	want := newConvReference(g, x, w, dy)
	for i, v := range before {
		want.dw[i] += float64(v)
		want.sizeW[i] += math.Abs(float64(v))
	}
	where := fmt.Sprintf("%+v: ", g)
	near(t, where+"y", y, want.y, want.sizeY)
	near(t, where+"dx", dx, want.dx, want.sizeX)
	near(t, where+"dw", dw, want.dw, want.sizeW)
}

// padded fills in the output size and padding of one axis as Keras does.
func padded(in, k, stride, dil int, same bool) (out, before, after int) {
	if !same {
		return (in - (k-1)*dil - 1 + stride) / stride, 0, 0
	}
	out = (in + stride - 1) / stride
	total := max(0, (out-1)*stride+(k-1)*dil+1-in)
	return out, total / 2, total - total/2
}

func convOf(h, w, cin, cout, kh, kw, stride, dil, groups int, same bool) Conv2D {
	g := Conv2D{H: h, W: w, Cin: cin, Cout: cout, KH: kh, KW: kw, StrideH: stride, StrideW: stride, DilH: dil, DilW: dil, Groups: groups}
	g.Ho, g.PadT, g.PadB = padded(h, kh, stride, dil, same)
	g.Wo, g.PadL, g.PadR = padded(w, kw, stride, dil, same)
	return g
}

func TestConv2D(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, kernel := range [][2]int{{1, 1}, {3, 3}, {2, 2}, {5, 5}, {1, 3}, {4, 2}} {
			for stride := 1; stride <= 3; stride++ {
				for dil := 1; dil <= 3; dil++ {
					for _, channels := range [][3]int{{1, 5, 1}, {3, 4, 1}, {16, 9, 1}, {4, 6, 2}, {5, 5, 5}, {3, 6, 3}, {17, 17, 17}} {
						for _, same := range []bool{false, true} {
							h, w := 3+r.IntN(9), 3+r.IntN(9)
							g := convOf(h, w, channels[0], channels[1], kernel[0], kernel[1], stride, dil, channels[2], same)
							if g.Ho > 0 && g.Wo > 0 {
								checkConv(t, r, g)
							}
						}
					}
				}
			}
		}
	})
}

// Geometries that no padding rule gives: different strides and dilations per axis, any padding, even windows wholly in the padding, outputs that leave inputs unused.
func TestConv2DOddGeometries(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		for range 400 {
			groups := []int{1, 1, 2, 3}[r.IntN(4)]
			g := Conv2D{
				H: 1 + r.IntN(9), W: 1 + r.IntN(9), Cin: groups * (1 + r.IntN(3)), Cout: groups * (1 + r.IntN(20)), Groups: groups,
				KH: 1 + r.IntN(5), KW: 1 + r.IntN(5), StrideH: 1 + r.IntN(4), StrideW: 1 + r.IntN(4), DilH: 1 + r.IntN(3), DilW: 1 + r.IntN(3),
				PadT: r.IntN(4), PadL: r.IntN(4), Ho: 1 + r.IntN(8), Wo: 1 + r.IntN(8),
			}
			if r.IntN(2) == 0 {
				g.DilW = 1
			}
			checkConv(t, r, g)
		}
	})
}

// Larger images, so that bands of rows and blocks of pixels are several.
func TestConv2DLarge(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(7, 8))
		for _, g := range []Conv2D{
			convOf(28, 28, 1, 32, 5, 5, 1, 1, 1, false),
			convOf(12, 12, 32, 64, 5, 5, 1, 1, 1, false),
			convOf(16, 16, 64, 64, 3, 3, 1, 1, 1, true),
			convOf(80, 70, 9, 5, 3, 3, 1, 1, 1, true),
			convOf(81, 70, 9, 5, 4, 3, 2, 1, 1, true),
			convOf(20, 20, 40, 30, 1, 1, 1, 1, 1, true),
			convOf(20, 20, 40, 30, 1, 1, 2, 1, 1, true),
			convOf(33, 31, 40, 40, 3, 3, 1, 1, 40, true),
			convOf(33, 31, 35, 35, 3, 3, 2, 1, 35, true),
			convOf(1, 50, 8, 16, 1, 3, 1, 2, 1, false),
		} {
			checkConv(t, r, g)
		}
	})
}

func TestConv2DDoesNotAllocate(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(9, 10))
		for _, g := range []Conv2D{
			convOf(8, 8, 8, 8, 3, 3, 1, 1, 1, true), convOf(8, 8, 8, 8, 3, 3, 2, 1, 1, false), convOf(8, 8, 8, 8, 1, 1, 1, 1, 1, false),
			convOf(8, 8, 8, 8, 3, 3, 1, 1, 8, true), convOf(8, 8, 8, 8, 3, 3, 1, 2, 2, true),
		} {
			groups := max(g.Groups, 1)
			x, _ := guarded(t, r, g.H*g.W*g.Cin, 0)
			w, _ := guarded(t, r, g.KH*g.KW*g.Cin/groups*g.Cout, 0)
			y, _ := guarded(t, r, g.Ho*g.Wo*g.Cout, 0)
			packed, scratch := make([]float32, g.PackedWeightsSize()), make([]float32, g.ScratchSize())
			if n := testing.AllocsPerRun(10, func() {
				g.Forward(y, x, w, scratch)
				g.PackWeights(packed, w)
				g.BackwardInput(x, y, packed, scratch)
				g.BackwardWeight(w, x, y, scratch)
			}); n != 0 {
				t.Errorf("%+v: %v allocations", g, n)
			}
		}
	})
}
