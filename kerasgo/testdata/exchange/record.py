"""Writes what Keras saves: record.py <folder> [case ...].

For every case: trains 3 steps, saves <case>.keras, <case>.weights.h5 and <case>.h5 there, then records in <case>.json the predictions, the optimizer's variables
and the losses of 20 more steps.
"""
import os, sys
import keras
import cases

out, names = sys.argv[1], sys.argv[2:] or list(cases.CASES)
os.makedirs(out, exist_ok=True)
for name in names:
    if name not in cases.CASES:
        continue
    build, how, optimizer, _ = cases.CASES[name]
    cases.forget()
    keras.utils.set_random_seed(5)
    m = build()
    m.compile(optimizer=optimizer(), **how)
    xs, ys = cases.data(m, how["loss"])
    cases.train(m, xs, ys, 3)
    m.save(f"{out}/{name}.keras")
    m.save_weights(f"{out}/{name}.weights.h5")
    text = m.to_json()  # saving as .h5 takes the optimizer out of what to_json says
    unwritten = False
    try:
        m.save(f"{out}/{name}.h5")
    except ValueError as e:  # Keras 3.0 to 3.4 name all accumulators of Adagrad and others alike
        assert "name already exists" in str(e), e
        os.remove(f"{out}/{name}.h5")
        unwritten = True
    r = {"keras": keras.__version__, "json": text, "unwritten": unwritten, "x": [cases.plain(x) for x in xs], "y": [cases.plain(y) for y in ys],
         "predict": [cases.plain(p) for p in cases.predict(m, xs)], "optimizer": [cases.plain(v) for v in cases.optimizer_values(m)]}
    r["losses"] = cases.train(m, xs, ys, 20)
    cases.dump(f"{out}/{name}.json", r)
