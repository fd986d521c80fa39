package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// poolReference computes both poolings and their gradients by the definition.
func poolReference(g Pool2D, x, dy []float32) (maxY, avgY, maxDX, avgDX []float64) {
	maxY, avgY = make([]float64, len(dy)), make([]float64, len(dy))
	maxDX, avgDX = make([]float64, len(x)), make([]float64, len(x))
	for oh := range g.Ho {
		for ow := range g.Wo {
			for c := range g.C {
				var seen []int
				for kh := range g.KH {
					for kw := range g.KW {
						h, w := oh*g.StrideH+kh-g.PadT, ow*g.StrideW+kw-g.PadL
						if h >= 0 && h < g.H && w >= 0 && w < g.W {
							seen = append(seen, (h*g.W+w)*g.C+c)
						}
					}
				}
				i, best := (oh*g.Wo+ow)*g.C+c, seen[0]
				for _, k := range seen {
					if x[k] > x[best] {
						best = k
					}
					avgY[i] += float64(x[k]) / float64(len(seen))
					avgDX[k] += float64(dy[i]) / float64(len(seen))
				}
				maxY[i] = float64(x[best])
				maxDX[best] += float64(dy[i])
			}
		}
	}
	return maxY, avgY, maxDX, avgDX
}

func checkPool(t *testing.T, r *rand.Rand, g Pool2D) {
	t.Helper()
	x, checkX := guarded(t, r, g.H*g.W*g.C, r.IntN(3))
	for i := range x { // many equal maxima
		x[i] = float32(math.Round(float64(x[i] * 3)))
	}
	dy, checkDY := guarded(t, r, g.Ho*g.Wo*g.C, r.IntN(3))
	y, checkY := guarded(t, r, len(dy), r.IntN(3))
	dx, checkDX := guarded(t, r, len(x), r.IntN(3))
	maxY, avgY, maxDX, avgDX := poolReference(g, x, dy)
	compare := func(what string, got []float32, want []float64) {
		t.Helper()
		for i, v := range got {
			if d := math.Abs(float64(v) - want[i]); !(d < 1e-5) {
				t.Fatalf("%+v: %s[%d] = %v, want %v", g, what, i, v, want[i])
			}
		}
	}
	g.MaxForward(y, x)
	compare("max", y, maxY)
	g.MaxBackward(dx, x, y, dy)
	compare("max gradient", dx, maxDX)
	g.AvgForward(y, x)
	compare("mean", y, avgY)
	g.AvgBackward(dx, dy)
	compare("mean gradient", dx, avgDX)
	for _, check := range []func(){checkX, checkDY, checkY, checkDX} {
		check()
	}
}

func TestPool2D(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(13, 14))
		for _, c := range []int{1, 2, 3, 4, 7, 8, 16, 17, 33, 70} {
			for k := 1; k <= 3; k++ {
				for stride := 1; stride <= 3; stride++ {
					for _, same := range []bool{false, true} {
						g := Pool2D{H: 3 + r.IntN(8), W: 3 + r.IntN(8), C: c, KH: k, KW: 1 + r.IntN(3), StrideH: stride, StrideW: 1 + r.IntN(3)}
						g.Ho, g.PadT, _ = padded(g.H, g.KH, g.StrideH, 1, same)
						g.Wo, g.PadL, _ = padded(g.W, g.KW, g.StrideW, 1, same)
						checkPool(t, r, g)
					}
				}
			}
		}
	})
}

// The first NaN of a window is its maximum, and no gradient flows from it.
func TestPool2DNaN(t *testing.T) {
	onEach(t, func(t *testing.T) {
		const c = 19
		nan := float32(math.NaN())
		g := Pool2D{H: 2, W: 2, C: c, Ho: 1, Wo: 1, KH: 2, KW: 2, StrideH: 2, StrideW: 2}
		for at := range 4 {
			x, y, dy, dx := make([]float32, 4*c), make([]float32, c), make([]float32, c), make([]float32, 4*c)
			Fill(dy, 1)
			x[at*c+3] = nan
			g.MaxForward(y, x)
			g.MaxBackward(dx, x, y, dy)
			for ch, v := range y {
				if isNaN := v != v; isNaN != (ch == 3) {
					t.Fatalf("NaN in tap %d: y[%d] = %v", at, ch, v)
				}
			}
			for i, v := range dx {
				want := float32(0)
				if i < c && i != 3 {
					want = 1
				}
				if v != want {
					t.Fatalf("NaN in tap %d: dx[%d] = %v, want %v", at, i, v, want)
				}
			}
		}
	})
}

func TestPool2DDoesNotAllocate(t *testing.T) {
	g := Pool2D{H: 8, W: 8, C: 4, Ho: 4, Wo: 4, KH: 2, KW: 2, StrideH: 2, StrideW: 2}
	x, y, dx := make([]float32, 256), make([]float32, 64), make([]float32, 256)
	if n := testing.AllocsPerRun(10, func() {
		g.MaxForward(y, x)
		g.MaxBackward(dx, x, y, y)
		g.AvgForward(y, x)
		g.AvgBackward(dx, y)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
