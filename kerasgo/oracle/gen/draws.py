"""Makes real Keras draw kerasgo's random numbers, so that random layers can be compared exactly.

A number is a function of (seed, stream, step, element): Philox 4x32-10 with the key seed and the counter (block, step, stream). The stream is a
hash of "path/#n" for the n-th draw of a layer. Draws takes the place of the functions of a backend's module random.
"""

import numpy as np

SEED, STEP = 7, 3  # of a run, where a layer has no seed of its own


def philox(seed, counters):
    """Four words for each counter, (n, 4)."""
    c = np.array(counters, np.uint64)
    k0, k1 = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)
    low = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * c[:, 0], np.uint64(0xCD9E8D57) * c[:, 2]
        c = np.stack([(p1 >> np.uint64(32)) ^ c[:, 1] ^ k0, p1 & low, (p0 >> np.uint64(32)) ^ c[:, 3] ^ k1, p0 & low], 1)
        k0, k1 = (k0 + np.uint64(0x9E3779B9)) & low, (k1 + np.uint64(0xBB67AE85)) & low
    return c


def fnv(name):
    h = 0xCBF29CE484222325
    for b in name.encode():
        h = (h ^ b) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return h


class Draws:
    def __init__(self, path, seed):
        self.path, self.seed, self.n = path, SEED if seed is None else seed, 0

    def blocks(self, first, count):
        self.n += 1
        stream = fnv(f"{self.path}/#{self.n}")
        words = philox(self.seed, [[first + i, STEP, stream & 0xFFFFFFFF, stream >> 32] for i in range(count)])
        return (words >> np.uint64(8)).astype(np.float32) * np.float32(2.0**-24)

    def unit(self, shape):
        n = int(np.prod(shape))
        return self.blocks(0, (n + 3) // 4).reshape(-1)[:n].reshape(tuple(int(d) for d in shape))

    def uniform(self, shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
        return self.unit(shape) * np.float32(float(maxval) - float(minval)) + np.float32(minval)

    def randint(self, shape, minval, maxval, dtype="int32", seed=None):
        return np.floor(self.uniform(shape, minval, maxval)).astype(dtype)

    def shuffle(self, x, axis=0, seed=None):
        x = np.asarray(x)
        return x[np.argsort(-self.unit((len(x),)), kind="stable")]

    def normal(self, shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
        n = int(np.prod(shape))
        u = self.unit((n + n % 2,)).astype(np.float64)
        r, a = np.sqrt(-2 * np.log(1 - u[::2])), 2 * np.pi * u[1::2]
        return np.stack([r * np.cos(a), r * np.sin(a)], 1).reshape(-1)[:n].reshape(shape).astype(np.float32)

    def log_gamma(self, shape, alpha):
        """By Marsaglia and Tsang, at most 64 tries for each element."""
        n, alpha = int(np.prod(shape)), float(alpha)
        u = self.blocks(0, 64 * n).reshape(n, 64, 4).astype(np.float64)
        d = (alpha + 1 if alpha < 1 else alpha) - 1 / 3
        x = np.sqrt(-2 * np.log(1 - u[..., 0])) * np.cos(2 * np.pi * u[..., 1])
        v = 1 + x / np.sqrt(9 * d)
        with np.errstate(invalid="ignore", divide="ignore"):
            ok = (v > 0) & (np.log(1 - u[..., 2]) < 0.5 * x * x + d - d * v**3 + 3 * d * np.log(v))
        i = np.arange(n), np.argmax(ok, 1)
        boost = np.log(1 - u[..., 3][i]) / alpha if alpha < 1 else 0
        return (np.log(d) + 3 * np.log(v[i]) + boost).reshape(shape).astype(np.float32)

    def gamma(self, shape, alpha, dtype=None, seed=None):
        return np.exp(self.log_gamma(shape, alpha))

    def beta(self, shape, alpha, beta, dtype=None, seed=None):
        a, b = self.log_gamma(shape, alpha), self.log_gamma(shape, beta)
        return (1 / (1 + np.exp(b.astype(np.float64) - a))).astype(np.float32)

    def install(self, module, convert):
        """Replaces the functions of a backend's module."""
        for name in ("uniform", "randint", "shuffle", "normal", "gamma", "beta"):
            def f(*args, _own=getattr(self, name), **kw):
                return convert(_own(*args, **kw))
            setattr(module, name, f)
