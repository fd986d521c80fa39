package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestGates(t *testing.T) {
	for _, isa := range ISAs() {
		t.Run(isa, func(t *testing.T) {
			restore, err := Use(isa)
			if err != nil {
				t.Fatal(err)
			}
			defer restore()
			r := rand.New(rand.NewPCG(7, 8))
			for _, units := range []int{1, 2, 7, 8, 15, 16, 17, 31, 33, 64, 100, 129} {
				for _, rows := range []int{1, 2, 5} {
					checkLSTM(t, r, units, rows)
					checkGRU(t, r, units, rows)
				}
			}
			rows := 2*gateRows(100) + 1 // several calls
			checkLSTM(t, r, 100, rows)
			checkGRU(t, r, 100, rows)
		})
	}
}

// gateArrays makes guarded arrays and checks them against what float64 gives.
type gateArrays struct {
	t      *testing.T
	r      *rand.Rand
	guards []func()
}

func (g *gateArrays) make(size int) []float32 {
	x, check := guarded(g.t, g.r, size, g.r.IntN(3))
	g.guards = append(g.guards, check)
	for i := range x {
		x[i] *= 3
	}
	return x
}

func (g *gateArrays) near(what string, i int, got float32, want float64) {
	g.t.Helper()
	if d := math.Abs(float64(got) - want); !(d <= 4e-6*max(1, math.Abs(want))) {
		g.t.Fatalf("%s[%d] = %v, want %v", what, i, got, want)
	}
}

func exactSigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func checkLSTM(t *testing.T, r *rand.Rand, units, rows int) {
	t.Helper()
	g := &gateArrays{t: t, r: r}
	size, n := rows*units, LSTM{units}
	z, bias, c := g.make(4*size), g.make(4*units), g.make(size)
	h, next, gates, h2, next2 := g.make(size), g.make(size), g.make(5*size), g.make(size), g.make(size)
	dh, dnext, dz, dc := g.make(size), g.make(size), g.make(4*size), g.make(size)
	n.Forward(h, next, gates, z, bias, c, rows)
	n.Forward(h2, next2, nil, z, bias, c, rows)
	n.Backward(dz, dc, gates, c, dh, dnext, rows)
	for at := range size {
		row, j := at/units, at%units
		in := func(k int) float64 { return float64(z[(4*row+k)*units+j] + bias[k*units+j]) }
		i, f, a, o := exactSigmoid(in(0)), exactSigmoid(in(1)), math.Tanh(in(2)), exactSigmoid(in(3))
		s := f*float64(c[at]) + i*a
		tanh := math.Tanh(s)
		g.near("next", at, next[at], s)
		g.near("h", at, h[at], o*tanh)
		if h[at] != h2[at] || next[at] != next2[at] {
			t.Fatalf("without gates h[%d], next = %v, %v; with them %v, %v", at, h2[at], next2[at], h[at], next[at])
		}
		d := float64(dh[at])*o*(1-tanh*tanh) + float64(dnext[at])
		for k, want := range []float64{d * a * i * (1 - i), d * float64(c[at]) * f * (1 - f), d * i * (1 - a*a), float64(dh[at]) * tanh * o * (1 - o)} {
			g.near("dz", at, dz[(4*row+k)*units+j], want)
		}
		g.near("dc", at, dc[at], d*f)
	}
	for _, check := range g.guards {
		check()
	}
}

func checkGRU(t *testing.T, r *rand.Rand, units, rows int) {
	t.Helper()
	g := &gateArrays{t: t, r: r}
	size, n := rows*units, GRU{units}
	x, p, biasX, biasH, h := g.make(3*size), g.make(3*size), g.make(3*units), g.make(3*units), g.make(size)
	next, gates, next2 := g.make(size), g.make(4*size), g.make(size)
	d, dx, dp, dh := g.make(size), g.make(3*size), g.make(3*size), g.make(size)
	n.Forward(next, gates, x, p, biasX, biasH, h, rows)
	n.Forward(next2, nil, x, p, biasX, biasH, h, rows)
	n.Backward(dx, dp, dh, gates, h, d, rows)
	for at := range size {
		row, j := at/units, at%units
		fromX := func(k int) float64 { return float64(x[(3*row+k)*units+j] + biasX[k*units+j]) }
		fromH := func(k int) float64 { return float64(p[(3*row+k)*units+j] + biasH[k*units+j]) }
		z, reset := exactSigmoid(fromX(0)+fromH(0)), exactSigmoid(fromX(1)+fromH(1))
		a := math.Tanh(fromX(2) + reset*fromH(2))
		g.near("next", at, next[at], z*float64(h[at])+(1-z)*a)
		if next[at] != next2[at] {
			t.Fatalf("without gates next[%d] = %v; with them %v", at, next2[at], next[at])
		}
		dn := float64(d[at])
		inner := dn * (1 - z) * (1 - a*a)
		dz, dr := dn*(float64(h[at])-a)*z*(1-z), inner*fromH(2)*reset*(1-reset)
		for k, want := range []float64{dz, dr, inner} {
			g.near("dx", at, dx[(3*row+k)*units+j], want)
		}
		for k, want := range []float64{dz, dr, inner * reset} {
			g.near("dp", at, dp[(3*row+k)*units+j], want)
		}
		g.near("dh", at, dh[at], dn*z)
	}
	for _, check := range g.guards {
		check()
	}
}
