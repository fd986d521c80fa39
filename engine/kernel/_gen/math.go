package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
)

// The polynomials come from coefficients.py, lowest coefficient first.
var (
	expPoly  = []float64{0.5, 0.166665152, 0.0416663736, 0.00836939365, 0.0013943254}
	logPoly  = []float64{0.333333135, -0.250000089, 0.20002073, -0.166679963, 0.142203271, -0.124060318, 0.11883568, -0.116714492, 0.0675095618}
	tanhPoly = []float64{-0.333332837, 0.133314863, -0.0537431724, 0.0206497088, -0.00571620278}
	sinPoly  = []float64{-5.16771269, 2.55015469, -0.598981142, 0.0791569948}
	cosPoly  = []float64{-4.93480206, 4.05869627, -1.33473539, 0.228737831}
	erfSmall = []float64{0.128379166, -0.376126289, 0.112836227, -0.0268554054, 0.00519122556, -0.000803244882, 7.9076548e-05}
	erfLarge = []float64{0.12854144, 0.635673165, 0.105169423, -0.022575492, 0.00286901277, -2.73835321e-05, -4.99532907e-05, 5.29829686e-06}
)

// ln 2 in two parts; the first has few bits, so that its product with an exponent is exact.
const (
	ln2High = 0.693359375
	ln2Low  = math.Ln2 - ln2High
)

func transcendental(g *gen) {
	g.unary("exp", 2, g.exp)
	g.unary("expm1", 1, g.expm1)
	g.unary("log", 1, g.log)
	g.unary("log1p", 1, g.log1p)
	g.unary("tanh", 1, g.tanh)
	g.unary("sigmoid", 1, g.sigmoid)
	g.unary("softplus", 1, g.softplus)
	g.unary("erf", 1, g.erf)
	g.unary("sinPi", 1, func(x vec) vec { return g.circle(x, 0) })
	g.unary("cosPi", 1, func(x vec) vec { return g.circle(x, 1) })
}

// reduceExp cuts x (clamped to lo..hi, NaN passes) into n·ln 2 + r, |r| <= ln 2 / 2, and returns n and e^r - 1.
func (g *gen) reduceExp(x vec, lo, hi float64) (n, p vec) {
	x = g.min(g.fv(hi), g.max(g.fv(lo), x))
	n = g.round(nearestEven, g.mul(x, g.f(math.Log2E)))
	r := g.fnma(n, g.f(ln2High), x)
	r = g.fnma(n, g.f(ln2Low), r)
	p = g.horner(r, expPoly...)
	return n, g.fma(p, g.mul(r, r), r)
}

// exp is 2^n·(1 + p); the scaling rounds once more only where the result is denormal.
func (g *gen) exp(x vec) vec {
	n, p := g.reduceExp(x, -104, 89)
	return g.scale2(g.add(p, g.f(1)), n)
}

// scale2 is y·2^n.
func (g *gen) scale2(y, n vec) vec {
	if g.wide() {
		d := g.v()
		g.VSCALEFPS(n, y, d)
		return d
	}
	e, half := g.v(), g.v() // two steps: 2^n itself may be out of range
	g.VCVTPS2DQ(n, e)
	g.VPSRAD(U8(1), e, half)
	g.VPSUBD(half, e, e)
	return g.mul(g.mul(y, g.power2(half)), g.power2(e))
}

// power2 is 2^e of integers -126..127.
func (g *gen) power2(e vec) vec {
	d := g.v()
	g.VPADDD(g.i(127), e, d)
	g.VPSLLD(U8(23), d, d)
	return d
}

// expm1 is 2^n·p + (2^n - 1), computed at half scale because 2^128 is out of range; numbers below 2^-25 are their own result.
func (g *gen) expm1(x vec) vec {
	n, p := g.reduceExp(x, -20, 89)
	e := g.v()
	g.VCVTPS2DQ(g.sub(n, g.f(1)), e)
	s := g.power2(e)
	y := g.fma(p, s, g.sub(s, g.f(0.5)))
	y = g.add(y, y)
	return g.choose(g.cmp(lt, g.abs(x), g.f(0x1p-25)), x, y)
}

// splitLog cuts a positive normal number into 2^e·(1 + f) with sqrt(1/2) <= 1 + f < sqrt(2).
func (g *gen) splitLog(x vec) (e, f vec) {
	k, m, ke := g.v(), g.v(), g.v()
	g.VPSUBD(g.i(math.Float32bits(math.Sqrt2/2)), x, k)
	g.VPSRAD(U8(23), k, k)
	g.VPSLLD(U8(23), k, m)
	g.VPSUBD(m, x, m)
	g.VCVTDQ2PS(k, ke)
	return ke, g.sub(m, g.f(1))
}

// joinLog is e·ln 2 + log(1+f) + c, c being small.
func (g *gen) joinLog(e, f vec, c *vec) vec {
	z := g.mul(f, f)
	t := g.mul(g.mul(g.horner(f, logPoly...), f), z)
	t = g.fma(e, g.f(ln2Low), t)
	if c != nil {
		t = g.add(t, *c)
	}
	t = g.fnma(z, g.f(0.5), t)
	return g.fma(e, g.f(ln2High), g.add(f, t))
}

// outsideLog puts in the results outside the domain: x itself for +Inf and NaN, -Inf at the pole, NaN below it.
func (g *gen) outsideLog(x, y vec, pole float64) vec {
	y = g.choose(g.cmp(nltU, x, g.i(0x7f800000)), x, y)
	y = g.choose(g.cmp(eq, x, g.f(pole)), g.i(0xff800000), y)
	return g.choose(g.cmp(lt, x, g.f(pole)), g.i(0x7fc00000), y)
}

func (g *gen) log(x vec) vec {
	small := g.cmp(lt, x, g.f(0x1p-126))
	e, f := g.splitLog(g.choose(small, g.mul(x, g.f(0x1p23)), x))
	e = g.sub(e, g.keep(small, g.fv(23)))
	return g.outsideLog(x, g.joinLog(e, f, nil), 0)
}

// log1p is log(u) + c/u with u = 1 + x rounded and c what the rounding lost; numbers below 2^-25 are their own result.
func (g *gen) log1p(x vec) vec {
	u := g.add(x, g.f(1))
	c := g.div(g.sub(x, g.sub(u, g.f(1))), u)
	e, f := g.splitLog(u)
	y := g.outsideLog(x, g.joinLog(e, f, &c), -1)
	return g.choose(g.cmp(lt, g.abs(x), g.f(0x1p-25)), x, y)
}

// tanh is a polynomial up to 0.625 and 1 - 2/(e^2|x| + 1) beyond.
func (g *gen) tanh(x vec) vec {
	a := g.abs(x)
	z := g.mul(x, x)
	small := g.fma(g.mul(g.horner(z, tanhPoly...), z), a, a)
	large := g.sub(g.fv(1), g.div(g.fv(2), g.add(g.exp(g.add(a, a)), g.f(1))))
	return g.withSign(g.choose(g.cmp(lt, a, g.f(0.625)), small, large), x)
}

// softplus is max(x, 0) + log1p(e^-|x|), which cannot overflow.
func (g *gen) softplus(x vec) vec {
	rest := g.log1p(g.exp(g.or(x, g.i(signBit))))
	return g.add(g.max(g.zero(), x), rest)
}

// sigmoid is 1/(1+e) for positive and e/(1+e) for negative x with e = e^-|x|, which cannot overflow.
func (g *gen) sigmoid(x vec) vec {
	e := g.exp(g.or(x, g.i(signBit)))
	n := g.choose(g.cmp(lt, x, g.f(0)), e, g.fv(1))
	return g.div(n, g.add(e, g.f(1)))
}

// erf is a polynomial up to 0.9 and 1 - e^-(t + t·q(t)) beyond, t = |x|.
func (g *gen) erf(x vec) vec {
	z := g.mul(x, x)
	small := g.fma(g.horner(z, erfSmall...), x, x)
	t := g.min(g.fv(4), g.abs(x))
	q := g.fma(g.horner(t, erfLarge...), t, t)
	large := g.sub(g.fv(1), g.exp(g.xor(q, g.i(signBit))))
	return g.choose(g.cmp(lt, t, g.f(0.9)), small, g.withSign(large, x))
}

// circle is sin π(x + ahead/2): x is cut into n/2 + f, |f| <= 1/4, which is exact; n tells which of the two functions of f it is, and its sign.
func (g *gen) circle(x vec, ahead uint32) vec {
	x = g.choose(g.cmp(ge, g.abs(x), g.f(0x1p24)), g.mul(x, g.f(0)), x) // whole turns, whose double may be out of range
	n := g.round(nearestEven, g.add(x, x))
	f := g.fnma(n, g.f(0.5), x)
	high := float64(float32(math.Pi))
	z := g.mul(f, f)
	sin := g.fma(f, g.f(high), g.mul(f, g.horner(z, append([]float64{math.Pi - high}, sinPoly...)...)))
	sin = g.withSign(g.abs(sin), f) // also of zeros
	cos := g.fma(z, g.horner(z, cosPoly...), g.fv(1))
	q, odd := g.v(), g.v()
	g.VCVTPS2DQ(n, q)
	if ahead > 0 {
		g.VPADDD(g.i(ahead), q, q)
	}
	g.VPSLLD(U8(31), q, odd)
	g.VPSRAD(U8(31), odd, odd)
	y := g.choose(g.cmp(unord, odd, odd), cos, sin)
	g.VPSRLD(U8(1), q, q)
	g.VPSLLD(U8(31), q, q)
	return g.xor(y, q)
}
