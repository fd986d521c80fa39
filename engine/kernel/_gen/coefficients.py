"""Fits the polynomials of math.go: least squares on Chebyshev nodes, reweighted (Lawson) until the largest error is minimal.

The coefficients are rounded to float32 one after the other, the lowest first; the others are then fitted again.

Run: python3 coefficients.py (needs numpy)."""
import math
import numpy as np


def fit(f, weight, degree, lo, hi, n=4000):
    """float32 coefficients c[0..degree] minimising the largest weight(x)*|f(x)-p(x)|, lowest first."""
    x = (lo + hi) / 2 + (hi - lo) / 2 * np.cos(np.pi * (np.arange(n) + 0.5) / n)
    y, w = f(x), weight(x)
    coefficients, rest = [], y.copy()
    for k in range(degree + 1):  # round the lowest free coefficient, fit the others again
        lawson = np.ones(n)
        for _ in range(60):
            a = np.stack([x**j for j in range(k, degree + 1)], 1)
            s = w * np.sqrt(lawson)
            c, *_ = np.linalg.lstsq(a * s[:, None], rest * s, rcond=None)
            e = np.abs((a @ c - rest) * w)
            lawson *= e + 1e-30
            lawson /= lawson.sum()
        c0 = float(np.float32(c[0]))
        coefficients.append(c0)
        rest = rest - c0 * x**k
    return coefficients, np.abs(rest * w).max()


def show(name, result):
    c, e = result
    print(f"// {name}: largest weighted error {e:.2g}")
    print(", ".join(repr(float(f"{v:.9g}")) for v in c))


erf = np.vectorize(math.erf)
erfc = np.vectorize(math.erfc)
ln2 = math.log(2) / 2 * 1.01
# e^r = 1 + r + r² q(r)
show("exp", fit(lambda r: (np.expm1(r) - r) / r**2, lambda r: r**2, 4, -ln2, ln2))
# log(1+f) = f - f²/2 + f³ p(f)
show("log", fit(lambda f: (np.log1p(f) - f + f * f / 2) / f**3, lambda f: np.abs(f**3 / np.log1p(f)), 8, math.sqrt(0.5) - 1, math.sqrt(2) - 1))
# tanh x = x + x z p(z), z = x²
show("tanh", fit(lambda z: (np.tanh(np.sqrt(z)) / np.sqrt(z) - 1) / z, lambda z: z, 4, 1e-3, 0.625**2))
# erf x = x + x p(z), z = x², |x| <= 0.9
show("erf small", fit(lambda z: erf(np.sqrt(z)) / np.sqrt(z) - 1, lambda z: np.ones_like(z), 6, 1e-8, 0.9**2))
# erf t = 1 - e^-(t + t q(t)), 0.9 <= t <= 4
show("erf large", fit(lambda t: -np.log(erfc(t)) / t - 1, lambda t: t * erfc(t) / erf(t), 7, 0.9, 4))
# sin πf = π f + f z p(z), cos πf = 1 + z q(z), z = f², |f| <= 1/4
show("sin", fit(lambda z: (np.sin(np.pi * np.sqrt(z)) / np.sqrt(z) - np.pi) / z, lambda z: z / 3, 3, 1e-4, 1 / 16))
show("cos", fit(lambda z: (np.cos(np.pi * np.sqrt(z)) - 1) / z, lambda z: z, 3, 1e-4, 1 / 16))
