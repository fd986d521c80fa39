package main

import (
	"fmt"
	"math"
)

// writeVectors writes elementwise_neon_arm64.{s,go}. Formulas that amd64 has, too, are explained in math.go.
func writeVectors(out string) error {
	var f vectorFile
	type values = []value
	for _, b := range []struct {
		name string
		f    func(k *neonKernel, a, b value) value
	}{
		{"add", (*neonKernel).add}, {"sub", (*neonKernel).sub}, {"mul", (*neonKernel).mul}, {"div", (*neonKernel).div},
		{"max", (*neonKernel).larger}, {"min", (*neonKernel).smaller},
		{"greater", func(k *neonKernel, a, b value) value { return k.truth(k.greater(a, b)) }},
		{"greaterEqual", func(k *neonKernel, a, b value) value { return k.truth(k.notLess(a, b)) }},
		{"less", func(k *neonKernel, a, b value) value { return k.truth(k.greater(b, a)) }},
		{"lessEqual", func(k *neonKernel, a, b value) value { return k.truth(k.notLess(b, a)) }},
		{"equal", func(k *neonKernel, a, b value) value { return k.truth(k.equal(a, b)) }},
		{"notEqual", func(k *neonKernel, a, b value) value { return k.andNot(k.f(1), k.equal(a, b)) }},
		{"reluGrad", func(k *neonKernel, a, b value) value { return k.and(a, k.greater(b, k.f(0))) }},
		{"addRelu", func(k *neonKernel, a, b value) value { return k.relu(k.add(a, b)) }},
	} {
		f.emit(neonLoop{name: b.name, slices: []string{"dst", "a", "b"}, reads: []string{"a", "b"}, writes: []string{"dst"}, unroll: 4,
			body: func(k *neonKernel, in, _ values, _ int, _ bool) values { return values{b.f(k, in[0], in[1])} }})
		if b.name != "reluGrad" && b.name != "addRelu" {
			f.emit(neonLoop{name: b.name + "Scalar", slices: []string{"dst", "a"}, scalars: []string{"s"}, reads: []string{"a"}, writes: []string{"dst"}, unroll: 4,
				body: func(k *neonKernel, in, s values, _ int, _ bool) values { return values{b.f(k, in[0], s[0])} }})
		}
		if b.name == "sub" || b.name == "div" {
			name := map[string]string{"sub": "scalarSub", "div": "scalarDiv"}[b.name]
			f.emit(neonLoop{name: name, slices: []string{"dst", "a"}, scalars: []string{"s"}, reads: []string{"a"}, writes: []string{"dst"}, unroll: 4,
				body: func(k *neonKernel, in, s values, _ int, _ bool) values { return values{b.f(k, s[0], in[0])} }})
		}
	}
	for _, u := range []struct {
		name   string
		unroll int
		f      func(k *neonKernel, x value) value
	}{
		{"neg", 4, (*neonKernel).neg}, {"abs", 4, (*neonKernel).abs}, {"sqrt", 4, (*neonKernel).sqrt},
		{"rsqrt", 4, func(k *neonKernel, x value) value { return k.div(k.f(1), k.sqrt(x)) }},
		{"square", 4, func(k *neonKernel, x value) value { return k.mul(x, x) }},
		{"reciprocal", 4, func(k *neonKernel, x value) value { return k.div(k.f(1), x) }},
		{"relu", 4, (*neonKernel).relu}, {"floor", 4, (*neonKernel).floor}, {"ceil", 4, (*neonKernel).ceil}, {"round", 4, (*neonKernel).nearest},
		{"exp", 2, (*neonKernel).exp}, {"expm1", 2, (*neonKernel).expm1}, {"log", 2, (*neonKernel).log}, {"log1p", 2, (*neonKernel).log1p},
		{"tanh", 2, (*neonKernel).tanh}, {"sigmoid", 2, (*neonKernel).sigmoid}, {"erf", 2, (*neonKernel).erf},
	} {
		f.emit(neonLoop{name: u.name, slices: []string{"dst", "x"}, reads: []string{"x"}, writes: []string{"dst"}, unroll: u.unroll,
			body: func(k *neonKernel, in, _ values, _ int, _ bool) values { return values{u.f(k, in[0])} }})
	}
	f.emit(neonLoop{name: "where", slices: []string{"dst", "a", "b", "c"}, reads: []string{"a", "b", "c"}, writes: []string{"dst"}, unroll: 2,
		body: func(k *neonKernel, in, _ values, _ int, _ bool) values {
			return values{k.choose(k.equal(in[0], k.f(0)), in[2], in[1])}
		}})
	f.emit(neonLoop{name: "mulAdd", slices: []string{"dst", "a", "b", "c"}, reads: []string{"a", "b", "c"}, writes: []string{"dst"}, unroll: 4,
		body: func(k *neonKernel, in, _ values, _ int, _ bool) values {
			return values{k.add(k.mul(in[0], in[1]), in[2])}
		}})
	f.emit(neonLoop{name: "scaleAdd", slices: []string{"dst", "x"}, scalars: []string{"s"}, reads: []string{"dst", "x"}, writes: []string{"dst"}, unroll: 4,
		body: func(k *neonKernel, in, s values, _ int, _ bool) values {
			return values{k.add(in[0], k.mul(in[1], s[0]))}
		}})
	f.steps()
	f.reductions()
	f.layerNorm()
	return f.write(out)
}

// layerNorm emits the passes along a row of layer normalization; see rows_arm64.go.
func (f *vectorFile) layerNorm() {
	f.emit(neonLoop{name: "normalize", slices: []string{"y", "x", "gamma", "beta"}, scalars: []string{"mean", "root"}, reads: []string{"x", "gamma", "beta"}, writes: []string{"y"},
		unroll: 2, body: func(k *neonKernel, in, s []value, _ int, _ bool) []value {
			return []value{k.add(k.mul(k.mul(k.sub(in[0], s[0]), s[1]), in[1]), in[2])}
		}})
	f.emit(neonLoop{name: "normWeightGrad", slices: []string{"dgamma", "dbeta", "dy", "x"}, scalars: []string{"mean", "root"}, reads: []string{"dgamma", "dbeta", "dy", "x"},
		writes: []string{"dgamma", "dbeta"}, unroll: 2, body: func(k *neonKernel, in, s []value, _ int, _ bool) []value {
			return []value{k.add(in[0], k.mul(in[2], k.mul(k.sub(in[3], s[0]), s[1]))), k.add(in[1], in[2])}
		}})
	f.emit(neonLoop{name: "normGrad", slices: []string{"d", "x"}, scalars: []string{"mean", "root", "b", "c"}, reads: []string{"d", "x"}, writes: []string{"d"}, unroll: 2,
		body: func(k *neonKernel, in, s []value, _ int, _ bool) []value {
			return []value{k.sub(k.sub(k.mul(in[0], s[1]), k.mul(s[2], k.sub(in[1], s[0]))), s[3])}
		}})
	squares := neonLoop{name: "squaresFrom", slices: []string{"x"}, scalars: []string{"mean"}, reads: []string{"x"}, sums: 4, unroll: 4, result: joined(0x4e20d400, 0x6e20d400, 1)}
	squares.body = func(k *neonKernel, in, s []value, u int, single bool) []value {
		d := k.sub(in[0], s[0])
		if single {
			d = k.firstLane(d)
		}
		k.addTo(squares, u, d, d)
		return nil
	}
	f.emit(squares)
	dot := neonLoop{name: "dotFrom", slices: []string{"d", "x"}, scalars: []string{"mean"}, reads: []string{"d", "x"}, sums: 4, unroll: 4, result: joined(0x4e20d400, 0x6e20d400, 1)}
	dot.body = func(k *neonKernel, in, s []value, u int, _ bool) []value {
		k.addTo(dot, u, in[0], k.sub(in[1], s[0]))
		return nil
	}
	f.emit(dot)
}

// addTo adds v, or v·w, to the sum of the vectors with number u.
func (k *neonKernel) addTo(l neonLoop, u int, v, w value) {
	if w == noValue {
		k.accumulate("fadd", 0x4e20d400, sumReg(l, u), v, noValue)
	} else {
		k.accumulate("fmla", 0x4e20cc00, sumReg(l, u), v, w)
	}
}

// firstLane clears all other lanes.
func (k *neonKernel) firstLane(v value) value { return k.one("fmov", 0x1e204000, v) }

// steps emits the optimizers' kernels.
func (f *vectorFile) steps() {
	// moments are m + (g-m)·c1 and v + (g²-v)·c2.
	moments := func(k *neonKernel, m, v, g, c1, c2 value) (value, value) {
		return k.add(m, k.mul(k.sub(g, m), c1)), k.add(v, k.mul(k.sub(k.mul(g, g), v), c2))
	}
	step := func(k *neonKernel, w, m, v, alpha, epsilon value) value {
		return k.sub(w, k.div(k.mul(m, alpha), k.add(k.sqrt(v), epsilon)))
	}
	scalars := []string{"oneMinusBeta1", "oneMinusBeta2", "alpha", "epsilon"}
	f.emit(neonLoop{name: "adam", slices: []string{"w", "m", "v", "g"}, scalars: scalars, reads: []string{"w", "m", "v", "g"}, writes: []string{"w", "m", "v"}, unroll: 2,
		body: func(k *neonKernel, in, s []value, _ int, _ bool) []value {
			m, v := moments(k, in[1], in[2], in[3], s[0], s[1])
			return []value{step(k, in[0], m, v, s[2], s[3]), m, v}
		}})
	f.emit(neonLoop{name: "adamAMS", slices: []string{"w", "m", "v", "vhat", "g"}, scalars: scalars, reads: []string{"w", "m", "v", "vhat", "g"},
		writes: []string{"w", "m", "v", "vhat"}, unroll: 1, body: func(k *neonKernel, in, s []value, _ int, _ bool) []value {
			m, v := moments(k, in[1], in[2], in[4], s[0], s[1])
			top := k.larger(in[3], v)
			return []value{step(k, in[0], m, top, s[2], s[3]), m, v, top}
		}})
	for _, nesterov := range []bool{false, true} {
		name := map[bool]string{false: "sgdMomentum", true: "sgdNesterov"}[nesterov]
		f.emit(neonLoop{name: name, slices: []string{"w", "m", "g"}, scalars: []string{"lr", "momentum"}, reads: []string{"w", "m", "g"}, writes: []string{"w", "m"}, unroll: 2,
			body: func(k *neonKernel, in, s []value, _ int, _ bool) []value {
				lr := k.mul(in[2], s[0])
				m := k.sub(k.mul(s[1], in[1]), lr)
				by := m
				if nesterov {
					by = k.sub(k.mul(s[1], m), lr)
				}
				return []value{k.add(in[0], by), m}
			}})
	}
}

// reductions emits the kernels that return one number. Single elements have zeros beside them, or, for extremes, themselves.
func (f *vectorFile) reductions() {
	for _, name := range []string{"sum", "sumSquares", "dot", "expSub", "expSubSum"} {
		l := neonLoop{name: name, slices: []string{"x"}, reads: []string{"x"}, sums: 4, unroll: 4, result: joined(0x4e20d400, 0x6e20d400, 0)}
		switch name {
		case "dot":
			l.slices, l.reads = []string{"x", "y"}, []string{"x", "y"}
		case "expSub":
			l.slices, l.writes = []string{"dst", "x"}, []string{"dst"}
		}
		if name == "expSub" || name == "expSubSum" {
			l.scalars, l.result = []string{"m"}, joined(0x4e20d400, 0x6e20d400, 1)
		}
		l.body = func(k *neonKernel, in, s []value, u int, single bool) []value {
			switch name {
			case "sum":
				k.addTo(l, u, in[0], noValue)
			case "sumSquares":
				k.addTo(l, u, in[0], in[0])
			case "dot":
				k.addTo(l, u, in[0], in[1])
			default:
				e := k.exp(k.sub(in[0], s[0]))
				if single { // the other lanes are e^-m
					e = k.firstLane(e)
				}
				k.addTo(l, u, e, noValue)
				return []value{e}
			}
			return nil
		}
		f.emit(l)
	}
	for _, e := range []struct {
		name             string
		bits, pair, from uint32
	}{{"maxOf", 0x4e20f400, 0x6e20f400, 0xff800000}, {"minOf", 0x4ea0f400, 0x6ea0f400, 0x7f800000}} {
		l := neonLoop{name: e.name, slices: []string{"x"}, reads: []string{"x"}, sums: 4, unroll: 4, start: e.from, repeat: true, result: joined(e.bits, e.pair, 0)}
		l.body = func(k *neonKernel, in, _ []value, u int, _ bool) []value {
			k.accumulate("f"+e.name[:3], e.bits, sumReg(l, u), in[0], noValue)
			return nil
		}
		f.emit(l)
	}
}

// joined returns the instructions that make one number of four sums behind some scalars: the second word is the instruction on pairs of lanes.
func joined(bits, pair uint32, scalars int) (lines []string) {
	r := uint32(lastReg - scalars)
	word := func(bits, n, m, d uint32) { lines = append(lines, fmt.Sprintf("WORD $0x%08x", bits|m<<16|n<<5|d)) }
	word(bits, r, r-1, r)
	word(bits, r-2, r-3, r-2)
	word(bits, r, r-2, r)
	word(pair, r, r, 0)
	word(pair, 0, 0, 0)
	return lines
}

// larger and smaller are NaN if either is NaN, and of two zeros the second.
func (k *neonKernel) larger(a, b value) value {
	return k.choose(k.orNot(k.greater(a, b), k.equal(a, a)), a, b)
}

func (k *neonKernel) smaller(a, b value) value {
	return k.choose(k.orNot(k.greater(b, a), k.equal(a, a)), a, b)
}

// truth is 1 where a mask is set, else 0.
func (k *neonKernel) truth(mask value) value { return k.and(mask, k.f(1)) }

// relu clears what is not above 0, but keeps NaN.
func (k *neonKernel) relu(x value) value { return k.andNot(x, k.notLess(k.f(0), x)) }

func (k *neonKernel) horner(x value, c []float64) value {
	p := k.f(c[len(c)-1])
	for i := len(c) - 2; i >= 0; i-- {
		p = k.fma(p, x, k.f(c[i]))
	}
	return p
}

func (k *neonKernel) reduceExp(x value, lo, hi float64) (n, p value) {
	x = k.minNaN(k.maxNaN(x, k.f(lo)), k.f(hi))
	n = k.nearest(k.mul(x, k.f(math.Log2E)))
	r := k.fnma(n, k.f(ln2Low), k.fnma(n, k.f(ln2High), x))
	return n, k.fma(k.horner(r, expPoly), k.mul(r, r), r)
}

func (k *neonKernel) power2(e value) value { return k.left(k.addInt(e, k.bits(127)), 23) }

func (k *neonKernel) exp(x value) value {
	n, p := k.reduceExp(x, -104, 89)
	e := k.toInt(n)
	half := k.right(e, 1)
	return k.mul(k.mul(k.add(p, k.f(1)), k.power2(half)), k.power2(k.subInt(e, half)))
}

func (k *neonKernel) expm1(x value) value {
	n, p := k.reduceExp(x, -20, 89)
	s := k.power2(k.toInt(k.sub(n, k.f(1))))
	y := k.fma(p, s, k.sub(s, k.f(0.5)))
	return k.choose(k.greater(k.f(0x1p-25), k.abs(x)), x, k.add(y, y))
}

func (k *neonKernel) splitLog(x value) (e, f value) {
	n := k.right(k.subInt(x, k.bits(math.Float32bits(math.Sqrt2/2))), 23)
	return k.toFloat(n), k.sub(k.subInt(x, k.left(n, 23)), k.f(1))
}

// joinLog is e·ln 2 + log(1+f) + c; without c it is noValue.
func (k *neonKernel) joinLog(e, f, c value) value {
	z := k.mul(f, f)
	t := k.fma(e, k.f(ln2Low), k.mul(k.mul(k.horner(f, logPoly), f), z))
	if c != noValue {
		t = k.add(t, c)
	}
	t = k.fnma(z, k.f(0.5), t)
	return k.fma(e, k.f(ln2High), k.add(f, t))
}

func (k *neonKernel) outsideLog(x, y value, pole float64) value {
	y = k.choose(k.greater(k.bits(0x7f800000), x), y, x)
	y = k.choose(k.equal(x, k.f(pole)), k.bits(0xff800000), y)
	return k.choose(k.greater(k.f(pole), x), k.bits(0x7fc00000), y)
}

func (k *neonKernel) log(x value) value {
	small := k.greater(k.f(0x1p-126), x)
	e, f := k.splitLog(k.choose(small, k.mul(x, k.f(0x1p23)), x))
	e = k.sub(e, k.and(small, k.f(23)))
	return k.outsideLog(x, k.joinLog(e, f, noValue), 0)
}

func (k *neonKernel) log1p(x value) value {
	u := k.add(x, k.f(1))
	c := k.div(k.sub(x, k.sub(u, k.f(1))), u)
	e, f := k.splitLog(u)
	y := k.outsideLog(x, k.joinLog(e, f, c), -1)
	return k.choose(k.greater(k.f(0x1p-25), k.abs(x)), x, y)
}

func (k *neonKernel) withSign(a, b value) value { return k.or(a, k.and(b, k.bits(signBit))) }

func (k *neonKernel) tanh(x value) value {
	a, z := k.abs(x), k.mul(x, x)
	small := k.fma(k.mul(k.horner(z, tanhPoly), z), a, a)
	large := k.sub(k.f(1), k.div(k.f(2), k.add(k.exp(k.add(a, a)), k.f(1))))
	return k.withSign(k.choose(k.greater(k.f(0.625), a), small, large), x)
}

func (k *neonKernel) sigmoid(x value) value {
	e := k.exp(k.or(x, k.bits(signBit)))
	return k.div(k.choose(k.greater(k.f(0), x), e, k.f(1)), k.add(e, k.f(1)))
}

func (k *neonKernel) erf(x value) value {
	z := k.mul(x, x)
	small := k.fma(k.horner(z, erfSmall), x, x)
	t := k.minNaN(k.abs(x), k.f(4))
	q := k.fma(k.horner(t, erfLarge), t, t)
	large := k.sub(k.f(1), k.exp(k.neg(q)))
	return k.choose(k.greater(k.f(0.9), t), small, k.withSign(large, x))
}
