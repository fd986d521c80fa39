package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// pooledGradient makes a random gradient of a pooled output with its codes, and the same unpooled. About dead of the elements are dead; their gradients
// must not matter.
func pooledGradient(t testing.TB, r *rand.Rand, g Conv2D, dead float64) (dp []float32, code []uint8, dy []float32, check func()) {
	n := g.Ho / 2 * (g.Wo / 2) * g.Cout
	dp, check = guarded(t, r, n, r.IntN(3))
	code = make([]uint8, n)
	dy = make([]float32, g.Ho*g.Wo*g.Cout)
	for i := range code {
		code[i] = uint8(r.IntN(4))
		switch c, p := i%g.Cout, i/g.Cout; {
		case r.Float64() < dead:
			code[i] = Dead
		case r.IntN(20) == 0:
			dp[i] = 0
		default:
			oh, ow := p/(g.Wo/2)*2+int(code[i])/2, p%(g.Wo/2)*2+int(code[i])%2
			dy[(oh*g.Wo+ow)*g.Cout+c] = dp[i]
		}
	}
	return dp, code, dy, check
}

func spoil(x []float32) {
	for i := range x {
		x[i] = float32(math.NaN())
	}
}

// wideBias is Σ dy over pixels.
func wideBias(dy []float32, c int) (sum, size []float64) {
	sum, size = make([]float64, c), make([]float64, c)
	for i, v := range dy {
		sum[i%c] += float64(v)
		size[i%c] += math.Abs(float64(v))
	}
	return sum, size
}

func checkSparsePool(t *testing.T, r *rand.Rand, g Conv2D, dead float64) {
	t.Helper()
	s := NewSparsePool(g)
	if s == nil {
		t.Fatalf("%+v does not qualify", g)
	}
	x, checkX := guarded(t, r, g.H*g.W*g.Cin, r.IntN(3))
	w, checkW := guarded(t, r, g.KH*g.KW*g.Cin*g.Cout, r.IntN(3))
	dp, code, dy, checkDP := pooledGradient(t, r, g, dead)
	part, checkPart := guarded(t, r, s.WeightSize(), r.IntN(3))
	dw, checkDW := guarded(t, r, len(w), r.IntN(3))
	dx, checkDX := guarded(t, r, len(x), r.IntN(3))
	db, checkDB := guarded(t, r, g.Cout, r.IntN(3))
	packed, checkPacked := guarded(t, r, s.WeightSize(), r.IntN(3))
	lists, checkLists := guarded(t, r, s.ListsSize(), r.IntN(3))
	scratch, checkScratch := guarded(t, r, s.ScratchSize(), r.IntN(3))
	clear(part)
	clear(db)
	live := 0
	for _, v := range dy {
		if v != 0 {
			live++
		}
	}
	s.PackWeights(packed, w)
	for range 2 { // the weights' gradient accumulates
		if n := s.Build(lists, dp, code, 1); n != live {
			t.Fatalf("%+v: %d live entries, want %d", g, n, live)
		}
		spoil(scratch)
		s.BackwardWeight(part, x, lists, scratch, 1)
		spoil(scratch)
		s.BackwardInput(dx, lists, packed, scratch, 0)
		SumLive(db, dp, code, g.Ho/2*(g.Wo/2), g.Cout)
	}
	for i := range s.FinishParts() {
		s.Finish(dw, part, i)
	}
	for _, check := range []func(){checkX, checkW, checkDP, checkPart, checkDW, checkDX, checkDB, checkPacked, checkLists, checkScratch} {
		check()
	}
	want := newConvReference(g, x, w, dy)
	for i := range want.dw {
		want.dw[i] *= 2
		want.sizeW[i] *= 2
	}
	where := fmt.Sprintf("%+v: ", g)
	near(t, where+"dw", dw, want.dw, want.sizeW)
	near(t, where+"dx", dx, want.dx, want.sizeX)
	sum, size := wideBias(dy, g.Cout)
	for i := range sum {
		sum[i], size[i] = 2*sum[i], 2*size[i]
	}
	near(t, where+"db", db, sum, size)
}

// TestSparsePoolPairs: two images at once give the sum of one after the other, up to rounding, and the same gradients of their inputs.
func TestSparsePoolPairs(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(15, 16))
		for _, g := range []Conv2D{convOf(12, 12, 32, 64, 5, 5, 1, 1, 1, false), convOf(9, 8, 16, 32, 3, 3, 1, 1, 1, false), convOf(6, 11, 16, 16, 2, 4, 1, 1, 1, false)} {
			s := NewSparsePool(g)
			if s == nil || s.Images() != 2 {
				t.Fatalf("%+v takes no pairs", g)
			}
			size := g.H * g.W * g.Cin
			x, checkX := guarded(t, r, 2*size, 1)
			w, _ := guarded(t, r, g.KH*g.KW*g.Cin*g.Cout, 0)
			packed := make([]float32, s.WeightSize())
			s.PackWeights(packed, w)
			var dps []float32
			var codes []uint8
			for range 2 {
				dp, code, _, _ := pooledGradient(t, r, g, 0.4)
				dps, codes = append(dps, dp...), append(codes, code...)
			}
			run := func(step int) (part, dx []float32, live int) {
				part, checkPart := guarded(t, r, s.WeightSize(), 1)
				dx, checkDX := guarded(t, r, 2*size, 2)
				lists, checkLists := guarded(t, r, s.ListsSize(), 1)
				clear(part)
				n := len(codes) / 2
				for i := 0; i < 2; i += step {
					live += s.Build(lists, dps[i*n:], codes[i*n:], step)
					s.BackwardWeight(part, x[i*size:], lists, nil, step)
					for k := range step {
						s.BackwardInput(dx[(i+k)*size:], lists, packed, nil, k)
					}
				}
				checkPart()
				checkDX()
				checkLists()
				return part, dx, live
			}
			wantPart, wantDX, wantLive := run(1)
			part, dx, live := run(2)
			checkX()
			if live != wantLive {
				t.Errorf("%+v: %d live entries, want %d", g, live, wantLive)
			}
			for i, v := range wantDX {
				if dx[i] != v {
					t.Fatalf("%+v: dx[%d] = %v, one by one %v", g, i, dx[i], v)
				}
			}
			for i, v := range wantPart {
				if math.Abs(float64(part[i]-v)) > 1e-4 {
					t.Fatalf("%+v: part[%d] = %v, one by one %v", g, i, part[i], v)
				}
			}
		}
	})
}

func TestSparsePool(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(11, 12))
		for k := 1; k <= 7; k++ {
			for _, same := range []bool{false, true} {
				for _, c := range [][2]int{{16, 16}, {32, 16}, {64, 48}} {
					h, w := k+1+r.IntN(7), k+1+r.IntN(7)
					checkSparsePool(t, r, convOf(h, w, c[0], c[1], k, max(1, k-r.IntN(2)), 1, 1, 1, same), r.Float64())
				}
			}
		}
		checkSparsePool(t, r, convOf(12, 12, 32, 64, 5, 5, 1, 1, 1, false), 0.4)
		checkSparsePool(t, r, convOf(30, 33, 64, 16, 3, 3, 1, 1, 1, true), 0.4) // several bands
		checkSparsePool(t, r, convOf(6, 6, 16, 16, 3, 3, 1, 1, 1, true), 1)     // nothing alive
		checkSparsePool(t, r, convOf(8, 8, 32, 1024, 3, 3, 1, 1, 1, true), 0.5) // narrow tiles
	})
}

// Any padding, outputs that leave inputs unused.
func TestSparsePoolOddGeometries(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(13, 14))
		for range 60 {
			checkSparsePool(t, r, Conv2D{
				H: 1 + r.IntN(9), W: 1 + r.IntN(9), Cin: 16, Cout: 16, Groups: 1, KH: 1 + r.IntN(5), KW: 1 + r.IntN(5),
				StrideH: 1, StrideW: 1, DilH: 1, DilW: 1, PadT: r.IntN(4), PadL: r.IntN(4), Ho: 2 + r.IntN(7), Wo: 2 + r.IntN(7),
			}, 0.4)
		}
	})
}

func TestNewSparsePoolRefuses(t *testing.T) {
	for _, g := range []Conv2D{
		convOf(8, 8, 8, 16, 3, 3, 1, 1, 1, true), convOf(8, 8, 16, 24, 3, 3, 1, 1, 1, true), convOf(8, 8, 16, 16, 3, 3, 2, 1, 1, true),
		convOf(8, 8, 16, 16, 3, 3, 1, 2, 1, true), convOf(8, 8, 32, 32, 3, 3, 1, 1, 2, true), convOf(1, 8, 16, 16, 1, 3, 1, 1, 1, true),
	} {
		if NewSparsePool(g) != nil {
			t.Errorf("%+v qualifies", g)
		}
	}
}

// NaN and infinite gradients arrive; infinite inputs where the gradient is zero do not.
func TestSparsePoolNotFinite(t *testing.T) {
	onEach(t, func(t *testing.T) {
		g := convOf(4, 4, 16, 16, 3, 3, 1, 1, 1, true)
		s := NewSparsePool(g)
		inf := float32(math.Inf(1))
		x, w := make([]float32, g.H*g.W*g.Cin), make([]float32, g.KH*g.KW*g.Cin*g.Cout)
		Fill(x, 1)
		Fill(w, 1)
		x[len(x)-1] = inf // row 3, column 3
		dp, code := make([]float32, 2*2*16), make([]uint8, 2*2*16)
		for i := range code {
			code[i] = Dead
		}
		code[0], dp[0] = 0, float32(math.NaN()) // sees rows and columns 0 and 1
		code[1], dp[1] = 0, 2
		dp[2] = float32(math.NaN()) // dead
		lists, packed, part, dw := make([]float32, s.ListsSize()), make([]float32, len(w)), make([]float32, len(w)), make([]float32, len(w))
		dx, scratch, db := make([]float32, len(x)), make([]float32, s.ScratchSize()), make([]float32, 16)
		if n := s.Build(lists, dp, code, 1); n != 2 {
			t.Fatalf("%d live entries", n)
		}
		s.PackWeights(packed, w)
		s.BackwardWeight(part, x, lists, scratch, 1)
		s.BackwardInput(dx, lists, packed, scratch, 0)
		for i := range s.FinishParts() {
			s.Finish(dw, part, i)
		}
		SumLive(db, dp, code, 4, 16)
		for i, v := range dw {
			tap, co := i/(16*16), i%16
			inside := tap/3 > 0 && tap%3 > 0
			switch {
			case co == 0 && v == v: // NaN times anything
				t.Errorf("dw[%d] = %v, want NaN", i, v)
			case co == 1 && inside && v != 2, co > 1 && v != 0:
				t.Errorf("dw[%d] = %v", i, v)
			}
		}
		for i, v := range dx {
			h, iw := i/16/4, i/16%4
			if nan := h < 2 && iw < 2; nan != (v != v) || !nan && v != 0 {
				t.Errorf("dx[%d] = %v", i, v)
			}
		}
		if db[0] == db[0] || db[1] != 2 || db[2] != 0 {
			t.Errorf("db = %v", db)
		}
	})
}

func checkThinPool(t *testing.T, r *rand.Rand, g Conv2D) {
	t.Helper()
	p := NewThinPool(g)
	if p == nil {
		t.Fatalf("%+v does not qualify", g)
	}
	x, checkX := guarded(t, r, g.H*g.W*g.Cin, r.IntN(3))
	dp, code, dy, checkDP := pooledGradient(t, r, g, 0.4)
	dw, checkDW := guarded(t, r, g.KH*g.KW*g.Cin*g.Cout, r.IntN(3))
	scratch, checkScratch := guarded(t, r, p.ScratchSize(), r.IntN(3))
	before := append([]float32(nil), dw...)
	spoil(scratch)
	p.BackwardWeight(dw, x, dp, code, scratch)
	for _, check := range []func(){checkX, checkDP, checkDW, checkScratch} {
		check()
	}
	want := newConvReference(g, x, make([]float32, len(dw)), dy)
	for i, v := range before {
		want.dw[i] += float64(v)
		want.sizeW[i] += math.Abs(float64(v))
	}
	near(t, fmt.Sprintf("%+v: dw", g), dw, want.dw, want.sizeW)
}

func TestThinPool(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(15, 16))
		for _, kw := range []int{3, 5, 7} {
			for kh := 1; kh <= 8; kh++ {
				for cin := 1; cin <= 4; cin++ {
					checkThinPool(t, r, convOf(kh+1+r.IntN(9), kw+1+r.IntN(9), cin, 16+16*r.IntN(2), kh, kw, 1, 1, 1, r.IntN(2) == 0))
				}
			}
		}
		checkThinPool(t, r, convOf(28, 28, 1, 32, 5, 5, 1, 1, 1, false))
		checkThinPool(t, r, convOf(70, 90, 3, 16, 3, 3, 1, 1, 1, true)) // several bands
		for range 40 {
			checkThinPool(t, r, Conv2D{
				H: 1 + r.IntN(9), W: 1 + r.IntN(9), Cin: 1 + r.IntN(3), Cout: 16, Groups: 1, KH: 1 + r.IntN(5), KW: 3 + 2*r.IntN(3),
				StrideH: 1, StrideW: 1, DilH: 1, DilW: 1, PadT: r.IntN(4), PadL: r.IntN(4), Ho: 2 + r.IntN(7), Wo: 2 + r.IntN(7),
			})
		}
	})
}

func TestSumLive(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(17, 18))
		for c := 1; c < 70; c++ {
			g := Conv2D{Ho: 6, Wo: 7, Cout: c}
			dp, code, dy, check := pooledGradient(t, r, g, 0.3)
			db, checkDB := guarded(t, r, c, r.IntN(3))
			clear(db)
			SumLive(db, dp, code, 9, c)
			check()
			checkDB()
			sum, size := wideBias(dy, c)
			near(t, fmt.Sprintf("%d channels: db", c), db, sum, size)
		}
	})
}

func TestSparseDoesNotAllocate(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(19, 20))
		g, thin := convOf(8, 8, 16, 16, 3, 3, 1, 1, 1, true), convOf(8, 8, 3, 16, 3, 3, 1, 1, 1, true)
		s, p := NewSparsePool(g), NewThinPool(thin)
		x, w, dx := make([]float32, g.H*g.W*g.Cin), make([]float32, 9*16*16), make([]float32, g.H*g.W*g.Cin)
		dp, code, _, _ := pooledGradient(t, r, g, 0.3)
		packed, part, lists := make([]float32, len(w)), make([]float32, len(w)), make([]float32, s.ListsSize())
		scratch := make([]float32, max(s.ScratchSize(), p.ScratchSize()))
		if n := testing.AllocsPerRun(10, func() {
			s.PackWeights(packed, w)
			s.Build(lists, dp, code, 1)
			s.BackwardWeight(part, x, lists, scratch, 1)
			s.BackwardInput(dx, lists, packed, scratch, 0)
			s.Finish(w, part, 0)
			SumLive(w, dp, code, 16, 16)
			p.BackwardWeight(w, x, dp, code, scratch)
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}
