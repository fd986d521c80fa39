"""Record Keras's learning-rate schedules over many steps.

Run: python schedules.py
Writes ../testdata/schedules.json.gz.
"""

from objective import keras, np, number, save, serialized

S = keras.optimizers.schedules
cases = []
few = list(range(0, 26))
many = few + [30, 49, 50, 51, 99, 100, 101, 150, 199, 250, 333, 499, 500, 501, 1000, 12345, 100000]


def record(s, steps=many):
    rates = [number(np.float32(s(np.int64(k)))) for k in steps]
    cases.append({"schedule": serialized(s), "steps": list(steps), "rates": rates})


for cls in (S.ExponentialDecay, S.InverseTimeDecay):
    for stair in (False, True):
        record(cls(0.1, 10, 0.5, staircase=stair))
        record(cls(1e-3, 1000, 0.96, staircase=stair))
        record(cls(0.5, 3, 1.5, staircase=stair), few)
    record(cls(0.1, 10, 0.5, name="mine"))
for power in (1.0, 0.5, 2.0, 3.3):
    for cycle in (False, True):
        record(S.PolynomialDecay(0.1, 10, 0.01, power=power, cycle=cycle))
        record(S.PolynomialDecay(0.01, 100, power=power, cycle=cycle))
record(S.PolynomialDecay(0.1, 7, 0.2))
record(S.PiecewiseConstantDecay([5, 10], [1.0, 0.5, 0.1]))
record(S.PiecewiseConstantDecay([100], [0.1, 0.01]))
record(S.PiecewiseConstantDecay([3, 7, 20, 500], [1.0, 0.5, 0.2, 0.1, 0.001]))
for alpha in (0.0, 0.1):
    record(S.CosineDecay(0.1, 20, alpha=alpha))
    record(S.CosineDecay(0.1, 1000, alpha=alpha))
    record(S.CosineDecay(0.0, 20, alpha=alpha, warmup_target=0.1, warmup_steps=10))
    record(S.CosineDecay(0.05, 300, alpha=alpha, warmup_target=0.1, warmup_steps=100))
    record(S.CosineDecay(0.05, 30, alpha=alpha, warmup_target=0.1))
    for t_mul in (1.0, 2.0, 1.5):
        for m_mul in (1.0, 0.8):
            record(S.CosineDecayRestarts(0.1, 10, t_mul=t_mul, m_mul=m_mul, alpha=alpha))
            record(S.CosineDecayRestarts(0.1, 7, t_mul=t_mul, m_mul=m_mul, alpha=alpha))
save("schedules", cases)
