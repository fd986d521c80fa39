package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gates emits the kernels of recurrent cells; see LSTM and GRU in package kernel. A row goes through once: all that belongs to one unit lies cols apart.
func gates(g *gen) {
	g.lstm(true)
	g.lstm(false)
	g.lstmGrad()
	g.gru(true)
	g.gru(false)
	g.gruGrad()
}

// units emits the loops over the rows, and over the vectors of a row. strides says how many columns a row of each array has, in units of cols; 0 for biases, which
// have one row. place is where the k-th part of an array lies.
func (g *gen) units(arrays []string, strides []int, body func(place func(array string, k int) Mem, m *mask)) {
	base := map[string]reg.GPVirtual{}
	most := 0
	for j, a := range arrays {
		base[a] = g.base(a)
		most = max(most, strides[j])
	}
	cols, left, i := g.param("cols"), g.GP64(), g.GP64()
	again := g.label("row")
	g.Label(again)
	g.along(cols, left, i, 1, func(_ int, m *mask) {
		index := []reg.GPVirtual{i}
		for k := 1; k < most; k++ {
			r := g.GP64()
			switch k {
			case 1, 2, 4:
				g.LEAQ(Mem{Base: i, Index: cols, Scale: uint8(k)}, r)
			case 3:
				g.LEAQ(Mem{Base: index[1], Index: cols, Scale: 2}, r)
			}
			index = append(index, r)
		}
		body(func(array string, k int) Mem { return Mem{Base: base[array], Index: index[k], Scale: 4} }, m)
	})
	row := g.GP64()
	g.XORQ(row, row)
	for n := 1; n <= most; n++ {
		g.ADDQ(cols, row)
		for j, a := range arrays {
			if strides[j] == n {
				g.LEAQ(Mem{Base: base[a], Index: row, Scale: 4}, base[a])
			}
		}
	}
	g.DECQ(g.slot("rows"))
	g.JNZ(LabelRef(again))
	g.end()
}

// lstm is one step; with keep the gates and the tanh of the new state are stored for the gradient.
func (g *gen) lstm(keep bool) {
	arrays, strides := []string{"h", "next", "z", "bias", "c"}, []int{1, 1, 4, 0, 1}
	name, signature, doc := "lstmStep", "func(h, next, z, bias, c []float32, rows, cols int)", "see LSTM.Step."
	if keep {
		arrays, strides = append(arrays, "gates"), append(strides, 5)
		name, signature, doc = "lstmForward", "func(h, next, gates, z, bias, c []float32, rows, cols int)", "see LSTM.Forward."
	}
	g.function(name, signature, doc)
	g.units(arrays, strides, func(place func(array string, k int) Mem, m *mask) {
		gate := func(k int) vec { return g.add(g.at(place("z", k), m), g.at(place("bias", k), m)) }
		store := func(x vec, k int) vec {
			if keep {
				g.put(x, place("gates", k), m)
			}
			return x
		}
		next := g.mul(store(g.sigmoid(gate(1)), 1), g.at(place("c", 0), m))
		in := store(g.sigmoid(gate(0)), 0)
		next = g.fma(in, store(g.tanh(gate(2)), 2), next)
		g.put(next, place("next", 0), m)
		t := store(g.tanh(next), 4)
		g.put(g.mul(t, store(g.sigmoid(gate(3)), 3)), place("h", 0), m)
	})
}

// slope multiplies d by the derivative of the sigmoid whose value is y, tanhSlope by that of tanh.
func (g *gen) slope(d, y vec) vec     { return g.mul(d, g.fnma(y, y, y)) }
func (g *gen) tanhSlope(d, y vec) vec { return g.mul(d, g.fnma(y, y, g.fv(1))) }

func (g *gen) lstmGrad() {
	g.function("lstmBackward", "func(dz, dc, gates, c, dh, dnext []float32, rows, cols int)", "see LSTM.Backward.")
	g.units([]string{"dz", "dc", "gates", "c", "dh", "dnext"}, []int{4, 1, 5, 1, 1, 1}, func(place func(array string, k int) Mem, m *mask) {
		load := func(array string, k int) vec { return g.at(place(array, k), m) }
		dh, o, t := load("dh", 0), load("gates", 3), load("gates", 4)
		g.put(g.slope(g.mul(dh, t), o), place("dz", 3), m)
		d := g.add(g.tanhSlope(g.mul(dh, o), t), load("dnext", 0))
		in, f, a := load("gates", 0), load("gates", 1), load("gates", 2)
		g.put(g.slope(g.mul(d, a), in), place("dz", 0), m)
		g.put(g.slope(g.mul(d, load("c", 0)), f), place("dz", 1), m)
		g.put(g.tanhSlope(g.mul(d, in), a), place("dz", 2), m)
		g.put(g.mul(d, f), place("dc", 0), m)
	})
}

// gru is one step; with keep what the gradient reads is stored: z, r, the candidate, and what r multiplies.
func (g *gen) gru(keep bool) {
	arrays, strides := []string{"next", "x", "p", "biasX", "biasH", "h"}, []int{1, 3, 3, 0, 0, 1}
	name, signature, doc := "gruStep", "func(next, x, p, biasX, biasH, h []float32, rows, cols int)", "see GRU.Step."
	if keep {
		arrays, strides = append(arrays, "gates"), append(strides, 4)
		name, signature, doc = "gruForward", "func(next, gates, x, p, biasX, biasH, h []float32, rows, cols int)", "see GRU.Forward."
	}
	g.function(name, signature, doc)
	g.units(arrays, strides, func(place func(array string, k int) Mem, m *mask) {
		part := func(array, bias string, k int) vec { return g.add(g.at(place(array, k), m), g.at(place(bias, k), m)) }
		store := func(x vec, k int) vec {
			if keep {
				g.put(x, place("gates", k), m)
			}
			return x
		}
		gate := func(k int) vec { return store(g.sigmoid(g.add(part("x", "biasX", k), part("p", "biasH", k))), k) }
		inner := store(part("p", "biasH", 2), 3)
		r := gate(1)
		candidate := store(g.tanh(g.fma(r, inner, part("x", "biasX", 2))), 2)
		z := gate(0)
		g.put(g.fma(z, g.sub(g.at(place("h", 0), m), candidate), candidate), place("next", 0), m)
	})
}

func (g *gen) gruGrad() {
	g.function("gruBackward", "func(dx, dp, dh, gates, h, d []float32, rows, cols int)", "see GRU.Backward.")
	g.units([]string{"dx", "dp", "dh", "gates", "h", "d"}, []int{3, 3, 1, 4, 1, 1}, func(place func(array string, k int) Mem, m *mask) {
		load := func(array string, k int) vec { return g.at(place(array, k), m) }
		both := func(x vec, k int) {
			g.put(x, place("dx", k), m)
			g.put(x, place("dp", k), m)
		}
		d, z, r, a := load("d", 0), load("gates", 0), load("gates", 1), load("gates", 2)
		g.put(g.mul(d, z), place("dh", 0), m)
		both(g.slope(g.mul(d, g.sub(load("h", 0), a)), z), 0)
		inner := g.tanhSlope(g.fnma(d, z, d), a)
		g.put(inner, place("dx", 2), m)
		g.put(g.mul(inner, r), place("dp", 2), m)
		both(g.slope(g.mul(inner, load("gates", 3)), r), 1)
	})
}
